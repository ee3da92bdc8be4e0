//! The table of all that ships: one line a workload, one line a primitive. What a project of your
//! own adds, it adds in the same words: `contend::suite().lock::<MyLock<()>>(Info::new("my::Lock"))`.

use crate::contenders::ChannelMutex;
use crate::model::{Channel, Lock};
use crate::registry::{Info, Suite};
#[cfg(feature = "patterns")]
use crate::workload::patterns;
use crate::workload::{counter, fan_out, map};

/// Families in the order in which they are shown.
pub const FAMILIES: [&str; 23] = [
    "std Mutex",
    "std RwLock",
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

/// All that ships, as far as the features that are on have it.
#[rustfmt::skip]
pub fn suite() -> Suite {
    let mut suite = workloads();
    counter::absences(&mut suite);
    map::absences(&mut suite);
    let std = |name, family| Info::new(name).family(family).package("std");
    suite.lock::<std::sync::Mutex<()>>(std("std::sync::Mutex", "std Mutex").notes("Spins briefly, then sleeps on a futex; unfair. Poisons when a holder panics."));
    suite.lock::<std::sync::RwLock<()>>(std("std::sync::RwLock", "std RwLock").notes("Spins briefly, then sleeps on a futex. On Linux prefers waiting writers. Poisons when a writer panics."));
    suite.sharded_map::<std::sync::Mutex<()>>(std("std::sync::Mutex+64-shards", "std Mutex").notes("64 HashMaps, a Mutex each. Poisons its shard when a holder panics."));
    suite.sharded_map::<std::sync::RwLock<()>>(std("std::sync::RwLock+64-shards", "std RwLock").notes("64 HashMaps, a RwLock each. Poisons its shard when a writer panics."));
    suite.channel::<crate::contenders::std::Unbounded>(std("std::sync::mpsc::channel", "std channels").notes("Unbounded: a slow owner's inbox grows without limit. Who waits spins briefly, then parks. Crossbeam's code since Rust 1.67."));
    suite.channel::<crate::contenders::std::Bounded>(std("std::sync::mpsc::sync_channel", "std channels").notes("Bounded: a sender waits for room. Who waits spins briefly, then parks. Crossbeam's code since Rust 1.67."));
    suite.shared_receiver::<crate::contenders::std::LockedReceiver>(std("std::sync::mpsc::channel+locked-receiver", "std channels").notes("One receiver in an Arc<Mutex<_>> for all workers: who waits for a job waits with the lock held."));
    suite.lock::<ChannelMutex<crate::contenders::std::Bounded, ()>>(std("std::sync::mpsc::sync_channel+token", "std channels").notes("A channel of one message, the state itself, as a lock. Its receiver cannot be shared, so a Mutex stands before it. A panic of the holder loses the state, and all others wait for ever."));
    #[cfg(feature = "contenders")]
    contenders(&mut suite);
    counter::specials(&mut suite);
    map::specials(&mut suite);
    fan_out::specials(&mut suite);
    #[cfg(feature = "patterns")]
    patterns::specials(&mut suite);
    #[cfg(feature = "extra")]
    crate::workload::extra::add(&mut suite);
    for variant in &mut suite.variants {
        variant.contenders.sort_by_key(|member| rank(member.info.family));
    }
    suite
}

/// A family's place in the order in which they are shown.
pub fn rank(family: &str) -> usize {
    let rank = FAMILIES.iter().position(|known| *known == family);
    rank.unwrap_or(FAMILIES.len())
}

/// The workloads, with the floor and the serial loop alone.
pub fn workloads() -> Suite {
    let mut suite = Suite::empty();
    counter::register(&mut suite);
    map::register(&mut suite);
    fan_out::register(&mut suite);
    #[cfg(feature = "patterns")]
    patterns::register(&mut suite);
    suite
}

#[cfg(feature = "contenders")]
#[rustfmt::skip]
fn contenders(suite: &mut Suite) {
    use crate::contenders::{crossbeam, flume, rayon};
    let lot = |name| Info::new(name).family("parking_lot").package("parking_lot");
    suite.lock::<parking_lot::Mutex<()>>(lot("parking_lot::Mutex").notes("Spins, then parks; eventually fair: hands over at least every half millisecond. No poisoning."));
    suite.lock::<parking_lot::FairMutex<()>>(lot("parking_lot::FairMutex").notes("Spins, then parks; hands over to the waiter at every unlock. No poisoning."));
    suite.lock::<parking_lot::RwLock<()>>(lot("parking_lot::RwLock").notes("Spins, then parks; fair to waiting tasks: readers do not pass a waiting writer. No poisoning."));
    suite.lock::<crossbeam_utils::sync::ShardedLock<()>>(Info::new("crossbeam_utils::sync::ShardedLock").family("crossbeam").package("crossbeam-utils").notes("Eight of std's RwLocks: a reader locks its thread's, a writer all, one after the other. Poisons when a writer panics."));
    suite.sharded_map::<parking_lot::Mutex<()>>(lot("parking_lot::Mutex+64-shards").notes("64 HashMaps, a Mutex each. No poisoning."));
    suite.sharded_map::<parking_lot::RwLock<()>>(lot("parking_lot::RwLock+64-shards").notes("64 HashMaps, a RwLock each. No poisoning."));
    let token = |name, package| Info::new(name).family(package);
    suite.lock::<ChannelMutex<crossbeam::Bounded, ()>>(token("crossbeam_channel::bounded+token", "crossbeam").package("crossbeam-channel").notes("A channel of one message, the state itself, as a lock. Spins, then sleeps; whoever comes may pass those who wait. A panic of the holder loses the state, and all others wait for ever."));
    suite.lock::<ChannelMutex<flume::Bounded, ()>>(token("flume::bounded+token", "flume").package("flume").notes("A channel of one message, the state itself, as a lock. Hands it to whoever waits longest. A panic of the holder loses the state, and all others wait for ever. Maintained for fixes only."));
    let bounded = |name, package| Info::new(name).family(package).notes("Bounded, an array: a sender waits for room. Who waits spins briefly, then parks.");
    suite.channel::<crossbeam::Bounded>(bounded("crossbeam_channel::bounded", "crossbeam").package("crossbeam-channel"));
    suite.channel::<flume::Bounded>(bounded("flume::bounded", "flume").package("flume").notes("Bounded, a VecDeque under a Mutex: a sender waits for room. Who waits parks. Maintained for fixes only."));
    suite.shared_receiver::<crossbeam::Bounded>(bounded("crossbeam_channel::bounded+shared", "crossbeam").package("crossbeam-channel").notes("One queue that all workers receive from."));
    suite.shared_receiver::<flume::Bounded>(bounded("flume::bounded+shared", "flume").package("flume").notes("One queue that all workers receive from. Maintained for fixes only."));
    let fold = || Info::new("rayon::fold").family("rayon").package("rayon").notes("fold and reduce on a pool of its own, with a thread for each worker. Nobody sees the total before.");
    suite.contender(rayon::fold::<counter::Hot>(fold()));
    suite.contender(rayon::fold::<counter::Spaced>(fold()));
    suite.contender(rayon::fold::<map::Keys>(fold()));
}

impl Suite {
    /// Adds a lock to every open workload.
    pub fn lock<L: Lock>(&mut self, info: Info) {
        counter::lock::<L>(self, &info);
        map::lock::<L>(self, &info);
        #[cfg(feature = "patterns")]
        patterns::lock::<L>(self, &info);
    }

    /// Adds a map that is split into shards, with a lock around each.
    pub fn sharded_map<L: Lock>(&mut self, info: Info) {
        map::sharded::<L>(self, &info);
    }

    /// Adds a channel: to every open workload with an owner at its end, to fan-out with a queue for
    /// each worker.
    pub fn channel<C: Channel>(&mut self, info: Info) {
        counter::channel::<C>(self, &info);
        map::channel::<C>(self, &info);
        fan_out::add::<fan_out::Dealt<C>>(self, &info);
    }

    /// Adds a channel whose receiver can be shared: to fan-out with one queue for all workers.
    pub fn shared_receiver<C: Channel>(&mut self, info: Info)
    where
        C::Receiver<fan_out::Job>: Clone,
    {
        fan_out::add::<fan_out::SharedReceiver<C>>(self, &info);
    }
}

#[cfg(test)]
mod tests;
