//! Threads that are started for a batch of jobs: one for each worker, or one for each job.

use std::sync::Mutex;
use std::thread;

use super::std;
use crate::model::spawn_scoped;
use crate::registry::{Info, Suite};
use crate::workload::closed::Closed;
use crate::workload::fan_out::{BatchResults, FanOut, Job, Params};

/// Threads, under the name of the function that starts them.
pub(super) fn threads(name: &str) -> Info {
    std(name, "threads")
}

pub(super) fn register(suite: &mut Suite) {
    let slices = "A scoped thread for each worker and batch, which runs a slice of the jobs. The time includes \
                  starting the threads.";
    suite.add::<Params, ScopedSlices>(threads("std::thread::scope").in_role("", slices));
    let each = "A thread for each of the 256 jobs, all at once. The time includes starting them.";
    suite.add::<Params, ThreadPerJob>(threads("std::thread::spawn+per-job").in_role("", each));
}

/// As many scoped threads as workers, each with a slice of the jobs.
struct ScopedSlices {
    workers: usize,
}

impl Closed for ScopedSlices {
    fn start(workers: usize) -> Self {
        Self { workers }
    }
}

impl FanOut for ScopedSlices {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let share = jobs.len().div_ceil(self.workers);
        let run = |jobs: &[Job]| jobs.iter().map(|job| job.run()).collect::<Vec<_>>();
        let parts = thread::scope(|scope| {
            let start = |jobs| spawn_scoped(scope, move || run(jobs));
            let threads: Vec<_> = jobs.chunks(share).map(start).collect();
            threads.into_iter().map(|thread| thread.join()).collect::<Result<Vec<_>, _>>()
        });
        parts.expect("no job panics").concat().into()
    }
}

/// A thread for each job.
struct ThreadPerJob;

impl Closed for ThreadPerJob {
    fn start(_: usize) -> Self {
        Self
    }
}

impl FanOut for ThreadPerJob {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let results = Mutex::new(Vec::with_capacity(jobs.len()));
        thread::scope(|scope| {
            for job in jobs {
                spawn_scoped(scope, || {
                    let result = job.run();
                    results.lock().expect("no job panics").push(result);
                });
            }
        });
        results.into_inner().expect("no job panics").into()
    }
}
