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
use crate::workload::task_lock::{
    MostlyReads, NAME, Outcome, Params, Reader, TASKS, TaskLock, TaskReads, Tasks,
};

awaited_lock!(Mutex, lock);
awaited_lock!(RwLock, write, read);

pub(super) fn register(suite: &mut Suite) {
    let facts = "Made for async code. First come, first served. No poisoning. Not reentrant: a task that takes it \
                 twice waits for itself.";
    suite.async_lock::<Mutex<()>>(tokio("tokio::sync::Mutex+await").facts(facts));
    let facts = "Made for async code. First come, first served, writers too. A task that reads it twice at once \
                 deadlocks when a writer waits. No poisoning.";
    suite.async_lock::<RwLock<()>>(tokio("tokio::sync::RwLock+await").facts(facts));
}

/// Adds a lock for async code. Each increment takes a read-write lock for writing.
pub fn register_async_lock<L: AsyncLock>(suite: &mut Suite, info: &Info) {
    let role = "By its future: a task that waits lets others run on its thread.";
    suite.add::<Params, OnRuntime<Awaited<L::WithState<u64>>>>(info.in_role("", role));
    suite.add::<MostlyReads, OnRuntime<Awaited<L::WithState<u64>>>>(info.in_role("", role));
}

/// How tasks use a lock for threads.
const PLAIN: &str = "No task holds it across an await, as tokio's documentation recommends. A task that waits stops \
                     its thread, and with it the tasks that are queued there.";

/// Adds a lock for threads.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    suite.add::<Params, OnRuntime<Plain<L::WithState<u64>>>>(info.in_role("", PLAIN));
    register_rw_lock::<L>(suite, info);
}

/// Adds a lock for threads to the variants in which tasks read.
pub fn register_rw_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    suite.add::<MostlyReads, OnRuntime<Plain<L::WithState<u64>>>>(info.in_role("", PLAIN));
}

/// Excludes what is no lock for tasks.
pub(super) fn register_exclusions(suite: &mut Suite) {
    let blocking = "blocking_lock panics in a task: see `+await`";
    suite.exclude(NAME, "tokio::sync::Mutex", blocking);
    suite.exclude(
        NAME,
        "tokio::sync::RwLock",
        "blocking_read and blocking_write panic in a task: see `+await`",
    );
    let plain = "a thread of the runtime would park in it for tasks that need the thread: see `+await`";
    for name in ["async_lock::Mutex", "async_lock::RwLock", "mea::mutex::Mutex", "mea::rwlock::RwLock"] {
        suite.exclude(NAME, name, plain);
    }
    let reads = "each operation is an increment, which is a write: see the Mutex of its package";
    for variant in ["task-lock/hot", "task-lock/held"] {
        for name in [
            "std::sync::RwLock",
            "parking_lot::RwLock",
            "parking_lot::RwLock+unlock_fair",
            "parking_lot::RwLock+0.12",
            "crossbeam_utils::sync::ShardedLock",
        ] {
            suite.exclude(variant, name, reads);
        }
    }
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

    /// What `f` says of the number when the lock is free, or held by readers that let others in.
    fn read(&self, f: impl FnOnce(&u64) -> u64 + Send) -> impl Future<Output = u64> + Send;
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

    #[inline]
    fn read(&self, f: impl FnOnce(&u64) -> u64 + Send) -> impl Future<Output = u64> + Send {
        self.0.with(f)
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

    #[inline]
    async fn read(&self, f: impl FnOnce(&u64) -> u64 + Send) -> u64 {
        self.0.with(f)
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
                    for _ in 0..tasks.operations {
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

impl<N: Number> TaskReads for OnRuntime<N> {
    fn run(&mut self, tasks: Tasks) -> Outcome {
        let number = Arc::new(N::new());
        self.0.block_on(async {
            let mut set = JoinSet::new();
            for index in 0..TASKS {
                let number = number.clone();
                set.spawn(async move {
                    let mut reader = Reader::new(index);
                    for _ in 0..tasks.operations {
                        match reader.is_to_increment() {
                            true => number.change(|number| tasks.increment(number)).await,
                            false => reader.saw(number.read(|number| tasks.read(number)).await),
                        }
                    }
                    reader
                });
            }
            let readers = set.join_all().await;
            Outcome { number: number.read(|number| *number).await, readers }
        })
    }
}
