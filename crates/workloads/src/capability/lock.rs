//! A lock around a value.

/// A lock around `State`: a trait on the real type.
///
/// ```
/// # use contend_workloads::capability::Lock;
/// # struct Mutex<T>(std::sync::Mutex<T>);
/// impl<T: Send + Sync + 'static> Lock for Mutex<T> {
///     type State = T;
///     type WithState<U: Send + Sync + 'static> = Mutex<U>;
///
///     fn new(state: T) -> Self {
///         Self(std::sync::Mutex::new(state))
///     }
///
///     #[inline(always)]
///     fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
///         f(&mut self.0.lock().unwrap())
///     }
/// }
/// ```
pub trait Lock: Send + Sync + 'static {
    /// What is locked.
    type State: Send + Sync + 'static;

    /// The same lock around another state, so that one line gives it to every workload.
    type WithState<U: Send + Sync + 'static>: Lock<State = U>;

    /// An unlocked lock.
    fn new(state: Self::State) -> Self;

    /// Calls `f` alone. Mark it `#[inline(always)]`, as shipped locks are: the timed loop and its copy are two callers,
    /// so the compiler may emit a call. `examples/twins.rs` shows what that costs: std's mutex took 1.2 times as long.
    fn with_mut<R>(&self, f: impl FnOnce(&mut Self::State) -> R) -> R;

    /// Calls `f`, at the same time as other readers where the lock allows it.
    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&Self::State) -> R) -> R {
        self.with_mut(|state| f(state))
    }
}
