//! Mutexes that do work while they are held. How much they differ is known: the rest of an operation
//! takes a hundredth of it.

use std::sync::Mutex;

use contend::Lock;
use contend::team::busy_loop::busy_loop;

/// Iterations of work within the lock at one thread: about a microsecond.
pub const SHORT: u64 = 2_000;
/// A tenth more.
pub const SHORT_AND_A_TENTH: u64 = 2_200;
/// Iterations of a lock of the large class: about 200 ns.
pub const BRIEF: u64 = 400;
/// A tenth more.
pub const BRIEF_AND_A_TENTH: u64 = 440;
/// The same at two threads: about five, so that handing over does not count.
pub const LONG: u64 = 10_000;
/// Three tenths more.
pub const LONG_AND_THREE_TENTHS: u64 = 13_000;

/// A mutex that works for `ITERATIONS` while it is held. `TWIN` makes another type of the same.
pub struct Working<T, const ITERATIONS: u64, const TWIN: bool = false>(Mutex<T>);

impl<T: Send + Sync + 'static, const ITERATIONS: u64, const TWIN: bool> Lock
    for Working<T, ITERATIONS, TWIN>
{
    type State = T;
    type WithState<U: Send + Sync + 'static> = Working<U, ITERATIONS, TWIN>;

    fn new(state: T) -> Self {
        Self(Mutex::new(state))
    }

    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.0.lock().expect("nobody panics");
        busy_loop(ITERATIONS);
        f(&mut state)
    }
}
