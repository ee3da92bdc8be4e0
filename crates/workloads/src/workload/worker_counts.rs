//! Counts what each worker of a window does. Each worker counts on a cache line of its own, so that counting adds no
//! contention.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use contend_team::Padded;

/// The number of the next [`WorkerCounts`], from 1.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// Counts of a fixed number of workers. A worker is a thread that counts: the first to do so has place 0.
#[derive(Debug)]
pub struct WorkerCounts {
    /// Unique in this process.
    number: u64,
    /// Threads that have counted.
    threads: Padded<AtomicUsize>,
    workers: Box<[Padded<AtomicU64>]>,
    /// What threads beyond the workers counted, which take these in turn. As many of them as there are workers, as
    /// where each batch starts its own, do not contend.
    others: Box<[Padded<AtomicU64>]>,
}

fn zeros(count: usize) -> Box<[Padded<AtomicU64>]> {
    (0..count).map(|_| Padded::default()).collect()
}

thread_local! {
    /// The counts that this thread counted in last, and its place there.
    static PLACE: Cell<(u64, usize)> = const { Cell::new((0, 0)) };
}

impl WorkerCounts {
    /// Counts of `workers` workers, which have done nothing yet.
    pub fn new(workers: usize) -> Self {
        Self {
            number: NEXT_NUMBER.fetch_add(1, Ordering::Relaxed),
            threads: Padded::default(),
            workers: zeros(workers),
            others: zeros(workers.max(1)),
        }
    }

    /// Adds what this thread has done. For the work itself to call, so that no contender's word is needed.
    #[inline]
    pub fn add(&self, amount: u64) {
        let (number, place) = PLACE.get();
        let place = if number == self.number { place } else { self.enter() };
        self.add_at(place, amount);
    }

    /// Unique in this process.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// A place for this thread.
    #[cold]
    pub(super) fn enter(&self) -> usize {
        let place = self.threads.0.fetch_add(1, Ordering::Relaxed);
        PLACE.set((self.number, place));
        place
    }

    /// Adds what the thread at `place` has done. For this thread's own place.
    #[inline]
    pub(super) fn add_at(&self, place: usize, amount: u64) {
        match self.workers.get(place) {
            // Only this thread writes it.
            Some(Padded(count)) => count.store(count.load(Ordering::Relaxed) + amount, Ordering::Relaxed),
            None => {
                let other = place - self.workers.len();
                self.others[other % self.others.len()].0.fetch_add(amount, Ordering::Relaxed);
            }
        }
    }

    /// What all threads have done.
    pub fn total(&self) -> u64 {
        self.all().sum()
    }

    /// What each worker has done. One total where more threads than workers did some: these are not workers that stay.
    pub fn by_worker(&self) -> Vec<u64> {
        self.since(&mut Vec::new())
    }

    /// As [`by_worker`](Self::by_worker), since the call that had this `before`. It is empty at first.
    pub fn since(&self, before: &mut Vec<u64>) -> Vec<u64> {
        let now: Vec<u64> = self.all().collect();
        before.resize(now.len(), 0);
        let mut done: Vec<u64> = now.iter().zip(&*before).map(|(now, before)| now - before).collect();
        let workers = self.workers.len();
        let only_workers = now[workers..].iter().all(|other| *other == 0);
        *before = now;
        if !only_workers {
            return vec![done.iter().sum()];
        }
        done.truncate(workers);
        done
    }

    /// The counts of the workers, then those of others.
    fn all(&self) -> impl Iterator<Item = u64> {
        self.workers.iter().chain(&self.others).map(|count| count.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn each_worker_has_its_count() {
        let counts = WorkerCounts::new(3);
        thread::scope(|scope| {
            scope.spawn(|| (0..5).for_each(|_| counts.add(2)));
        });
        counts.add(1);
        assert_eq!((counts.by_worker(), counts.total()), (vec![10, 1, 0], 11), "the third has done nothing");
        let mut before = Vec::new();
        assert_eq!(counts.since(&mut before), [10, 1, 0]);
        counts.add(6);
        assert_eq!(counts.since(&mut before), [0, 6, 0]);
    }

    #[test]
    fn threads_that_are_no_workers_have_one_total() {
        let counts = WorkerCounts::new(1);
        let mut before = Vec::new();
        counts.add(4);
        assert_eq!(counts.since(&mut before), [4]);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| counts.add(1));
            }
        });
        counts.add(2);
        assert_eq!(counts.since(&mut before), [5]);
        assert_eq!((counts.by_worker(), counts.total()), (vec![9], 9));
    }

    #[test]
    fn a_thread_counts_for_one_window_after_another() {
        let (first, second) = (WorkerCounts::new(2), WorkerCounts::new(2));
        first.add(1);
        second.add(2);
        assert_eq!((first.total(), second.total()), (1, 2));
        assert_eq!(second.by_worker(), [2, 0]);
    }
}
