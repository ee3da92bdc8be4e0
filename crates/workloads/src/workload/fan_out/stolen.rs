//! Fan-out on rayon's pool, whose threads steal from each other.

use rayon::ThreadPool;
use rayon::prelude::*;

use super::{Done, FanOut, Gathered, Job, add};
use crate::contenders::rayon::pool;
use crate::registry::{Info, Suite};

pub(super) fn register(suite: &mut Suite) {
    let rayon = |name, notes| {
        Info::new(name)
            .family("rayon")
            .package("rayon")
            .notes(notes)
    };
    add::<ParIter>(
        suite,
        &rayon(
            "rayon::par_iter",
            "Splits the batch as its threads run dry. A pool of its own, with a thread for each worker.",
        ),
    );
    add::<Scope>(
        suite,
        &rayon(
            "rayon::scope",
            "A task for each job, spawned in a scope. A pool of its own, with a thread for each worker.",
        ),
    );
}

/// A parallel iterator over the jobs.
struct ParIter(ThreadPool);

impl FanOut for ParIter {
    fn open(workers: usize) -> Self {
        Self(pool(workers))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let results: Vec<Done> = self
            .0
            .install(|| jobs.par_iter().map(|job| job.run()).collect());
        results.into()
    }
}

/// A task a job.
struct Scope(ThreadPool);

impl FanOut for Scope {
    fn open(workers: usize) -> Self {
        Self(pool(workers))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let mut results = vec![Done::default(); jobs.len()];
        self.0.scope(|scope| {
            for (job, slot) in jobs.iter().zip(&mut results) {
                scope.spawn(move |_| *slot = job.run());
            }
        });
        results.into()
    }
}
