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
    suite.lock::<Mutex<()>>(tokio("tokio::sync::Mutex").facts(
        "Taken by blocking_lock, as from a thread; made to be held across await. First come, first served. No poisoning.",
    ));
    suite.rw_lock::<RwLock<()>>(
        tokio("tokio::sync::RwLock")
            .facts("Taken by blocking_read and blocking_write. First come, first served, writers too. No poisoning."),
    );
    suite.channel::<locks::Bounded>(tokio("tokio::sync::mpsc::channel").facts(
        "Made for async code, used by its blocking calls: blocks of 32 messages, a semaphore for room. One receiver.",
    ));
    suite.unbounded_channel::<locks::Unbounded>(
        tokio("tokio::sync::mpsc::unbounded_channel").facts("Grows while the receiver is slower. One receiver."),
    );
    sync::register(suite);
    select::register(suite);
    tasks::register(suite);
}

fn register_exclusions(suite: &mut Suite) {
    let (mutex, channel, set) = ("tokio::sync::Mutex", "tokio::sync::mpsc::channel", "tokio::task::JoinSet");
    for workload in ["handoff", "queue", "pipeline", "fan-out"] {
        suite.exclude(workload, mutex, "tokio has no Condvar: its channels are what threads wait at");
    }
    suite.exclude("first-error", "tokio::sync::Mutex+Option", "one error is kept, and no thread waits: see std's Mutex");
    suite.exclude("fetch", mutex, "it is held while one status is put: see std's Mutex");
    for lock in ["tokio::sync::Mutex+Arc", "tokio::sync::RwLock+Arc"] {
        suite.exclude("snapshot", lock, "an Arc is cloned for no time: see std's locks");
    }
    exclusions::channel(suite, channel);
    suite.exclude("handoff", channel, "it has no capacity of 0");
    suite.exclude("semaphore", channel, "its receiver cannot be shared, and tokio has a Semaphore");
    suite.exclude("snapshot", channel, "its receiver cannot be shared, so it is no token; tokio has watch");
    suite.exclude("spawn", channel, "its receiver cannot be shared by a pool; tokio has tasks");
    suite.exclude("cancel", channel, "its receiver cannot be shared; tokio has watch");
    suite.exclude("fetch", channel, "requests that block need threads, and std's channel collects their statuses as well");
    let borrowed = "its tasks must own what they use, and the group's jobs are borrowed, as errgroup's closures do";
    suite.exclude("first-error", set, borrowed);
    suite.exclude("slots", set, "its tasks must own what they use: they could not write to borrowed elements");
}
