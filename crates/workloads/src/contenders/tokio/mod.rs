//! tokio, used from threads: its locks and channels by their blocking calls, its runtime for tasks.

mod locks;
mod select;
mod sync;
mod tasks;

use ::tokio::sync::{Mutex, RwLock};

use super::exclusions;
use crate::registry::{Info, Suite};

fn tokio(name: &str) -> Info {
    Info::of_package("tokio", name)
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    let mutex = "Made for async code, taken here by blocking_lock. First come, first served. No poisoning.";
    suite.lock::<Mutex<()>>(tokio("tokio::sync::Mutex").facts(mutex));
    let rw_lock =
        "Taken by blocking_read and blocking_write. First come, first served, writers too. No poisoning.";
    suite.rw_lock::<RwLock<()>>(tokio("tokio::sync::RwLock").facts(rw_lock));
    let bounded = "Made for async code, used here by its blocking calls. Blocks of 32 messages, and a semaphore for \
                   room. One receiver.";
    suite.channel::<locks::Bounded>(tokio("tokio::sync::mpsc::channel").facts(bounded));
    let unbounded = tokio("tokio::sync::mpsc::unbounded_channel");
    let facts = "Grows while the receiver is slower. One receiver.";
    suite.unbounded_channel::<locks::Unbounded>(unbounded.facts(facts));
    sync::register(suite);
    select::register(suite);
    tasks::register(suite);
}

fn register_exclusions(suite: &mut Suite) {
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
