//! Where the workers of a fixed window wait for each other.

use crate::sync::{AtomicBool, AtomicUsize, Instant, OnceLock, Ordering, spin_loop, yield_now};

/// Looks before a waiting worker offers its core to others, which it must where workers are more
/// than cores.
const SPINS: u32 = 2_000;

/// Lets all workers pass at once, when the last one has come. Nobody sleeps here: a wake-up would
/// stand in the window.
pub struct StartBarrier {
    missing: AtomicUsize,
    open: AtomicBool,
    released: OnceLock<Instant>,
}

impl StartBarrier {
    /// A barrier for so many.
    pub fn new(workers: usize) -> Self {
        Self { missing: AtomicUsize::new(workers), open: AtomicBool::new(false), released: OnceLock::new() }
    }

    /// Waits for the others; when it went on, as the worker itself saw it.
    pub fn pass(&self) -> Instant {
        if self.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.released.set(Instant::now()).expect("one worker is last");
            self.open.store(true, Ordering::Release);
        } else {
            let mut spins = 0;
            while !self.open.load(Ordering::Acquire) {
                if spins < SPINS {
                    spins += 1;
                    spin_loop();
                } else {
                    yield_now();
                }
            }
        }
        Instant::now()
    }

    /// The clock's start: just before the release.
    pub fn released(&self) -> Instant {
        *self.released.get().expect("all workers passed")
    }
}
