//! The standard library: locks, channels, atomics, threads, and values that are made late.

mod atomics;
mod channels;
mod locks;
#[cfg(feature = "patterns")]
mod once;
#[cfg(feature = "patterns")]
mod tasks;
mod threads;
#[cfg(feature = "patterns")]
mod waiting;

use std::sync::{Mutex, RwLock};

#[cfg(feature = "contenders")]
pub(super) use atomics::exclude_partitioned;
pub use channels::{Bounded, Unbounded};
pub use locks::StdCondvar;

use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the documentation of std 1.95, and the sources of its futex locks and of its channels.
const CHECKED: Checked = Checked::on("2026-11-26", "1.95");

fn std(name: &str, family: &'static str) -> Info {
    Info::new(name).family(family).package("std").checked(CHECKED)
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    let mutex = "On Linux spins briefly, then sleeps on a futex. Unfair. Poisons when a holder panics. Not reentrant: \
                 a second lock by its holder deadlocks or panics.";
    let mutex = std("std::sync::Mutex", "std Mutex").facts(mutex);
    let mutex = suite.lock::<Mutex<()>>(mutex).sharded().condvar::<StdCondvar>();
    #[cfg(feature = "patterns")]
    mutex.counted_waiters::<StdCondvar>();
    #[cfg(not(feature = "patterns"))]
    let _ = mutex;
    let rw_lock = "On Linux spins briefly, then sleeps on a futex, and waiting writers go first. A thread that reads \
                   it twice at once may deadlock when a writer waits. Poisons when a writer panics.";
    let rw_lock = std("std::sync::RwLock", "std RwLock").facts(rw_lock);
    suite.rw_lock::<RwLock<()>>(rw_lock.clone()).sharded();
    let unbounded = "Unbounded: grows while the receiver is slower. One receiver. Waiters park at once. \
                     Since Rust 1.67 a port of crossbeam's channel.";
    let unbounded = std("std::sync::mpsc::channel", "std channels").facts(unbounded);
    suite.unbounded_channel::<Unbounded>(unbounded).inbox().locked_receiver();
    let bounded = "Bounded: a sender waits for room. One receiver. Waiters park at once. Since Rust 1.67 a \
                   port of crossbeam's channel.";
    let bounded = std("std::sync::mpsc::sync_channel", "std channels").facts(bounded);
    suite.channel::<Bounded>(bounded).locked_receiver().rendezvous().receive_timeout();
    atomics::register(suite);
    threads::register(suite);
    #[cfg(feature = "patterns")]
    {
        tasks::register(suite);
        waiting::register(suite);
        once::register(suite);
        once::register_downgrade(suite, &rw_lock);
    }
}

/// Excludes contenders that would repeat others of std.
fn register_exclusions(suite: &mut Suite) {
    let unbounded =
        "the same as `std::sync::mpsc::channel+locked-receiver`, with a sender that waits for room";
    suite.exclude("fan-out", "std::sync::mpsc::sync_channel+locked-receiver", unbounded);
    #[cfg(feature = "patterns")]
    for workload in ["spawn", "fetch"] {
        let unbounded = "the same as `std::sync::mpsc::channel+pool`, with a sender that waits for room";
        suite.exclude(workload, "std::sync::mpsc::sync_channel+pool", unbounded);
    }
    let nonpoison = "unstable (feature `nonpoison_mutex`): a Mutex without poisoning, as parking_lot's";
    suite.exclude("counter", "std::sync::nonpoison::Mutex", nonpoison);
    let reentrant = "unstable (feature `reentrant_lock`), and it lends its value for reads only: see Mutex";
    suite.exclude("counter", "std::sync::ReentrantLock", reentrant);
    #[cfg(feature = "patterns")]
    for (workload, contender, reason) in [
        ("queue", "std::sync::mpsc+batch", "its try_iter receives one message at a time"),
        ("queue", "std::sync::mpmc", "unstable (feature `mpmc_channel`): crossbeam's channel is its model"),
        ("fan-out", "std::sync::mpmc+shared", "unstable (feature `mpmc_channel`): see crossbeam's channel"),
        (
            "queue",
            "std::sync::oneshot",
            "unstable (feature `oneshot_channel`): a sync_channel of one message is in its place",
        ),
        (
            "join",
            "std::sync::mpsc::sync_channel+close",
            "the same as `std::sync::mpsc::channel+close`: no message is ever sent",
        ),
    ] {
        suite.exclude(workload, contender, reason);
    }
}
