//! `read90`: nine reads for each increment.

use super::probe::probe;
use super::{Check, Count};
use crate::model::Shared;
use crate::model::applied::WATCHED;
use crate::workload::open::{OpenWorkload, Probe};
use contend_record::Class;

/// Operations for each increment.
const TURN: u64 = 10;

/// Reads and increments.
pub struct Read90;

/// The increments among a worker's operations.
fn increments((worker, count): &(Reader, u64)) -> u64 {
    (worker.first + count) / TURN
}

/// A worker's place in the cycle of operations, and what it has seen.
pub struct Reader {
    first: u64,
    place: u64,
    /// A lower bound of the count: the last value read, and this worker's increments since.
    least: u64,
    /// Reads below that bound.
    behind: u64,
}

impl OpenWorkload for Read90 {
    type Model = Count;
    type Worker = Reader;

    fn model(&self) -> Count {
        Count(0)
    }

    /// Workers begin at different places of the cycle.
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

    fn probe<S: Shared<Count>>(&self, workers: &[(Reader, u64)], handles: &mut [S], thorough: bool) -> Probe {
        probe::<Count, S>(workers.iter().map(increments).sum(), handles, thorough)
    }

    /// Checks that no increment is lost or counts twice, and that no read decreases or misses the reader's
    /// own increments.
    fn watched(&self) -> Option<(Count, ())> {
        Some((Count(WATCHED), ()))
    }

    fn check(&self, _: Class, workers: &[(Reader, u64)], digest: u64) -> Check {
        let behind: u64 = workers.iter().map(|(worker, _)| worker.behind).sum();
        if behind > 0 {
            return Err(format!("{behind} reads gave less than the reader had read or counted before"));
        }
        super::check(workers.iter().map(increments).sum(), digest)
    }
}
