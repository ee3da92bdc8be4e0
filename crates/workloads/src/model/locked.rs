//! State behind a lock.

use std::sync::Arc;

use super::{Model, Shared, handles};

/// A lock around `State`: a trait on the real type.
///
/// ```
/// # use contend::model::Lock;
/// # struct Mutex<T>(std::sync::Mutex<T>);
/// impl<T: Send + Sync + 'static> Lock for Mutex<T> {
///     type State = T;
///     type Around<U: Send + Sync + 'static> = Mutex<U>;
///
///     fn new(state: T) -> Self {
///         Self(std::sync::Mutex::new(state))
///     }
///
///     fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
///         f(&mut self.0.lock().unwrap())
///     }
/// }
/// ```
pub trait Lock: Send + Sync + 'static {
    /// What is locked.
    type State: Send + Sync + 'static;

    /// The same lock around something else, so that one line gives it to every workload.
    type WithState<U: Send + Sync + 'static>: Lock<State = U>;

    /// An unlocked lock.
    fn new(state: Self::State) -> Self;

    /// Calls `f` alone. Those of the suite are inlined always: the loop and its copy are two callers, so
    /// the compiler may call what is large, and what it then saves on the stack a lock waits for.
    fn with_mut<R>(&self, f: impl FnOnce(&mut Self::State) -> R) -> R;

    /// Calls `f`, together with others that read where the lock can do that.
    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&Self::State) -> R) -> R {
        self.with_mut(|state| f(state))
    }
}

/// The adapter: a lock around a model is a contender.
pub struct Locked<L>(Arc<L>);

impl<M: Model, L: Lock<State = M>> Shared<M> for Locked<L> {
    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        let lock = Arc::new(L::new(model));
        handles(workers, |_| Locked(lock.clone()))
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        self.0.with_mut(|model| model.write(write));
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        self.0.with(|model| model.read(read))
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.with(|model| model.digest())
    }
}
