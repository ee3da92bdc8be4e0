//! `held`: the increment takes time, and excludes all other workers.

use super::Check;
use super::probe::probe;
use crate::model::applied::{WATCHED, count_watched_write};
use crate::model::{Model, Shared};
use crate::workload::open::{OpenWorkload, Probe};
use contend_record::Class;
use contend_team::busy_loop::busy_loop;

/// Nanoseconds of work that belong to an increment.
pub const HELD_NS: u64 = 200;

/// The state: a number that takes work to increment.
#[derive(Clone)]
pub struct HeldCount {
    count: u64,
    iterations: u64,
}

impl Model for HeldCount {
    type Write = ();
    type Read = ();
    type Answer = u64;

    #[inline(always)]
    fn write(&mut self, (): ()) {
        busy_loop(self.iterations);
        self.count = self.count.wrapping_add(1);
        if self.count > WATCHED {
            count_watched_write();
        }
    }

    #[inline(always)]
    fn read(&self, (): ()) -> u64 {
        self.count
    }

    fn digest(&self) -> u64 {
        self.count
    }
}

/// Increments that take time.
pub struct Held {
    /// Iterations of work in each increment.
    pub iterations: u64,
}

impl OpenWorkload for Held {
    type Model = HeldCount;
    type Worker = ();

    fn model(&self) -> HeldCount {
        HeldCount { count: 0, iterations: self.iterations }
    }

    fn worker(&self, _: usize) {}

    #[inline(always)]
    fn operation<S: Shared<HeldCount>>(&self, (): &mut (), shared: &mut S) {
        shared.write(());
    }

    fn probe<S: Shared<HeldCount>>(&self, workers: &[((), u64)], handles: &mut [S], thorough: bool) -> Probe {
        probe::<HeldCount, S>(workers.iter().map(|(_, count)| count).sum(), handles, thorough)
    }

    fn watched(&self) -> Option<(HeldCount, ())> {
        Some((HeldCount { count: WATCHED, iterations: self.iterations }, ()))
    }

    fn check(&self, _: Class, workers: &[((), u64)], digest: u64) -> Check {
        super::check(workers.iter().map(|(_, count)| count).sum(), digest)
    }
}
