//! The table of all that ships: one line a workload, one line a primitive. What a project of your
//! own adds, it adds in the same words: `contend::suite().lock::<MyLock<()>>(about("my::Lock"))`.

use crate::model::{Channel, Lock, Locked, Owned};
use crate::primitive::Token;
use crate::run::{About, Suite, about};
use crate::workload::{
    counter, fan_out, handoff, join, map, once, queue, select, semaphore, slots, snapshot,
};

/// Families in the order in which they are shown.
const FAMILIES: [&str; 13] = [
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
    "own",
    "serial",
    "driver",
];

/// All that ships, as far as the features that are on have it.
#[rustfmt::skip]
pub fn suite() -> Suite {
    let mut suite = workloads();
    let std = |name, family| about(name).family(family).package("std");
    suite.lock::<std::sync::Mutex<()>>(std("std::sync::Mutex", "std Mutex").notes("Spins briefly, then sleeps on a futex; unfair. Poisons when a holder panics."));
    suite.lock::<std::sync::RwLock<()>>(std("std::sync::RwLock", "std RwLock").notes("On Linux prefers waiting writers. Poisons when a writer panics."));
    suite.channel::<crate::primitive::std::Unbounded>(std("std::sync::mpsc::channel", "std channels").notes("Unbounded: a slow owner's inbox grows without limit. Crossbeam's code since Rust 1.67."));
    suite.channel::<crate::primitive::std::Bounded>(std("std::sync::mpsc::sync_channel", "std channels").notes("Bounded: a sender waits for room."));
    suite.shared_receiver::<crate::primitive::std::LockedReceiver>(std("std::sync::mpsc::channel+locked-receiver", "std channels").notes("One receiver in an Arc<Mutex<_>> for all workers."));
    suite.lock::<Token<crate::primitive::std::Bounded, ()>>(std("std::sync::mpsc::sync_channel+token", "std channels").notes("A channel of one message, the state itself, as a lock. Its receiver cannot be shared, so a Mutex stands before it. A panic of the holder loses the state, and all others wait for ever."));
    #[cfg(feature = "contenders")]
    contenders(&mut suite);
    counter::specials(&mut suite);
    map::specials(&mut suite);
    fan_out::specials(&mut suite);
    handoff::specials(&mut suite);
    queue::specials(&mut suite);
    semaphore::specials(&mut suite);
    once::specials(&mut suite);
    join::specials(&mut suite);
    slots::specials(&mut suite);
    snapshot::specials(&mut suite);
    select::specials(&mut suite);
    for variant in &mut suite.variants {
        variant.sort(|about| rank(about.family));
    }
    suite
}

/// A family's place in the order in which they are shown.
pub(crate) fn rank(family: &str) -> usize {
    let rank = FAMILIES.iter().position(|known| *known == family);
    rank.unwrap_or(FAMILIES.len())
}

/// The workloads, with the floor and the serial loop alone.
pub fn workloads() -> Suite {
    let mut suite = Suite::empty();
    counter::register(&mut suite);
    map::register(&mut suite);
    fan_out::register(&mut suite);
    handoff::register(&mut suite);
    queue::register(&mut suite);
    semaphore::register(&mut suite);
    once::register(&mut suite);
    join::register(&mut suite);
    slots::register(&mut suite);
    snapshot::register(&mut suite);
    select::register(&mut suite);
    suite
}

#[cfg(feature = "contenders")]
#[rustfmt::skip]
fn contenders(suite: &mut Suite) {
    use crate::primitive::{crossbeam, flume, rayon};
    let lot = |name| about(name).family("parking_lot").package("parking_lot");
    suite.lock::<parking_lot::Mutex<()>>(lot("parking_lot::Mutex").notes("Spins, then parks; eventually fair: hands over at least every half millisecond. No poisoning."));
    suite.lock::<parking_lot::FairMutex<()>>(lot("parking_lot::FairMutex").notes("Hands over to the waiter at every unlock. No poisoning."));
    suite.lock::<parking_lot::RwLock<()>>(lot("parking_lot::RwLock").notes("Fair to waiting tasks: readers do not pass a waiting writer. No poisoning."));
    suite.lock::<crossbeam_utils::sync::ShardedLock<()>>(about("crossbeam_utils::sync::ShardedLock").family("crossbeam").package("crossbeam-utils").notes("Eight of std's RwLocks: a reader locks its thread's, a writer all, one after the other. Poisons when a writer panics."));
    let token = |name, package| about(name).family(package);
    suite.lock::<Token<crossbeam::Bounded, ()>>(token("crossbeam_channel::bounded+token", "crossbeam").package("crossbeam-channel").notes("A channel of one message, the state itself, as a lock. Spins, then sleeps; whoever comes may pass those who wait. A panic of the holder loses the state, and all others wait for ever."));
    suite.lock::<Token<flume::Bounded, ()>>(token("flume::bounded+token", "flume").package("flume").notes("A channel of one message, the state itself, as a lock. Hands it to whoever waits longest. A panic of the holder loses the state, and all others wait for ever. Maintained for fixes only."));
    let bounded = |name, package| about(name).family(package).notes("Bounded: a sender waits for room.");
    suite.channel::<crossbeam::Bounded>(bounded("crossbeam_channel::bounded", "crossbeam").package("crossbeam-channel"));
    suite.channel::<flume::Bounded>(bounded("flume::bounded", "flume").package("flume").notes("Bounded: a sender waits for room. Maintained for fixes only."));
    suite.shared_receiver::<crossbeam::Bounded>(bounded("crossbeam_channel::bounded+shared", "crossbeam").package("crossbeam-channel").notes("One queue that all workers receive from."));
    suite.shared_receiver::<flume::Bounded>(bounded("flume::bounded+shared", "flume").package("flume").notes("One queue that all workers receive from. Maintained for fixes only."));
    let fold = || about("rayon::fold").family("rayon").package("rayon").notes("fold and reduce on a pool of its own, with a thread for each worker. Nobody sees the total before.");
    suite.contender(rayon::fold::<counter::Hot>(fold()));
    suite.contender(rayon::fold::<counter::Spaced>(fold()));
    suite.contender(rayon::fold::<map::Upserts>(fold()));
    suite.absent("map/read90", "rayon::fold", "a lookup in a thread's own part would not see what the others wrote");
}

impl Suite {
    /// Adds a lock to every open workload.
    pub fn lock<L: Lock>(&mut self, about: About) {
        counter::lock::<L>(self, &about);
        map::contender::<Locked<L::Around<map::Map>>>(self, &about);
        snapshot::add::<Locked<L::Around<snapshot::Config>>>(self, &about);
    }

    /// Adds a channel: to every open workload with an owner at its end, to fan-out with a queue for
    /// each worker.
    pub fn channel<C: Channel>(&mut self, about: About) {
        counter::channel::<C>(self, &about);
        map::contender::<Owned<C, map::Map>>(self, &about);
        fan_out::add::<fan_out::Dealt<C>>(self, &about);
    }

    /// Adds a channel whose receiver can be shared: to fan-out with one queue for all workers.
    pub fn shared_receiver<C: Channel>(&mut self, about: About)
    where
        C::Receiver<fan_out::Job>: Clone,
    {
        fan_out::add::<fan_out::SharedReceiver<C>>(self, &about);
    }
}
