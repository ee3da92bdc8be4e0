//! rayon: a pool that gets all of the work at once, and splits it itself.

mod fold;
#[cfg(feature = "patterns")]
mod patterns;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::std::exclude_partitioned;
use crate::capability::Pool;
use crate::model::refused;
use crate::registry::{Checked, Info, Suite};
use crate::workload::closed::Closed;
use crate::workload::fan_out::{self, BatchResults, FanOut, Job};
use crate::workload::{counter, map};

/// The review of the notes: the documentation of `ThreadPool` and of the traits used, and the releases up to 1.12.
const CHECKED: Checked = Checked::on("2026-11-26", "1.12.0");

fn rayon(name: &str) -> Info {
    Info::of_package("rayon", name).checked(CHECKED).facts("Its own pool, with a thread for each worker.")
}

/// A pool of its own for a contender, with a thread for each worker.
fn pool(workers: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(workers).build();
    pool.unwrap_or_else(|error| refused(&error))
}

pub(super) fn register(suite: &mut Suite) {
    exclude_partitioned(suite, "rayon::fold");
    let fold = rayon("rayon::fold").in_role("", "fold and reduce. The total is not visible before.");
    suite.add::<counter::Hot, fold::Fold>(fold.clone());
    suite.add::<counter::Spaced, fold::Fold>(fold.clone());
    suite.add::<map::Keys, fold::Fold>(fold);
    let par_iter = "Splits the batch further when its threads run out of work.";
    suite.add::<fan_out::Params, ParIter>(rayon("rayon::par_iter").in_role("", par_iter));
    suite.pool::<Scope>(rayon("rayon::scope"));
    #[cfg(feature = "patterns")]
    patterns::register(suite);
}

/// A scope, with a task for each index.
pub struct Scope(ThreadPool);

impl Pool for Scope {
    fn new(workers: usize) -> Self {
        Self(pool(workers))
    }

    fn run(&self, tasks: usize, task: impl Fn(usize) + Send + Sync) {
        let task = &task;
        self.0.in_place_scope(|scope| {
            for index in 0..tasks {
                scope.spawn(move |_| task(index));
            }
        });
    }

    fn run_batch(&self, tasks: usize, task: impl Fn(usize) + Send + Sync) {
        let task = &task;
        self.0.scope(|scope| {
            for index in 0..tasks {
                scope.spawn(move |_| task(index));
            }
        });
    }
}

/// A parallel iterator over the jobs.
struct ParIter(ThreadPool);

impl Closed for ParIter {
    fn start(workers: usize) -> Self {
        Self(pool(workers))
    }
}

impl FanOut for ParIter {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let run = || jobs.par_iter().map(|job| job.run()).collect::<Vec<_>>();
        self.0.install(run).into()
    }
}
