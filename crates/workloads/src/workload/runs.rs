//! Counts jobs of workers where they run, not by the contender's word.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::worker_counts::WorkerCounts;

/// Jobs of a window have ids from a range of this size, by which their runs are counted.
const RANGE_BITS: u32 = 40;

/// The counts of the windows that are measured now, by their number.
static WINDOWS: Mutex<BTreeMap<u64, Arc<WorkerCounts>>> = Mutex::new(BTreeMap::new());

fn windows() -> MutexGuard<'static, BTreeMap<u64, Arc<WorkerCounts>>> {
    WINDOWS.lock().expect("no thread panics with it")
}

/// The ids of one window's jobs, and how often they ran.
pub(in crate::workload) struct JobIds {
    counts: Arc<WorkerCounts>,
    /// The counts when [`JobIds::by_worker`] was called last.
    before: Vec<u64>,
}

impl JobIds {
    /// A range of ids that no other window of this process has, for jobs of that many workers.
    pub(in crate::workload) fn new(workers: usize) -> Self {
        let counts = Arc::new(WorkerCounts::new(workers));
        windows().insert(counts.number(), counts.clone());
        Self { counts, before: Vec::new() }
    }

    /// The id of the job `number`.
    pub(in crate::workload) fn id(&self, number: u64) -> u64 {
        (self.counts.number() << RANGE_BITS) + number
    }

    /// The jobs that each worker ran since the last call. A worker that ran no job of the window yet counts as 0. One
    /// total where more threads than workers ran some, as where each batch starts its own.
    pub(in crate::workload) fn by_worker(&mut self) -> Vec<u64> {
        self.counts.since(&mut self.before)
    }

    /// How many jobs of these ids have run.
    pub(in crate::workload) fn runs(&self) -> u64 {
        self.counts.total()
    }
}

impl Drop for JobIds {
    fn drop(&mut self) {
        windows().remove(&self.counts.number());
    }
}

/// The counts that this thread counts in, and its place there.
struct Mine {
    window: u64,
    place: usize,
    counts: Arc<WorkerCounts>,
}

impl Mine {
    /// Those of a window. None if the window is over.
    #[cold]
    fn new(window: u64) -> Option<Self> {
        let counts = windows().get(&window)?.clone();
        Some(Self { window, place: counts.enter(), counts })
    }
}

thread_local! {
    static MINE: RefCell<Option<Mine>> = const { RefCell::new(None) };
}

/// Counts a run of the job `id` by this thread.
#[inline]
pub(in crate::workload) fn count(id: u64) {
    let window = id >> RANGE_BITS;
    // A thread that is ending has no count any more. Its run is missing then, which fails the window.
    let _ = MINE.try_with(|mine| {
        let mut mine = mine.borrow_mut();
        if mine.as_ref().is_none_or(|mine| mine.window != window) {
            *mine = Mine::new(window);
        }
        if let Some(mine) = &*mine {
            mine.counts.add_at(mine.place, 1);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_by_window_and_outlive_their_threads() {
        let (first, second) = (JobIds::new(2), JobIds::new(2));
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
        let late = first.id(2);
        drop(first);
        count(late);
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
        let mut ids = JobIds::new(2);
        let (first, second) = (worker(), worker());
        let settled = |ids: &JobIds, runs| {
            while ids.runs() < runs {
                std::thread::yield_now();
            }
        };
        (0..3).for_each(|number| first.0.send(ids.id(number)).unwrap());
        settled(&ids, 3);
        assert_eq!(ids.by_worker(), [3, 0], "the second has run none yet");
        second.0.send(ids.id(3)).unwrap();
        (4..6).for_each(|number| first.0.send(ids.id(number)).unwrap());
        settled(&ids, 6);
        assert_eq!(ids.by_worker(), [2, 1], "since the last call");
        count(ids.id(6));
        assert_eq!(ids.by_worker(), [1], "a third thread, so that these are no workers' shares");
        for (jobs, thread) in [first, second] {
            drop(jobs);
            thread.join().unwrap();
        }
    }
}
