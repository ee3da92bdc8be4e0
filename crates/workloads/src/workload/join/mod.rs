//! `join`: short tasks are started, and one thread waits for all of them. Go's `WaitGroup`.
//!
//! A closed workload. Contenders that only wait share one kind of long-lived workers. Contenders that start
//! threads start them within the time.

mod contenders;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{Description, Suite, Tier, strategy};
use crate::workload::closed::{self, Closed, Lap, Serial};
use crate::workload::open::{floor, serial};
use crate::workload::worker_counts::WorkerCounts;
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Window, WindowError};

pub use contenders::{
    BEGUN, Pooled, Wait, register_channel, register_condvar, register_exclusions, register_pool,
};

/// The name in ids.
pub const NAME: &str = "join";

/// Tasks in the variant with more than workers.
const MANY: usize = 64;

/// The tasks of a lap, which count their runs for the oracle.
pub struct Tasks {
    iterations: u64,
    /// How often each task ran.
    runs: Vec<AtomicU64>,
    /// Runs of all tasks.
    total: AtomicU64,
    /// Runs by each worker, in all laps of a window.
    workers: Arc<WorkerCounts>,
}

impl Tasks {
    fn new(count: usize, iterations: u64, workers: &Arc<WorkerCounts>) -> Arc<Self> {
        Arc::new(Self {
            iterations,
            runs: (0..count).map(|_| AtomicU64::new(0)).collect(),
            total: AtomicU64::new(0),
            workers: workers.clone(),
        })
    }

    /// Tasks of a join.
    pub fn count(&self) -> usize {
        self.runs.len()
    }

    /// Runs the task at `index`.
    pub fn run(&self, index: usize) {
        busy_loop(self.iterations);
        self.runs[index].fetch_add(1, Ordering::Relaxed);
        self.workers.add(1);
        self.total.fetch_add(1, Ordering::Relaxed);
    }
}

/// A way to start tasks and wait for all.
pub trait Join: Closed {
    /// Starts all tasks, and returns when all have run.
    fn join(&mut self, tasks: &Arc<Tasks>);
}

strategy!(
    J: Join, Params,
    |threads| J::workers(threads) + J::HELPERS,
    |params, window| measure(params, window, lap::<J, COPY>),
    lap::<J, COPY>,
);

/// How many tasks a join has, and how long they are.
pub struct Params {
    /// As many as workers where it is `None`.
    tasks: Option<usize>,
    iterations: u64,
}

/// The timed loop: joins, one after the other. Also returns the number of the first join that ended before
/// its tasks did.
#[inline(never)]
fn lap<J: Join, const COPY: usize>(
    contender: &mut J,
    tasks: &Arc<Tasks>,
    joins: u64,
) -> (Duration, Option<u64>) {
    black_box(COPY);
    let mut early = None;
    let start = Instant::now();
    for n in 1..=joins {
        contender.join(tasks);
        if tasks.total.load(Ordering::Relaxed) != n * tasks.count() as u64 {
            early.get_or_insert(n);
        }
    }
    (start.elapsed(), early)
}

/// A compiled copy of [`lap`].
type TimedLap<J> = fn(&mut J, &Arc<Tasks>, u64) -> (Duration, Option<u64>);

fn measure<J: Join>(
    params: &Params,
    window: &mut Window<'_>,
    timed: TimedLap<J>,
) -> Result<Sample, WindowError> {
    let threads = window.threads();
    let count = params.tasks.unwrap_or(threads);
    let mut contender = J::start(J::workers(threads));
    let (workers, mut before) = (Arc::new(WorkerCounts::new(J::workers(threads))), Vec::new());
    closed::measure_laps(window, count as u64, &mut |joins| {
        let tasks = Tasks::new(count, params.iterations, &workers);
        let (time, early) = timed(&mut contender, &tasks, joins);
        if J::CLASS != Class::Floor {
            check(&tasks, joins, early).map_err(WindowError::Wrong)?;
        }
        Ok(Lap { time, by_worker: workers.since(&mut before), ..Lap::default() })
    })
}

/// The oracle: each wait was for all tasks, and each task ran once.
fn check(tasks: &Tasks, joins: u64, early: Option<u64>) -> Result<(), String> {
    if let Some(early) = early {
        let count = tasks.count();
        return Err(format!("wait {early} of {joins} was over when other than {count} tasks had run"));
    }
    let runs = tasks.runs.iter().map(|runs| runs.load(Ordering::Relaxed));
    match runs.enumerate().find(|(_, runs)| *runs != joins) {
        None => Ok(()),
        Some((index, runs)) => Err(format!("task {index} ran {runs} times, but was started {joins} times")),
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Start short tasks, and wait for all of them",
        models: "Go's sync.WaitGroup: Add for each goroutine, Done at its end, and Wait for all of them.",
        question: "Which way to wait for a set of tasks is cheap, and is a thread for each task affordable?",
        timed: "Joins, one after the other: from the start of the first task to the return of the wait. \
                Contenders that only wait (WaitGroup, Barrier, a channel's close, a count) get long-lived workers, \
                each with an inbox. Contenders that start threads start them within the time. A value is wall time \
                per task.",
        oracle: "When a wait is over, all tasks of its join have run, and each ran once.",
        operation: "task",
    });
    let mut variant = |name, title, tasks: Option<usize>, (task, ns), tier| {
        let count = if tasks.is_some() { "64" } else { "as many as workers" };
        suite.variant(NAME, name, title, &[("tasks", count), ("task", task)], tier, move |settings| Params {
            tasks,
            iterations: if ns > 0 { settings.iterations(ns) } else { 0 },
        });
    };
    let empty = ("nothing", 0);
    variant("one-each", "one task for each worker, which does nothing", None, empty, Tier::Standard);
    variant("one-each-20us", "one task of 20 µs for each worker", None, ("20 µs", 20_000), Tier::Thorough);
    variant("64-tasks", "64 tasks of 1 µs", Some(MANY), ("1 µs", 1_000), Tier::Standard);
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, Serial>(serial());
}

impl Join for NoOp {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        black_box(tasks);
    }
}

impl Join for Serial {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        (0..tasks.count()).for_each(|index| tasks.run(index));
    }
}

#[cfg(test)]
mod tests;
