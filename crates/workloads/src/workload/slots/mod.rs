//! `slots`: each worker writes its own element of a slice. Go programs do this with an index and no lock.
//!
//! A closed workload. Its variants differ in the layout of the slice: `adjacent` elements share cache lines.

mod contenders;
mod layout;

use std::hint::black_box;
use std::marker::PhantomData;
use std::sync::mpsc::channel;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use crate::model::{NoOp, spawn_scoped};
use crate::registry::{Description, Info, Suite, Tier, strategy};
use crate::workload::closed::{self, Lap, RankedSerial};
use crate::workload::open::{floor, serial};
use crate::workload::worker_counts::WorkerCounts;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, StartBarrier, Window, WindowError};

pub use contenders::{Atomics, register_exclusions, register_lock};
pub use layout::{Adjacent, Layout, OwnCacheLine, values, zeros};

/// The name in ids.
pub const NAME: &str = "slots";

/// Increments of each worker in a batch.
const BATCH: u64 = 1 << 14;

/// A way to have each worker write its own number of a slice with the layout `L`.
pub trait Slots<L: Layout>: 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Has each of `slots` numbers incremented `count` times from 0. Returns how long that took, and the
    /// numbers. Each thread adds its increments to `workers` when it is done.
    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>);
}

/// Increments a number in memory. It is opaque in each turn, so that the compiler does not keep it in a
/// register.
#[inline(never)]
pub fn increment<const COPY: usize>(number: &mut u64, count: u64) {
    black_box(COPY);
    for _ in 0..count {
        *black_box(&mut *number) += 1;
    }
}

/// Runs each task, of `count` increments, on a scoped thread. Returns the time from the release of all to the end of
/// the last. No task starts before all threads do: if the system refuses one, the others end.
pub fn run_scoped<'a>(
    tasks: Vec<Box<dyn FnOnce() + Send + 'a>>,
    count: u64,
    workers: &WorkerCounts,
) -> Duration {
    let barrier = &StartBarrier::new(tasks.len());
    let end = thread::scope(|scope| {
        let start = |task: Box<dyn FnOnce() + Send + 'a>| {
            let (go, released) = channel();
            let thread = spawn_scoped(scope, move || {
                released.recv().ok()?;
                barrier.pass();
                task();
                let end = Instant::now();
                workers.add(count);
                Some(end)
            });
            (go, thread)
        };
        let (all, threads): (Vec<_>, Vec<_>) = tasks.into_iter().map(start).unzip();
        for go in all {
            go.send(()).expect("each thread waits for it");
        }
        let end = |thread: ScopedJoinHandle<'_, _>| thread.join().expect("no task panics");
        let ends = threads.into_iter().filter_map(end);
        ends.max().expect("there is a task")
    });
    end.duration_since(barrier.released())
}

/// The variant with the layout `L`.
pub struct Params<L>(PhantomData<L>);

strategy!(
    S: Slots<Adjacent>, Params<Adjacent>,
    |threads| S::workers(threads),
    |_, window| measure::<Adjacent, S, COPY>(window),
    measure::<Adjacent, S, COPY>,
);
strategy!(
    S: Slots<OwnCacheLine>, Params<OwnCacheLine>,
    |threads| S::workers(threads),
    |_, window| measure::<OwnCacheLine, S, COPY>(window),
    measure::<OwnCacheLine, S, COPY>,
);

fn measure<L: Layout, S: Slots<L>, const COPY: usize>(
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let slots = window.threads();
    closed::measure_laps(window, BATCH * slots as u64, &mut |batches| {
        lap::<L, S, COPY>(slots, BATCH * batches).map_err(WindowError::Wrong)
    })
}

/// A lap on fresh slots, by threads that are started for it.
fn lap<L: Layout, S: Slots<L>, const COPY: usize>(slots: usize, count: u64) -> Result<Lap, String> {
    let workers = WorkerCounts::new(S::workers(slots));
    let (time, numbers) = S::run::<COPY>(slots, count, &workers);
    if S::CLASS != Class::Floor {
        check(&numbers, slots, count)?;
    }
    Ok(Lap { time, by_worker: workers.by_worker(), ..Lap::default() })
}

/// The oracle: every slot holds what its worker wrote.
fn check(numbers: &[u64], slots: usize, count: u64) -> Result<(), String> {
    if numbers.len() != slots {
        return Err(format!("{} of {slots} slots are left", numbers.len()));
    }
    match numbers.iter().position(|number| *number != count) {
        None => Ok(()),
        Some(slot) => Err(format!("slot {slot} holds {}, but its worker wrote {count} times", numbers[slot])),
    }
}

/// Adds a contender to both layouts.
pub fn add<S: Slots<Adjacent> + Slots<OwnCacheLine>>(suite: &mut Suite, info: &Info) {
    suite.add::<Params<Adjacent>, S>(info.clone());
    suite.add::<Params<OwnCacheLine>, S>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Each worker writes its own element of a slice",
        models: "Goroutines that each write results[i] of a shared slice, with a sync.WaitGroup and no lock. That is \
                 correct, and slow where the elements share a cache line.",
        question: "Disjoint parts of one slice: split borrows, atomics or a lock? And what does false sharing cost?",
        timed: "From the release of all threads to the end of the last, for a fixed number of increments of each \
                thread's own number. Scoped threads start before the clock does. So do the threads of rayon's pool, \
                but waking them is timed. A value is wall time per increment, of all threads together.",
        oracle: "Every slot holds exactly what its worker wrote.",
        operation: "increment",
    });
    let title = "numbers side by side, in the same cache line";
    suite.variant(NAME, "adjacent", title, &[("element", "8 bytes")], Tier::Standard, |_| {
        Params::<Adjacent>(PhantomData)
    });
    let title = "each number on cache lines of its own";
    suite.variant(NAME, "padded", title, &[("element", "128 bytes")], Tier::Standard, |_| {
        Params::<OwnCacheLine>(PhantomData)
    });
    add::<NoOp>(suite, &floor());
    add::<RankedSerial>(suite, &serial());
}

#[cfg(test)]
mod tests;
