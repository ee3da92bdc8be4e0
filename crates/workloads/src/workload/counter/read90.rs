//! `read90`: nine reads for each increment.

use super::{Check, Count};
use crate::model::Shared;
use crate::workload::open::OpenWorkload;
use contend_record::Class;

/// An operation in so many is an increment.
const TURN: u64 = 10;

/// Reads and increments.
pub struct Read90;

/// Where a worker is in its turn of operations, and what it has seen.
pub struct Reader {
    first: u64,
    place: u64,
    /// What the count must be at least: what was read last, and this worker's increments since.
    least: u64,
    /// Reads that gave less.
    behind: u64,
}

impl OpenWorkload for Read90 {
    type Model = Count;
    type Worker = Reader;

    fn model(&self) -> Count {
        Count(0)
    }

    /// Workers begin at different places of the turn.
    fn worker(&self, index: usize) -> Reader {
        let first = index as u64 % TURN;
        Reader { first, place: first, least: 0, behind: 0 }
    }

    #[inline(always)]
    fn operation<S: Shared<Count>>(&self, worker: &mut Reader, shared: &mut S) {
        worker.place += 1;
        if worker.place == TURN {
            worker.place = 0;
            shared.write(());
            worker.least += 1;
        } else {
            let seen = shared.read(());
            worker.behind += u64::from(seen < worker.least);
            worker.least = seen;
        }
    }

    /// No increment is lost, none counts twice, and no read goes back or misses the reader's own.
    fn check(&self, _: Class, workers: &[(Reader, u64)], digest: u64) -> Check {
        let behind: u64 = workers.iter().map(|(worker, _)| worker.behind).sum();
        if behind > 0 {
            return Err(format!("{behind} reads gave less than the reader had read or counted before"));
        }
        let increments = |(worker, count): &(Reader, u64)| (worker.first + count) / TURN;
        super::check(workers.iter().map(increments).sum(), digest)
    }
}
