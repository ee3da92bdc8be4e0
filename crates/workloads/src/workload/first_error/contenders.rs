//! Scoped threads that claim jobs until one fails, and ways to keep or send the failure.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::{Failure, FirstError, Group, NAME, Params};
use crate::capability::{Channel, Lock};
use crate::model::spawn_scoped;
use crate::registry::{Info, Suite};
use crate::workload::closed::Closed;

/// Adds a lock around the first error.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "A flag stops the other workers. An Option under the lock holds the error.";
    suite.add::<Params, Scoped<Locked<L::WithState<Option<Failure>>>>>(info.in_role("+Option", role));
}

/// Adds a channel that errors are sent through.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "A flag stops the other workers. Errors are sent, and the first to arrive is returned.";
    suite.add::<Params, SentErrors<C>>(info.in_role("", role));
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "dashmap::DashMap", "the result is one value, not a map of them: see Mutex");
}

/// The index of the next job, and a flag that stops all workers.
#[derive(Default)]
pub struct SharedIndex {
    next: AtomicUsize,
    stop: AtomicBool,
}

impl SharedIndex {
    /// Runs jobs until all are claimed or one has failed. Returns the failure if this worker had it.
    pub fn run(&self, group: &Group) -> Option<Failure> {
        while !self.stop.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= group.count() {
                return None;
            }
            if let Err(failure) = group.run(index) {
                self.stop.store(true, Ordering::Relaxed);
                return Some(failure);
            }
        }
        None
    }
}

/// A place that keeps the first failure.
pub trait FirstCell: Send + Sync + 'static {
    /// An empty place.
    fn new() -> Self;
    /// Stores the failure if it is the first.
    fn put(&self, failure: Failure);
    /// The stored failure.
    fn get(self) -> Option<Failure>;
}

/// An `Option` under a lock.
pub struct Locked<L>(L);

impl<L: Lock<State = Option<Failure>>> FirstCell for Locked<L> {
    fn new() -> Self {
        Self(L::new(None))
    }

    fn put(&self, failure: Failure) {
        self.0.with_mut(|first| {
            first.get_or_insert(failure);
        });
    }

    fn get(self) -> Option<Failure> {
        self.0.with_mut(Option::take)
    }
}

/// Scoped threads that claim jobs, and store the first failure.
pub struct Scoped<F> {
    workers: usize,
    first: PhantomData<F>,
}

impl<F: FirstCell> Closed for Scoped<F> {
    fn start(workers: usize) -> Self {
        Self { workers, first: PhantomData }
    }
}

impl<F: FirstCell> FirstError for Scoped<F> {
    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        let index = SharedIndex::default();
        let first = F::new();
        thread::scope(|scope| {
            for _ in 0..self.workers {
                spawn_scoped(scope, || {
                    if let Some(failure) = index.run(group) {
                        first.put(failure);
                    }
                });
            }
        });
        first.get().map_or(Ok(()), Err)
    }
}

/// Scoped threads that claim jobs, and send their failures.
pub struct SentErrors<C> {
    workers: usize,
    channel: PhantomData<C>,
}

impl<C: Channel> Closed for SentErrors<C> {
    fn start(workers: usize) -> Self {
        Self { workers, channel: PhantomData }
    }
}

impl<C: Channel> FirstError for SentErrors<C> {
    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        let index = &SharedIndex::default();
        let (sender, receiver) = C::channel(self.workers);
        thread::scope(|scope| {
            for _ in 0..self.workers {
                let sender = sender.clone();
                spawn_scoped(scope, move || {
                    if let Some(failure) = index.run(group) {
                        C::send(&sender, failure);
                    }
                });
            }
            drop(sender);
            C::receive(&receiver).map_or(Ok(()), Err)
        })
    }
}
