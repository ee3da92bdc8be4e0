//! A concurrent map whose values are changed in place.

use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::count_map::{Concurrent, CountMap};
use super::divided::Divided;
use super::values::{Value, Values, digest_of_values};
use super::{Hasher, Map, digest};
use crate::capability::{ConcurrentMap, Hashing, ShardedMap, map_advice};
use crate::model::{Shared, handles};

/// A concurrent map whose values are changed in place, with the hasher of the model.
pub struct InPlace<M: ConcurrentMap, H: Hashing> {
    map: M::Map<u32, u64, H>,
    /// The keys that are there from the start: those below this number.
    keys: u32,
}

impl<M: ConcurrentMap, H: Hashing> InPlace<M, H> {
    fn of(map: M::Map<u32, u64, H>, model: Map<H>) -> Self {
        let keys = model.keys() as u32;
        for (key, count) in model.into_entries() {
            M::insert(&map, key, count);
        }
        Self { map, keys }
    }
}

impl<M: ConcurrentMap, H: Hashing> CountMap<H> for InPlace<M, H> {
    fn filled(model: Map<H>) -> Self {
        Self::of(M::new(model.keys(), model.hasher().clone()), model)
    }

    #[inline(always)]
    fn upsert(&self, key: u32) {
        M::upsert(&self.map, key, || 0, |count| *count += 1);
    }

    #[inline(always)]
    fn get(&self, key: u32) -> Option<u64> {
        M::read(&self.map, &key, |count| *count)
    }

    #[inline(always)]
    fn insert(&self, key: u32, value: u64) {
        M::insert(&self.map, key, value);
    }

    #[inline(always)]
    fn remove(&self, key: u32) {
        M::remove(&self.map, &key);
    }

    #[inline(always)]
    fn length(&self) -> usize {
        M::len(&self.map)
    }

    #[inline(always)]
    fn for_each(&self, mut each: impl FnMut(u32, u64)) {
        M::for_each(&self.map, |key, count| each(*key, *count));
    }

    /// For maps that cannot list their entries too.
    fn digest(&self) -> u64 {
        let mut entries = Vec::new();
        M::for_each_of(&self.map, &mut (0..self.keys), |&key, &count| entries.push((key, count)));
        digest(&mut entries.into_iter())
    }

    fn advice() -> Option<String> {
        Some(map_advice::<M, H>(&H::seeded(&mut StdRng::seed_from_u64(0))))
    }
}

/// A concurrent map that is made with as many shards as the model says.
pub struct InShards<M: ShardedMap>(Concurrent<InPlace<M, Hasher>>);

impl<M: ShardedMap> Shared<Divided> for InShards<M> {
    fn new_handles(model: Divided, workers: usize) -> Vec<Self> {
        let parts = model.parts();
        let model = model.into_map();
        let map = M::with_shards(parts, model.keys(), model.hasher().clone());
        Concurrent::of(InPlace::of(map, model), workers).into_iter().map(Self).collect()
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.0.0.upsert(key);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.0.0.get(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.0.digest()
    }
}

/// A concurrent map with large values.
pub struct LargeInPlace<M: ConcurrentMap, const WORDS: usize> {
    map: Arc<M::Map<u32, Value<WORDS>, Hasher>>,
    /// The keys that are there: those below this number.
    keys: u32,
}

impl<M: ConcurrentMap, const WORDS: usize> Shared<Values<WORDS>> for LargeInPlace<M, WORDS> {
    fn new_handles(model: Values<WORDS>, workers: usize) -> Vec<Self> {
        let keys = model.keys();
        let map = M::new(keys, model.hasher().clone());
        for (key, value) in model.into_entries() {
            M::insert(&map, key, value);
        }
        let map = Arc::new(map);
        handles(workers, |_| Self { map: map.clone(), keys: keys as u32 })
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        M::upsert(&self.map, key, Value::default, Value::count);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<Value<WORDS>> {
        M::read(&self.map, &key, |value| *value)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let mut entries = Vec::new();
        let Self { map, keys } = &handles[0];
        M::for_each_of(map, &mut (0..*keys), |&key, &value| entries.push((key, value)));
        digest_of_values(&mut entries.into_iter())
    }
}
