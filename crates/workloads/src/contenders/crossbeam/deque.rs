//! crossbeam-deque: work stealing.

use std::sync::Mutex;

use crossbeam_deque::{Injector, Steal, Stealer, Worker};

use super::crossbeam;
use crate::registry::Suite;
use crate::workload::closed::Closed;
use crate::workload::fan_out::{BATCH, BatchResults, FanOut, Job, JobResult, Params, ParkedPool};

pub(super) fn register(suite: &mut Suite) {
    let role = "Jobs wait in an injector. Each worker moves some of them to its own deque, and steals from \
                the deques of others when both are empty. Each worker collects its results and appends them \
                under a Mutex. Idle workers are parked.";
    let info = crossbeam("crossbeam-deque", "crossbeam_deque+stealing");
    suite.add::<Params, Stealing>(info.in_role("", role));
}

/// Work stealing, with a deque for each worker.
struct Stealing(ParkedPool<Pool>);

/// The state that the workers share.
struct Pool {
    injector: Injector<Job>,
    stealers: Vec<Stealer<Job>>,
    results: Mutex<Vec<JobResult>>,
}

impl Pool {
    /// Takes a job from the worker's own deque, from the injector, or from another worker's deque. Jobs create
    /// no jobs, so a worker that finds none is done.
    fn job(&self, own: &Worker<Job>) -> Option<Job> {
        if let Some(job) = own.pop() {
            return Some(job);
        }
        loop {
            let mut retry = false;
            let others = self.stealers.iter().map(Stealer::steal);
            for stolen in std::iter::once(self.injector.steal_batch_and_pop(own)).chain(others) {
                match stolen {
                    Steal::Success(job) => return Some(job),
                    Steal::Retry => retry = true,
                    Steal::Empty => {}
                }
            }
            if !retry {
                return None;
            }
        }
    }
}

impl Closed for Stealing {
    fn start(workers: usize) -> Self {
        let deques: Vec<Worker<Job>> = (0..workers).map(|_| Worker::new_fifo()).collect();
        let pool = Pool {
            injector: Injector::new(),
            stealers: deques.iter().map(Worker::stealer).collect(),
            results: Mutex::default(),
        };
        let worker = |own: Worker<Job>| {
            let mut done = Vec::with_capacity(BATCH);
            move |pool: &Pool| {
                while let Some(job) = pool.job(&own) {
                    done.push(job.run());
                }
                let mut results = pool.results.lock().expect("no worker panicked");
                results.append(&mut done);
            }
        };
        Self(ParkedPool::with_workers(deques.into_iter().map(worker).collect(), pool))
    }
}

impl FanOut for Stealing {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let pool = self.0.state();
        pool.results.lock().expect("no worker panicked").reserve(jobs.len());
        for job in jobs {
            pool.injector.push(*job);
        }
        self.0.run_batch();
        let results = &self.0.state().results;
        let results = std::mem::take(&mut *results.lock().expect("no worker panicked"));
        results.into()
    }
}
