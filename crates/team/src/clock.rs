//! Whether the clock does what its name says. `CLOCK_MONOTONIC` never goes back on a sound machine. On one that is not,
//! a loop that waits for a time may not end, and that is no fault of the code that is measured.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::sync::Instant;

/// The least step back that counts. Two CPUs may differ by less.
const LEAST_STEP: Duration = Duration::from_micros(100);

/// Whether a thread of this process saw the clock go back.
static WENT_BACK: AtomicBool = AtomicBool::new(false);

/// The clock, as one thread reads it.
pub struct ClockReader {
    latest: Instant,
}

impl ClockReader {
    /// A reader that starts now.
    pub fn start() -> Self {
        Self { latest: Instant::now() }
    }

    /// The time now; none if the clock went back since an earlier reading of this reader.
    #[inline]
    pub fn read(&mut self) -> Option<Instant> {
        let now = Instant::now();
        if self.accept(now) {
            return Some(now);
        }
        WENT_BACK.store(true, Ordering::Relaxed);
        None
    }

    #[inline]
    fn accept(&mut self, now: Instant) -> bool {
        if now >= self.latest {
            self.latest = now;
        }
        now + LEAST_STEP >= self.latest
    }
}

/// Whether the clock went back in this process since the last call.
pub fn clock_went_back() -> bool {
    WENT_BACK.swap(false, Ordering::Relaxed)
}

/// As [`clock_went_back`], and leaves the answer for others.
pub(crate) fn has_gone_back() -> bool {
    WENT_BACK.load(Ordering::Relaxed)
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;

    #[test]
    fn small_steps_back_add_up_and_steps_forward_are_fine() {
        let mut reader = ClockReader::start();
        let start = reader.latest;
        let step = Duration::from_micros(30);
        assert!(reader.accept(start + 4 * step));
        assert!(reader.accept(start + 3 * step), "CPUs may differ");
        assert!(reader.accept(start + 2 * step));
        assert!(!reader.accept(start), "it is 120 µs back");
        assert!(reader.accept(start + 5 * step));
    }
}
