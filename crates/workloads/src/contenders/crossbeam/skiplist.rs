//! crossbeam-skiplist: an ordered map.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_skiplist::SkipMap;

use super::crossbeam;
use crate::model::{Shared, handles};
use crate::registry::Suite;
use crate::workload::map::{self, Answer, Change, Map, Question, Scanned, Sessions, digest};

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
    map::contender::<Skip>(suite, &info);
    map::changing::<Skip>(suite, &info);
}

/// `SkipMap`. Only `insert-remove` leaves garbage, which the workers collect as they go on.
struct Skip(Arc<SkipMap<u32, AtomicU64>>);

impl Skip {
    fn of(model: Map, workers: usize) -> Vec<Self> {
        let map = SkipMap::new();
        let mut entries: Vec<(u32, u64)> = model.into_entries().collect();
        entries.sort_unstable(); // the fastest order of inserts
        for (key, value) in entries {
            map.insert(key, AtomicU64::new(value));
        }
        let map = Arc::new(map);
        handles(workers, |_| Skip(map.clone()))
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

    fn digest(&self) -> u64 {
        let entries = self.0.iter();
        digest(&mut entries.map(|entry| (*entry.key(), entry.value().load(Ordering::Relaxed))))
    }
}

impl Shared<Map> for Skip {
    fn new_handles(model: Map, workers: usize) -> Vec<Self> {
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
}

impl Shared<Sessions> for Skip {
    fn new_handles(model: Sessions, workers: usize) -> Vec<Self> {
        Self::of(model.into_map(), workers)
    }

    #[inline(always)]
    fn write(&mut self, change: Change) {
        match change.value() {
            Some(value) => drop(self.0.insert(change.key(), AtomicU64::new(value))),
            None => drop(self.0.remove(&change.key())),
        }
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        self.get(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].digest()
    }
}

impl Shared<Scanned> for Skip {
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
            Question::Length => Answer::Length(self.0.len() as u64),
            Question::All => Answer::of_all(self.0.iter().map(|entry| entry.value().load(Ordering::Relaxed))),
        }
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].digest()
    }
}
