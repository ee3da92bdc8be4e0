//! crossbeam-skiplist: an ordered map.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_skiplist::SkipMap;

use super::crossbeam;
use crate::registry::Suite;
use crate::workload::map::{self, CountMap, Map};

pub(super) fn register(suite: &mut Suite) {
    let name = "crossbeam_skiplist::SkipMap";
    suite.exclude("map/own-hasher", name, "it compares keys and does not hash them: see `read90`");
    let facts = "Ordered and lock-free. Compares keys and does not hash them. Memory is reclaimed by epochs. \
                 Values cannot be changed in place, so each is an AtomicU64.";
    let replaced =
        "it has no way to replace a value that several threads change, except a lock in each value";
    map::exclude(suite, &map::LARGE, name, replaced);
    map::exclude(suite, &map::SHARDS, name, "it is one list, without shards");
    let info = crossbeam("crossbeam-skiplist", name).facts(facts);
    map::count_map::<Skip>(suite, &info);
}

/// `SkipMap`. Only `insert-remove` leaves garbage, which the workers collect as they go on.
struct Skip(SkipMap<u32, AtomicU64>);

impl CountMap for Skip {
    fn filled(model: Map) -> Self {
        let map = SkipMap::new();
        let mut entries: Vec<(u32, u64)> = model.into_entries().collect();
        entries.sort_unstable(); // the fastest order of inserts
        for (key, value) in entries {
            map.insert(key, AtomicU64::new(value));
        }
        Self(map)
    }

    #[inline(always)]
    fn upsert(&self, key: u32) {
        let entry = self.0.get_or_insert_with(key, AtomicU64::default);
        entry.value().fetch_add(1, Ordering::Relaxed);
    }

    #[inline(always)]
    fn get(&self, key: u32) -> Option<u64> {
        Some(self.0.get(&key)?.value().load(Ordering::Relaxed))
    }

    #[inline(always)]
    fn insert(&self, key: u32, value: u64) {
        self.0.insert(key, AtomicU64::new(value));
    }

    #[inline(always)]
    fn remove(&self, key: u32) {
        self.0.remove(&key);
    }

    #[inline(always)]
    fn length(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn for_each(&self, mut each: impl FnMut(u32, u64)) {
        self.0.iter().for_each(|entry| each(*entry.key(), entry.value().load(Ordering::Relaxed)));
    }
}
