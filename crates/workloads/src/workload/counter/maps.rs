//! Numbers as the entries of a concurrent map.

use std::sync::Arc;

use super::Counts;
use crate::capability::{ConcurrentMap, SuiteHasher, suite_hasher};
use crate::model::{Model, Shared, handles};
use crate::workload::ring::weight;

/// The one entry of a map.
pub struct OneKey<M: ConcurrentMap, S: Send + Sync + 'static>(Arc<M::Map<(), S, SuiteHasher>>);

const PRESENT: &str = "it is there from the start";

impl<M: ConcurrentMap, S: Model> Shared<S> for OneKey<M, S> {
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
}

/// An entry for each counter.
pub struct KeyForEach<M: ConcurrentMap>(Arc<M::Map<u32, u64, SuiteHasher>>);

impl<M: ConcurrentMap> Shared<Counts> for KeyForEach<M> {
    fn new_handles(model: Counts, workers: usize) -> Vec<Self> {
        let map = M::new(0, suite_hasher());
        for (counter, count) in (0..).zip(model.0) {
            M::insert(&map, counter, count);
        }
        let map = Arc::new(map);
        handles(workers, |_| Self(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, counter: u32) {
        M::upsert(&self.0, counter, || 0, |count| *count += 1);
    }

    #[inline(always)]
    fn read(&mut self, counter: u32) -> u64 {
        M::read(&self.0, &counter, |count| *count).expect(PRESENT)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let mut sum: u64 = 0;
        M::for_each(&handles[0].0, |&counter, &count| {
            sum = sum.wrapping_add(weight(counter).wrapping_mul(count));
        });
        sum
    }
}
