//! Counts jobs of workers where they run, not by the contender's word. Each thread counts on a cache line of its own,
//! so that counting adds no contention.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use contend_team::Padded;

/// Jobs of a window have ids from a range of this size, by which their runs are counted.
const RANGE_BITS: u32 = 40;

/// The next range of ids.
static NEXT_RANGE: AtomicU64 = AtomicU64::new(1);

/// The runs by range: of threads that count, and of those that have ended or count for another range now.
static COUNTS: Mutex<Option<HashMap<u64, Counts>>> = Mutex::new(None);

#[derive(Default)]
struct Counts {
    ended: u64,
    threads: Vec<Arc<Padded<AtomicU64>>>,
}

fn counts() -> MutexGuard<'static, Option<HashMap<u64, Counts>>> {
    COUNTS.lock().expect("no thread panics with it")
}

/// The ids of one window's jobs, and how often they ran.
pub(in crate::workload) struct JobIds {
    range: u64,
    /// The counts when [`JobIds::by_worker`] was called last.
    before: Before,
}

/// What had been counted: by threads that have ended since, and by each thread.
#[derive(Default)]
struct Before {
    ended: u64,
    threads: Vec<(Arc<Padded<AtomicU64>>, u64)>,
}

impl JobIds {
    /// A range of ids that no other window of this process has.
    pub(in crate::workload) fn new() -> Self {
        let range = NEXT_RANGE.fetch_add(1, Ordering::Relaxed);
        counts().get_or_insert_default().insert(range, Counts::default());
        Self { range, before: Before::default() }
    }

    /// The id of the job `number`.
    pub(in crate::workload) fn id(&self, number: u64) -> u64 {
        (self.range << RANGE_BITS) + number
    }

    /// The jobs that each of `workers` threads ran since the last call. Empty where that is not known: threads that
    /// ran some have ended, as those of a scope do, or there are more threads than workers. A worker that ran no job of
    /// the window yet counts as 0.
    pub(in crate::workload) fn by_worker(&mut self, workers: usize) -> Vec<u64> {
        let mut counts = counts();
        let counts = counts.get_or_insert_default().entry(self.range).or_default();
        let now = |count: &Arc<Padded<AtomicU64>>| (count.clone(), count.0.load(Ordering::Relaxed));
        let after = Before { ended: counts.ended, threads: counts.threads.iter().map(now).collect() };
        let before = std::mem::replace(&mut self.before, after);
        if self.before.ended > before.ended || self.before.threads.len() > workers {
            return Vec::new();
        }
        let ran = |(thread, count): &(Arc<Padded<AtomicU64>>, u64)| {
            let earlier = before.threads.iter().find(|(known, _)| Arc::ptr_eq(known, thread));
            count - earlier.map_or(0, |(_, count)| *count)
        };
        let mut by_worker: Vec<u64> = self.before.threads.iter().map(ran).collect();
        by_worker.resize(workers, 0);
        by_worker
    }

    /// How many jobs of these ids have run.
    pub(in crate::workload) fn runs(&self) -> u64 {
        let mut counts = counts();
        let counts = counts.get_or_insert_default().entry(self.range).or_default();
        let running = counts.threads.iter().map(|count| count.0.load(Ordering::Relaxed));
        counts.ended + running.sum::<u64>()
    }
}

impl Drop for JobIds {
    fn drop(&mut self) {
        counts().get_or_insert_default().remove(&self.range);
    }
}

/// The count of this thread, for one range.
struct Mine {
    range: u64,
    count: Arc<Padded<AtomicU64>>,
}

impl Mine {
    #[cold]
    fn new(range: u64) -> Self {
        let count = Arc::new(Padded(AtomicU64::new(0)));
        if let Some(counts) = counts().get_or_insert_default().get_mut(&range) {
            counts.threads.push(count.clone());
        }
        Self { range, count }
    }
}

impl Drop for Mine {
    fn drop(&mut self) {
        if let Some(counts) = counts().get_or_insert_default().get_mut(&self.range) {
            counts.ended += self.count.0.load(Ordering::Relaxed);
            counts.threads.retain(|count| !Arc::ptr_eq(count, &self.count));
        }
    }
}

thread_local! {
    static MINE: RefCell<Option<Mine>> = const { RefCell::new(None) };
}

/// Counts a run of the job `id` by this thread.
#[inline]
pub(in crate::workload) fn count(id: u64) {
    let range = id >> RANGE_BITS;
    // A thread that is ending has no count any more. Its run is missing then, which fails the window.
    let _ = MINE.try_with(|mine| {
        let mut mine = mine.borrow_mut();
        let mine = match &mut *mine {
            Some(mine) if mine.range == range => mine,
            other => other.insert(Mine::new(range)),
        };
        // Only this thread writes it.
        mine.count.0.store(mine.count.0.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_by_window_and_outlive_their_threads() {
        let (first, second) = (JobIds::new(), JobIds::new());
        assert_ne!(first.id(0), second.id(0));
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let id = first.id(number);
                std::thread::spawn(move || (0..5).for_each(|_| count(id)))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        count(second.id(1));
        count(first.id(1));
        assert_eq!((first.runs(), second.runs()), (21, 1));
        drop(first);
        count(second.id(2));
        assert_eq!(second.runs(), 2);
    }

    /// A thread that counts whenever it is told to.
    fn worker() -> (std::sync::mpsc::SyncSender<u64>, std::thread::JoinHandle<()>) {
        let (jobs, receiver) = std::sync::mpsc::sync_channel(0);
        (jobs, std::thread::spawn(move || receiver.into_iter().for_each(count)))
    }

    #[test]
    fn runs_are_counted_by_worker_where_the_workers_stay() {
        let mut ids = JobIds::new();
        let (first, second) = (worker(), worker());
        let settled = |ids: &JobIds, runs| {
            while ids.runs() < runs {
                std::thread::yield_now();
            }
        };
        (0..3).for_each(|number| first.0.send(ids.id(number)).unwrap());
        settled(&ids, 3);
        assert_eq!(ids.by_worker(2), [3, 0], "the second has run none yet");
        second.0.send(ids.id(3)).unwrap();
        (4..6).for_each(|number| first.0.send(ids.id(number)).unwrap());
        settled(&ids, 6);
        assert_eq!(ids.by_worker(2), [2, 1], "since the last call");
        count(ids.id(6));
        assert_eq!(ids.by_worker(2), [0; 0], "a third thread, so that these are no workers' shares");
        let id = ids.id(7);
        std::thread::spawn(move || count(id)).join().unwrap();
        assert_eq!(ids.by_worker(8), [0; 0], "a thread that has ended");
        for (jobs, thread) in [first, second] {
            drop(jobs);
            thread.join().unwrap();
        }
    }
}
