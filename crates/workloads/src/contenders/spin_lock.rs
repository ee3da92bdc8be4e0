//! A spin lock, as the crate spin has it for `lock_api`.

use spin::lock_api::Mutex;

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
