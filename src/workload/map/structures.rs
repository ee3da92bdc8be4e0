//! The map's contenders that are no lock around a `HashMap`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Hasher, KEYS, Map, NAME, Upserts, contender, digest};
use crate::model::{Merged, Shared};
use crate::record::Class;
use crate::run::{Suite, about};
use crate::workload::open;

/// Adds the contenders that exist only here.
pub fn specials(suite: &mut Suite) {
    contender::<Slots>(
        suite,
        &about("std::sync::atomic+slots")
            .family("atomics")
            .package("std")
            .notes("Fixed keys, one AtomicU64 each: no map, but what a map of keys known beforehand comes to. Never grows, never hashes."),
    );
    suite.contender({
        open::contender::<Upserts, Merged<Map>>(
            about("per-thread+merged")
                .family("atomics")
                .package("std")
                .notes("A HashMap for each thread, merged into one when its work is done. Nobody sees the total before."),
        )
    });
    suite.absent(
        "map/read90",
        "per-thread+merged",
        "a lookup in a thread's own part would not see what the others wrote",
    );
    suite.absent(NAME, "std::thread::spawn", "a thread for each operation would measure starting threads, which `fan-out` and `spawn` do");

    #[cfg(feature = "contenders")]
    contender::<Dash>(
        suite,
        &about("dashmap::DashMap")
            .family("dashmap")
            .package("dashmap")
            .notes("Shards, a read-write lock each; as many as four times the machine's parallelism, rounded up to a power of two."),
    );
}

/// One counter for each key.
struct Slots(Arc<Box<[AtomicU64]>>);

impl Shared<Map> for Slots {
    const CLASS: Class = Class::FixedKeys;

    fn open(_: Map, workers: usize) -> Vec<Self> {
        let slots: Box<[AtomicU64]> = (0..KEYS).map(|_| AtomicU64::new(0)).collect();
        let slots = Arc::new(slots);
        (0..workers).map(|_| Slots(slots.clone())).collect()
    }

    #[inline]
    fn write(&mut self, key: u32) {
        self.0[key as usize].fetch_add(1, Ordering::Relaxed);
    }

    #[inline]
    fn read(&mut self, key: u32) -> Option<u64> {
        Some(self.0.get(key as usize)?.load(Ordering::Relaxed))
    }

    fn close(handles: Vec<Self>) -> u64 {
        let slots = handles[0].0.iter().map(|slot| slot.load(Ordering::Relaxed));
        digest((0..KEYS).zip(slots))
    }
}

/// `DashMap` with the hasher of all maps.
#[cfg(feature = "contenders")]
struct Dash(Arc<dashmap::DashMap<u32, u64, Hasher>>);

#[cfg(feature = "contenders")]
impl Shared<Map> for Dash {
    fn open(model: Map, workers: usize) -> Vec<Self> {
        let hasher = model.entries.hasher().clone();
        let map = dashmap::DashMap::with_capacity_and_hasher(KEYS as usize, hasher);
        for (key, count) in model.entries {
            map.insert(key, count);
        }
        let map = Arc::new(map);
        (0..workers).map(|_| Dash(map.clone())).collect()
    }

    #[inline]
    fn write(&mut self, key: u32) {
        *self.0.entry(key).or_insert(0) += 1;
    }

    #[inline]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.0.get(&key).map(|count| *count)
    }

    fn close(handles: Vec<Self>) -> u64 {
        let entries = handles[0].0.iter();
        digest(entries.map(|entry| (*entry.key(), *entry.value())))
    }
}
