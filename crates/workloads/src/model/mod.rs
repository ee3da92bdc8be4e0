//! The idea that keeps the suite small: **an open workload is a sequential model**. A lock holds the model,
//! a thread behind a channel owns it, and a concurrent structure implements its operations itself.
//!
//! A new lock or channel implements a trait in [`capability`](crate::capability), and the adapters here make
//! a contender of it in every open workload. A structure of another kind implements [`Shared`]. Nothing here
//! knows how time is taken.

mod actor;
pub(crate) mod applied;
mod locked;
mod no_op;
#[cfg(test)]
mod tests;
mod thread_local;

pub use actor::Actor;
pub use locked::Locked;
pub use no_op::NoOp;
pub use thread_local::{Merge, Sequential, ThreadLocal};

use std::fmt::Display;

use std::thread::{Builder, JoinHandle, Scope, ScopedJoinHandle};

use contend_record::Class;

/// State as it would be with one thread, and the operations on it.
pub trait Model: Send + Sync + 'static {
    /// The argument of a write.
    type Write: Copy + Send + 'static;
    /// The argument of a read.
    type Read: Copy + Send + 'static;
    /// The result of a read.
    type Answer: Default + Send + 'static;

    /// Does a write.
    fn write(&mut self, write: Self::Write);

    /// Answers a read.
    fn read(&self, read: Self::Read) -> Self::Answer;

    /// A wrapping sum over all writes, in which a lost or doubled write shows.
    fn digest(&self) -> u64;
}

/// One worker's handle on state that all workers share.
pub trait Shared<M: Model>: Send + Sized + 'static {
    /// What a read promises. `Immediate` contenders are measured in open windows; the others do fixed work,
    /// so that [`flush`](Shared::flush) is part of the window.
    const CLASS: Class = Class::Immediate;

    /// Threads in addition to the workers.
    const HELPERS: u32 = 0;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// A handle for each of `workers` workers. Not timed.
    fn new_handles(model: M, workers: usize) -> Vec<Self>;

    /// Does a write.
    fn write(&mut self, write: M::Write);

    /// Does a read.
    fn read(&mut self, read: M::Read) -> M::Answer;

    /// Returns when this worker's writes are applied. Part of the window.
    fn flush(&mut self) {}

    /// The digest of the state that the handles share. Called after the window.
    fn into_digest(handles: Vec<Self>) -> u64;

    /// A sentence on what to change in a contender whose window failed its check, if one can be found.
    fn advice() -> Option<String> {
        None
    }
}

/// A handle for each of `workers`. Compiles faster than an iterator, which matters with hundreds of
/// contenders.
pub fn handles<S>(workers: usize, mut handle: impl FnMut(usize) -> S) -> Vec<S> {
    let mut handles = Vec::with_capacity(workers);
    for worker in 0..workers {
        handles.push(handle(worker));
    }
    handles
}

/// Spawns a thread. Its work is boxed, so that spawning is compiled once.
pub(crate) fn spawn<T: Send + 'static>(work: Box<dyn FnOnce() -> T + Send>) -> JoinHandle<T> {
    let thread = Builder::new().spawn(work);
    thread.unwrap_or_else(|error| refused(&error))
}

/// Spawns a thread of a scope.
pub(crate) fn spawn_scoped<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> ScopedJoinHandle<'scope, T> {
    let thread = Builder::new().spawn_scoped(scope, work);
    thread.unwrap_or_else(|error| refused(&error))
}

/// Panics because the system refused a thread. The window fails with the message.
pub(crate) fn refused(error: &dyn Display) -> ! {
    panic!("cannot spawn a thread: {error}")
}
