//! Numbers as the entries of a concurrent map.

use std::sync::Arc;

use super::Counts;
use crate::capability::{ConcurrentMap, SuiteHasher, Value, map_advice, suite_hasher};
use crate::model::{Model, Shared, handles};
use crate::workload::ring::weight;

/// The one entry of a map.
pub struct OneKey<M: ConcurrentMap, S: Value>(Arc<M::Map<(), S, SuiteHasher>>);

const PRESENT: &str = "it is there from the start";

impl<M: ConcurrentMap, S: Model + Value> Shared<S> for OneKey<M, S> {
    fn new_handles(model: S, workers: usize) -> Vec<Self> {
        let map = M::new(0, suite_hasher());
        M::insert(&map, (), model);
        let map = Arc::new(map);
        handles(workers, |_| Self(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, write: S::Write) {
        let present = M::modify(&self.0, &(), |model| model.write(write));
        assert!(present, "{PRESENT}");
    }

    #[inline(always)]
    fn read(&mut self, read: S::Read) -> S::Answer {
        M::read(&self.0, &(), |model| model.read(read)).expect(PRESENT)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        M::read(&handles[0].0, &(), |model| model.digest()).expect(PRESENT)
    }

    fn advice() -> Option<String> {
        Some(map_advice::<M, _>(&suite_hasher()))
    }
}

/// An entry for each counter.
pub struct KeyForEach<M: ConcurrentMap> {
    map: Arc<M::Map<u32, u64, SuiteHasher>>,
    counters: u32,
}

impl<M: ConcurrentMap> Shared<Counts> for KeyForEach<M> {
    fn new_handles(model: Counts, workers: usize) -> Vec<Self> {
        let map = M::new(0, suite_hasher());
        let counters = model.0.len() as u32;
        for (counter, count) in (0..).zip(model.0) {
            M::insert(&map, counter, count);
        }
        let map = Arc::new(map);
        handles(workers, |_| Self { map: map.clone(), counters })
    }

    #[inline(always)]
    fn write(&mut self, counter: u32) {
        M::upsert(&self.map, counter, || 0, |count| *count += 1);
    }

    #[inline(always)]
    fn read(&mut self, counter: u32) -> u64 {
        M::read(&self.map, &counter, |count| *count).expect(PRESENT)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let mut sum: u64 = 0;
        let Self { map, counters } = &handles[0];
        M::for_each_of(map, &mut (0..*counters), |&counter, &count| {
            sum = sum.wrapping_add(weight(counter).wrapping_mul(count));
        });
        sum
    }

    fn advice() -> Option<String> {
        Some(map_advice::<M, _>(&suite_hasher()))
    }
}
