//! Locks in tasks on tokio's runtime: those for async code by their futures, and plain ones that no task holds across
//! an await.

use std::marker::PhantomData;
use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::{Mutex, RwLock};
use tokio::task::JoinSet;

use super::tasks::start_runtime;
use super::tokio;
use crate::capability::{AsyncLock, Lock, awaited_lock};
use crate::registry::{Info, Suite};
use crate::workload::closed::Closed;
use crate::workload::task_lock::{NAME, Params, TASKS, TaskLock, Tasks};

awaited_lock!(Mutex, lock);
awaited_lock!(RwLock, write);

pub(super) fn register(suite: &mut Suite) {
    let facts = "Made for async code. First come, first served. No poisoning. Not reentrant: a task that takes it \
                 twice waits for itself.";
    suite.async_lock::<Mutex<()>>(tokio("tokio::sync::Mutex+await").facts(facts));
    let facts = "Made for async code. First come, first served, writers too. A task that reads it twice at once \
                 deadlocks when a writer waits. No poisoning.";
    suite.async_lock::<RwLock<()>>(tokio("tokio::sync::RwLock+await").facts(facts));
}

/// Adds a lock for async code. Each increment takes it for writing.
pub fn register_async_lock<L: AsyncLock>(suite: &mut Suite, info: &Info) {
    let role = "By its future: a task that waits lets others run on its thread.";
    suite.add::<Params, OnRuntime<Awaited<L::WithState<u64>>>>(info.in_role("", role));
}

/// Adds a lock for threads.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "No task holds it across an await, as tokio's documentation recommends. A task that waits stops its \
                thread, and with it the tasks that are queued there.";
    suite.add::<Params, OnRuntime<Plain<L::WithState<u64>>>>(info.in_role("", role));
}

/// Excludes what is no lock for tasks.
pub(super) fn register_exclusions(suite: &mut Suite) {
    let blocking = "blocking_lock panics in a task: see `+await`";
    suite.exclude(NAME, "tokio::sync::Mutex", blocking);
    let plain = "a thread of the runtime would park in it for tasks that need the thread: see `+await`";
    suite.exclude(NAME, "async_lock::Mutex", plain);
    suite.exclude(NAME, "mea::mutex::Mutex", plain);
    let reads = "each increment is a write: see the Mutex of its package";
    suite.exclude(NAME, "std::sync::RwLock", reads);
    suite.exclude(NAME, "parking_lot::RwLock", reads);
    let channel = "a channel is no lock, and a task that owns the number needs no lock: see `counter`";
    for name in [
        "std::sync::mpsc::sync_channel",
        "crossbeam_channel::bounded",
        "flume::bounded",
        "kanal::bounded",
        "crossfire::bounded",
        "async_channel::bounded",
        "async_broadcast::broadcast",
        "oneshot::channel",
        "rtrb::RingBuffer",
        "ringbuf::HeapRb",
    ] {
        suite.exclude(NAME, name, channel);
    }
    let map = "a map with one key is a lock behind a hash: see `counter`";
    for name in ["dashmap::DashMap", "papaya::HashMap", "scc::HashMap"] {
        suite.exclude(NAME, name, map);
    }
    let value = "an increment replaces the value, and others may increment it meanwhile";
    for name in ["arc_swap::ArcSwap", "left_right::ReadHandle"] {
        suite.exclude(NAME, name, value);
    }
    suite.exclude(NAME, "once_cell::sync::OnceCell", "it is set once");
    suite.exclude(
        NAME,
        "std::sync::atomic+fetch_add",
        "an atomic does not wait, in a task or a thread: see `counter`",
    );
    suite.exclude(NAME, "rayon", "its pool runs no futures");
    suite.exclude(NAME, "serial", "one task needs no lock");
}

/// A number that tasks share.
trait Number: Send + Sync + 'static {
    /// 0.
    fn new() -> Self;

    /// Does `f` to the number when the lock is free.
    fn change(&self, f: impl FnOnce(&mut u64) + Send) -> impl Future<Output = ()> + Send;
}

/// A number under a lock for async code.
struct Awaited<L>(L);

impl<L: AsyncLock<State = u64>> Number for Awaited<L> {
    fn new() -> Self {
        Self(L::new(0))
    }

    #[inline]
    fn change(&self, f: impl FnOnce(&mut u64) + Send) -> impl Future<Output = ()> + Send {
        self.0.with_mut(f)
    }
}

/// A number under a lock for threads.
struct Plain<L>(L);

impl<L: Lock<State = u64>> Number for Plain<L> {
    fn new() -> Self {
        Self(L::new(0))
    }

    #[inline]
    async fn change(&self, f: impl FnOnce(&mut u64) + Send) {
        self.0.with_mut(f);
    }
}

/// Tasks on a runtime with a thread for each worker, and the number that they share.
struct OnRuntime<N>(Runtime, PhantomData<N>);

impl<N: Number> Closed for OnRuntime<N> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        Self(start_runtime(workers), PhantomData)
    }
}

impl<N: Number> TaskLock for OnRuntime<N> {
    fn run(&mut self, tasks: Tasks) -> u64 {
        let number = Arc::new(N::new());
        self.0.block_on(async {
            let mut set = JoinSet::new();
            for _ in 0..TASKS {
                let number = number.clone();
                set.spawn(async move {
                    for _ in 0..tasks.increments {
                        number.change(|number| tasks.increment(number)).await;
                    }
                });
            }
            while let Some(done) = set.join_next().await {
                done.expect("no task panics");
            }
            let mut total = 0;
            number.change(|number| total = *number).await;
            total
        })
    }
}
