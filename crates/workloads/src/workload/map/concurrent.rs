//! A concurrent map whose values are changed in place.

use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::churn::{Change, Sessions};
use super::divided::Divided;
use super::scan::{Answer, Question, Scanned};
use super::values::{Value, Values, digest_of_values};
use super::{Hasher, Map, digest};
use crate::capability::{ConcurrentMap, Hashing, ShardedMap, map_advice};
use crate::model::{Shared, handles};

/// A concurrent map with the hasher of the model.
pub struct InPlace<M: ConcurrentMap, H: Hashing> {
    map: Arc<M::Map<u32, u64, H>>,
    /// The keys that are there from the start: those below this number.
    keys: u32,
}

impl<M: ConcurrentMap, H: Hashing> InPlace<M, H> {
    fn filled(map: M::Map<u32, u64, H>, model: Map<H>, workers: usize) -> Vec<Self> {
        let keys = model.keys() as u32;
        for (key, count) in model.into_entries() {
            M::insert(&map, key, count);
        }
        let map = Arc::new(map);
        handles(workers, |_| Self { map: map.clone(), keys })
    }

    fn of(model: Map<H>, workers: usize) -> Vec<Self> {
        Self::filled(M::new(model.keys(), model.hasher().clone()), model, workers)
    }

    #[inline(always)]
    fn upsert(&self, key: u32) {
        M::upsert(&self.map, key, || 0, |count| *count += 1);
    }

    #[inline(always)]
    fn get(&self, key: u32) -> Option<u64> {
        M::read(&self.map, &key, |count| *count)
    }

    fn entries(&self) -> Vec<(u32, u64)> {
        let mut entries = Vec::new();
        M::for_each_of(&self.map, &mut (0..self.keys), |&key, &count| entries.push((key, count)));
        entries
    }

    fn digest(&self) -> u64 {
        digest(&mut self.entries().into_iter())
    }

    fn advice() -> Option<String> {
        Some(map_advice::<M, H>(&H::seeded(&mut StdRng::seed_from_u64(0))))
    }
}

impl<M: ConcurrentMap, H: Hashing> Shared<Map<H>> for InPlace<M, H> {
    fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
        Self::of(model, workers)
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.upsert(key);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.get(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].digest()
    }

    fn advice() -> Option<String> {
        Self::advice()
    }
}

impl<M: ConcurrentMap> Shared<Sessions> for InPlace<M, Hasher> {
    fn new_handles(model: Sessions, workers: usize) -> Vec<Self> {
        Self::of(model.into_map(), workers)
    }

    #[inline(always)]
    fn write(&mut self, change: Change) {
        match change.value() {
            Some(value) => M::insert(&self.map, change.key(), value),
            None => M::remove(&self.map, &change.key()),
        }
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.get(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].digest()
    }

    fn advice() -> Option<String> {
        Self::advice()
    }
}

impl<M: ConcurrentMap> Shared<Scanned> for InPlace<M, Hasher> {
    fn new_handles(model: Scanned, workers: usize) -> Vec<Self> {
        Self::of(model.into_map(), workers)
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.upsert(key);
    }

    #[inline(always)]
    fn read(&mut self, question: Question) -> Answer {
        match question {
            Question::Key(key) => self.get(key).map_or(Answer::Absent, Answer::Value),
            Question::Length => Answer::Length(M::len(&self.map) as u64),
            Question::All => {
                let (mut entries, mut sum) = (0, 0);
                M::for_each(&self.map, |_, count| {
                    entries += 1;
                    sum += count;
                });
                Answer::All { entries, sum }
            }
        }
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].digest()
    }

    fn advice() -> Option<String> {
        Self::advice()
    }
}

/// A concurrent map that is made with as many shards as the model says.
pub struct InShards<M: ShardedMap>(InPlace<M, Hasher>);

impl<M: ShardedMap> Shared<Divided> for InShards<M> {
    fn new_handles(model: Divided, workers: usize) -> Vec<Self> {
        let parts = model.parts();
        let model = model.into_map();
        let map = M::with_shards(parts, model.keys(), model.hasher().clone());
        InPlace::filled(map, model, workers).into_iter().map(Self).collect()
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.0.upsert(key);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.0.get(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.digest()
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
