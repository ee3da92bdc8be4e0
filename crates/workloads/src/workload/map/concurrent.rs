//! A concurrent map whose values are changed in place.

use std::sync::Arc;

use super::{Map, digest};
use crate::capability::{ConcurrentMap, Hashing};
use crate::model::{Shared, handles};

/// A concurrent map with the hasher of the model.
pub struct InPlace<M: ConcurrentMap, H: Hashing>(Arc<M::Map<u32, u64, H>>);

impl<M: ConcurrentMap, H: Hashing> Shared<Map<H>> for InPlace<M, H> {
    fn new_handles(model: Map<H>, workers: usize) -> Vec<Self> {
        let map = M::new(model.keys(), model.hasher().clone());
        for (key, count) in model.into_entries() {
            M::insert(&map, key, count);
        }
        let map = Arc::new(map);
        handles(workers, |_| Self(map.clone()))
    }

    #[inline(always)]
    fn write(&mut self, key: u32) {
        M::upsert(&self.0, key, || 0, |count| *count += 1);
    }

    #[inline(always)]
    fn read(&mut self, key: u32) -> Option<u64> {
        M::read(&self.0, &key, |count| *count)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let mut entries = Vec::new();
        M::for_each(&handles[0].0, |&key, &count| entries.push((key, count)));
        digest(&mut entries.into_iter())
    }
}
