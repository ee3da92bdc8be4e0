//! Scoped threads that claim jobs until one fails, and places to keep or send the failure.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::{Failure, FirstError, Group, NAME, Params};
use crate::capability::{Channel, Lock};
use crate::model::spawn_scoped;
use crate::registry::{Info, Suite};

/// Adds a lock around the first error.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "A flag ends the other workers; the error stands in an Option under the lock.";
    suite.add::<Params, Scoped<Locked<L::WithState<Option<Failure>>>>>(info.in_role("+Option", role));
}

/// Adds a channel that errors are sent through.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "A flag ends the other workers; errors are sent, and the first that arrives is returned.";
    suite.add::<Params, Sent<C>>(info.in_role("", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "dashmap::DashMap", "one error is one value: see the Mutex");
}

/// Which job is next, and whether any is.
#[derive(Default)]
pub struct SharedIndex {
    next: AtomicUsize,
    stop: AtomicBool,
}

impl SharedIndex {
    /// Runs jobs until all are claimed or one has failed; the failure, where it was this worker's.
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

/// Where the first failure is kept.
pub trait FirstCell: Send + Sync + 'static {
    /// An empty one.
    fn new() -> Self;
    /// Keeps the failure, if it is the first.
    fn put(&self, failure: Failure);
    /// The failure that was kept.
    fn get(self) -> Option<Failure>;
}

/// An option under a lock.
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

/// Scoped threads that claim jobs, and a place for the failure.
pub struct Scoped<F> {
    workers: usize,
    first: PhantomData<F>,
}

impl<F: FirstCell> FirstError for Scoped<F> {
    fn start(workers: usize) -> Self {
        Self { workers, first: PhantomData }
    }

    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        let claims = SharedIndex::default();
        let first = F::new();
        thread::scope(|scope| {
            for _ in 0..self.workers {
                spawn_scoped(scope, || {
                    if let Some(failure) = claims.run(group) {
                        first.put(failure);
                    }
                });
            }
        });
        first.get().map_or(Ok(()), Err)
    }
}

/// Scoped threads that claim jobs, and send their failures.
pub struct Sent<C> {
    workers: usize,
    channel: PhantomData<C>,
}

impl<C: Channel> FirstError for Sent<C> {
    fn start(workers: usize) -> Self {
        Self { workers, channel: PhantomData }
    }

    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        let claims = SharedIndex::default();
        let (sender, receiver) = C::channel(self.workers);
        let claims = &claims;
        thread::scope(|scope| {
            for _ in 0..self.workers {
                let sender = sender.clone();
                spawn_scoped(scope, move || {
                    if let Some(failure) = claims.run(group) {
                        C::send(&sender, failure);
                    }
                });
            }
            drop(sender);
            C::receive(&receiver).map_or(Ok(()), Err)
        })
    }
}
