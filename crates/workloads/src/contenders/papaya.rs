//! papaya: its hash map.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::papaya::HashMap;

use super::exclusions;
use crate::capability::{Hashing, SuiteHasher, suite_hasher};
use crate::model::{Shared, handles};
use crate::registry::{Checked, Info, Suite};
use crate::workload::fan_out::{BATCH, ClaimingWorkers, IN_MAP, Job, JobResult, Params, ResultStore};
use crate::workload::map::{self, Map, digest};

/// The review of the notes: the documentation of the crate.
const CHECKED: Checked = Checked::on("2026-11-26", "0.2.5");

const NAME: &str = "papaya::HashMap";

pub(super) fn register(suite: &mut Suite) {
    let in_place =
        "values cannot be changed in place: each count would be an atomic behind a lookup, as in `map`";
    suite.exclude("counter", NAME, in_place);
    exclusions::map(suite, NAME);
    let info = Info::of_package("papaya", NAME).checked(CHECKED);
    suite.add::<Params, ClaimingWorkers<HashMap<u64, u64, SuiteHasher>>>(info.in_role("", IN_MAP));
    let facts = "Mostly lock-free; grows step by step. Memory is reclaimed by the crate seize (Hyaline). \
                 Values cannot be changed in place, so each is an AtomicU64.";
    let info = info.facts(facts);
    map::contender::<Papaya<_>>(suite, &info);
    map::own_hasher::<Papaya<_>>(suite, &info);
}

/// `papaya::HashMap`. Each operation pins the map itself, as calls from different places would.
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

impl ResultStore for HashMap<u64, u64, SuiteHasher> {
    fn new() -> Self {
        HashMap::with_capacity_and_hasher(BATCH, suite_hasher())
    }

    #[inline]
    fn put(&self, _: usize, result: JobResult) {
        self.pin().insert(result.id, result.value);
    }

    fn drain(&self, _: &[Job]) -> Vec<JobResult> {
        let map = self.pin();
        let entries = map.iter().map(|(&id, &value)| JobResult { id, value });
        let results = entries.collect();
        map.clear();
        results
    }
}
