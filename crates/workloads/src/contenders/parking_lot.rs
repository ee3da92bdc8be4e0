//! parking_lot's locks.

use std::time::Duration;

use parking_lot::{Condvar, FairMutex, Mutex, MutexGuard, RwLock};

use super::{Monitor, MutexCondvar};
use crate::model::Lock;

impl<T: Send + Sync + 'static> Lock for Mutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Mutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
    }
}

impl<T: Send + Sync + 'static> Lock for FairMutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = FairMutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
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
        f(&mut self.write())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.read())
    }
}

/// A `Mutex` and its `Condvar`.
pub struct Monitored<T> {
    state: Mutex<T>,
    changed: Condvar,
}

impl<T: Send + 'static> Monitor for Monitored<T> {
    type State = T;

    fn new(state: T) -> Self {
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.state.lock())
    }

    #[inline]
    fn wait_for<R>(&self, mut f: impl FnMut(&mut T) -> Option<R>) -> R {
        let mut state = self.state.lock();
        loop {
            if let Some(result) = f(&mut state) {
                return result;
            }
            self.changed.wait(&mut state);
        }
    }

    fn notify_all(&self) {
        self.changed.notify_all();
    }
}

/// `Mutex` and `Condvar`.
pub struct ParkingLotCondvar;

impl MutexCondvar for ParkingLotCondvar {
    type Mutex<T: Send + 'static> = Mutex<T>;
    type Guard<'a, T: Send + 'static> = MutexGuard<'a, T>;
    type Condvar = Condvar;

    fn mutex<T: Send + 'static>(state: T) -> Mutex<T> {
        Mutex::new(state)
    }

    #[inline]
    fn lock<T: Send + 'static>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock()
    }

    #[inline]
    fn wait<'a, T: Send + 'static>(
        condvar: &Condvar,
        mut guard: Self::Guard<'a, T>,
    ) -> Self::Guard<'a, T> {
        condvar.wait(&mut guard);
        guard
    }

    #[inline]
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Condvar,
        mut guard: Self::Guard<'a, T>,
        limit: Duration,
    ) -> Self::Guard<'a, T> {
        condvar.wait_for(&mut guard, limit);
        guard
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
