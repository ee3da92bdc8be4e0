//! A mutex with condition variables.

use std::ops::DerefMut;
use std::time::Duration;

/// A package's mutex and its condition variables, apart from each other: for waiting on more than one
/// condition, and for waking only one of the waiters. A type without fields names the pair.
pub trait MutexCondvar: 'static {
    /// The mutex.
    type Mutex<T: Send + 'static>: Send + Sync + 'static;
    /// What holds it locked.
    type Guard<'a, T: Send + 'static>: DerefMut<Target = T>;
    /// A condition variable.
    type Condvar: Default + Send + Sync + 'static;

    /// An unlocked mutex.
    fn mutex<T: Send + 'static>(state: T) -> Self::Mutex<T>;

    /// Locks.
    fn lock<T: Send + 'static>(mutex: &Self::Mutex<T>) -> Self::Guard<'_, T>;

    /// Sleeps, unlocked, until a notification; may wake without one.
    fn wait<'a, T: Send + 'static>(condvar: &Self::Condvar, guard: Self::Guard<'a, T>) -> Self::Guard<'a, T>;

    /// As [`wait`](MutexCondvar::wait), at most as long as `limit`.
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Self::Condvar,
        guard: Self::Guard<'a, T>,
        limit: Duration,
    ) -> Self::Guard<'a, T>;

    /// Wakes one waiter.
    fn notify_one(condvar: &Self::Condvar);

    /// Wakes all waiters.
    fn notify_all(condvar: &Self::Condvar);
}

/// A value under a mutex with one condition variable.
pub struct Monitor<C: MutexCondvar, T: Send + 'static> {
    state: C::Mutex<T>,
    changed: C::Condvar,
}

impl<C: MutexCondvar, T: Send + 'static> Monitor<C, T> {
    /// An unlocked one.
    pub fn new(state: T) -> Self {
        Self { state: C::mutex(state), changed: C::Condvar::default() }
    }

    /// Calls `f` alone. Wakes no waiter.
    #[inline(always)]
    pub fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut C::lock(&self.state))
    }

    /// Sleeps until `f`, called alone, returns a value; a notification makes it try again.
    #[inline]
    pub fn wait_for<R>(&self, mut f: impl FnMut(&mut T) -> Option<R>) -> R {
        let mut state = C::lock(&self.state);
        loop {
            if let Some(result) = f(&mut state) {
                return result;
            }
            state = C::wait(&self.changed, state);
        }
    }

    /// Wakes all waiters.
    pub fn notify_all(&self) {
        C::notify_all(&self.changed);
    }
}
