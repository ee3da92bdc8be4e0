//! The map's contenders that are no lock around a `HashMap`, and why some are not everywhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::variants::WITH_READS;
use super::{Map, NAME, contender, digest};
use crate::model::{Shared, ThreadLocal, handles};
use crate::registry::{Info, Suite};
use contend_record::Class;

const SLOTS: &str = "std::sync::atomic+slots";
const MERGED: &str = "per-thread+merged";

/// Adds the contenders that exist only here.
pub fn specials(suite: &mut Suite) {
    contender::<Slots>(
        suite,
        &Info::new(SLOTS)
            .family("atomics")
            .package("std")
            .notes("Fixed keys, one AtomicU64 each: no map, but what a map of keys known beforehand comes to. Never grows, never hashes, and has no room for a key."),
    );
    contender::<ThreadLocal<Map>>(
        suite,
        &Info::new(MERGED)
            .family("atomics")
            .package("std")
            .notes("A HashMap for each thread, merged into one when its work is done. Nobody sees the total before."),
    );
    #[cfg(feature = "contenders")]
    concurrent::add(suite);
}

/// What is not there, and why. Said before contenders are added, which it keeps out.
pub fn absences(suite: &mut Suite) {
    suite.exclude(NAME, "std::thread::spawn", "a thread for each operation would measure starting threads, which `fan-out` and `spawn` do");
    suite.exclude("map/growing", SLOTS, "its keys are fixed");
    suite.exclude("map/own-hasher", SLOTS, "it hashes nothing: see `read90`");
    let partitioned = [
        MERGED,
        #[cfg(feature = "contenders")]
        "rayon::fold",
    ];
    for name in partitioned {
        for variant in WITH_READS {
            let reason = "a lookup in a thread's own part would not see what the others wrote";
            suite.exclude(&format!("{NAME}/{variant}"), name, reason);
        }
    }
    #[cfg(feature = "contenders")]
    suite.exclude(
        "map/own-hasher",
        concurrent::SKIP,
        "it compares keys and hashes none: see `read90`",
    );
}

/// One counter for each key.
struct Slots(Arc<Box<[AtomicU64]>>);

impl Shared<Map> for Slots {
    const CLASS: Class = Class::FixedKeys;

    fn new_handles(model: Map, workers: usize) -> Vec<Self> {
        let slots: Box<[AtomicU64]> = (0..model.keys()).map(|_| AtomicU64::new(0)).collect();
        let slots = Arc::new(slots);
        handles(workers, |_| Slots(slots.clone()))
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

/// Concurrent maps.
#[cfg(feature = "contenders")]
mod concurrent {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use crossbeam_skiplist::SkipMap;
    use dashmap::DashMap;

    use super::super::{Hashing, Map, contender, digest, own_hasher};
    use crate::model::{Shared, handles};
    use crate::registry::{Info, Suite};

    pub const SKIP: &str = "crossbeam_skiplist::SkipMap";

    pub fn add(suite: &mut Suite) {
        let dash = Info::new("dashmap::DashMap")
            .family("dashmap")
            .package("dashmap")
            .notes("Shards, a read-write lock each; as many as four times the machine's parallelism, rounded up to a power of two. No poisoning. Whoever holds a reference into it and calls it again may wait for itself, for ever.");
        contender::<Dash<_>>(suite, &dash);
        own_hasher::<Dash<_>>(suite, &dash);
        contender::<Skip>(
            suite,
            &Info::new(SKIP)
                .family("crossbeam")
                .package("crossbeam-skiplist")
                .notes("Ordered and lock-free; compares keys and hashes none; memory is reclaimed by epochs. Values cannot be changed in place, so each is an AtomicU64."),
        );
    }

    /// `DashMap` with the hasher of all maps.
    struct Dash<H>(Arc<DashMap<u32, u64, H>>);

    impl<H: Hashing> Shared<Map<H>> for Dash<H> {
        fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
            let hasher = model.entries.hasher().clone();
            let map = DashMap::with_capacity_and_hasher(model.keys(), hasher);
            for (key, count) in model.entries {
                map.insert(key, count);
            }
            let map = Arc::new(map);
            handles(workers, |_| Dash(map.clone()))
        }

        #[inline(always)]
        fn write(&mut self, key: u32) {
            *self.0.entry(key).or_insert(0) += 1;
        }

        #[inline(always)]
        fn read(&mut self, key: u32) -> Option<u64> {
            self.0.get(&key).map(|count| *count)
        }

        fn into_digest(handles: Vec<Self>) -> u64 {
            let entries = handles[0].0.iter();
            digest(&mut entries.map(|entry| (*entry.key(), *entry.value())))
        }
    }

    /// `SkipMap`. Nothing is removed within a window, so that there is no garbage to collect.
    struct Skip(Arc<SkipMap<u32, AtomicU64>>);

    impl Shared<Map> for Skip {
        fn new_handles(model: Map, workers: usize) -> Vec<Self> {
            let map = SkipMap::new();
            let mut keys: Vec<u32> = model.entries.into_keys().collect();
            keys.sort_unstable(); // the quickest order to insert them in
            for key in keys {
                map.insert(key, AtomicU64::new(0));
            }
            let map = Arc::new(map);
            handles(workers, |_| Skip(map.clone()))
        }

        #[inline(always)]
        fn write(&mut self, key: u32) {
            let entry = self.0.get_or_insert_with(key, AtomicU64::default);
            entry.value().fetch_add(1, Ordering::Relaxed);
        }

        #[inline(always)]
        fn read(&mut self, key: u32) -> Option<u64> {
            Some(self.0.get(&key)?.value().load(Ordering::Relaxed))
        }

        fn into_digest(handles: Vec<Self>) -> u64 {
            let entries = handles[0].0.iter();
            digest(&mut entries.map(|entry| (*entry.key(), entry.value().load(Ordering::Relaxed))))
        }
    }
}
