//! A lock of a crate's version that contend does not ship. A type of another crate needs one of your own around it.

use contend::Lock;
use parking_lot_012::Mutex;

pub struct OlderMutex<T>(Mutex<T>);

impl<T: Send + Sync + 'static> Lock for OlderMutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = OlderMutex<U>;

    fn new(state: T) -> Self {
        Self(Mutex::new(state))
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.lock())
    }
}
