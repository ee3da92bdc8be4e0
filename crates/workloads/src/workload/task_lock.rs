//! `task-lock`: tasks on an asynchronous runtime increment and read one number under a lock.
//!
//! A closed workload of the feature `extra`, which has a runtime. Locks for async code are measured here as they are
//! meant: a task that waits lets other tasks run on its thread. In `counter` threads take the same locks by blocking
//! calls.

mod read90;

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{BlockSettings, Description, Suite, Tier, strategy};
use crate::workload::closed::{self, Closed};
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Window, WindowError};

pub use read90::{MostlyReads, Outcome, Reader, TaskReads};

/// The name in ids.
pub const NAME: &str = "task-lock";

/// Tasks that share the number: more than threads.
pub const TASKS: usize = 64;

/// Increments of each task in a batch.
const INCREMENTS: u64 = 64;

/// Nanoseconds that an operation holds the lock in `held` and `read90-held`.
const HELD_NS: u64 = 1_000;

/// What the tasks of a batch do.
#[derive(Clone, Copy, Debug)]
pub struct Tasks {
    /// Operations of each task.
    pub operations: u64,
    /// Iterations of the busy loop in each operation, while the lock is held.
    pub iterations: u64,
}

impl Tasks {
    /// Increments a number. For a task that holds its lock.
    #[inline]
    pub fn increment(self, number: &mut u64) {
        *number += 1;
        busy_loop(self.iterations);
    }

    /// Reads a number. For a task that holds its lock, alone or with other readers.
    #[inline]
    pub fn read(self, number: &u64) -> u64 {
        busy_loop(self.iterations);
        *number
    }
}

/// A way for tasks to share a number.
pub trait TaskLock: Closed {
    /// Starts [`TASKS`] tasks that increment a number from 0, waits for all of them, and returns the number.
    fn run(&mut self, tasks: Tasks) -> u64;
}

strategy!(
    L: TaskLock, Params,
    |threads| if L::CLASS == Class::Floor { 0 } else { L::workers(threads) + L::HELPERS },
    |params, window| measure::<L, COPY>(params, window),
    lap::<L, COPY>,
);

/// How long an operation holds the lock.
pub struct Params {
    iterations: u64,
}

impl Params {
    fn new(settings: &BlockSettings, held_ns: u64) -> Self {
        Self { iterations: if held_ns > 0 { settings.iterations(held_ns) } else { 0 } }
    }
}

/// The timed part: all tasks once.
#[inline(never)]
fn lap<L: TaskLock, const COPY: usize>(contender: &mut L, tasks: Tasks) -> (Duration, u64) {
    black_box(COPY);
    let start = Instant::now();
    let number = contender.run(tasks);
    (start.elapsed(), number)
}

fn measure<L: TaskLock, const COPY: usize>(
    params: &Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let mut contender = L::start(L::workers(window.threads()));
    closed::measure_laps(window, TASKS as u64 * INCREMENTS, &mut |batches| {
        let tasks = Tasks { operations: INCREMENTS * batches, iterations: params.iterations };
        let (time, number) = lap::<L, COPY>(&mut contender, tasks);
        if L::CLASS != Class::Floor {
            check(number, TASKS as u64 * tasks.operations).map_err(WindowError::Wrong)?;
        }
        Ok(time)
    })
}

/// The oracle: no increment is lost.
fn check(number: u64, increments: u64) -> Result<(), String> {
    match number == increments {
        true => Ok(()),
        false => Err(format!("the number is {number} after {increments} increments")),
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Tasks on a runtime increment and read one number under a lock",
        models: "64 tasks of a server share a number. In Go goroutines do this with a sync.Mutex or sync.RWMutex, \
                 whose waiters let other goroutines run.",
        question: "State that tasks share: an async lock, or a plain one that no task holds across an await? Does a \
                   read-write lock pay where tasks mostly read?",
        timed: "A fixed number of operations of 64 tasks on tokio's multi-threaded runtime, with a thread for each \
                worker, from the start of the first task to the end of the last. Each operation is an increment. In \
                `read90` each task reads nine times for each increment. A value is wall time per operation. `held`: \
                each operation holds the lock for about 1 µs.",
        oracle: "No increment is lost. No read decreases, or misses the task's own increments.",
        operation: "increment or read",
    });
    for (name, held, ns) in [("hot", "nothing", 0), ("held", "1 µs", HELD_NS)] {
        let title = format!("64 tasks increment one number; work under the lock: {held}");
        let parameters = [("tasks", "64"), ("work under the lock", held)];
        let prepare = move |settings: &BlockSettings| Params::new(settings, ns);
        suite.variant(NAME, name, &title, &parameters, Tier::Thorough, prepare);
    }
    for (name, held, ns) in [("read90", "nothing", 0), ("read90-held", "1 µs", HELD_NS)] {
        let title =
            format!("64 tasks read one number nine times for each increment; work under the lock: {held}");
        let parameters = [("tasks", "64"), ("reads", "9 of 10"), ("work under the lock", held)];
        let prepare = move |settings: &BlockSettings| MostlyReads(Params::new(settings, ns));
        suite.variant(NAME, name, &title, &parameters, Tier::Thorough, prepare);
    }
    suite.add::<Params, NoOp>(floor());
    suite.add::<MostlyReads, NoOp>(floor());
}

impl TaskLock for NoOp {
    fn run(&mut self, tasks: Tasks) -> u64 {
        black_box(tasks.operations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contend_team::Team;

    /// Increments without tasks, all of them or all but one.
    struct Flawed<const LOSES: bool>;

    impl<const LOSES: bool> Closed for Flawed<LOSES> {
        fn start(_: usize) -> Self {
            Self
        }
    }

    impl<const LOSES: bool> TaskLock for Flawed<LOSES> {
        fn run(&mut self, tasks: Tasks) -> u64 {
            let mut number = 0;
            let all = TASKS as u64 * tasks.operations - u64::from(LOSES);
            (0..all).for_each(|_| tasks.increment(&mut number));
            number
        }
    }

    fn outcome<L: TaskLock>() -> Result<Sample, String> {
        let mut window = Window {
            team: &mut Team::new(2),
            length: Duration::from_millis(2),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        measure::<L, 0>(&Params { iterations: 0 }, &mut window).map_err(|error| error.to_string())
    }

    #[test]
    fn no_increment_may_be_lost() {
        let sample = outcome::<Flawed<false>>().expect("it loses nothing");
        assert_eq!(sample.timing.total() % (TASKS as u64 * INCREMENTS), 0, "{:?}", sample.timing);
        let lost = outcome::<Flawed<true>>().expect_err("it loses one");
        assert!(lost.contains("the number is 4095 after 4096 increments"), "{lost}");
    }
}
