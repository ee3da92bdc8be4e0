//! dashmap: its sharded map.

use ::dashmap::DashMap;

use crate::capability::{ConcurrentMap, Hashing, Key, ShardedMap, Value};
use crate::registry::{Checked, Info, Suite};
use crate::workload::{counter, map};

/// The review of the notes: "Locking behaviour" of each method, and the sources of its lock and of its default shards.
const CHECKED: Checked = Checked::on("2026-11-26", "6.2.1");

pub(super) fn register(suite: &mut Suite) {
    let facts = "Shards, each behind a read-write lock: four for each CPU, rounded up to a power of two. No \
                 poisoning. A thread that holds a reference into it and calls it again may deadlock.";
    map::exclude(suite, &["shards1"], NAME, "it has at least two shards");
    let info = |name| Info::of_package("dashmap", name).checked(CHECKED).sharded();
    suite.map::<Dash<DEFAULT>>(info(NAME).facts(facts)).shard_count();
    let more = format!("{NAME}+256-shards");
    let one = "one entry is in one shard, however many there are: see `locks64`";
    counter::exclude(suite, &["hot", "spaced", "held", "read90"], &more, one);
    map::exclude(suite, &map::SHARDS, &more, "DashMap is there, with as many shards as the variant says");
    suite.exclude("fan-out", &more, "256 results do not show shards: see `map`");
    #[cfg(feature = "patterns")]
    suite.exclude("fetch", &more, "32 pages of 100 to 400 µs do not show shards: see `map`");
    let facts = "256 shards, each behind a read-write lock on a cache line of its own: more than the default on at \
                 most 32 CPUs. No poisoning. A thread that holds a reference into it and calls it again may deadlock.";
    suite.map::<Dash<256>>(info(&more).facts(facts));
}

const NAME: &str = "dashmap::DashMap";

/// The number of shards that DashMap chooses.
const DEFAULT: usize = 0;

/// `DashMap` with a number of shards.
pub struct Dash<const SHARDS: usize>;

impl<const SHARDS: usize> ConcurrentMap for Dash<SHARDS> {
    type Map<K: Key, V: Value, H: Hashing> = DashMap<K, V, H>;

    fn new<K: Key, V: Send + Sync + 'static, H: Hashing>(capacity: usize, hasher: H) -> DashMap<K, V, H> {
        match SHARDS {
            DEFAULT => DashMap::with_capacity_and_hasher(capacity, hasher),
            _ => DashMap::with_capacity_and_hasher_and_shard_amount(capacity, hasher, SHARDS),
        }
    }

    #[inline(always)]
    fn insert<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &DashMap<K, V, H>, key: K, value: V) {
        map.insert(key, value);
    }

    #[inline(always)]
    fn upsert<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &DashMap<K, V, H>,
        key: K,
        default: impl FnOnce() -> V,
        change: impl FnOnce(&mut V),
    ) {
        change(&mut map.entry(key).or_insert_with(default));
    }

    #[inline(always)]
    fn modify<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &DashMap<K, V, H>,
        key: &K,
        change: impl FnOnce(&mut V),
    ) -> bool {
        map.get_mut(key).map(|mut value| change(&mut value)).is_some()
    }

    #[inline(always)]
    fn remove<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &DashMap<K, V, H>, key: &K) {
        map.remove(key);
    }

    fn len<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &DashMap<K, V, H>) -> usize {
        map.len()
    }

    #[inline(always)]
    fn read<K: Key, V: Send + Sync + 'static, H: Hashing, R>(
        map: &DashMap<K, V, H>,
        key: &K,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        map.get(key).map(|value| read(&value))
    }

    fn for_each<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &DashMap<K, V, H>,
        mut each: impl FnMut(&K, &V),
    ) {
        for entry in map {
            each(entry.key(), entry.value());
        }
    }

    fn clear<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &DashMap<K, V, H>) {
        map.clear();
    }
}

impl<const SHARDS: usize> ShardedMap for Dash<SHARDS> {
    fn with_shards<K: Key, V: Send + Sync + 'static, H: Hashing>(
        shards: usize,
        capacity: usize,
        hasher: H,
    ) -> DashMap<K, V, H> {
        DashMap::with_capacity_and_hasher_and_shard_amount(capacity, hasher, shards)
    }
}
