//! The one file of a map that contend does not ship: 16 `HashMap`s, each under a read-write lock.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::RwLock;

use contend::OwnMap;
use contend::capability::{Key, Value};

pub struct ShardedMap<K, V> {
    shards: [RwLock<HashMap<K, V>>; 16],
    hasher: RandomState,
}

impl<K: Key, V: Value> ShardedMap<K, V> {
    fn shard(&self, key: &K) -> &RwLock<HashMap<K, V>> {
        &self.shards[self.hasher.hash_one(key) as usize % self.shards.len()]
    }
}

impl<K: Key, V: Value> OwnMap for ShardedMap<K, V> {
    type Key = K;
    type Value = V;
    type With<L: Key, W: Value> = ShardedMap<L, W>;

    fn with_capacity(capacity: usize) -> Self {
        let shard = |_| RwLock::new(HashMap::with_capacity(capacity / 16));
        Self { shards: std::array::from_fn(shard), hasher: RandomState::new() }
    }

    #[inline(always)]
    fn get(&self, key: &K) -> Option<V> {
        self.shard(key).read().unwrap().get(key).cloned()
    }

    #[inline(always)]
    fn insert(&self, key: K, value: V) {
        self.shard(&key).write().unwrap().insert(key, value);
    }

    #[inline(always)]
    fn update(&self, key: &K, change: impl Fn(&mut V)) -> bool {
        self.shard(key).write().unwrap().get_mut(key).map(change).is_some()
    }

    #[inline(always)]
    fn remove(&self, key: &K) -> Option<V> {
        self.shard(key).write().unwrap().remove(key)
    }

    /// Not needed, but with it variants whose keys come and go are measured too.
    fn entries(&self) -> Option<Vec<(K, V)>> {
        let mut entries = Vec::new();
        for shard in &self.shards {
            entries.extend(shard.read().unwrap().iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        Some(entries)
    }
}
