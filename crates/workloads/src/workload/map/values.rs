//! `read90-256B` and `read90-1KiB`: values that are not a word. An upsert changes all of a value, and a lookup copies
//! it out, as programs do that must not hold the lock while they use it.

use std::collections::HashMap;

use super::split::{Split, split_entries};
use super::{Hasher, Keys, Worker, check_hits};
use crate::model::applied::{WATCHED, count_watched_write};
use crate::model::{Model, Shared};
use crate::workload::open::OpenWorkload;
use crate::workload::ring::weight;
use contend_record::Class;

/// A value of `WORDS` times 8 bytes. Each word counts the upserts of its key, so that a mixture of two values shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<const WORDS: usize>(pub [u64; WORDS]);

impl<const WORDS: usize> Default for Value<WORDS> {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

impl<const WORDS: usize> Value<WORDS> {
    /// An upsert of its key.
    #[inline(always)]
    pub fn count(&mut self) {
        for word in &mut self.0 {
            *word += 1;
        }
    }

    /// Whether all of it is of one upsert.
    #[inline(always)]
    fn whole(&self) -> bool {
        self.0.iter().all(|word| *word == self.0[0])
    }

    /// What the digest has of it, except the key.
    fn sum(&self) -> u64 {
        self.0.iter().fold(1, |sum: u64, word| sum.wrapping_add(*word))
    }
}

/// The weighted sum of the entries: [`Shared::into_digest`] of a map with such values.
pub fn digest_of_values<const WORDS: usize>(entries: &mut dyn Iterator<Item = (u32, Value<WORDS>)>) -> u64 {
    entries.fold(0, |sum: u64, (key, value)| sum.wrapping_add(weight(key).wrapping_mul(value.sum())))
}

/// The state: a map with large values.
#[derive(Clone)]
pub struct Values<const WORDS: usize> {
    entries: HashMap<u32, Value<WORDS>, Hasher>,
}

impl<const WORDS: usize> Values<WORDS> {
    /// How many keys it has.
    pub fn keys(&self) -> usize {
        self.entries.len()
    }

    /// Its hasher, which all maps of a fork share.
    pub fn hasher(&self) -> &Hasher {
        self.entries.hasher()
    }

    #[cfg(test)]
    pub(super) fn replace(&mut self, key: u32, value: Value<WORDS>) {
        self.entries.insert(key, value);
    }

    /// The entries.
    pub fn into_entries(self) -> impl Iterator<Item = (u32, Value<WORDS>)> {
        self.entries.into_iter()
    }
}

impl<const WORDS: usize> Model for Values<WORDS> {
    type Write = u32;
    type Read = u32;
    type Answer = Option<Value<WORDS>>;

    #[inline(always)]
    fn write(&mut self, key: u32) {
        let value = self.entries.entry(key).or_default();
        value.count();
        if value.0[0] > WATCHED {
            count_watched_write();
        }
    }

    #[inline(always)]
    fn read(&self, key: u32) -> Option<Value<WORDS>> {
        self.entries.get(&key).copied()
    }

    fn digest(&self) -> u64 {
        digest_of_values(&mut self.entries.iter().map(|(&key, &value)| (key, value)))
    }
}

impl<const WORDS: usize> Split for Values<WORDS> {
    type Hasher = Hasher;

    fn hasher(&self) -> &Hasher {
        self.entries.hasher()
    }

    fn split(self, parts: usize, part_of: &dyn Fn(u32) -> usize) -> Vec<Self> {
        let parts = split_entries(self.entries, parts, part_of).into_iter();
        parts.map(|entries| Self { entries }).collect()
    }

    fn written(key: &u32) -> u32 {
        *key
    }

    fn asked(key: &u32) -> Option<u32> {
        Some(*key)
    }
}

/// The operations of [`Keys`] on large values.
pub struct LargeValues<const WORDS: usize> {
    keys: Keys,
    /// The map that each window starts with.
    values: Values<WORDS>,
}

impl<const WORDS: usize> LargeValues<WORDS> {
    /// The same keys and operations, with other values.
    pub(super) fn new(keys: Keys) -> Self {
        let entries = keys.map.entries.keys().map(|key| (*key, Value::default()));
        let mut large = HashMap::with_capacity_and_hasher(keys.map.keys(), keys.map.hasher().clone());
        large.extend(entries);
        Self { values: Values { entries: large }, keys }
    }
}

/// A worker's place in its stream, and the values that it saw in pieces.
pub struct Reader {
    worker: Worker,
    torn: u64,
}

impl<const WORDS: usize> OpenWorkload for LargeValues<WORDS> {
    type Model = Values<WORDS>;
    type Worker = Reader;

    fn model(&self) -> Values<WORDS> {
        self.values.clone()
    }

    fn worker(&self, index: usize) -> Reader {
        Reader { worker: self.keys.worker(index), torn: 0 }
    }

    #[inline(always)]
    fn operation<S: Shared<Values<WORDS>>>(&self, reader: &mut Reader, shared: &mut S) {
        let operation = self.keys.ring.next(&mut reader.worker.place);
        if operation.write() {
            shared.write(operation.key());
        } else if let Some(value) = shared.read(operation.key()) {
            reader.worker.hits += 1;
            reader.torn += u64::from(!value.whole());
        }
    }

    fn watched(&self) -> Option<(Values<WORDS>, u32)> {
        let (map, key) = self.keys.watched()?;
        let mut entries = HashMap::with_capacity_and_hasher(1, map.hasher().clone());
        entries.insert(key, Value([WATCHED; WORDS]));
        Some((Values { entries }, key))
    }

    /// Checks what [`Keys`] checks, for each word of the values, and that no lookup saw a mixture of two values.
    fn check(&self, _: Class, workers: &[(Reader, u64)], digest: u64) -> Result<(), String> {
        let torn: u64 = workers.iter().map(|(reader, _)| reader.torn).sum();
        if torn > 0 {
            return Err(format!("{torn} lookups saw a mixture of two values"));
        }
        let places: Vec<_> = workers.iter().map(|(reader, count)| (reader.worker.place, *count)).collect();
        let hits = workers.iter().map(|(reader, _)| reader.worker.hits).sum();
        let wanted = check_hits(&self.keys.ring, &places, hits)?;
        self.keys.check_entries(wanted.writes, wanted.digest.wrapping_mul(WORDS as u64), digest)
    }
}
