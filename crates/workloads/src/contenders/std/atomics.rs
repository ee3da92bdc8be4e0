//! Atomics, and per-thread state that is merged at the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use contend_record::Class;

use crate::model::{Shared, ThreadLocal, handles};
use crate::registry::{Info, Suite};
use crate::workload::counter::atomics::{Atomic, Atomics, CompareExchange, FetchAdd, Shards};
use crate::workload::counter::{self, Count};
use crate::workload::fan_out::{self, ClaimingWorkers, ResultSlots};
use crate::workload::map::{self, Map, digest};

pub(super) const FETCH_ADD: &str = "std::sync::atomic+fetch_add";
const COMPARE_EXCHANGE: &str = "std::sync::atomic+compare_exchange";
const SHARDS: &str = "std::sync::atomic+padded-shards";
const SLOTS: &str = "std::sync::atomic+slots";
const MERGED: &str = "per-thread+merged";

pub(super) fn atomics(name: &str, facts: &'static str) -> Info {
    super::std(name, "atomics").facts(facts)
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    let fetch_add = atomics(FETCH_ADD, "One read-modify-write instruction. Wait-free.");
    counter::contender::<Atomic<FetchAdd>>(suite, &fetch_add);
    counter::several::<Atomics<FetchAdd>>(suite, &fetch_add);
    let compare_exchange = atomics(COMPARE_EXCHANGE, "A loop that retries. Lock-free, not wait-free.")
        .in_role("", "The cost of any update that has no instruction of its own.");
    counter::contender::<Atomic<CompareExchange>>(suite, &compare_exchange);
    counter::several::<Atomics<CompareExchange>>(suite, &compare_exchange);
    let shards = "An atomic for each worker, on cache lines of its own. A read adds them up. It sees every \
                  increment that finished before it, but the counter may never have had that sum.";
    counter::contender::<Shards>(suite, &atomics(SHARDS, "").in_role("", shards).sharded());
    let facts =
        "Each thread has its own state, merged when its work is done. The total is not visible before.";
    let merged = atomics(MERGED, facts).sharded();
    counter::contender::<ThreadLocal<Count>>(suite, &merged.in_role("", "A plain number for each thread."));
    map::contender::<ThreadLocal<Map>>(suite, &merged.in_role("", "A HashMap for each thread."));
    let fixed = "An AtomicU64 for each of a fixed set of keys, as in a program that knows its keys beforehand. It \
                 is not a map: it never grows or hashes, and stores no keys.";
    map::contender::<KeySlots>(suite, &atomics(SLOTS, "").in_role("", fixed));
    let claim = "Workers claim the next index by fetch_add, and store each result in a slot of its own. They are \
                 woken by unpark.";
    let info = atomics("std::sync::atomic+claim", "").in_role("", claim);
    suite.add::<fan_out::Params, ClaimingWorkers<ResultSlots>>(info);
}

fn register_exclusions(suite: &mut Suite) {
    let nothing_held = "nothing is held: the increment is one instruction, and work around it would be outside of \
                        it, as in `spaced`";
    let retried =
        "nothing is held: a worker that loses the exchange would repeat the work, and none would wait";
    counter::exclude(suite, &["held"], FETCH_ADD, nothing_held);
    counter::exclude(suite, &["held"], SHARDS, nothing_held);
    counter::exclude(suite, &["held"], COMPARE_EXCHANGE, retried);
    let split = "each number would be split over the workers again: see `hot`";
    counter::exclude(suite, &counter::SEVERAL, SHARDS, split);
    exclude_partitioned(suite, MERGED);
    map::exclude(suite, &["growing", "insert-remove"], SLOTS, "its keys are fixed");
    map::exclude(suite, &map::WHOLE, SLOTS, "its keys are fixed, so nobody asks how many there are");
    map::exclude(suite, &map::LARGE, SLOTS, "its values are words");
    map::exclude(suite, &map::SHARDS, SLOTS, "it has no lock, so it has no shards");
    suite.exclude("map/own-hasher", SLOTS, "it hashes nothing: see `read90`");
}

/// Excludes a contender with per-thread state where that makes no sense.
pub(in crate::contenders) fn exclude_partitioned(suite: &mut Suite, contender: &str) {
    let own = "nothing is held: each thread has a number of its own";
    counter::exclude(suite, &["held"], contender, own);
    let unseen = "a read of a thread's own part would not see what the others wrote";
    counter::exclude(suite, &["read90"], contender, unseen);
    let alone = "no two threads share a number, however many there are: see `hot`";
    counter::exclude(suite, &counter::SEVERAL, contender, alone);
    let unseen = "a lookup in a thread's own part would not see what the others wrote";
    map::exclude_reads(suite, contender, unseen);
    let there =
        "a thread's own part lacks the entries that are there at first, which it would have to remove";
    map::exclude(suite, &["insert-remove"], contender, there);
}

/// An atomic for each key.
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
