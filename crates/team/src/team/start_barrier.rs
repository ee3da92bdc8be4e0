//! The barrier at which the workers of a fixed window start together.

use crate::sync::{AtomicBool, AtomicUsize, Instant, OnceLock, Ordering, spin_loop, yield_now};

/// Spins before a waiting worker yields its core, which it must if there are more workers than cores.
const SPINS: u32 = 2_000;

/// Releases all workers at once when the last one arrives. Waiters spin and yield: a wake-up from sleep would
/// be part of the window.
pub struct StartBarrier {
    missing: AtomicUsize,
    open: AtomicBool,
    released: OnceLock<Instant>,
}

impl StartBarrier {
    /// A barrier for `workers` workers.
    pub fn new(workers: usize) -> Self {
        Self { missing: AtomicUsize::new(workers), open: AtomicBool::new(false), released: OnceLock::new() }
    }

    /// Waits for the others. Returns when this worker went on, by its own clock reading.
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

    /// The start of the clock: just before the release.
    ///
    /// # Panics
    /// Before all workers have passed.
    pub fn released(&self) -> Instant {
        *self.released.get().expect("all workers passed")
    }
}
