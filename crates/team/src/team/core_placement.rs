//! Workers of a window wait here until each has a core of its own.
//!
//! Woken threads sometimes share a core while another core is idle. The scheduler takes many milliseconds to
//! correct that: a whole window, in which two workers alternate and never contend. So no worker starts before
//! all have arrived. A worker that shares a core sleeps briefly; mostly it wakes up on the idle one.

use std::time::Duration;

use crate::Padded;
use crate::sync::{
    Arc, AtomicBool, AtomicUsize, Instant, OnceLock, Ordering, current_cpu, sleep, spin_loop, waits,
};

/// Whether all threads got CPUs of their own.
pub(super) struct Placed(pub(super) bool);

/// Called by one of the threads when all are ready, just before they go on.
pub(crate) type OnReady = Arc<dyn Fn() + Send + Sync>;

/// The threads of a window. They wait only if there are at least as many cores as threads.
pub(super) struct CorePlacement {
    /// The CPU that each thread was last seen on, plus 1; 0 before it arrived.
    places: Vec<Padded<AtomicUsize>>,
    on_ready: OnReady,
    base: Instant,
    /// A thread is ending the wait.
    ending: AtomicBool,
    /// The wait has ended.
    over: AtomicBool,
    /// It ended because all threads were on CPUs of their own.
    placed: AtomicBool,
    /// How long it took.
    took: OnceLock<Duration>,
}

impl CorePlacement {
    /// A wait of `threads` threads on `cpus` CPUs. If there is nothing to wait for, it ends at once, and
    /// `on_ready` is called here.
    pub(super) fn new(threads: usize, cpus: usize, on_ready: OnReady) -> Self {
        let wait = 1 < threads && threads <= cpus;
        let places = if wait { threads } else { 0 };
        let placement = Self {
            places: (0..places).map(|_| Padded::default()).collect(),
            on_ready,
            base: Instant::now(),
            ending: AtomicBool::new(false),
            over: AtomicBool::new(false),
            placed: AtomicBool::new(false),
            took: OnceLock::new(),
        };
        if !wait {
            placement.end(false);
        }
        placement
    }

    /// Waits until all threads have come and no two are on one CPU, or until that takes too long.
    pub(super) fn wait(&self, thread: usize) {
        if self.is_over() {
            return;
        }
        let end = Instant::now() + waits::LIMIT;
        while !self.is_over() {
            let Some(cpu) = current_cpu() else {
                self.end(false); // the system does not report CPUs
                continue;
            };
            self.places[thread].0.store(cpu + 1, Ordering::Release);
            // One thread checks for all; more would only slow each other down.
            if thread == 0 && self.all_placed() {
                self.end(true);
            } else if Instant::now() >= end {
                self.end(false);
            } else if self.shares_core(thread) {
                sleep(waits::BACKOFF);
            } else {
                spin_loop();
            }
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// The first thread that sees the end calls `on_ready` and lets all go on.
    fn end(&self, placed: bool) {
        if self.ending.swap(true, Ordering::AcqRel) {
            return spin_loop();
        }
        self.placed.store(placed, Ordering::Release);
        let _ = self.took.set(self.base.elapsed());
        (self.on_ready)();
        self.over.store(true, Ordering::Release);
    }

    fn place(&self, thread: usize) -> usize {
        self.places[thread].0.load(Ordering::Acquire)
    }

    /// Whether a thread with a lower number is on the same CPU. So one of two stays.
    fn shares_core(&self, thread: usize) -> bool {
        let own = self.place(thread);
        (0..thread).any(|other| self.place(other) == own)
    }

    fn all_placed(&self) -> bool {
        (0..self.places.len()).all(|thread| self.place(thread) != 0 && !self.shares_core(thread))
    }

    /// Whether the threads got CPUs of their own; `None` if there was nothing to wait for.
    pub(super) fn outcome(&self) -> Option<Placed> {
        let placed = || Placed(self.placed.load(Ordering::Acquire));
        (!self.places.is_empty()).then(placed)
    }

    /// How long it took, from before the threads were woken.
    pub(super) fn took(&self) -> Duration {
        match self.outcome() {
            Some(_) => self.took.get().copied().unwrap_or_default(),
            None => Duration::ZERO,
        }
    }
}
