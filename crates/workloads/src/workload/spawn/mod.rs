//! `spawn`: start very many tasks, and wait for all. What goroutines are praised for.
//!
//! A closed workload; in `-memory` what is measured is memory, not time.

mod contenders;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{Description, StandardSubset, Strategy, Suite, Tier};
use crate::workload::closed;
use crate::workload::open::{floor, serial};
use crate::workload::ring::weight;
use contend_record::{Class, WorkloadGroup};
use contend_team::peak_memory_bytes;
use contend_team::{Sample, Window, WindowError};

pub use contenders::{register_exclusions, register_mpmc, register_pool};

/// The name in ids.
pub const NAME: &str = "spawn";

/// What tasks leave: that they ran.
#[derive(Debug, Default)]
pub struct Ran {
    count: AtomicU64,
    digest: AtomicU64,
}

impl Ran {
    /// A task: it only says that it ran.
    #[inline]
    pub fn task(&self, index: usize) {
        self.count.fetch_add(1, Ordering::Relaxed);
        let weight = weight(index as u32); // so that two errors do not cancel
        self.digest.fetch_add(weight, Ordering::Relaxed);
    }

    /// Each of `tasks` ran, once.
    fn check(&self, tasks: usize) -> Result<(), String> {
        let wanted = tasks as u64;
        let count = self.count.load(Ordering::Relaxed);
        if count != wanted {
            return Err(format!("{count} tasks had run when the wait was over, where {wanted} were started"));
        }
        let weights = (0..tasks as u32).map(weight);
        match self.digest.load(Ordering::Relaxed) == weights.fold(0, u64::wrapping_add) {
            true => Ok(()),
            false => Err(format!("{wanted} tasks ran, but not the ones that were started")),
        }
    }
}

/// A way to start tasks and wait for all.
pub trait Spawn: Sized + 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// Threads beside the workers that may run at once.
    const HELPERS: usize = 0;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Starts the workers, where they live on. Not timed.
    fn start(workers: usize) -> Self;

    /// Starts all tasks, and returns when all have run.
    fn run(&mut self, tasks: usize, ran: &Arc<Ran>);
}

/// How many tasks, and whether their time or their memory is measured.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    tasks: usize,
    memory: bool,
}

/// One stretch on the clock.
#[inline(never)]
fn lap<S: Spawn, const COPY: usize>(contender: &mut S, tasks: usize, ran: &Arc<Ran>) -> Duration {
    black_box(COPY);
    let start = Instant::now();
    contender.run(tasks, ran);
    start.elapsed()
}

/// Has the system count the peak of this process's memory from now on.
fn forget_peak() -> Result<(), WindowError> {
    std::fs::write("/proc/self/clear_refs", "5").map_err(|error| {
        WindowError::Wrong(format!("this system does not let the peak of memory be counted anew: {error}"))
    })
}

fn peak() -> u64 {
    peak_memory_bytes().unwrap_or(0)
}

fn measure<S: Spawn, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let Params { tasks, memory } = params;
    let mut contender = S::start(S::workers(window.threads()));
    let mut most = 0;
    let mut sample = closed::take(window, tasks as u64, &mut |batches| {
        let mut time = Duration::ZERO;
        for _ in 0..batches {
            let ran = Arc::<Ran>::default();
            let before = match memory {
                true => {
                    forget_peak()?;
                    peak()
                }
                false => 0,
            };
            time += lap::<S, COPY>(&mut contender, tasks, &ran);
            if memory {
                most = most.max(peak().saturating_sub(before));
            }
            if S::CLASS != Class::Floor {
                ran.check(tasks).map_err(WindowError::Wrong)?;
            }
        }
        Ok(time)
    })?;
    if memory {
        // The system counts pages: a byte for what took none, since nothing has no ratio to others.
        let value = (most as f64 / tasks as f64).max(1.0);
        sample.custom_metric = Some((value, "bytes/task"));
    }
    Ok(sample)
}

impl<S: Spawn> Strategy<Params> for S {
    const CLASS: Class = S::CLASS;

    fn runnable(threads: usize) -> usize {
        S::workers(threads) + S::HELPERS
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<S, COPY>(**params, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        lap::<S, COPY> as *const () as usize
    }
}

/// What a task takes, about, over all contenders: a lap is all tasks, and mostly longer than a window.
const TASK: Duration = Duration::from_micros(13);

/// The same without scoped threads, in a plan of one round.
const TASK_WITHOUT_SCOPE: Duration = Duration::from_micros(3);

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Start very many tasks, and wait for all",
        models: "A goroutine for each of 100 to 100,000 things, and a WaitGroup: in Go nobody thinks twice, or has a worker pool.",
        question: "How many tasks may be started carelessly: as threads, or on a pool? What does one cost in time and memory?",
        timed: "From the start of the first task to the return of the wait; tasks do nothing but count themselves. A value is wall time over tasks. `-memory`: the highest peak of the process's memory over what it held before, of all laps of a window, over tasks; what an earlier lap left with the allocator counts as held.",
        oracle: "When the wait is over every task has run, once.",
        operation: "task",
    });
    let counts = [
        (100, "100", Tier::Thorough),
        (1_000, "1000", Tier::Standard),
        (10_000, "10000", Tier::Thorough),
        (100_000, "100000", Tier::Thorough),
    ];
    for (tasks, name, weight) in counts {
        let params = Params { tasks, memory: false };
        let title = format!("{tasks} tasks");
        let variant = suite.variant(NAME, name, &title, &[("tasks", name)], weight, move |_| params);
        variant.overhead(TASK * tasks as u32);
        if tasks == 100_000 {
            // Tutorials claim something of so many. A second way to have as many threads would take as long
            // again, and a run has ten minutes.
            variant.subset(StandardSubset {
                without: &["std::thread::scope"],
                control: "rayon::scope",
                per_window_overhead: TASK_WITHOUT_SCOPE * tasks as u32,
            });
        }
    }
    if cfg!(target_os = "linux") {
        for (tasks, name, _) in &counts {
            let params = Params { tasks: *tasks, memory: true };
            let title = format!("{tasks} tasks: memory for each");
            let parameters = [("tasks", *name), ("measured", "peak memory")];
            let name = format!("{name}-memory");
            suite
                .variant(NAME, &name, &title, &parameters, Tier::Thorough, move |_| params)
                .overhead(TASK * params.tasks as u32);
        }
    }
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, Serial>(serial());
}

impl Spawn for NoOp {
    const CLASS: Class = Class::Floor;

    fn start(_: usize) -> Self {
        NoOp
    }

    fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
        black_box((tasks, ran));
    }
}

/// A call for each.
struct Serial;

impl Spawn for Serial {
    // Shares nothing, as wherever the state is one worker's: ranked beside what does, it would lead where
    // the question is which of those to take.
    const CLASS: Class = Class::Partitioned;
    fn workers(_: usize) -> usize {
        1
    }

    fn start(_: usize) -> Self {
        Serial
    }

    fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
        (0..tasks).for_each(|index| ran.task(index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(run: impl FnOnce(&Ran)) -> String {
        let ran = Ran::default();
        run(&ran);
        ran.check(5).unwrap_err()
    }

    #[test]
    fn tasks_that_are_lost_or_doubled_are_named() {
        let lost = says(|ran| (0..4).for_each(|index| ran.task(index)));
        assert_eq!(lost, "4 tasks had run when the wait was over, where 5 were started");
        let doubled = says(|ran| [0, 1, 2, 3, 3].iter().for_each(|index| ran.task(*index)));
        assert_eq!(doubled, "5 tasks ran, but not the ones that were started");
        let same_sum = says(|ran| [0, 1, 3, 3, 3].iter().for_each(|index| ran.task(*index)));
        assert_eq!(same_sum, doubled);
    }
}
