//! Fan-out on a pool of threads: a task a job.

use super::{FanOut, Gathered, Job, Results, Slots};
use crate::capability::Pool;

/// A task of the pool for each job, whose result goes to a slot of its own.
pub struct Pooled<P> {
    pool: P,
    results: Slots,
}

impl<P: Pool> FanOut for Pooled<P> {
    fn start(workers: usize) -> Self {
        Self { pool: P::new(workers), results: Slots::new() }
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let results = &self.results;
        self.pool.run_batch(jobs.len(), |index| results.put(index, jobs[index].run()));
        results.take(jobs).into()
    }
}
