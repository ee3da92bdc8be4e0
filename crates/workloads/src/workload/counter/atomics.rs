//! The counter as an atomic integer, and as several.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Count, Counts, digest};
use crate::model::{Shared, handles};
use contend_team::Padded;

/// A way to add one.
pub trait Increment: Send + 'static {
    /// Adds one.
    fn increment(count: &AtomicU64);
}

/// One `fetch_add`.
pub struct FetchAdd;

impl Increment for FetchAdd {
    #[inline]
    fn increment(count: &AtomicU64) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// A compare-exchange loop.
pub struct CompareExchange;

impl Increment for CompareExchange {
    #[inline]
    fn increment(count: &AtomicU64) {
        let mut seen = count.load(Ordering::Relaxed);
        while let Err(now) =
            count.compare_exchange_weak(seen, seen.wrapping_add(1), Ordering::Relaxed, Ordering::Relaxed)
        {
            seen = now;
        }
    }
}

/// One atomic integer.
pub struct Atomic<I> {
    count: Arc<AtomicU64>,
    how: PhantomData<I>,
}

impl<I: Increment> Shared<Count> for Atomic<I> {
    fn new_handles(model: Count, workers: usize) -> Vec<Self> {
        let count = Arc::new(AtomicU64::new(model.0));
        let handle = |_| Self { count: count.clone(), how: PhantomData };
        handles(workers, handle)
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        I::increment(&self.count);
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].count.load(Ordering::Relaxed)
    }
}

/// A padded atomic for each worker. A read adds them up. It sees every write that finished before it began,
/// since no shard's value decreases. It may or may not see a concurrent write.
pub struct Shards {
    shards: Arc<[Padded<AtomicU64>]>,
    own: usize,
}

impl Shards {
    fn sum(&self) -> u64 {
        let shards = self.shards.iter();
        shards.fold(0, |sum, shard| sum.wrapping_add(shard.0.load(Ordering::Relaxed)))
    }
}

impl Shared<Count> for Shards {
    fn new_handles(model: Count, workers: usize) -> Vec<Self> {
        let shard = |worker| Padded(AtomicU64::new(if worker == 0 { model.0 } else { 0 }));
        let shards: Arc<[_]> = (0..workers).map(shard).collect();
        let handle = |own| Self { shards: shards.clone(), own };
        handles(workers, handle)
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        self.shards[self.own].0.fetch_add(1, Ordering::Relaxed);
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> u64 {
        self.sum()
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].sum()
    }
}

/// An atomic integer for each counter, on cache lines of its own.
pub struct Atomics<I> {
    counts: Arc<[Padded<AtomicU64>]>,
    how: PhantomData<I>,
}

impl<I: Increment> Shared<Counts> for Atomics<I> {
    fn new_handles(model: Counts, workers: usize) -> Vec<Self> {
        let counts = model.0.into_iter();
        let counts: Arc<[_]> = counts.map(|count| Padded(AtomicU64::new(count))).collect();
        let handle = |_| Self { counts: counts.clone(), how: PhantomData };
        handles(workers, handle)
    }

    #[inline(always)]
    fn write(&mut self, counter: u32) {
        I::increment(&self.counts[counter as usize].0);
    }

    #[inline(always)]
    fn read(&mut self, counter: u32) -> u64 {
        self.counts[counter as usize].0.load(Ordering::Relaxed)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let counts = handles[0].counts.iter();
        digest(counts.map(|count| count.0.load(Ordering::Relaxed)))
    }
}
