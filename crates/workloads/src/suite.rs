//! All that ships, as far as the features that are on have it.

use crate::contenders::register_contenders;
use crate::registry::Suite;
#[cfg(feature = "extra")]
use crate::workload::task_lock;
#[cfg(feature = "patterns")]
use crate::workload::{
    cancel, fetch, first_error, handoff, join, once, pipeline, queue, select, semaphore, slots, snapshot,
    spawn,
};
use crate::workload::{counter, fan_out, map};

/// Families in the order in which they are shown.
pub const FAMILIES: [&str; 30] = [
    "std Mutex",
    "std RwLock",
    "std sync",
    "atomics",
    "parking_lot",
    "std channels",
    "crossbeam",
    "flume",
    "dashmap",
    "rayon",
    "threads",
    "tokio",
    "kanal",
    "crossfire",
    "async-channel",
    "async-broadcast",
    "oneshot",
    "async-lock",
    "mea",
    "rtrb",
    "ringbuf",
    "papaya",
    "scc",
    "arc-swap",
    "left-right",
    "once_cell",
    "spin",
    "own",
    "serial",
    "driver",
];

/// The workloads, and every package of the suite in them.
pub fn suite() -> Suite {
    let mut suite = workloads();
    register_exclusions(&mut suite);
    register_contenders(&mut suite);
    for variant in &mut suite.variants {
        variant.contenders.sort_by_key(|contender| rank(contender.info.family));
    }
    suite
}

/// The workloads, with the floor and the serial loop alone.
pub fn workloads() -> Suite {
    let mut suite = Suite::empty();
    counter::register(&mut suite);
    map::register(&mut suite);
    fan_out::register(&mut suite);
    #[cfg(feature = "patterns")]
    for register in [
        handoff::register,
        queue::register,
        semaphore::register,
        once::register,
        join::register,
        slots::register,
        snapshot::register,
        select::register,
        cancel::register,
        first_error::register,
        pipeline::register,
        spawn::register,
        fetch::register,
    ] {
        register(&mut suite);
    }
    #[cfg(feature = "extra")]
    task_lock::register(&mut suite);
    suite
}

/// A family's place in the order in which they are shown.
pub fn rank(family: &str) -> usize {
    let rank = FAMILIES.iter().position(|known| *known == family);
    rank.unwrap_or(FAMILIES.len())
}

/// Says what each workload leaves out, and why. Comes before the contenders, which it keeps out.
fn register_exclusions(suite: &mut Suite) {
    counter::register_exclusions(suite);
    map::register_exclusions(suite);
    #[cfg(feature = "patterns")]
    for register in [
        handoff::register_exclusions,
        queue::register_exclusions,
        semaphore::register_exclusions,
        once::register_exclusions,
        join::register_exclusions,
        slots::register_exclusions,
        snapshot::register_exclusions,
        select::register_exclusions,
        cancel::register_exclusions,
        first_error::register_exclusions,
        pipeline::register_exclusions,
        spawn::register_exclusions,
        fetch::register_exclusions,
    ] {
        register(suite);
    }
}

#[cfg(test)]
mod tests;
