//! `slots`: each worker writes its own element of a slice. What Go programs do with an index and no
//! lock.
//!
//! A closed workload. What stands beside what is the variant: `adjacent` elements share cache lines.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use crate::capability::Lock;
use crate::model::{handles, spawn_scoped};
use crate::registry::{Description, Info, Strategy, Suite, Tier};
use crate::workload::closed;
use crate::workload::open::{floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::Padded;
use contend_team::{Sample, StartBarrier, Window, WindowError};

/// The name in ids.
pub const NAME: &str = "slots";

/// Increments of each worker in a batch.
const BATCH: u64 = 1 << 14;

/// How elements of a slice stand.
pub trait Layout: Send + Sync + 'static {
    /// A `T` as an element.
    type Of<T: Send + Sync + Default + 'static>: Send + Sync + Default + 'static;

    /// What is in it.
    fn get<T: Send + Sync + Default + 'static>(element: &Self::Of<T>) -> &T;

    /// What is in it.
    fn get_mut<T: Send + Sync + Default + 'static>(element: &mut Self::Of<T>) -> &mut T;
}

/// One beside the other: eight in a cache line.
pub struct Adjacent;

/// Each on cache lines of its own.
pub struct Apart;

impl Layout for Adjacent {
    type Of<T: Send + Sync + Default + 'static> = T;

    fn get<T: Send + Sync + Default + 'static>(element: &T) -> &T {
        element
    }

    fn get_mut<T: Send + Sync + Default + 'static>(element: &mut T) -> &mut T {
        element
    }
}

impl Layout for Apart {
    type Of<T: Send + Sync + Default + 'static> = Padded<T>;

    fn get<T: Send + Sync + Default + 'static>(element: &Padded<T>) -> &T {
        &element.0
    }

    fn get_mut<T: Send + Sync + Default + 'static>(element: &mut Padded<T>) -> &mut T {
        &mut element.0
    }
}

/// A slice of numbers, each of which one worker writes.
pub trait Slots<L: Layout>: 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// As many zeros as slots; `threads` workers, where they live on.
    fn open(threads: usize, slots: usize) -> Self;

    /// Has each slot incremented `count` times, and says how long that took.
    fn run<const COPY: usize>(&mut self, count: u64) -> Duration;

    /// What is in the slots.
    fn close(self) -> Vec<u64>;
}

/// Increments a number as often, in memory: one that is opaque in each turn is not kept in a register.
#[inline(never)]
pub fn increment<const COPY: usize>(number: &mut u64, count: u64) {
    black_box(COPY);
    for _ in 0..count {
        *black_box(&mut *number) += 1;
    }
}

/// Runs each part on a scoped thread, from when all are there to the end of the last. None begins
/// before all were started: where the system refuses one, the others end.
pub fn scoped<'a>(parts: Vec<Box<dyn FnOnce() + Send + 'a>>) -> Duration {
    let gate = &StartBarrier::new(parts.len());
    let end = thread::scope(|scope| {
        let start = |part: Box<dyn FnOnce() + Send + 'a>| {
            let (go, told) = channel();
            let thread = spawn_scoped(scope, move || {
                told.recv().ok()?;
                gate.pass();
                part();
                Some(Instant::now())
            });
            (go, thread)
        };
        let (all, threads): (Vec<_>, Vec<_>) = parts.into_iter().map(start).unzip();
        for go in all {
            go.send(()).expect("each waits for it");
        }
        let end = |thread: ScopedJoinHandle<'_, _>| thread.join().expect("no part panics");
        let ends = threads.into_iter().filter_map(end);
        ends.max().expect("there is a part")
    });
    end.duration_since(gate.released())
}

/// The slots of a layout.
pub struct Slice<L>(std::marker::PhantomData<L>);

fn measure<L: Layout, S: Slots<L>, const COPY: usize>(
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let slots = window.threads();
    closed::take(window, BATCH * slots as u64, &mut |batches| {
        lap::<L, S, COPY>(slots, BATCH * batches).map_err(WindowError::Wrong)
    })
}

/// One stretch on the clock, with fresh slots.
fn lap<L: Layout, S: Slots<L>, const COPY: usize>(slots: usize, count: u64) -> Result<Duration, String> {
    let mut contender = S::open(S::workers(slots), slots);
    let time = contender.run::<COPY>(count);
    let numbers = contender.close();
    if S::CLASS != Class::Floor {
        check(&numbers, slots, count)?;
    }
    Ok(time)
}

/// Every slot holds what its worker wrote.
fn check(numbers: &[u64], slots: usize, count: u64) -> Result<(), String> {
    if numbers.len() != slots {
        return Err(format!("{} of {slots} slots are left", numbers.len()));
    }
    match numbers.iter().position(|number| *number != count) {
        None => Ok(()),
        Some(slot) => {
            Err(format!("slot {slot} holds {}, where its worker wrote {count} times", numbers[slot]))
        }
    }
}

impl<L: Layout, S: Slots<L>> Strategy<Slice<L>> for S {
    const CLASS: Class = S::CLASS;

    fn runnable(threads: usize) -> usize {
        S::workers(threads)
    }

    fn measure<const COPY: usize>(_: &Arc<Slice<L>>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
        measure::<L, S, COPY>(window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        measure::<L, S, COPY> as *const () as usize
    }
}

/// Adds a contender to both layouts.
pub fn add<S: Slots<Adjacent>, P: Slots<Apart>>(suite: &mut Suite, info: &Info) {
    suite.add::<Slice<Adjacent>, S>(info.clone());
    suite.add::<Slice<Apart>, P>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Each worker writes its own element of a slice",
        models: "Goroutines that each write results[i] of a shared slice, with a sync.WaitGroup and no lock: right, and slow where the elements share a cache line.",
        question: "Disjoint parts of one slice: split borrows, atomics or a lock? And what does false sharing cost?",
        timed: "From the release of all threads to the end of the last, for a fixed number of increments of each thread's own number. Threads are scoped ones, started before the clock; so is rayon's pool, and waking it is timed. A value is wall time over increments of all.",
        oracle: "Every slot holds exactly what its worker wrote.",
        operation: "increment",
    });
    suite.variant(
        NAME,
        "adjacent",
        "numbers side by side, in the same cache line",
        &[("element", "8 bytes")],
        Tier::Standard,
        |_| Slice::<Adjacent>(std::marker::PhantomData),
    );
    suite.variant(
        NAME,
        "padded",
        "each number on cache lines of its own",
        &[("element", "128 bytes")],
        Tier::Standard,
        |_| Slice::<Apart>(std::marker::PhantomData),
    );
    add::<Nothing, Nothing>(suite, &floor());
    add::<Serial<Adjacent>, Serial<Apart>>(suite, &serial());
}

/// Adds a lock around the whole slice.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let info = info.in_role("+Vec", "One lock for the whole slice, taken for each increment.");
    add::<Locked<L::WithState<Numbers<Adjacent>>>, Locked<L::WithState<Numbers<Apart>>>>(suite, &info);
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(
        NAME,
        "std::sync::mpsc::channel",
        "a number that is sent to an owner is no slot of the sender",
    );
    suite.exclude(NAME, "dashmap::DashMap", "a map's elements have no place of their own: see `map`");
}

/// Nothing is written.
struct Nothing(usize);

impl<L: Layout> Slots<L> for Nothing {
    const CLASS: Class = Class::Floor;

    fn open(threads: usize, _: usize) -> Self {
        Nothing(threads)
    }

    fn run<const COPY: usize>(&mut self, count: u64) -> Duration {
        scoped(handles(self.0, |_| -> Box<dyn FnOnce() + Send> {
            Box::new(move || {
                for _ in 0..count {
                    black_box(COPY);
                }
            })
        }))
    }

    fn close(self) -> Vec<u64> {
        Vec::new()
    }
}

/// As many zeros as slots.
pub fn zeros<L: Layout, T: Send + Sync + Default + 'static>(slots: usize) -> Vec<L::Of<T>> {
    handles(slots, |_| L::Of::<T>::default())
}

/// The numbers in the slots.
pub fn values<L: Layout>(slots: &[L::Of<u64>]) -> Vec<u64> {
    slots.iter().map(|slot| *L::get(slot)).collect()
}

/// One thread writes all.
struct Serial<L: Layout>(Vec<L::Of<u64>>);

impl<L: Layout> Slots<L> for Serial<L> {
    fn workers(_: usize) -> usize {
        1
    }

    fn open(_: usize, slots: usize) -> Self {
        Self(zeros::<L, u64>(slots))
    }

    fn run<const COPY: usize>(&mut self, count: u64) -> Duration {
        let start = Instant::now();
        for slot in &mut self.0 {
            increment::<COPY>(L::get_mut(slot), count);
        }
        start.elapsed()
    }

    fn close(self) -> Vec<u64> {
        values::<L>(&self.0)
    }
}

/// Atomics that all could write.
pub struct Atomics<L: Layout>(Vec<L::Of<AtomicU64>>);

impl<L: Layout> Slots<L> for Atomics<L> {
    fn open(_: usize, slots: usize) -> Self {
        Self(zeros::<L, AtomicU64>(slots))
    }

    fn run<const COPY: usize>(&mut self, count: u64) -> Duration {
        let slots = &self.0;
        scoped(handles(slots.len(), |index| -> Box<dyn FnOnce() + Send> {
            Box::new(move || {
                black_box(COPY);
                for _ in 0..count {
                    L::get(&slots[index]).fetch_add(1, Ordering::Relaxed);
                }
            })
        }))
    }

    fn close(self) -> Vec<u64> {
        let values = self.0.iter().map(|slot| L::get(slot).load(Ordering::Relaxed));
        values.collect()
    }
}

/// What one lock guards.
pub struct Numbers<L: Layout>(Vec<L::Of<u64>>);

/// One lock for all slots.
pub struct Locked<K> {
    lock: Arc<K>,
    slots: usize,
}

impl<L: Layout, K: Lock<State = Numbers<L>>> Slots<L> for Locked<K> {
    fn open(_: usize, slots: usize) -> Self {
        let lock = Arc::new(K::new(Numbers(zeros::<L, u64>(slots))));
        Self { lock, slots }
    }

    fn run<const COPY: usize>(&mut self, count: u64) -> Duration {
        let lock = &*self.lock;
        scoped(handles(self.slots, |index| -> Box<dyn FnOnce() + Send> {
            Box::new(move || {
                black_box(COPY);
                for _ in 0..count {
                    lock.with_mut(|numbers| *L::get_mut(&mut numbers.0[index]) += 1);
                }
            })
        }))
    }

    fn close(self) -> Vec<u64> {
        self.lock.with(|numbers| values::<L>(&numbers.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each thread writes the next one's slot, once.
    struct Shifted(Atomics<Adjacent>);

    impl Slots<Adjacent> for Shifted {
        fn open(threads: usize, slots: usize) -> Self {
            Self(Slots::open(threads, slots))
        }

        fn run<const COPY: usize>(&mut self, count: u64) -> Duration {
            let time = self.0.run::<COPY>(count);
            self.0.0[1].fetch_add(1, Ordering::Relaxed);
            self.0.0[0].fetch_sub(1, Ordering::Relaxed);
            time
        }

        fn close(self) -> Vec<u64> {
            self.0.close()
        }
    }

    #[test]
    fn a_write_to_another_slot_is_named() {
        let says = lap::<Adjacent, Shifted, 0>(3, 10).unwrap_err();
        assert_eq!(says, "slot 0 holds 9, where its worker wrote 10 times");
    }
}
