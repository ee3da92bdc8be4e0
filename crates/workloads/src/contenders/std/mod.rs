//! The standard library: its locks, channels, atomics, threads, and values that are made late.

mod atomics;
mod channels;
#[cfg(feature = "patterns")]
mod late;
mod locks;
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

use crate::registry::{Info, Suite};

fn std(name: &str, family: &'static str) -> Info {
    Info::new(name).family(family).package("std")
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    suite
        .lock::<Mutex<()>>(
            std("std::sync::Mutex", "std Mutex")
                .facts("Spins briefly, then sleeps on a futex; unfair. Poisons when a holder panics."),
        )
        .sharded()
        .condvar::<StdCondvar>();
    suite
        .rw_lock::<RwLock<()>>(std("std::sync::RwLock", "std RwLock").facts(
            "Spins briefly, then sleeps on a futex. On Linux waiting writers go first. Poisons when a writer panics.",
        ))
        .sharded();
    suite
        .unbounded_channel::<Unbounded>(std("std::sync::mpsc::channel", "std channels").facts(
            "Unbounded: grows while the receiver is slower. One receiver. Waiters spin briefly, then park. Crossbeam's \
             code since Rust 1.67.",
        ))
        .inbox()
        .locked_receiver();
    suite
        .channel::<Bounded>(std("std::sync::mpsc::sync_channel", "std channels").facts(
            "Bounded: a sender waits for room. One receiver. Waiters spin briefly, then park. Crossbeam's code since \
             Rust 1.67.",
        ))
        .locked_receiver()
        .rendezvous()
        .receive_timeout();
    atomics::register(suite);
    threads::register(suite);
    #[cfg(feature = "patterns")]
    {
        tasks::register(suite);
        waiting::register(suite);
        late::register(suite);
    }
}

/// Says where std has nothing new to show beside what it has.
fn register_exclusions(suite: &mut Suite) {
    let unbounded = "as `std::sync::mpsc::channel+locked-receiver`, with a sender that waits for room";
    suite.exclude("fan-out", "std::sync::mpsc::sync_channel+locked-receiver", unbounded);
    for workload in ["spawn", "fetch"] {
        let unbounded = "as `std::sync::mpsc::channel+pool`, with a sender that waits for room";
        suite.exclude(workload, "std::sync::mpsc::sync_channel+pool", unbounded);
    }
    let close = "as `std::sync::mpsc::channel+close`: no message is ever sent";
    suite.exclude("join", "std::sync::mpsc::sync_channel+close", close);
}
