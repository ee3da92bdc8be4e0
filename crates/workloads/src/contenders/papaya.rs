//! papaya.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::papaya::HashMap;

use super::exclusions;
use crate::capability::Hashing;
use crate::model::{Shared, handles};
use crate::registry::{Info, Suite};
use crate::workload::fan_out::{BATCH, IN_MAP, Job, JobResult, Params, ResultStore, ClaimingWorkers};
use crate::workload::map::{self, Map, digest};

const NAME: &str = "papaya::HashMap";

pub(super) fn register(suite: &mut Suite) {
    let in_place = "a value cannot be changed in place, so it would be an atomic behind a lookup: see `map`";
    suite.exclude("counter", NAME, in_place);
    exclusions::map(suite, NAME);
    let papaya = Info::of_package("papaya", NAME).facts(
        "Lock-free; memory is reclaimed by its crate seize (Hyaline). Values cannot be changed in place, so each is an \
         AtomicU64.",
    );
    map::contender::<Papaya<_>>(suite, &papaya);
    map::own_hasher::<Papaya<_>>(suite, &papaya);
    suite.add::<Params, ClaimingWorkers<HashMap<u64, u64>>>(Info::of_package("papaya", NAME).in_role("", IN_MAP));
}

/// `papaya::HashMap`. Each operation pins by itself, as calls from different places would.
struct Papaya<H>(Arc<HashMap<u32, AtomicU64, H>>);

impl<H: Hashing> Shared<Map<H>> for Papaya<H> {
    fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
        let hasher = model.hasher().clone();
        let map = HashMap::with_capacity_and_hasher(model.keys(), hasher);
        for (key, count) in model.into_entries() {
            map.pin().insert(key, AtomicU64::new(count));
        }
        let map = Arc::new(map);
        handles(workers, |_| Papaya(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        let map = self.0.pin();
        let count = map.get_or_insert_with(key, AtomicU64::default);
        count.fetch_add(1, Ordering::Relaxed);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        Some(self.0.pin().get(&key)?.load(Ordering::Relaxed))
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let map = handles[0].0.pin();
        let entries = map.iter();
        digest(&mut entries.map(|(&key, count)| (key, count.load(Ordering::Relaxed))))
    }
}

impl ResultStore for HashMap<u64, u64> {
    fn new() -> Self {
        HashMap::with_capacity(BATCH)
    }

    #[inline]
    fn put(&self, _: usize, done: JobResult) {
        self.pin().insert(done.id, done.value);
    }

    fn drain(&self, _: &[Job]) -> Vec<JobResult> {
        let map = self.pin();
        let entries = map.iter().map(|(&id, &value)| JobResult { id, value });
        let results = entries.collect();
        map.clear();
        results
    }
}
