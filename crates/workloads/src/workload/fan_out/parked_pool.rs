//! Threads that are parked between batches: for strategies without a queue that a thread can wait at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, Thread};

use crate::model::{handles, spawn};

struct Signals {
    /// Batches that were started.
    started: AtomicUsize,
    /// Workers that are still at the current one.
    busy: AtomicUsize,
    end: AtomicBool,
}

/// Workers that work on a state that they share, once for each batch.
pub struct ParkedPool<S> {
    state: Arc<S>,
    signals: Arc<Signals>,
    threads: Vec<JoinHandle<()>>,
}

impl<S: Send + Sync + 'static> ParkedPool<S> {
    /// Starts `workers` threads, each of which calls `work` once for each batch.
    pub fn new(workers: usize, state: S, work: fn(&S)) -> Self {
        Self::of(handles(workers, |_| work), state)
    }

    /// Starts a thread for each of `workers`, closures that may have state of their own.
    pub fn of<F: FnMut(&S) + Send + 'static>(mut workers: Vec<F>, state: S) -> Self {
        let state = Arc::new(state);
        let signals = Arc::new(Signals {
            started: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            end: AtomicBool::new(false),
        });
        let leader = thread::current();
        let mut threads = Vec::with_capacity(workers.len());
        while let Some(work) = workers.pop() {
            let (state, signals, leader) = (state.clone(), signals.clone(), leader.clone());
            threads.push(spawn(Box::new(move || {
                follow(&*state, &signals, &leader, work);
            })));
        }
        Self { state, signals, threads }
    }

    /// What the workers share. No worker touches it between two batches.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Has every worker work once, and sleeps until all are done.
    pub fn run_batch(&self) {
        self.signals.busy.store(self.threads.len(), Ordering::Relaxed);
        self.signals.started.fetch_add(1, Ordering::Release);
        for worker in &self.threads {
            worker.thread().unpark();
        }
        while self.signals.busy.load(Ordering::Acquire) > 0 {
            thread::park();
        }
    }
}

fn follow<S>(state: &S, signals: &Signals, leader: &Thread, mut work: impl FnMut(&S)) {
    let mut done = 0;
    loop {
        while signals.started.load(Ordering::Acquire) == done {
            if signals.end.load(Ordering::Acquire) {
                return;
            }
            thread::park();
        }
        done += 1;
        work(state);
        if signals.busy.fetch_sub(1, Ordering::AcqRel) == 1 {
            leader.unpark();
        }
    }
}

impl<S> Drop for ParkedPool<S> {
    fn drop(&mut self) {
        self.signals.end.store(true, Ordering::Release);
        for worker in self.threads.drain(..) {
            worker.thread().unpark();
            let _ = worker.join(); // a panic was noticed by the batch that it broke
        }
    }
}
