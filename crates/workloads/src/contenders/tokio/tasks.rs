//! Tasks on a runtime.

use std::sync::{Arc, Mutex};
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use super::tokio;
use crate::model::{refused, spawn_scoped};
use crate::registry::Suite;
use crate::workload::closed::Closed;
use crate::workload::{fan_out, join, spawn};

pub(super) fn register(suite: &mut Suite) {
    let tasks =
        "Each is a task on a multi-threaded runtime with a thread for each worker. The calling thread waits.";
    let info = tokio("tokio::task::JoinSet").in_role("", tasks);
    suite.add::<join::Params, Tasks>(info.clone());
    suite.add::<spawn::Params, Tasks>(info.clone());
    suite.add::<fan_out::Params, Tasks>(info);
}

/// Starts `count` threads and ends them, to see whether the system allows them. A runtime that is refused one
/// of its threads waits for the others forever.
fn try_threads(count: usize) {
    let all = Mutex::new(());
    thread::scope(|scope| {
        let started = all.lock();
        for _ in 0..count {
            spawn_scoped(scope, || drop(all.lock()));
        }
        drop(started);
    });
}

/// A runtime with `workers` threads.
pub(super) fn start_runtime(workers: usize) -> Runtime {
    try_threads(workers);
    let runtime = Builder::new_multi_thread().worker_threads(workers).build();
    runtime.unwrap_or_else(|error| refused(&error))
}

/// Tasks on a runtime.
struct Tasks(Runtime);

impl Tasks {
    /// Starts a task for each index, and waits for all.
    fn run_all(&self, tasks: usize, run: impl Fn(usize) + Clone + Send + 'static) {
        self.0.block_on(async {
            let mut set = JoinSet::new();
            for index in 0..tasks {
                let run = run.clone();
                set.spawn(async move { run(index) });
            }
            while let Some(done) = set.join_next().await {
                done.expect("no task panics");
            }
        });
    }
}

impl Closed for Tasks {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        Self(start_runtime(workers))
    }
}

impl join::Join for Tasks {
    fn join(&mut self, tasks: &Arc<join::Tasks>) {
        let all = tasks.clone();
        self.run_all(tasks.count(), move |index| all.run(index));
    }
}

impl spawn::Spawn for Tasks {
    fn run(&mut self, tasks: usize, log: &Arc<spawn::TaskLog>) {
        let log = log.clone();
        self.run_all(tasks, move |index| log.run_task(index));
    }
}

impl fan_out::FanOut for Tasks {
    fn run_batch(&mut self, jobs: &[fan_out::Job]) -> fan_out::BatchResults {
        self.0.block_on(async {
            let mut set: JoinSet<fan_out::JobResult> = JoinSet::new();
            for &job in jobs {
                set.spawn(async move { job.run() });
            }
            set.join_all().await.into()
        })
    }
}
