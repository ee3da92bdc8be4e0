//! dashmap: its sharded map.

use ::dashmap::DashMap;

use crate::capability::{ConcurrentMap, Hashing, Key, ShardedMap};
use crate::registry::{Info, Suite};
use crate::workload::map;

const NAME: &str = "dashmap::DashMap";

pub(super) fn register(suite: &mut Suite) {
    let facts = "Shards, each behind a read-write lock: four for each CPU, rounded up to a power of two. No \
                 poisoning. A thread that holds a reference into it and calls it again may deadlock.";
    map::exclude(suite, &["shards1"], NAME, "it has at least two shards");
    suite.map::<Dash>(Info::of_package("dashmap", NAME).facts(facts)).shard_count();
}

/// `DashMap`.
pub struct Dash;

impl ConcurrentMap for Dash {
    type Map<K: Key, V: Send + Sync + 'static, H: Hashing> = DashMap<K, V, H>;

    fn new<K: Key, V: Send + Sync + 'static, H: Hashing>(capacity: usize, hasher: H) -> DashMap<K, V, H> {
        DashMap::with_capacity_and_hasher(capacity, hasher)
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

impl ShardedMap for Dash {
    fn with_shards<K: Key, V: Send + Sync + 'static, H: Hashing>(
        shards: usize,
        capacity: usize,
        hasher: H,
    ) -> DashMap<K, V, H> {
        DashMap::with_capacity_and_hasher_and_shard_amount(capacity, hasher, shards)
    }
}
