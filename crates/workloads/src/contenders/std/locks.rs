//! std's locks, and its mutex with condition variables.

use std::sync::{Condvar, Mutex, MutexGuard, RwLock};
use std::time::Duration;

use crate::capability::{Lock, MutexCondvar};

impl<T: Send + Sync + 'static> Lock for Mutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Mutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock().unwrap())
    }
}

impl<T: Send + Sync + 'static> Lock for RwLock<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = RwLock<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.write().unwrap())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.read().unwrap())
    }
}

/// `Mutex` and `Condvar`.
pub struct StdCondvar;

impl MutexCondvar for StdCondvar {
    type Mutex<T: Send + 'static> = Mutex<T>;
    type Guard<'a, T: Send + 'static> = MutexGuard<'a, T>;
    type Condvar = Condvar;

    fn mutex<T: Send + 'static>(state: T) -> Mutex<T> {
        Mutex::new(state)
    }

    #[inline]
    fn lock<T: Send + 'static>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap()
    }

    #[inline]
    fn wait<'a, T: Send + 'static>(condvar: &Condvar, guard: Self::Guard<'a, T>) -> Self::Guard<'a, T> {
        condvar.wait(guard).unwrap()
    }

    #[inline]
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Condvar,
        guard: Self::Guard<'a, T>,
        limit: Duration,
    ) -> Self::Guard<'a, T> {
        condvar.wait_timeout(guard, limit).unwrap().0
    }

    #[inline]
    fn notify_one(condvar: &Condvar) {
        condvar.notify_one();
    }

    #[inline]
    fn notify_all(condvar: &Condvar) {
        condvar.notify_all();
    }
}
