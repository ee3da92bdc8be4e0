//! A lock around a value, for tasks.

/// A lock around a state. A task that waits for it lets others run on its thread. Like [`Lock`](super::Lock), it is
/// implemented for the real type.
pub trait AsyncLock: Send + Sync + 'static {
    /// What it guards.
    type State: Send + Sync + 'static;
    /// The same lock around another state.
    type WithState<U: Send + Sync + 'static>: AsyncLock<State = U>;

    /// The lock around `state`.
    fn new(state: Self::State) -> Self;

    /// Waits for the lock, and calls `f` with exclusive access.
    fn with_mut<R: Send>(
        &self,
        f: impl FnOnce(&mut Self::State) -> R + Send,
    ) -> impl Future<Output = R> + Send;

    /// Waits for the lock, and calls `f`, at the same time as other readers where the lock allows it.
    fn with<R: Send>(&self, f: impl FnOnce(&Self::State) -> R + Send) -> impl Future<Output = R> + Send {
        self.with_mut(|state| f(state))
    }
}

/// Implements [`AsyncLock`] for a lock whose method returns a future of its guard. A read-write lock has a second
/// method for readers.
macro_rules! awaited_lock {
    ($lock:ident, $take:ident $(, $read:ident)?) => {
        impl<T: Send + Sync + 'static> $crate::capability::AsyncLock for $lock<T> {
            type State = T;
            type WithState<U: Send + Sync + 'static> = $lock<U>;

            fn new(state: T) -> Self {
                Self::new(state)
            }

            #[inline]
            async fn with_mut<R: Send>(&self, f: impl FnOnce(&mut T) -> R + Send) -> R {
                f(&mut *self.$take().await)
            }
            $(
                #[inline]
                async fn with<R: Send>(&self, f: impl FnOnce(&T) -> R + Send) -> R {
                    f(&*self.$read().await)
                }
            )?
        }
    };
}
pub(crate) use awaited_lock;
