//! `spaced`: work of the worker's own after each operation, as a program does between two lookups.

use super::{Keys, Map, Worker};
use crate::model::Shared;
use crate::workload::open::{OpenWorkload, Probe};
use contend_record::Class;
use contend_team::busy_loop::busy_loop;

/// Nanoseconds of own work after each operation: a worker makes fewer than a million operations a second.
pub(super) const GAP_NS: u64 = 1_000;

/// The operations of [`Keys`], with own work after each.
pub struct Spaced {
    pub(super) keys: Keys,
    pub(super) iterations: u64,
}

impl OpenWorkload for Spaced {
    type Model = Map;
    type Worker = Worker;

    fn model(&self) -> Map {
        self.keys.model()
    }

    fn worker(&self, index: usize) -> Worker {
        self.keys.worker(index)
    }

    #[inline(always)]
    fn operation<S: Shared<Map>>(&self, worker: &mut Worker, shared: &mut S) {
        self.keys.operation(worker, shared);
        busy_loop(self.iterations);
    }

    fn probe<S: Shared<Map>>(&self, workers: &[(Worker, u64)], handles: &mut [S], thorough: bool) -> Probe {
        self.keys.probe(workers, handles, thorough)
    }

    fn watched(&self) -> Option<(Map, u32)> {
        self.keys.watched()
    }

    fn check(&self, class: Class, workers: &[(Worker, u64)], digest: u64) -> Result<(), String> {
        self.keys.check(class, workers, digest)
    }
}
