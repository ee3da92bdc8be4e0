//! The ways to run jobs until one fails.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

use super::{Failure, FirstError, Group, NAME, contender};
use crate::model::{Channel, spawn_scoped};
use crate::registry::{Info, Suite};

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| Info::new(name).family(family).package("std");
    suite.contender(contender::<Scoped<Once>>(std("std::thread::scope+OnceLock", "threads").notes("A flag ends the others; the first to set the OnceLock is the first error.")));
    suite.contender(contender::<Scoped<Guarded>>(std("std::sync::Mutex+Option", "std Mutex").notes("A flag ends the others; the error stands in an Option under a Mutex.")));
    suite.contender(contender::<Sent<crate::contenders::std::Bounded>>(std("std::sync::mpsc::sync_channel", "std channels").notes("A flag ends the others; errors are sent, and the first that arrives comes back.")));
    #[cfg(feature = "contenders")]
    {
        use crate::contenders::{crossbeam, flume};
        suite.contender(contender::<Sent<crossbeam::Bounded>>(Info::new("crossbeam_channel::bounded").family("crossbeam").package("crossbeam-channel").notes("A flag ends the others; errors are sent, and the first that arrives comes back.")));
        suite.contender(contender::<Sent<flume::Bounded>>(Info::new("flume::bounded").family("flume").package("flume").notes("A flag ends the others; errors are sent, and the first that arrives comes back. Maintained for fixes only.")));
        suite.contender(contender::<pool::TryForEach>(Info::new("rayon::try_for_each").family("rayon").package("rayon").notes("Splits the jobs from both ends, so the first failure need not be the first in order. A pool of its own, which lives on.")));
    }
    suite.exclude(NAME, "dashmap::DashMap", "one error is one value: see the Mutex");
}

/// Which job is next, and whether any is.
#[derive(Default)]
struct Claims {
    next: AtomicUsize,
    stop: AtomicBool,
}

impl Claims {
    /// Runs jobs until all are claimed or one has failed; the failure, where it was this worker's.
    fn work(&self, group: &Group) -> Option<Failure> {
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
trait First: Default + Send + Sync + 'static {
    fn put(&self, failure: Failure);
    fn get(self) -> Option<Failure>;
}

#[derive(Default)]
struct Once(OnceLock<Failure>);

impl First for Once {
    fn put(&self, failure: Failure) {
        let _ = self.0.set(failure); // another was first
    }

    fn get(self) -> Option<Failure> {
        self.0.into_inner()
    }
}

#[derive(Default)]
struct Guarded(Mutex<Option<Failure>>);

impl First for Guarded {
    fn put(&self, failure: Failure) {
        self.0.lock().unwrap().get_or_insert(failure);
    }

    fn get(self) -> Option<Failure> {
        self.0.into_inner().unwrap()
    }
}

/// Scoped threads that claim jobs, and a place for the failure.
struct Scoped<F> {
    workers: usize,
    first: std::marker::PhantomData<F>,
}

impl<F: First> FirstError for Scoped<F> {
    fn open(workers: usize) -> Self {
        Self {
            workers,
            first: std::marker::PhantomData,
        }
    }

    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        let claims = Claims::default();
        let first = F::default();
        thread::scope(|scope| {
            for _ in 0..self.workers {
                spawn_scoped(scope, || {
                    if let Some(failure) = claims.work(group) {
                        first.put(failure);
                    }
                });
            }
        });
        first.get().map_or(Ok(()), Err)
    }
}

/// Scoped threads that claim jobs, and send their failures.
pub(in crate::workload) struct Sent<C> {
    workers: usize,
    channel: std::marker::PhantomData<C>,
}

impl<C: Channel> FirstError for Sent<C> {
    fn open(workers: usize) -> Self {
        Self {
            workers,
            channel: std::marker::PhantomData,
        }
    }

    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        let claims = Claims::default();
        let (sender, receiver) = C::channel(self.workers);
        let claims = &claims;
        thread::scope(|scope| {
            for _ in 0..self.workers {
                let sender = sender.clone();
                spawn_scoped(scope, move || {
                    if let Some(failure) = claims.work(group) {
                        C::send(&sender, failure);
                    }
                });
            }
            drop(sender);
            C::receive(&receiver).map_or(Ok(()), Err)
        })
    }
}

#[cfg(feature = "contenders")]
mod pool {
    use rayon::ThreadPool;
    use rayon::prelude::*;

    use super::{Failure, FirstError, Group};
    use crate::contenders::rayon::pool;

    /// rayon's way.
    pub(super) struct TryForEach(ThreadPool);

    impl FirstError for TryForEach {
        fn open(workers: usize) -> Self {
            Self(pool(workers))
        }

        fn run(&mut self, group: &Group) -> Result<(), Failure> {
            let jobs = || (0..group.count()).into_par_iter();
            self.0
                .install(|| jobs().try_for_each(|index| group.run(index)))
        }
    }
}
