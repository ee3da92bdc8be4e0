//! parking_lot's locks.

use parking_lot::{Condvar, FairMutex, Mutex, RwLock};

use super::Monitor;
use crate::model::Lock;

impl<T: Send + Sync + 'static> Lock for Mutex<T> {
    type State = T;
    type Around<U: Send + Sync + 'static> = Mutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
    }
}

impl<T: Send + Sync + 'static> Lock for FairMutex<T> {
    type State = T;
    type Around<U: Send + Sync + 'static> = FairMutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
    }
}

impl<T: Send + Sync + 'static> Lock for RwLock<T> {
    type State = T;
    type Around<U: Send + Sync + 'static> = RwLock<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.write())
    }

    #[inline]
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

    #[inline]
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
