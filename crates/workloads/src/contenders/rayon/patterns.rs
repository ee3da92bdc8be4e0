//! rayon in the patterns: `par_bridge`, `try_for_each`, `par_chunks_mut`, `par_iter`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::ThreadPool;
use rayon::prelude::*;

use contend_team::{Team, WindowError};

use super::{pool, rayon};
use crate::registry::Suite;
use crate::workload::closed::Closed;
use crate::workload::fetch::{self, Fetch, Statuses};
use crate::workload::first_error::{self, Failure, FirstError};
use crate::workload::pipeline::{self, Item, Pipeline};
use crate::workload::slots::{self, Layout, Slots, increment, values, zeros};
use crate::workload::worker_counts::WorkerCounts;

pub(super) fn register(suite: &mut Suite) {
    let bridge = "Threads of a pool take items from an iterator under a lock, and pass each through all stages. \
                  Keeps no order.";
    suite.add::<pipeline::Params, Bridge>(rayon("rayon::par_bridge").in_role("", bridge));
    let try_for_each = "Splits the jobs into ranges, so the first failure need not be the first in order.";
    let info = rayon("rayon::try_for_each").in_role("", try_for_each);
    suite.add::<first_error::Params, TryForEach>(info);
    let chunks = "A task for each element. Waking the pool is timed. A late thread may find its task stolen.";
    let info = rayon("rayon::par_chunks_mut").in_role("", chunks);
    slots::add::<ParChunks>(suite, &info);
    let pages =
        "Its threads block while they wait for a page. It has one for each page that may be in flight.";
    suite.add::<fetch::Params, ParPages>(rayon("rayon::par_iter").in_role("", pages));
}

/// `par_bridge`.
#[derive(Default)]
struct Bridge {
    /// The items of each thread in the last lap.
    by_worker: Vec<u64>,
}

impl Closed for Bridge {
    fn start(_: usize) -> Self {
        Self::default()
    }
}

impl Pipeline for Bridge {
    const ORDERED: bool = false;

    fn run<const COPY: usize>(
        &mut self,
        team: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Vec<Item>), WindowError> {
        black_box(COPY);
        let pool = pool(team.size());
        let workers = &WorkerCounts::new(team.size());
        pool.broadcast(|_| ()); // so that all threads have started
        let start = Instant::now();
        let items = pool.install(|| {
            let items = (0..count).map(Item::new).par_bridge();
            let first = items.map(|item| item.pass(0, iterations));
            let second = first.map(|item| item.pass(1, iterations));
            let third = second.map(|item| item.pass(2, iterations));
            third.inspect(|_| workers.add(1)).collect()
        });
        let time = start.elapsed();
        self.by_worker = workers.by_worker();
        Ok((time, items))
    }

    fn by_worker(&self) -> Vec<u64> {
        self.by_worker.clone()
    }
}

/// `try_for_each`.
struct TryForEach(ThreadPool);

impl Closed for TryForEach {
    fn start(workers: usize) -> Self {
        Self(pool(workers))
    }
}

impl FirstError for TryForEach {
    fn run(&mut self, group: &first_error::Group) -> Result<(), Failure> {
        let jobs = || (0..group.count()).into_par_iter();
        self.0.install(|| jobs().try_for_each(|index| group.run(index)))
    }
}

/// Chunks of one element.
struct ParChunks;

impl<L: Layout> Slots<L> for ParChunks {
    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        let pool = pool(slots);
        let mut slots = zeros::<L, u64>(slots);
        pool.broadcast(|_| ()); // so that all threads have started
        let start = Instant::now();
        pool.install(|| {
            slots.par_chunks_mut(1).for_each(|chunk| {
                for slot in chunk {
                    increment::<COPY>(L::get_mut(slot), count);
                    workers.add(count);
                }
            });
        });
        (start.elapsed(), values::<L>(&slots))
    }
}

/// A parallel iterator over the pages.
struct ParPages(ThreadPool);

impl Closed for ParPages {
    fn start(workers: usize) -> Self {
        Self(pool(workers))
    }
}

impl Fetch for ParPages {
    type Map = Statuses;

    fn run(&mut self, group: &Arc<fetch::Group>) -> Statuses {
        let group = &**group;
        let fetched = |page| Some((page, group.get_in_time(page)?));
        let pages = || (0..group.count()).into_par_iter();
        self.0.install(|| pages().filter_map(fetched).collect())
    }
}
