//! `join`: start short tasks, and wait for all. Go's `WaitGroup`.
//!
//! A closed workload. Ways that only wait are given the same workers, which live on; ways that start
//! threads start them, and that is timed.

mod contenders;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{Description, Suite, Tier, strategy};
use crate::workload::closed::{self, Closed, Serial};
use crate::workload::open::{floor, serial};
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

/// What tasks do, and what is seen of it.
pub struct Tasks {
    iterations: u64,
    /// How often each ran.
    runs: Vec<AtomicU64>,
    /// How many ran.
    all: AtomicU64,
}

impl Tasks {
    fn new(count: usize, iterations: u64) -> Arc<Self> {
        Arc::new(Self {
            iterations,
            runs: (0..count).map(|_| AtomicU64::new(0)).collect(),
            all: AtomicU64::new(0),
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.runs.len()
    }

    /// Runs one.
    pub fn run(&self, index: usize) {
        busy_loop(self.iterations);
        self.runs[index].fetch_add(1, Ordering::Relaxed);
        self.all.fetch_add(1, Ordering::Relaxed);
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

/// How many tasks of which length.
pub struct Params {
    tasks: Option<usize>,
    iterations: u64,
}

/// One stretch on the clock: joins, one after the other. Says, too, which was the first that was over
/// before its tasks were.
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
        if tasks.all.load(Ordering::Relaxed) != n * tasks.count() as u64 {
            early.get_or_insert(n);
        }
    }
    (start.elapsed(), early)
}

/// One stretch on the clock, as a copy of it was compiled.
type Lap<J> = fn(&mut J, &Arc<Tasks>, u64) -> (Duration, Option<u64>);

fn measure<J: Join>(params: &Params, window: &mut Window<'_>, timed: Lap<J>) -> Result<Sample, WindowError> {
    let threads = window.threads();
    let count = params.tasks.unwrap_or(threads);
    let mut contender = J::start(J::workers(threads));
    closed::take(window, count as u64, &mut |joins| {
        let tasks = Tasks::new(count, params.iterations);
        let (time, early) = timed(&mut contender, &tasks, joins);
        if J::CLASS != Class::Floor {
            check(&tasks, joins, early).map_err(WindowError::Wrong)?;
        }
        Ok(time)
    })
}

/// Each wait was for all tasks, and each task ran once.
fn check(tasks: &Tasks, joins: u64, early: Option<u64>) -> Result<(), String> {
    if let Some(early) = early {
        return Err(format!(
            "wait {early} of {joins} was over when other than {} tasks had run",
            tasks.count()
        ));
    }
    let runs = tasks.runs.iter().map(|runs| runs.load(Ordering::Relaxed));
    match runs.enumerate().find(|(_, runs)| *runs != joins) {
        None => Ok(()),
        Some((index, runs)) => {
            Err(format!("task {index} ran {runs} times, where it was started {joins} times"))
        }
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Start short tasks, and wait for all",
        models: "Go's sync.WaitGroup: Add for each goroutine, Done at its end, and Wait for all of them.",
        question: "Some tasks, and then the next step: which way to wait for them, and is a thread a task affordable?",
        timed: "Joins, one after the other: from the start of the first task to the return of the wait. What only waits (WaitGroup, Barrier, a channel's close, a count) is given workers that live on, each with an inbox; what starts threads starts them within the time. A value is wall time over tasks.",
        oracle: "When a wait is over all tasks of its join have run, and each ran once.",
        operation: "task",
    });
    suite.variant(
        NAME,
        "one-each",
        "a task for each worker, which does nothing",
        &[("tasks", "as many as workers"), ("task", "nothing")],
        Tier::Standard,
        |_| Params { tasks: None, iterations: 0 },
    );
    suite.variant(
        NAME,
        "one-each-20us",
        "a task of 20 µs for each worker",
        &[("tasks", "as many as workers"), ("task", "20 µs")],
        Tier::Thorough,
        |setting| Params { tasks: None, iterations: setting.iterations(20_000) },
    );
    suite.variant(
        NAME,
        "64-tasks",
        "64 tasks of 1 µs",
        &[("tasks", "64"), ("task", "1 µs")],
        Tier::Standard,
        |setting| Params { tasks: Some(MANY), iterations: setting.iterations(1_000) },
    );
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
mod tests {
    use super::*;

    /// Runs its tasks otherwise than asked.
    struct Broken<const LOST: usize, const TWICE: usize>;

    impl<const LOST: usize, const TWICE: usize> Closed for Broken<LOST, TWICE> {
        fn start(_: usize) -> Self {
            Self
        }
    }

    impl<const LOST: usize, const TWICE: usize> Join for Broken<LOST, TWICE> {
        fn join(&mut self, tasks: &Arc<Tasks>) {
            for index in 0..tasks.count() {
                if index != LOST {
                    tasks.run(index);
                }
                if index == TWICE {
                    tasks.run(index);
                }
            }
        }
    }

    fn fault<J: Join>() -> String {
        let tasks = Tasks::new(4, 0);
        let (_, early) = lap::<J, 0>(&mut J::start(2), &tasks, 10);
        check(&tasks, 10, early).unwrap_err()
    }

    #[test]
    fn a_wait_that_ends_early_is_named() {
        assert_eq!(fault::<Broken<3, 9>>(), "wait 1 of 10 was over when other than 4 tasks had run");
    }

    #[test]
    fn a_task_that_runs_for_another_is_named() {
        assert_eq!(fault::<Broken<3, 2>>(), "task 2 ran 20 times, where it was started 10 times");
    }
}
