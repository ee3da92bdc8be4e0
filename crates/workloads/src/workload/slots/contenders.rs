//! Contenders that need no package: the floor, the serial loop, atomics, and a lock around the slice.

use std::hint::black_box;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Layout, NAME, Slots, add, increment, run_scoped, values, zeros};
use crate::capability::Lock;
use crate::model::{NoOp, handles};
use crate::registry::{Info, Suite};
use crate::workload::closed::RankedSerial;
use crate::workload::worker_counts::WorkerCounts;
use contend_record::Class;

/// Adds a lock around the whole slice.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    add::<LockedSlice<L>>(
        suite,
        &info.in_role("+Vec", "One lock for the whole slice, taken for each increment."),
    );
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    let sent = "a number that is sent to an owner is no longer a slot of the sender";
    suite.exclude(NAME, "std::sync::mpsc::channel", sent);
    suite.exclude(NAME, "dashmap::DashMap", "a map's elements have no place of their own: see `map`");
}

/// Has each of `slots` threads run `task`, of `count` increments, with its index.
fn run_each(
    slots: usize,
    count: u64,
    workers: &WorkerCounts,
    task: impl Fn(usize) + Copy + Send,
) -> Duration {
    let tasks = handles(slots, |index| -> Box<dyn FnOnce() + Send> { Box::new(move || task(index)) });
    run_scoped(tasks, count, workers)
}

impl<L: Layout> Slots<L> for NoOp {
    const CLASS: Class = Class::Floor;

    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        let time = run_each(slots, count, workers, move |_| {
            for _ in 0..count {
                black_box(COPY);
            }
        });
        (time, Vec::new())
    }
}

impl<L: Layout> Slots<L> for RankedSerial {
    fn workers(_: usize) -> usize {
        1
    }

    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        let mut slots = zeros::<L, u64>(slots);
        let start = Instant::now();
        for slot in &mut slots {
            increment::<COPY>(L::get_mut(slot), count);
        }
        let time = start.elapsed();
        workers.add(count * slots.len() as u64);
        (time, values::<L>(&slots))
    }
}

/// Atomics that all threads could write.
pub struct Atomics;

impl<L: Layout> Slots<L> for Atomics {
    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        let slots = &zeros::<L, AtomicU64>(slots);
        let time = run_each(slots.len(), count, workers, move |index| {
            black_box(COPY);
            for _ in 0..count {
                L::get(&slots[index]).fetch_add(1, Ordering::Relaxed);
            }
        });
        (time, slots.iter().map(|slot| L::get(slot).load(Ordering::Relaxed)).collect())
    }
}

/// One lock for all slots.
struct LockedSlice<K>(PhantomData<K>);

/// The slots that one lock guards.
struct Numbers<L: Layout>(Vec<L::Of<u64>>);

impl<L: Layout, K: Lock> Slots<L> for LockedSlice<K> {
    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        let lock = Arc::new(K::WithState::<Numbers<L>>::new(Numbers(zeros::<L, u64>(slots))));
        let lock = &*lock;
        let time = run_each(slots, count, workers, move |index| {
            black_box(COPY);
            for _ in 0..count {
                lock.with_mut(|numbers| *L::get_mut(&mut numbers.0[index]) += 1);
            }
        });
        (time, lock.with(|numbers| values::<L>(&numbers.0)))
    }
}
