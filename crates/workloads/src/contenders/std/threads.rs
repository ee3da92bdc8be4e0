//! Threads that are started for the work: scoped ones, and one for each task.

use std::sync::Mutex;
use std::thread;

use super::std;
use crate::model::spawn_scoped;
use crate::registry::{Info, Suite};
use crate::workload::fan_out::{Done, FanOut, Gathered, Job, Jobs};

/// Threads, under the name of the function that starts them.
pub(super) fn threads(name: &str) -> Info {
    std(name, "threads")
}

pub(super) fn register(suite: &mut Suite) {
    let slices = "A scoped thread for each worker and batch, which takes a slice of the jobs. Starting the threads is \
                  timed.";
    suite.add::<Jobs, ScopedSlices>(threads("std::thread::scope").in_role("", slices));
    let each = "A thread for each of the 256 jobs, all at once. Starting them is what is timed.";
    suite.add::<Jobs, ThreadAJob>(threads("std::thread::spawn+per-job").in_role("", each));
}

/// As many scoped threads as workers, each with its slice.
struct ScopedSlices {
    workers: usize,
}

impl FanOut for ScopedSlices {
    fn start(workers: usize) -> Self {
        Self { workers }
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let share = jobs.len().div_ceil(self.workers);
        let run = |jobs: &[Job]| jobs.iter().map(|job| job.run()).collect::<Vec<_>>();
        let parts = thread::scope(|scope| {
            let start = |jobs| spawn_scoped(scope, move || run(jobs));
            let threads: Vec<_> = jobs.chunks(share).map(start).collect();
            let join = |thread: thread::ScopedJoinHandle<'_, Vec<Done>>| thread.join();
            threads.into_iter().map(join).collect::<Result<Vec<_>, _>>()
        });
        parts.expect("no job panics").concat().into()
    }
}

/// A thread a job.
struct ThreadAJob;

impl FanOut for ThreadAJob {
    fn start(_: usize) -> Self {
        Self
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let results = Mutex::new(Vec::with_capacity(jobs.len()));
        thread::scope(|scope| {
            for job in jobs {
                spawn_scoped(scope, || {
                    let done = job.run();
                    results.lock().expect("no job panics").push(done);
                });
            }
        });
        results.into_inner().expect("no job panics").into()
    }
}
