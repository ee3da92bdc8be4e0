//! The idea that keeps the suite small: **an open workload is a sequential model**. A lock holds the
//! model, an owner thread behind a channel owns it, and a concurrent structure implements its
//! operations itself. Whoever adds a lock or a channel writes one of the two small traits below and
//! gets every open workload; whoever adds a structure of its own kind implements [`Shared`].
//!
//! Nothing in here knows how time is taken.

mod actor;
mod locked;
mod no_op;
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
    /// What a write says.
    type Write: Copy + Send + 'static;
    /// What a read asks.
    type Read: Copy + Send + 'static;
    /// What a read gets.
    type Answer: Default + Send + 'static;

    /// Does a write.
    fn write(&mut self, write: Self::Write);

    /// Answers a read.
    fn read(&self, read: Self::Read) -> Self::Answer;

    /// What all writes add up to, so that a lost or doubled one shows. Wraps.
    fn digest(&self) -> u64;
}

/// One worker's handle on state that all workers share.
pub trait Shared<M: Model>: Send + Sized + 'static {
    /// What is promised of a read. `Immediate` is measured in open windows; the others in fixed
    /// ones, so that [`settle`](Shared::settle) lies within the window.
    const CLASS: Class = Class::Immediate;

    /// Threads beside the workers.
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

    /// Returns when this worker's writes are applied. Within the window.
    fn flush(&mut self) {}

    /// The digest of the state that the handles share. After the window.
    fn into_digest(handles: Vec<Self>) -> u64;
}

/// A handle for each of `workers`. Less to compile than an iterator, which counts with so many
/// contenders.
pub fn handles<S>(workers: usize, mut handle: impl FnMut(usize) -> S) -> Vec<S> {
    let mut handles = Vec::with_capacity(workers);
    for worker in 0..workers {
        handles.push(handle(worker));
    }
    handles
}

/// Spawns a thread. Its work comes boxed, so that spawning is compiled once.
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

/// Ends a window in which the system refused a thread.
pub(crate) fn refused(error: &dyn Display) -> ! {
    panic!("the system lets this process have no other thread: {error}")
}
