//! The ways to fetch: who does the requests, what bounds them, and where the statuses are put.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, JoinHandle, Scope};

use super::{Fetch, Group, NAME, contender};
use crate::contenders::std::{Bounded, LockedReceiver, StdCondvar};
use crate::model::{Channel, Lock, handles, spawn};
use crate::registry::{Info, Suite};
use crate::workload::semaphore::{Count, Semaphore, Tokens};

/// The map that statuses are collected in.
pub type Statuses = HashMap<usize, u16>;

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| Info::new(name).family(family).package("std");
    suite.contender(contender::<Workers<std::sync::Mutex<Statuses>>>(std("std::sync::Mutex", "std Mutex").notes("A scoped thread a worker; they claim pages, and write to one HashMap under a Mutex.")));
    suite.contender(contender::<Collected<Bounded>>(std("std::sync::mpsc::sync_channel", "std channels").notes("A scoped thread a worker; they claim pages, and send statuses to one collector, who has the map alone.")));
    suite.contender(contender::<Pool<LockedReceiver>>(std("std::sync::mpsc::channel+pool", "std channels").notes("Threads that live on take pages from a channel, whose receiver stands behind a Mutex, and send statuses to one collector.")));
    suite.contender(contender::<Each<Tokens<Bounded>>>(std("std::sync::mpsc::sync_channel+tokens", "std channels").notes("A scoped thread a page, all at once; a channel of tokens bounds how many are inside. HashMap under a Mutex.")));
    suite.contender(contender::<Each<Count<StdCondvar>>>(std("std::sync::Mutex+Condvar", "std Mutex").notes("A scoped thread a page, all at once; a count under a Mutex bounds how many are inside. HashMap under a Mutex.")));
    #[cfg(feature = "contenders")]
    {
        use crate::contenders::{crossbeam, flume, parking_lot};
        let lot = |name| Info::new(name).family("parking_lot").package("parking_lot");
        suite.contender(contender::<Workers<::parking_lot::Mutex<Statuses>>>(lot("parking_lot::Mutex").notes("A scoped thread a worker; they claim pages, and write to one HashMap under a Mutex.")));
        suite.contender(contender::<Each<Count<parking_lot::ParkingLotCondvar>>>(lot("parking_lot::Mutex+Condvar").notes("A scoped thread a page, all at once; a count under a Mutex bounds how many are inside. HashMap under std's Mutex.")));
        let cross = |name| Info::new(name).family("crossbeam").package("crossbeam-channel");
        suite.contender(contender::<Collected<crossbeam::Bounded>>(cross("crossbeam_channel::bounded").notes("A scoped thread a worker; they claim pages, and send statuses to one collector, who has the map alone.")));
        suite.contender(contender::<Pool<crossbeam::Bounded>>(cross("crossbeam_channel::bounded+pool").notes("Threads that live on take pages from a channel, and send statuses to one collector.")));
        suite.contender(contender::<Each<Tokens<crossbeam::Bounded>>>(cross("crossbeam_channel::bounded+tokens").notes("A scoped thread a page, all at once; a channel of tokens bounds how many are inside. HashMap under std's Mutex.")));
        let flume = |name| Info::new(name).family("flume").package("flume");
        suite.contender(contender::<Collected<flume::Bounded>>(flume("flume::bounded").notes("A scoped thread a worker; they claim pages, and send statuses to one collector, who has the map alone. Maintained for fixes only.")));
        suite.contender(contender::<Pool<flume::Bounded>>(flume("flume::bounded+pool").notes("Threads that live on take pages from a channel, and send statuses to one collector. Maintained for fixes only.")));
        suite.contender(contender::<Each<Tokens<flume::Bounded>>>(flume("flume::bounded+tokens").notes("A scoped thread a page, all at once; a channel of tokens bounds how many are inside. HashMap under std's Mutex. Maintained for fixes only.")));
        suite.contender(contender::<Workers<dashmap::DashMap<usize, u16>>>(Info::new("dashmap::DashMap").family("dashmap").package("dashmap").notes("A scoped thread a worker; they claim pages, and write to one DashMap.")));
        suite.contender(contender::<pool::ParIter>(Info::new("rayon::par_iter").family("rayon").package("rayon").notes("A pool of its own, whose threads block while they wait for a page: it has as many as may be in flight.")));
    }
    suite.exclude(NAME, "std::sync::RwLock", "statuses are only written: see the Mutex");
    suite.exclude(NAME, "atomics", "an atomic holds a word, not a map; workers claim pages by one");
    suite.exclude(NAME, "std::thread::spawn+unbounded", "without a bound there is nothing to compare: all pages would be in flight");
}

/// A map that all workers write to.
trait Collection: Default + Send + Sync + 'static {
    /// What it is in the end.
    type Map: IntoIterator<Item = (usize, u16)>;

    fn put(&self, page: usize, status: u16);
    fn whole(self) -> Self::Map;
}

impl<L: Lock<State = Statuses> + Default> Collection for L {
    type Map = Statuses;

    fn put(&self, page: usize, status: u16) {
        self.with_mut(|map| map.insert(page, status));
    }

    fn whole(self) -> Statuses {
        self.with_mut(std::mem::take)
    }
}

#[cfg(feature = "contenders")]
impl Collection for dashmap::DashMap<usize, u16> {
    type Map = Self;

    fn put(&self, page: usize, status: u16) {
        self.insert(page, status);
    }

    fn whole(self) -> Self {
        self
    }
}

/// Starts a thread of the scope; fails the group where the system lets it have no other.
fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    group: &Group,
    work: Box<dyn FnOnce() + Send + 'scope>,
) {
    if let Err(error) = Builder::new().spawn_scoped(scope, work) {
        group.fail(format!("a thread cannot be started: {error}"));
    }
}

/// Fetches pages until none is left, or the group is over.
fn claim(next: &AtomicUsize, group: &Group, put: &mut dyn FnMut(usize, u16)) {
    while !group.is_over() {
        let page = next.fetch_add(1, Ordering::Relaxed);
        if page >= group.count() {
            break;
        }
        if let Some(status) = group.get(page) {
            put(page, status);
        }
    }
}

/// A page, and its status where there is one.
type Answer = (usize, Option<u16>);

/// The one collector: takes answers until no other comes.
fn collect(next: &mut dyn FnMut() -> Option<Answer>) -> Statuses {
    let mut map = Statuses::new();
    while let Some((page, status)) = next() {
        map.extend(status.map(|status| (page, status)));
    }
    map
}

/// Scoped threads that claim pages and write to one map.
struct Workers<M> {
    workers: usize,
    map: PhantomData<M>,
}

impl<M: Collection> Fetch for Workers<M> {
    type Map = M::Map;

    fn open(workers: usize) -> Self {
        let map = PhantomData;
        Self { workers, map }
    }

    fn run(&mut self, group: &Arc<Group>) -> M::Map {
        let (map, next) = (M::default(), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..self.workers {
                let work = || claim(&next, group, &mut |page, status| map.put(page, status));
                start(scope, group, Box::new(work));
            }
        });
        map.whole()
    }
}

/// Scoped threads that claim pages and send their statuses to one collector.
struct Collected<C> {
    workers: usize,
    channel: PhantomData<C>,
}

impl<C: Channel> Fetch for Collected<C> {
    const HELPERS: usize = 1;
    type Map = Statuses;

    fn open(workers: usize) -> Self {
        let channel = PhantomData;
        Self { workers, channel }
    }

    fn run(&mut self, group: &Arc<Group>) -> Statuses {
        let next = &AtomicUsize::new(0);
        let (sender, receiver) = C::channel(group.count());
        thread::scope(|scope| {
            for _ in 0..self.workers {
                let sender = sender.clone();
                let work = move || {
                    let mut put = |page, status| C::send(&sender, (page, Some(status)));
                    claim(next, group, &mut put);
                };
                start(scope, group, Box::new(work));
            }
            drop(sender);
            collect(&mut || C::receive(&receiver))
        })
    }
}

/// A scoped thread a page, and a semaphore.
pub(in crate::workload) struct Each<S> {
    permits: usize,
    semaphore: PhantomData<S>,
}

impl<S: Semaphore> Fetch for Each<S> {
    type Map = Statuses;

    fn open(permits: usize) -> Self {
        let semaphore = PhantomData;
        Self { permits, semaphore }
    }

    fn run(&mut self, group: &Arc<Group>) -> Statuses {
        let map = std::sync::Mutex::<Statuses>::default();
        let semaphore = S::new(self.permits);
        let (map, semaphore) = (&map, &semaphore);
        thread::scope(|scope| {
            for page in 0..group.count() {
                let work = move || {
                    if let Some(status) = semaphore.enter(|| group.get_in_time(page)) {
                        map.put(page, status);
                    }
                };
                start(scope, group, Box::new(work));
            }
        });
        map.with_mut(std::mem::take)
    }
}

/// A page of a group, and who waits for its status.
type Order<C> = (Arc<Group>, usize, <C as Channel>::Sender<Answer>);

/// Threads that live on, and take pages from a channel.
struct Pool<C: Channel> {
    orders: Option<C::Sender<Order<C>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Channel> Fetch for Pool<C>
where
    C::Receiver<Order<C>>: Clone,
{
    const HELPERS: usize = 1;
    type Map = Statuses;

    fn open(workers: usize) -> Self {
        let (sender, orders) = C::channel::<Order<C>>(workers);
        let threads = handles(workers, |_| {
            let orders = orders.clone();
            spawn(Box::new(move || {
                while let Some((group, page, results)) = C::receive(&orders) {
                    C::send(&results, (page, group.get_in_time(page)));
                }
            }))
        });
        Self {
            threads,
            orders: Some(sender),
        }
    }

    fn run(&mut self, group: &Arc<Group>) -> Statuses {
        let orders = self.orders.as_ref().expect("it goes with the pool");
        let (sender, results) = C::channel(group.count());
        for page in 0..group.count() {
            C::send(orders, (group.clone(), page, sender.clone()));
        }
        drop(sender);
        collect(&mut || C::receive(&results))
    }
}

impl<C: Channel> Drop for Pool<C> {
    fn drop(&mut self) {
        self.orders = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // a panic was noticed by the pages that have no status
        }
    }
}

#[cfg(feature = "contenders")]
mod pool {
    use std::sync::Arc;

    use rayon::ThreadPool;
    use rayon::prelude::*;

    use super::{Fetch, Group, Statuses};
    use crate::contenders::rayon::pool;

    /// rayon's iterator.
    pub(super) struct ParIter(ThreadPool);

    impl Fetch for ParIter {
        type Map = Statuses;

        fn open(workers: usize) -> Self {
            Self(pool(workers))
        }

        fn run(&mut self, group: &Arc<Group>) -> Statuses {
            let group = &**group;
            let fetched = |page| Some((page, group.get_in_time(page)?));
            let pages = || (0..group.count()).into_par_iter();
            self.0.install(|| pages().filter_map(fetched).collect())
        }
    }
}
