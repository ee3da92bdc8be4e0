//! In the place of `src/run/sync.rs`: the checker's threads and atomics, and a clock that it moves.

use std::ops::{Add, Range};
use std::sync::{LockResult, PoisonError};
use std::time::Duration;

pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use shuttle::sync::mpsc::{Receiver, Sender, channel};
pub(crate) use shuttle::sync::{Arc, MutexGuard};
pub(crate) use shuttle::thread::{Builder, JoinHandle, panicking, yield_now};
/// Never waited for by the team, so that nothing is to be decided about it.
pub(crate) use std::sync::OnceLock;

use shuttle::rand::{Rng, thread_rng};

/// What the clock may go on by between two looks, in ns: not at all, or by a good part of a window.
const STEP: Range<u64> = 0..5;

shuttle::lazy_static! {
    /// Nanoseconds since the schedule began.
    static ref NOW: AtomicU64 = AtomicU64::new(0);
}

/// A lock that nobody poisons. The checker plays all threads on one: whoever unlocks while another unwinds
/// seems to unwind, too, and would poison what std's lock does not. No panic of the team's holds a lock.
pub(crate) struct Mutex<T>(shuttle::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self(shuttle::sync::Mutex::new(inner))
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Who looks again lets others go on, or a schedule might never end.
pub(crate) fn spin_loop() {
    yield_now();
}

/// More than the scenarios have threads, or as many.
pub(crate) fn cpus() -> usize {
    3
}

/// Any of them, since nobody stays where it was; and now and then the system does not say.
pub(crate) fn current_cpu() -> Option<usize> {
    yield_now();
    Some(thread_rng().gen_range(0..9 * cpus())).filter(|drawn| *drawn > 0).map(|drawn| drawn % cpus())
}

/// Others go on.
pub(crate) fn sleep(at_least: Duration) {
    NOW.fetch_add(at_least.as_nanos() as u64, Ordering::SeqCst);
    yield_now();
}

/// A few looks at the clock, so that some schedules wait in vain.
pub(crate) mod waits {
    use std::time::Duration;

    pub(crate) const LIMIT: Duration = Duration::from_nanos(20);
    pub(crate) const BACKOFF: Duration = Duration::from_nanos(5);
}

/// A look at the clock, at which others may step in as at any other step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Duration);

impl Instant {
    /// Now.
    pub fn now() -> Self {
        let step = thread_rng().gen_range(STEP);
        let now = NOW.fetch_add(step, Ordering::SeqCst) + step;
        Self(Duration::from_nanos(now))
    }

    /// Since the schedule began.
    pub fn since_start(&self) -> Duration {
        self.0
    }

    /// Since `earlier`. Unlike std's it panics where that is later.
    pub fn duration_since(&self, earlier: Self) -> Duration {
        let since = self.0.checked_sub(earlier.0);
        since.expect("the clock never goes back")
    }

    /// Since this.
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
