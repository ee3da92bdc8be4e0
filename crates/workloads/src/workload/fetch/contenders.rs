//! Ways to fetch: which threads send the requests, what bounds them, and where the statuses are collected.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, JoinHandle, Scope};

use super::{Fetch, Group, NAME, PAGES, Params};
use crate::capability::{
    Channel, ConcurrentMap, Lock, Mpmc, MutexCondvar, SharedEnds, SuiteHasher, suite_hasher,
};
use crate::model::{handles, spawn};
use crate::registry::{Info, Suite};
use crate::workload::closed::{Closed, join_workers};
use crate::workload::semaphore::{Count, Semaphore, Tokens};

/// The map that statuses are collected in.
pub type Statuses = HashMap<usize, u16, SuiteHasher>;

/// A map without statuses.
pub(super) fn statuses() -> Statuses {
    Statuses::with_hasher(suite_hasher())
}

/// Adds a lock around the map of statuses.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role =
        "A scoped thread for each worker. Workers claim pages, and write to one HashMap under the lock.";
    suite.add::<Params, ClaimingWorkers<Locked<L::WithState<Statuses>>>>(info.in_role("", role));
}

/// Adds a concurrent map of statuses.
pub fn register_map<M: ConcurrentMap>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each worker. Workers claim pages, and write to the map.";
    suite.add::<Params, ClaimingWorkers<InMap<M>>>(info.in_role("", role));
}

/// Adds a channel to one collector.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each worker. Workers claim pages, and send statuses to one collector, which \
                owns the map.";
    suite.add::<Params, OneCollector<C>>(info.in_role("", role));
}

/// Adds a pool of threads behind a channel.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role = "Long-lived threads take pages from a channel, and send statuses to one collector.";
    suite.add::<Params, ChannelPool<C>>(info.in_role("+pool", role));
}

/// Adds a channel of tokens that bounds the requests.
pub fn register_tokens<C: SharedEnds>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each page, all at once. A channel of tokens bounds how many fetch. Statuses \
                go to a HashMap under std's Mutex.";
    suite.add::<Params, ThreadPerPage<Tokens<C>>>(info.in_role("+tokens", role));
}

/// Adds a count under a mutex that bounds the requests.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A scoped thread for each page, all at once. A count under a mutex bounds how many fetch. Statuses \
                go to a HashMap under std's Mutex.";
    suite.add::<Params, ThreadPerPage<Count<C>>>(info.in_role("+Condvar", role));
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "std::sync::RwLock", "statuses are only written, never read: see Mutex");
    suite.exclude(NAME, "atomics", "an atomic holds a word, not a map; workers use one to claim pages");
    let unbounded = "the workload is about a bound, and here all pages would be in flight at once";
    suite.exclude(NAME, "std::thread::spawn+unbounded", unbounded);
}

/// A collection that many workers put statuses in.
pub trait Collection: Send + Sync + 'static {
    /// The finished map.
    type Map: IntoIterator<Item = (usize, u16)>;

    /// An empty collection.
    fn new() -> Self;
    /// Stores the status of a page.
    fn put(&self, page: usize, status: u16);
    /// The map of all statuses.
    fn into_map(self) -> Self::Map;
}

/// A map under a lock.
pub struct Locked<L>(L);

impl<L: Lock<State = Statuses>> Collection for Locked<L> {
    type Map = Statuses;

    fn new() -> Self {
        Self(L::new(statuses()))
    }

    fn put(&self, page: usize, status: u16) {
        self.0.with_mut(|map| map.insert(page, status));
    }

    fn into_map(self) -> Statuses {
        self.0.with_mut(|map| std::mem::replace(map, statuses()))
    }
}

/// A concurrent map.
pub struct InMap<M: ConcurrentMap>(M::Map<usize, u16, SuiteHasher>);

impl<M: ConcurrentMap> Collection for InMap<M> {
    type Map = Self;

    fn new() -> Self {
        Self(M::new(0, suite_hasher()))
    }

    fn put(&self, page: usize, status: u16) {
        M::insert(&self.0, page, status);
    }

    fn into_map(self) -> Self {
        self
    }
}

impl<M: ConcurrentMap> IntoIterator for InMap<M> {
    type Item = (usize, u16);
    type IntoIter = std::vec::IntoIter<(usize, u16)>;

    fn into_iter(self) -> Self::IntoIter {
        let mut statuses = Vec::new();
        M::for_each_of(&self.0, &mut (0..PAGES), |&page, &status| statuses.push((page, status)));
        statuses.into_iter()
    }
}

/// Spawns a thread of the scope. Fails the group if the system allows no more threads.
fn spawn_worker<'scope>(
    scope: &'scope Scope<'scope, '_>,
    group: &Group,
    work: Box<dyn FnOnce() + Send + 'scope>,
) {
    if let Err(error) = Builder::new().spawn_scoped(scope, work) {
        group.fail(format!("cannot spawn a thread: {error}"));
    }
}

/// Claims and fetches pages until none is left, or the group is over.
fn claim_pages(next: &AtomicUsize, group: &Group, put: &mut dyn FnMut(usize, u16)) {
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

/// A page, and its status if there is one.
type Answer = (usize, Option<u16>);

/// Collects answers until no more come.
fn collect(next: &mut dyn FnMut() -> Option<Answer>) -> Statuses {
    let mut map = statuses();
    while let Some((page, status)) = next() {
        map.extend(status.map(|status| (page, status)));
    }
    map
}

/// Scoped threads that claim pages and write to one map.
pub struct ClaimingWorkers<M> {
    workers: usize,
    map: PhantomData<M>,
}

impl<M: Collection> Closed for ClaimingWorkers<M> {
    fn start(workers: usize) -> Self {
        Self { workers, map: PhantomData }
    }
}

impl<M: Collection> Fetch for ClaimingWorkers<M> {
    type Map = M::Map;

    fn run(&mut self, group: &Arc<Group>) -> M::Map {
        let (map, next) = (M::new(), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..self.workers {
                let work = || claim_pages(&next, group, &mut |page, status| map.put(page, status));
                spawn_worker(scope, group, Box::new(work));
            }
        });
        map.into_map()
    }
}

/// Scoped threads that claim pages and send their statuses to one collector.
pub struct OneCollector<C> {
    workers: usize,
    channel: PhantomData<C>,
}

impl<C: Channel> Closed for OneCollector<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        Self { workers, channel: PhantomData }
    }
}

impl<C: Channel> Fetch for OneCollector<C> {
    type Map = Statuses;

    fn run(&mut self, group: &Arc<Group>) -> Statuses {
        let next = &AtomicUsize::new(0);
        let (sender, receiver) = C::channel(group.count());
        thread::scope(|scope| {
            for _ in 0..self.workers {
                let sender = sender.clone();
                let work = move || {
                    let mut put = |page, status| C::send(&sender, (page, Some(status)));
                    claim_pages(next, group, &mut put);
                };
                spawn_worker(scope, group, Box::new(work));
            }
            drop(sender);
            collect(&mut || C::receive(&receiver))
        })
    }
}

/// A scoped thread for each page, and a semaphore.
pub struct ThreadPerPage<S> {
    permits: usize,
    semaphore: PhantomData<S>,
}

impl<S: Semaphore> Closed for ThreadPerPage<S> {
    fn start(permits: usize) -> Self {
        Self { permits, semaphore: PhantomData }
    }
}

impl<S: Semaphore> Fetch for ThreadPerPage<S> {
    type Map = Statuses;

    fn run(&mut self, group: &Arc<Group>) -> Statuses {
        let map = std::sync::Mutex::new(statuses());
        let semaphore = S::new(self.permits);
        let (shared, semaphore) = (&map, &semaphore);
        thread::scope(|scope| {
            for page in 0..group.count() {
                let work = move || {
                    if let Some(status) = semaphore.enter(|| group.get_in_time(page)) {
                        shared.lock().expect("no worker panicked").insert(page, status);
                    }
                };
                spawn_worker(scope, group, Box::new(work));
            }
        });
        map.into_inner().expect("no worker panicked")
    }
}

/// A page of a group, and the sender for its status.
type Request<C> = (Arc<Group>, usize, <C as Mpmc>::Sender<Answer>);

/// Long-lived threads that take pages from a channel.
pub struct ChannelPool<C: Mpmc> {
    requests: Option<C::Sender<Request<C>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Mpmc> Closed for ChannelPool<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let (sender, requests) = C::channel::<Request<C>>(workers);
        let threads = handles(workers, |_| {
            let requests = requests.clone();
            spawn(Box::new(move || {
                while let Some((group, page, results)) = C::receive(&requests) {
                    C::send(&results, (page, group.get_in_time(page)));
                }
            }))
        });
        Self { threads, requests: Some(sender) }
    }
}

impl<C: Mpmc> Fetch for ChannelPool<C> {
    type Map = Statuses;

    fn run(&mut self, group: &Arc<Group>) -> Statuses {
        let requests = self.requests.as_ref().expect("only a drop takes it");
        let (sender, results) = C::channel(group.count());
        for page in 0..group.count() {
            C::send(requests, (group.clone(), page, sender.clone()));
        }
        drop(sender);
        collect(&mut || C::receive(&results))
    }
}

impl<C: Mpmc> Drop for ChannelPool<C> {
    fn drop(&mut self) {
        self.requests = None;
        join_workers(&mut self.threads);
    }
}
