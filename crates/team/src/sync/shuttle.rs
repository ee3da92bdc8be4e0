//! Replaces `std.rs` under `cfg(shuttle)`: the checker's threads and atomics, and a clock that it advances.

use std::ops::{Add, Range};
use std::sync::{LockResult, PoisonError};
use std::time::Duration;

pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use shuttle::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
pub(crate) use shuttle::sync::{Arc, MutexGuard};
pub(crate) use shuttle::thread::{Builder, JoinHandle, panicking, yield_now};
/// The team never waits for it, so the checker has nothing to decide.
pub(crate) use std::sync::OnceLock;

use shuttle::rand::{Rng, thread_rng};

/// How far the clock may advance between two reads, in ns: not at all, or a large part of a window.
const STEP: Range<u64> = 0..5;

shuttle::lazy_static! {
    /// Nanoseconds since the schedule began.
    static ref NOW: AtomicU64 = AtomicU64::new(0);
}

/// A lock without poisoning. The checker runs all threads on one, so a thread that unlocks while another
/// unwinds would poison the lock, which std's does not. No panic of the team happens under a lock.
pub(crate) struct Mutex<T>(shuttle::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self(shuttle::sync::Mutex::new(inner))
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Lets other threads run: otherwise a schedule might never end.
pub(crate) fn spin_loop() {
    yield_now();
}

/// At least as many as the scenarios have threads.
pub(crate) fn cpus() -> usize {
    3
}

/// One more than the greatest number of a CPU.
pub(crate) fn cpu_numbers() -> usize {
    cpus()
}

/// A random CPU, since no thread stays where it was; sometimes unknown.
pub(crate) fn current_cpu() -> Option<usize> {
    yield_now();
    Some(thread_rng().gen_range(0..9 * cpus())).filter(|drawn| *drawn > 0).map(|drawn| drawn % cpus())
}

/// Lets other threads run, and advances the clock.
pub(crate) fn sleep(at_least: Duration) {
    NOW.fetch_add(at_least.as_nanos() as u64, Ordering::SeqCst);
    yield_now();
}

/// A few reads of the clock, so that some schedules reach the limit.
pub(crate) mod waits {
    use std::time::Duration;

    pub(crate) const LIMIT: Duration = Duration::from_nanos(20);
    pub(crate) const BACKOFF: Duration = Duration::from_nanos(5);
    pub(crate) const AWAKE: Duration = Duration::from_nanos(20);
}

/// A reading of the clock. Other threads may run at it, as at any other step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Duration);

impl Instant {
    /// Now.
    pub fn now() -> Self {
        let step = thread_rng().gen_range(STEP);
        let now = NOW.fetch_add(step, Ordering::SeqCst) + step;
        Self(Duration::from_nanos(now))
    }

    /// The time since the schedule began.
    pub fn since_start(&self) -> Duration {
        self.0
    }

    /// The time since `earlier`. Panics if that is later, unlike std's.
    pub fn duration_since(&self, earlier: Self) -> Duration {
        let since = self.0.checked_sub(earlier.0);
        since.expect("the clock never goes back")
    }

    /// The time since this reading.
    pub fn elapsed(&self) -> Duration {
        Self::now().duration_since(*self)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0 + duration)
    }
}
