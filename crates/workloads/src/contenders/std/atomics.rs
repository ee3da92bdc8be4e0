//! Atomics, and per-thread state that is merged at the end: strategies of the program's own, made of std.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use contend_record::Class;

use crate::model::{Shared, ThreadLocal, handles};
use crate::registry::{Info, Suite};
use crate::workload::counter::atomics::{Atomic, Atomics, CompareExchange, FetchAdd, Shards};
use crate::workload::counter::{self, Count};
use crate::workload::fan_out::{self, Claimed, Jobs};
use crate::workload::map::{self, Map, digest};

pub(super) const FETCH_ADD: &str = "std::sync::atomic+fetch_add";
const COMPARE_EXCHANGE: &str = "std::sync::atomic+compare_exchange";
const SHARDS: &str = "std::sync::atomic+padded-shards";
const SLOTS: &str = "std::sync::atomic+slots";
const MERGED: &str = "per-thread+merged";

pub(super) fn atomics(name: &str, facts: &'static str) -> Info {
    Info::new(name).family("atomics").package("std").facts(facts)
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    let fetch_add = atomics(FETCH_ADD, "One read-modify-write instruction. Wait-free.");
    counter::contender::<Atomic<FetchAdd>>(suite, &fetch_add);
    counter::several::<Atomics<FetchAdd>>(suite, &fetch_add);
    let compare_exchange = atomics(COMPARE_EXCHANGE, "A loop that retries: lock-free, not wait-free.").in_role(
        "",
        "The cost of any update that has no instruction of its own.",
    );
    counter::contender::<Atomic<CompareExchange>>(suite, &compare_exchange);
    counter::several::<Atomics<CompareExchange>>(suite, &compare_exchange);
    let shards = "An atomic for each worker, on cache lines of its own; a read adds them up. It sees every increment \
                  that finished before it, but the sum may be of no one moment.";
    counter::contender::<Shards>(suite, &atomics(SHARDS, "").in_role("", shards));
    let merged = atomics(MERGED, "State for each thread, merged when its work is done. The total is not visible before.");
    counter::contender::<ThreadLocal<Count>>(suite, &merged.in_role("", "A plain number for each thread."));
    map::contender::<ThreadLocal<Map>>(suite, &merged.in_role("", "A HashMap for each thread."));
    let fixed = "Fixed keys, one AtomicU64 each: no map, but what a map of keys that are known beforehand comes to. Never \
                 grows, never hashes, and has no room for a key.";
    map::contender::<KeySlots>(suite, &atomics(SLOTS, "").in_role("", fixed));
    let claim = "Workers claim the next index by fetch_add and store each result in a slot of its own. Woken by unpark.";
    suite.add::<Jobs, Claimed<fan_out::Slots>>(atomics("std::sync::atomic+claim", "").in_role("", claim));
}

fn register_exclusions(suite: &mut Suite) {
    let nothing_held = "nothing is held: the increment is one instruction, and work inside it would be the worker's own, as in `spaced`";
    let retried = "nothing is held: a worker that loses the exchange would do the work again, and no worker would wait";
    for (contender, reason) in [(FETCH_ADD, nothing_held), (SHARDS, nothing_held), (COMPARE_EXCHANGE, retried)] {
        counter::exclude(suite, &["held"], contender, reason);
    }
    let split = "each of the numbers would be split over the workers once more: see `hot`";
    counter::exclude(suite, &counter::SEVERAL, SHARDS, split);
    exclude_partitioned(suite, MERGED);
    suite.exclude("map/growing", SLOTS, "its keys are fixed");
    suite.exclude("map/own-hasher", SLOTS, "it hashes nothing: see `read90`");
}

/// Says where state of each thread's own makes no sense.
pub(in crate::contenders) fn exclude_partitioned(suite: &mut Suite, contender: &str) {
    let own = "nothing is held: each thread has a number of its own";
    counter::exclude(suite, &["held"], contender, own);
    let unseen = "a read of a thread's own part would not see what the others wrote";
    counter::exclude(suite, &["read90"], contender, unseen);
    let alone = "no two threads share a number, however many there are: see `hot`";
    counter::exclude(suite, &counter::SEVERAL, contender, alone);
    map::exclude_reads(suite, contender, "a lookup in a thread's own part would not see what the others wrote");
}

/// One counter for each key.
struct KeySlots(Arc<Box<[AtomicU64]>>);

impl Shared<Map> for KeySlots {
    const CLASS: Class = Class::FixedKeys;

    fn new_handles(model: Map, workers: usize) -> Vec<Self> {
        let slots: Box<[AtomicU64]> = (0..model.keys()).map(|_| AtomicU64::new(0)).collect();
        let slots = Arc::new(slots);
        handles(workers, |_| KeySlots(slots.clone()))
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.0[key as usize].fetch_add(1, Ordering::Relaxed);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        Some(self.0.get(key as usize)?.load(Ordering::Relaxed))
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let slots = handles[0].0.iter().map(|slot| slot.load(Ordering::Relaxed));
        digest(&mut (0..).zip(slots))
    }
}

