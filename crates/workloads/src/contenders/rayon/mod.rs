//! rayon: a pool that is given the whole work and splits it itself.

mod fold;
#[cfg(feature = "patterns")]
mod patterns;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::std::exclude_partitioned;
use crate::capability::Pool;
use crate::model::refused;
use crate::registry::{Info, Suite};
use crate::workload::fan_out::{Done, FanOut, Gathered, Job, Jobs};
use crate::workload::{counter, map};

fn rayon(name: &str) -> Info {
    Info::of_package("rayon", name).facts("A pool of its own, with a thread for each worker.")
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
    let par_iter = "Splits the batch as its threads run dry.";
    suite.add::<Jobs, ParIter>(rayon("rayon::par_iter").in_role("", par_iter));
    suite.pool::<Scope>(rayon("rayon::scope"));
    #[cfg(feature = "patterns")]
    patterns::register(suite);
}

/// A task for each, in a scope.
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

impl FanOut for ParIter {
    fn start(workers: usize) -> Self {
        Self(pool(workers))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let run = || jobs.par_iter().map(|job| job.run()).collect::<Vec<Done>>();
        self.0.install(run).into()
    }
}
