//! Threads that park between batches: for strategies without a queue that a thread can wait on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, Thread};

use crate::model::{handles, spawn};

#[derive(Default)]
struct Signals {
    /// Batches that were started.
    started: AtomicUsize,
    /// Workers that are still busy with the current batch.
    busy: AtomicUsize,
    end: AtomicBool,
}

/// Workers that share a state, and work on it once for each batch.
pub struct ParkedPool<S> {
    state: Arc<S>,
    signals: Arc<Signals>,
    threads: Vec<JoinHandle<()>>,
}

impl<S: Send + Sync + 'static> ParkedPool<S> {
    /// Starts `workers` threads, each of which calls `work` once for each batch.
    pub fn new(workers: usize, state: S, work: fn(&S)) -> Self {
        Self::with_workers(handles(workers, |_| work), state)
    }

    /// Starts a thread for each of `workers`, which are closures that may own state.
    pub fn with_workers<F: FnMut(&S) + Send + 'static>(mut workers: Vec<F>, state: S) -> Self {
        let state = Arc::new(state);
        let signals = Arc::<Signals>::default();
        let caller = thread::current();
        let mut threads = Vec::with_capacity(workers.len());
        while let Some(work) = workers.pop() {
            let (state, signals, caller) = (state.clone(), signals.clone(), caller.clone());
            threads.push(spawn(Box::new(move || work_loop(&*state, &signals, &caller, work))));
        }
        Self { state, signals, threads }
    }

    /// The state that the workers share. No worker uses it between two batches.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Has every worker work once, and parks until all are done.
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

fn work_loop<S>(state: &S, signals: &Signals, caller: &Thread, mut work: impl FnMut(&S)) {
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
            caller.unpark();
        }
    }
}

impl<S> Drop for ParkedPool<S> {
    fn drop(&mut self) {
        self.signals.end.store(true, Ordering::Release);
        for worker in self.threads.drain(..) {
            worker.thread().unpark();
            let _ = worker.join(); // the batch that a panic breaks reports it
        }
    }
}
