//! papaya: its hash map.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::papaya::HashMap;

use super::exclusions;
use crate::capability::{Hashing, SuiteHasher, suite_hasher};
use crate::model::{Shared, handles};
use crate::registry::{Checked, Info, Suite};
use crate::workload::fan_out::{BATCH, ClaimingWorkers, IN_MAP, Job, JobResult, Params, ResultStore};
use crate::workload::map::{
    self, Concurrent, CountMap, Hasher, LargeValues, Map, Value, Values, digest_of_values,
};

/// The review of the notes: the documentation of the crate.
const CHECKED: Checked = Checked::on("2026-11-26", "0.2.5");

const NAME: &str = "papaya::HashMap";

pub(super) fn register(suite: &mut Suite) {
    let in_place =
        "values cannot be changed in place: each count would be an atomic behind a lookup, as in `map`";
    suite.exclude("counter", NAME, in_place);
    exclusions::map(suite, NAME);
    let facts = "Mostly lock-free; grows step by step. Memory is reclaimed by the crate seize (Hyaline). Values cannot \
                 be changed in place.";
    let info = Info::of_package("papaya", NAME).checked(CHECKED).facts(facts);
    suite.add::<Params, ClaimingWorkers<HashMap<u64, u64, SuiteHasher>>>(info.in_role("", IN_MAP));
    map::exclude(suite, &map::SHARDS, NAME, "it is one table, without shards");
    let values = "Each count is an AtomicU64. A large value is replaced by a changed copy.";
    let info = info.in_role("", values);
    map::count_map::<Papaya<_>>(suite, &info);
    map::own_hasher::<Concurrent<Papaya<_>>>(suite, &info);
    suite.add::<LargeValues<32>, Large<32>>(info.clone());
    suite.add::<LargeValues<128>, Large<128>>(info);
}

/// `papaya::HashMap`. Each operation pins the map itself, as calls from different places would.
struct Papaya<H>(HashMap<u32, AtomicU64, H>);

impl<H: Hashing> CountMap<H> for Papaya<H> {
    fn filled(model: Map<H>) -> Self {
        let map = HashMap::with_capacity_and_hasher(model.keys(), model.hasher().clone());
        for (key, count) in model.into_entries() {
            map.pin().insert(key, AtomicU64::new(count));
        }
        Self(map)
    }

    #[inline(always)]
    fn upsert(&self, key: u32) {
        let map = self.0.pin();
        let count = map.get_or_insert_with(key, AtomicU64::default);
        count.fetch_add(1, Ordering::Relaxed);
    }

    #[inline(always)]
    fn get(&self, key: u32) -> Option<u64> {
        Some(self.0.pin().get(&key)?.load(Ordering::Relaxed))
    }

    #[inline(always)]
    fn insert(&self, key: u32, value: u64) {
        self.0.pin().insert(key, AtomicU64::new(value));
    }

    #[inline(always)]
    fn remove(&self, key: u32) {
        self.0.pin().remove(&key);
    }

    #[inline(always)]
    fn length(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn for_each(&self, mut each: impl FnMut(u32, u64)) {
        self.0.pin().iter().for_each(|(key, count)| each(*key, count.load(Ordering::Relaxed)));
    }
}

/// `papaya::HashMap` with large values.
struct Large<const WORDS: usize>(Arc<HashMap<u32, Value<WORDS>, Hasher>>);

impl<const WORDS: usize> Shared<Values<WORDS>> for Large<WORDS> {
    fn new_handles(model: Values<WORDS>, workers: usize) -> Vec<Self> {
        let map = HashMap::with_capacity_and_hasher(model.keys(), model.hasher().clone());
        for (key, value) in model.into_entries() {
            map.pin().insert(key, value);
        }
        let map = Arc::new(map);
        handles(workers, |_| Self(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        let counted = |value: &Value<WORDS>| {
            let mut value = *value;
            value.count();
            value
        };
        self.0.pin().update_or_insert_with(key, counted, || counted(&Value::default()));
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<Value<WORDS>> {
        self.0.pin().get(&key).copied()
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let map = handles[0].0.pin();
        digest_of_values(&mut map.iter().map(|(&key, &value)| (key, value)))
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
