//! Where the workers of a window wait until each has a core of its own.
//!
//! A thread that wakes up is put where the scheduler finds room, and now and then that is the core of
//! another worker while a core is idle. It takes the scheduler many milliseconds to mend that: a whole
//! window, in which two workers take turns and never contend. So nobody works before all have come; who
//! finds another on its core sleeps for a moment, and the next waking mostly finds the idle one.

use std::time::Duration;

use super::super::sync::{
    AtomicBool, AtomicUsize, Instant, Ordering, current_cpu, sleep, spin_loop,
};
use crate::padded::Padded;

/// How long they wait for it at most. Where a core is taken by another program they never part.
const LIMIT: Duration = Duration::from_millis(20);

/// A moment's sleep.
const NAP: Duration = Duration::from_micros(50);

/// Whether all threads came to be on CPUs of their own.
pub(super) struct Apart(pub(super) bool);

/// The threads of a window, where they are as many as cores at most.
pub(super) struct Spread {
    /// The CPU that each was last seen on, and 1 more; 0 before it came.
    places: Vec<Padded<AtomicUsize>>,
    /// Nobody waits any longer.
    over: AtomicBool,
    /// That is since all were apart.
    apart: AtomicBool,
}

impl Spread {
    /// For so many threads at once, on so many CPUs.
    pub(super) fn new(threads: usize, cpus: usize) -> Self {
        let wait = 1 < threads && threads <= cpus;
        let places = if wait { threads } else { 0 };
        Self {
            places: (0..places).map(|_| Padded::default()).collect(),
            over: AtomicBool::new(!wait),
            apart: AtomicBool::new(false),
        }
    }

    /// Waits until all threads have come and no two are on one CPU, or until that takes too long.
    pub(super) fn wait(&self, thread: usize) {
        if self.over.load(Ordering::Acquire) {
            return;
        }
        let end = Instant::now() + LIMIT;
        while !self.over.load(Ordering::Acquire) {
            let Some(cpu) = current_cpu() else {
                return self.over.store(true, Ordering::Release); // nobody will ever know
            };
            self.places[thread].0.store(cpu + 1, Ordering::Release);
            // One looks for all: many would only be in each other's way.
            if thread == 0 && self.all_apart() {
                self.apart.store(true, Ordering::Release);
                self.over.store(true, Ordering::Release);
            } else if Instant::now() >= end {
                self.over.store(true, Ordering::Release);
            } else if self.shares(thread) {
                sleep(NAP);
            } else {
                spin_loop();
            }
        }
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
    pub(super) fn outcome(&self) -> Option<Apart> {
        let apart = || Apart(self.apart.load(Ordering::Acquire));
        (!self.places.is_empty()).then(apart)
    }
}
