//! crossbeam-skiplist: an ordered map.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_skiplist::SkipMap;

use super::crossbeam;
use crate::model::{Shared, handles};
use crate::registry::Suite;
use crate::workload::map::{self, Map, digest};

pub(super) fn register(suite: &mut Suite) {
    let name = "crossbeam_skiplist::SkipMap";
    suite.exclude("map/own-hasher", name, "it compares keys and does not hash them: see `read90`");
    let facts = "Ordered and lock-free. Compares keys and does not hash them. Memory is reclaimed by epochs. \
                 Values cannot be changed in place, so each is an AtomicU64.";
    map::contender::<Skip>(suite, &crossbeam("crossbeam-skiplist", name).facts(facts));
}

/// `SkipMap`. A window removes no entry, so there is no garbage to collect.
struct Skip(Arc<SkipMap<u32, AtomicU64>>);

impl Shared<Map> for Skip {
    fn new_handles(model: Map, workers: usize) -> Vec<Self> {
        let map = SkipMap::new();
        let mut keys: Vec<u32> = model.into_entries().map(|(key, _)| key).collect();
        keys.sort_unstable(); // the fastest order of inserts
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
