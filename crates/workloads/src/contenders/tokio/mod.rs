//! tokio, used from threads: its locks and channels by their blocking calls, its runtime for tasks.

mod locks;
mod once_and_all;
mod select;
mod sync;
mod task_locks;
mod tasks;

pub use task_locks::{register_async_lock, register_lock, register_rw_lock};

use ::tokio::sync::{Mutex, RwLock};

use super::exclusions;
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: `sync` with each type that is used, `task`, `runtime`, and the changelog up to 1.54.1.
const CHECKED: Checked = Checked::on("2026-11-26", "1.54.1");

fn tokio(name: &str) -> Info {
    Info::of_package("tokio", name).checked(CHECKED)
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    let mutex = "Made for async code. Here threads take it by blocking_lock, which says nothing of tasks. First come, \
                 first served. No poisoning. Not reentrant.";
    suite.lock::<Mutex<()>>(tokio("tokio::sync::Mutex").facts(mutex));
    let rw_lock = "Made for async code. Here threads take it by blocking_read and blocking_write, which says nothing \
                   of tasks. First come, first served, writers too. A thread that reads it twice at once deadlocks \
                   when a writer waits. No poisoning.";
    suite.rw_lock::<RwLock<()>>(tokio("tokio::sync::RwLock").facts(rw_lock));
    let bounded = "Made for async code. Here threads use its blocking calls, which says nothing of tasks. Blocks of \
                   32 messages, and a semaphore for room. One receiver.";
    suite.channel::<locks::Bounded>(tokio("tokio::sync::mpsc::channel").facts(bounded)).batch_receive();
    let unbounded = tokio("tokio::sync::mpsc::unbounded_channel");
    let facts = "Grows while the receiver is slower. One receiver. Here a thread receives by a blocking call, which \
                 says nothing of tasks.";
    suite.unbounded_channel::<locks::Unbounded>(unbounded.facts(facts)).batch_receive();
    once_and_all::register(suite);
    sync::register(suite);
    select::register(suite);
    tasks::register(suite);
    task_locks::register(suite);
}

fn register_exclusions(suite: &mut Suite) {
    task_locks::register_exclusions(suite);
    let (mutex, channel, set) = ("tokio::sync::Mutex", "tokio::sync::mpsc::channel", "tokio::task::JoinSet");
    exclusions::channel(suite, channel);
    let condvar = "tokio has no Condvar: its threads and tasks wait on channels";
    let pointer = "cloning an Arc takes almost no time: see std's locks";
    for (workload, contender, reason) in [
        ("handoff", mutex, condvar),
        ("queue", mutex, condvar),
        ("pipeline", mutex, condvar),
        ("fan-out", mutex, condvar),
        (
            "first-error",
            "tokio::sync::Mutex+Option",
            "one error is stored, and no thread waits: see std's Mutex",
        ),
        ("fetch", mutex, "it is held only while one status is stored: see std's Mutex"),
        ("snapshot", "tokio::sync::Mutex+Arc", pointer),
        ("snapshot", "tokio::sync::RwLock+Arc", pointer),
        ("handoff", channel, "it has no capacity of 0"),
        ("semaphore", channel, "its receiver cannot be shared; tokio has a Semaphore"),
        ("snapshot", channel, "its receiver cannot be shared, so it cannot hold a token; tokio has watch"),
        ("spawn", channel, "its receiver cannot be shared by a pool; tokio has tasks"),
        ("cancel", channel, "its receiver cannot be shared; tokio has watch"),
        (
            "fetch",
            channel,
            "blocking requests need threads, and std's channel collects their statuses as well",
        ),
        ("first-error", set, "its tasks must own what they use, and the group's jobs are borrowed"),
        ("slots", set, "its tasks must own what they use, and cannot write to borrowed elements"),
    ] {
        suite.exclude(workload, contender, reason);
    }
}
