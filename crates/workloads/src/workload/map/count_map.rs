//! A concurrent map from keys to counts, in every variant whose values are a word.

use std::sync::Arc;

use super::churn::{Change, Sessions};
use super::scan::{Answer, Question, Scanned};
use super::{Hasher, Map, digest};
use crate::capability::Hashing;
use crate::model::{Shared, handles};

/// A concurrent map from keys to counts.
pub trait CountMap<H: Hashing = Hasher>: Send + Sync + Sized + 'static {
    /// A map with the entries of the model.
    fn filled(model: Map<H>) -> Self;

    /// Adds one to the count of a key, which is inserted where it is missing.
    fn upsert(&self, key: u32);

    /// The count of a key.
    fn get(&self, key: u32) -> Option<u64>;

    /// Inserts an entry, or replaces its value.
    fn insert(&self, key: u32, value: u64);

    /// Removes a key, where it is there.
    fn remove(&self, key: u32);

    /// How many entries there are.
    fn length(&self) -> usize;

    /// Calls `each` with every entry. Others may change values meanwhile.
    fn for_each(&self, each: impl FnMut(u32, u64));

    /// See [`digest`]. Not timed.
    fn digest(&self) -> u64 {
        let mut entries = Vec::new();
        self.for_each(|key, count| entries.push((key, count)));
        digest(&mut entries.into_iter())
    }

    /// See [`Shared::advice`].
    fn advice() -> Option<String> {
        None
    }
}

/// Handles on a concurrent map.
pub struct Concurrent<M>(pub(super) Arc<M>);

impl<M> Concurrent<M> {
    pub(super) fn of(map: M, workers: usize) -> Vec<Self> {
        let map = Arc::new(map);
        handles(workers, |_| Self(map.clone()))
    }
}

impl<H: Hashing, M: CountMap<H>> Shared<Map<H>> for Concurrent<M> {
    fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
        Self::of(M::filled(model), workers)
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

    fn advice() -> Option<String> {
        M::advice()
    }
}

impl<M: CountMap> Shared<Sessions> for Concurrent<M> {
    fn new_handles(model: Sessions, workers: usize) -> Vec<Self> {
        Self::of(M::filled(model.into_map()), workers)
    }

    #[inline(always)]
    fn write(&mut self, change: Change) {
        match change.value() {
            Some(value) => self.0.insert(change.key(), value),
            None => self.0.remove(change.key()),
        }
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.0.get(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.digest()
    }

    fn advice() -> Option<String> {
        M::advice()
    }
}

impl<M: CountMap> Shared<Scanned> for Concurrent<M> {
    fn new_handles(model: Scanned, workers: usize) -> Vec<Self> {
        Self::of(M::filled(model.into_map()), workers)
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.0.upsert(key);
    }

    #[inline(always)]
    fn read(&mut self, question: Question) -> Answer {
        match question {
            Question::Key(key) => self.0.get(key).map_or(Answer::Absent, Answer::Value),
            Question::Length => Answer::Length(self.0.length() as u64),
            Question::All => {
                let (mut entries, mut sum) = (0, 0);
                self.0.for_each(|_, count| {
                    entries += 1;
                    sum += count;
                });
                Answer::All { entries, sum }
            }
        }
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.digest()
    }

    fn advice() -> Option<String> {
        M::advice()
    }
}
