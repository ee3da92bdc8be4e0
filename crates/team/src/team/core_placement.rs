//! Where the workers of a window wait until each has a core of its own.
//!
//! A thread that wakes up is put where the scheduler finds room, and now and then that is the core of
//! another worker while a core is idle. It takes the scheduler many milliseconds to mend that: a whole
//! window, in which two workers take turns and never contend. So nobody works before all have come; who
//! finds another on its core sleeps for a moment, and the next waking mostly finds the idle one.

use std::time::Duration;

use crate::Padded;
use crate::sync::{
    Arc, AtomicBool, AtomicUsize, Instant, OnceLock, Ordering, current_cpu, sleep, spin_loop, waits,
};

/// Whether all threads came to be on CPUs of their own.
pub(super) struct Placed(pub(super) bool);

/// What is done when all are ready, by one of them, just before they go on.
pub(crate) type OnReady = Arc<dyn Fn() + Send + Sync>;

/// The threads of a window, who wait where they are as many as cores at most.
pub(super) struct CorePlacement {
    /// The CPU that each was last seen on, and 1 more; 0 before it came.
    places: Vec<Padded<AtomicUsize>>,
    on_ready: OnReady,
    base: Instant,
    /// Somebody ends the wait.
    ending: AtomicBool,
    /// Nobody waits any longer.
    over: AtomicBool,
    /// That is since all were apart.
    apart: AtomicBool,
    /// How long it took.
    took: OnceLock<Duration>,
}

impl CorePlacement {
    /// For so many threads at once, on so many CPUs. Where there is nothing to wait for, the caller is ready
    /// for all.
    pub(super) fn new(threads: usize, cpus: usize, on_ready: OnReady) -> Self {
        let wait = 1 < threads && threads <= cpus;
        let places = if wait { threads } else { 0 };
        let spread = Self {
            places: (0..places).map(|_| Padded::default()).collect(),
            on_ready,
            base: Instant::now(),
            ending: AtomicBool::new(false),
            over: AtomicBool::new(false),
            apart: AtomicBool::new(false),
            took: OnceLock::new(),
        };
        if !wait {
            spread.end(false);
        }
        spread
    }

    /// Waits until all threads have come and no two are on one CPU, or until that takes too long.
    pub(super) fn wait(&self, thread: usize) {
        if self.is_over() {
            return;
        }
        let end = Instant::now() + waits::LIMIT;
        while !self.is_over() {
            let Some(cpu) = current_cpu() else {
                self.end(false); // nobody will ever know
                continue;
            };
            self.places[thread].0.store(cpu + 1, Ordering::Release);
            // One looks for all: many would only be in each other's way.
            if thread == 0 && self.all_apart() {
                self.end(true);
            } else if Instant::now() >= end {
                self.end(false);
            } else if self.shares(thread) {
                sleep(waits::BACKOFF);
            } else {
                spin_loop();
            }
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// The first who sees the end calls all others ready.
    fn end(&self, apart: bool) {
        if self.ending.swap(true, Ordering::AcqRel) {
            return spin_loop();
        }
        self.apart.store(apart, Ordering::Release);
        let _ = self.took.set(self.base.elapsed());
        (self.on_ready)();
        self.over.store(true, Ordering::Release);
    }

    fn place(&self, thread: usize) -> usize {
        self.places[thread].0.load(Ordering::Acquire)
    }

    /// Whether a thread before this one is on its CPU. Of two, one stays.
    fn shares(&self, thread: usize) -> bool {
        let own = self.place(thread);
        (0..thread).any(|other| self.place(other) == own)
    }

    fn all_apart(&self) -> bool {
        (0..self.places.len()).all(|thread| self.place(thread) != 0 && !self.shares(thread))
    }

    /// What became of it; none where there was nothing to wait for.
    pub(super) fn outcome(&self) -> Option<Placed> {
        let apart = || Placed(self.apart.load(Ordering::Acquire));
        (!self.places.is_empty()).then(apart)
    }

    /// How long it took, from before the threads were woken.
    pub(super) fn took(&self) -> Duration {
        match self.outcome() {
            Some(_) => self.took.get().copied().unwrap_or_default(),
            None => Duration::ZERO,
        }
    }
}
