//! `spawn`: very many tasks are started, and one thread waits for all of them. In Go each is a goroutine.
//!
//! A closed workload. The variants with `-memory` measure memory, not time.

mod contenders;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{BlockSettings, Description, StandardSubset, Suite, Tier, strategy};
use crate::workload::closed::{self, Closed, Lap, Serial};
use crate::workload::open::{floor, serial};
use crate::workload::ring::weight;
use crate::workload::worker_counts::WorkerCounts;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Window, WindowError, peak_memory_bytes};

pub use contenders::{register_exclusions, register_mpmc, register_pool};

/// The name in ids.
pub const NAME: &str = "spawn";

/// How many tasks ran, and a digest of which.
#[derive(Debug)]
pub struct TaskLog {
    count: AtomicU64,
    digest: AtomicU64,
    /// The tasks of each worker, in all laps of a window.
    workers: Arc<WorkerCounts>,
}

impl TaskLog {
    /// A log without tasks.
    fn new(workers: &Arc<WorkerCounts>) -> Self {
        Self { count: AtomicU64::new(0), digest: AtomicU64::new(0), workers: workers.clone() }
    }

    /// Runs the task at `index`, which only records itself.
    #[inline]
    pub fn run_task(&self, index: usize) {
        self.count.fetch_add(1, Ordering::Relaxed);
        let weight = weight(index as u32); // so that two errors do not cancel
        self.digest.fetch_add(weight, Ordering::Relaxed);
        self.workers.add(1);
    }

    /// The oracle: each of `tasks` ran once.
    fn check(&self, tasks: usize) -> Result<(), String> {
        let count = self.count.load(Ordering::Relaxed);
        if count != tasks as u64 {
            return Err(format!("{count} tasks had run when the wait was over, but {tasks} were started"));
        }
        let digest = (0..tasks as u32).map(weight).fold(0, u64::wrapping_add);
        if self.digest.load(Ordering::Relaxed) != digest {
            return Err(format!("{tasks} tasks ran, but not the ones that were started"));
        }
        Ok(())
    }
}

/// A way to start tasks and wait for all of them.
pub trait Spawn: Closed {
    /// Starts all tasks, and returns when all have run.
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>);
}

strategy!(
    S: Spawn, Params,
    |threads| S::workers(threads) + S::HELPERS,
    |params, window| measure::<S, COPY>(**params, window),
    lap::<S, COPY>,
);

/// How many tasks there are, and whether their memory is measured in place of their time.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    tasks: usize,
    memory: bool,
}

/// The timed part: all tasks once.
#[inline(never)]
fn lap<S: Spawn, const COPY: usize>(contender: &mut S, tasks: usize, log: &Arc<TaskLog>) -> Duration {
    black_box(COPY);
    let start = Instant::now();
    contender.run(tasks, log);
    start.elapsed()
}

/// Resets the peak of this process's memory, and returns it in bytes.
fn reset_peak() -> Result<u64, WindowError> {
    let reset = std::fs::write("/proc/self/clear_refs", "5");
    reset.map_err(|error| WindowError::Wrong(format!("cannot reset the peak of memory: {error}")))?;
    Ok(peak())
}

fn peak() -> u64 {
    peak_memory_bytes().unwrap_or(0)
}

fn measure<S: Spawn, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let Params { tasks, memory } = params;
    let workers = S::workers(window.threads());
    let mut contender = S::start(workers);
    let (workers, mut before) = (Arc::new(WorkerCounts::new(workers)), Vec::new());
    let mut most = 0;
    let mut sample = closed::measure_laps(window, tasks as u64, &mut |batches| {
        let mut time = Duration::ZERO;
        for _ in 0..batches {
            let log = Arc::new(TaskLog::new(&workers));
            let before = if memory { reset_peak()? } else { 0 };
            time += lap::<S, COPY>(&mut contender, tasks, &log);
            if memory {
                most = most.max(peak().saturating_sub(before));
            }
            if S::CLASS != Class::Floor {
                log.check(tasks).map_err(WindowError::Wrong)?;
            }
        }
        Ok(Lap { time, by_worker: workers.since(&mut before), ..Lap::default() })
    })?;
    if memory {
        // The system counts in pages. At least one byte, because a ratio to 0 does not exist.
        let value = (most as f64 / tasks as f64).max(1.0);
        sample.custom_metric = Some((value, "bytes/task"));
    }
    Ok(sample)
}

/// About what a task takes, over all contenders. A lap is all tasks, and mostly longer than a window.
const TASK: Duration = Duration::from_micros(13);

/// About what a task needs in bytes, without threads of the system: its future or closure, and its place in a queue.
const TASK_BYTES: u64 = 950;

/// What a thread of the system needs in bytes, and how many threads there are at once at most.
const THREAD_BYTES: u64 = 8_000;
const MOST_THREADS: u64 = 10_000;

/// The memory of that many tasks: as futures and closures, or as threads.
fn memory(tasks: usize) -> u64 {
    (TASK_BYTES * tasks as u64).max(THREAD_BYTES * (tasks as u64).min(MOST_THREADS))
}

/// The same time without a thread for each task.
const TASK_IN_A_POOL: Duration = Duration::from_nanos(300);

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Start very many tasks, and wait for all of them",
        models: "A goroutine for each of 100 to 100,000 things, and a WaitGroup. A Go program often does this \
                 without a worker pool.",
        question: "How many tasks can a program start without care, as threads or on a pool? What does one cost \
                   in time and memory?",
        timed: "From the start of the first task to the return of the wait. Tasks only count themselves. A value \
                is wall time per task. `-memory`: the highest peak of the process's memory in any lap of \
                the window, less what the process held before the lap, divided by tasks. Memory that the allocator \
                kept from an earlier lap counts as held.",
        oracle: "When the wait is over, every task has run once.",
        operation: "task",
    });
    let counts = [
        (100, "100", Tier::Thorough),
        (1_000, "1000", Tier::Standard),
        (10_000, "10000", Tier::Thorough),
        (100_000, "100000", Tier::Thorough),
    ];
    for (tasks, name, tier) in counts {
        let params = Params { tasks, memory: false };
        let title = format!("{tasks} tasks");
        let variant = suite.variant(NAME, name, &title, &[("tasks", name)], tier, move |_| params);
        variant.overhead(TASK * tasks as u32).memory(memory(tasks));
        if tasks == 100_000 {
            // Tutorials make claims about 100,000 tasks. As many threads take six seconds a window, and would take an
            // eighth of the preset's time to say what 1,000 tasks say.
            variant.subset(StandardSubset {
                without: &["std::thread::scope", "std::thread::spawn"],
                control: "rayon::scope",
                per_window_overhead: TASK_IN_A_POOL * tasks as u32,
            });
        }
    }
    if cfg!(target_os = "linux") {
        for (tasks, name, _) in counts {
            let title = format!("{tasks} tasks: memory for each");
            let parameters = [("tasks", name), ("measured", "peak memory")];
            let name = format!("{name}-memory");
            let prepare = move |_: &BlockSettings| Params { tasks, memory: true };
            let variant = suite.variant(NAME, &name, &title, &parameters, Tier::Thorough, prepare);
            variant.overhead(TASK * tasks as u32).memory(memory(tasks));
        }
    }
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, Serial>(serial());
}

impl Spawn for NoOp {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        black_box((tasks, log));
    }
}

impl Spawn for Serial {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        (0..tasks).for_each(|index| log.run_task(index));
    }
}

#[cfg(test)]
mod tests;
