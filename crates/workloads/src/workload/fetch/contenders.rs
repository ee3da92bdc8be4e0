//! Ways to fetch: who does the requests, what bounds them, and where the statuses are put.

use std::collections::HashMap;
use std::hash::RandomState;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, JoinHandle, Scope};

use super::{Fetch, Group, NAME, Params};
use crate::capability::{Channel, ConcurrentMap, Lock, Mpmc, MutexCondvar};
use crate::model::{handles, spawn};
use crate::registry::{Info, Suite};
use crate::workload::semaphore::{Count, Semaphore, Tokens};

/// The map that statuses are collected in.
pub type Statuses = HashMap<usize, u16>;

/// Adds a lock around the map of statuses.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role =
        "A scoped thread for each worker; workers claim pages, and write to one HashMap under the lock.";
    suite.add::<Params, Workers<Locked<L::WithState<Statuses>>>>(info.in_role("", role));
}

/// Adds a concurrent map of statuses.
pub fn register_map<M: ConcurrentMap>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each worker; workers claim pages, and write to the map.";
    suite.add::<Params, Workers<InMap<M>>>(info.in_role("", role));
}

/// Adds a channel to one collector.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each worker; workers claim pages, and send statuses to one collector, who has the \
                map alone.";
    suite.add::<Params, Collected<C>>(info.in_role("", role));
}

/// Adds a pool of threads behind a channel.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role = "Threads that live on take pages from a channel, and send statuses to one collector.";
    suite.add::<Params, ChannelPool<C>>(info.in_role("+pool", role));
}

/// Adds a channel of tokens that bounds the requests.
pub fn register_tokens<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each page, all at once; a channel of tokens bounds how many are inside. HashMap \
                under std's Mutex.";
    suite.add::<Params, Each<Tokens<C>>>(info.in_role("+tokens", role));
}

/// Adds a count under a mutex that bounds the requests.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each page, all at once; a count under a mutex bounds how many are inside. HashMap \
                under std's Mutex.";
    suite.add::<Params, Each<Count<C>>>(info.in_role("+Condvar", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "std::sync::RwLock", "statuses are only written: see the Mutex");
    suite.exclude(NAME, "atomics", "an atomic holds a word, not a map; workers claim pages by one");
    let unbounded = "without a bound there is nothing to compare: all pages would be in flight";
    suite.exclude(NAME, "std::thread::spawn+unbounded", unbounded);
}

/// Where statuses are put by many workers.
pub trait Collection: Send + Sync + 'static {
    /// What it is in the end.
    type Map: IntoIterator<Item = (usize, u16)>;

    /// Nothing yet.
    fn new() -> Self;
    /// Keeps the status of a page.
    fn put(&self, page: usize, status: u16);
    /// All statuses.
    fn whole(self) -> Self::Map;
}

/// A map under a lock.
pub struct Locked<L>(L);

impl<L: Lock<State = Statuses>> Collection for Locked<L> {
    type Map = Statuses;

    fn new() -> Self {
        Self(L::new(Statuses::new()))
    }

    fn put(&self, page: usize, status: u16) {
        self.0.with_mut(|map| map.insert(page, status));
    }

    fn whole(self) -> Statuses {
        self.0.with_mut(std::mem::take)
    }
}

/// A concurrent map.
pub struct InMap<M: ConcurrentMap>(M::Map<usize, u16, RandomState>);

impl<M: ConcurrentMap> Collection for InMap<M> {
    type Map = Self;

    fn new() -> Self {
        Self(M::new(0, RandomState::new()))
    }

    fn put(&self, page: usize, status: u16) {
        M::insert(&self.0, page, status);
    }

    fn whole(self) -> Self {
        self
    }
}

impl<M: ConcurrentMap> IntoIterator for InMap<M> {
    type Item = (usize, u16);
    type IntoIter = std::vec::IntoIter<(usize, u16)>;

    fn into_iter(self) -> Self::IntoIter {
        let mut statuses = Vec::new();
        M::for_each(&self.0, |&page, &status| statuses.push((page, status)));
        statuses.into_iter()
    }
}

/// Starts a thread of the scope; fails the group where the system lets it have no other.
fn start<'scope>(scope: &'scope Scope<'scope, '_>, group: &Group, work: Box<dyn FnOnce() + Send + 'scope>) {
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
pub struct Workers<M> {
    workers: usize,
    map: PhantomData<M>,
}

impl<M: Collection> Fetch for Workers<M> {
    type Map = M::Map;

    fn start(workers: usize) -> Self {
        let map = PhantomData;
        Self { workers, map }
    }

    fn run(&mut self, group: &Arc<Group>) -> M::Map {
        let (map, next) = (M::new(), AtomicUsize::new(0));
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
pub struct Collected<C> {
    workers: usize,
    channel: PhantomData<C>,
}

impl<C: Channel> Fetch for Collected<C> {
    const HELPERS: usize = 1;
    type Map = Statuses;

    fn start(workers: usize) -> Self {
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
pub struct Each<S> {
    permits: usize,
    semaphore: PhantomData<S>,
}

impl<S: Semaphore> Fetch for Each<S> {
    type Map = Statuses;

    fn start(permits: usize) -> Self {
        let semaphore = PhantomData;
        Self { permits, semaphore }
    }

    fn run(&mut self, group: &Arc<Group>) -> Statuses {
        let map = std::sync::Mutex::new(Statuses::new());
        let semaphore = S::new(self.permits);
        let (map, semaphore) = (&map, &semaphore);
        thread::scope(|scope| {
            for page in 0..group.count() {
                let work = move || {
                    if let Some(status) = semaphore.enter(|| group.get_in_time(page)) {
                        map.lock().expect("no worker panicked").insert(page, status);
                    }
                };
                start(scope, group, Box::new(work));
            }
        });
        std::mem::take(&mut *map.lock().expect("no worker panicked"))
    }
}

/// A page of a group, and who waits for its status.
type Order<C> = (Arc<Group>, usize, <C as Mpmc>::Sender<Answer>);

/// Threads that live on, and take pages from a channel.
pub struct ChannelPool<C: Mpmc> {
    orders: Option<C::Sender<Order<C>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Mpmc> Fetch for ChannelPool<C> {
    const HELPERS: usize = 1;
    type Map = Statuses;

    fn start(workers: usize) -> Self {
        let (sender, orders) = C::channel::<Order<C>>(workers);
        let threads = handles(workers, |_| {
            let orders = orders.clone();
            spawn(Box::new(move || {
                while let Some((group, page, results)) = C::receive(&orders) {
                    C::send(&results, (page, group.get_in_time(page)));
                }
            }))
        });
        Self { threads, orders: Some(sender) }
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

impl<C: Mpmc> Drop for ChannelPool<C> {
    fn drop(&mut self) {
        self.orders = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // a panic was noticed by the pages that have no status
        }
    }
}
