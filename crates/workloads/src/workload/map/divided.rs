//! `shards1` to `shards256`: the same map divided into as many parts, each behind a lock of its own. `read90` is the
//! same with one lock, or with as many shards as a concurrent map chooses.

use super::split::{Split, split_entries};
use super::{Hasher, Keys, Map, Worker};
use crate::model::{Model, Shared};
use crate::workload::open::OpenWorkload;
use contend_record::Class;

/// The numbers of shards, each a variant.
pub(super) const COUNTS: [usize; 4] = [1, 8, 64, 256];

/// A map, and how many parts it is to have.
pub struct Divided {
    map: Map,
    parts: usize,
}

impl Divided {
    /// How many parts a contender that divides the map itself has to make.
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// The undivided map.
    pub fn into_map(self) -> Map {
        self.map
    }
}

impl Model for Divided {
    type Write = u32;
    type Read = u32;
    type Answer = Option<u64>;

    #[inline(always)]
    fn write(&mut self, key: u32) {
        self.map.write(key);
    }

    #[inline(always)]
    fn read(&self, key: u32) -> Option<u64> {
        self.map.read(key)
    }

    fn digest(&self) -> u64 {
        self.map.digest()
    }
}

impl Split for Divided {
    type Hasher = Hasher;

    fn hasher(&self) -> &Hasher {
        self.map.hasher()
    }

    fn parts(&self) -> usize {
        self.parts
    }

    /// The bits below a `HashMap`'s tag, as many as there are parts.
    #[inline(always)]
    fn part_of(hash: u64, parts: usize) -> usize {
        const BELOW_TAG: u32 = u64::BITS - 7 - 8;
        (hash >> BELOW_TAG) as usize & (parts - 1)
    }

    fn split(self, parts: usize, part_of: &dyn Fn(u32) -> usize) -> Vec<Self> {
        let parts = split_entries(self.map.entries, parts, part_of).into_iter();
        parts.map(|entries| Self { map: Map { entries }, parts: 1 }).collect()
    }

    fn written(key: &u32) -> u32 {
        *key
    }

    fn asked(key: &u32) -> Option<u32> {
        Some(*key)
    }
}

/// The operations of [`Keys`] on a map in parts.
pub struct InParts {
    pub(super) keys: Keys,
    pub(super) parts: usize,
}

impl OpenWorkload for InParts {
    type Model = Divided;
    type Worker = Worker;

    fn model(&self) -> Divided {
        Divided { map: self.keys.model(), parts: self.parts }
    }

    fn worker(&self, index: usize) -> Worker {
        self.keys.worker(index)
    }

    #[inline(always)]
    fn operation<S: Shared<Divided>>(&self, worker: &mut Worker, shared: &mut S) {
        self.keys.step::<Divided, S>(worker, shared);
    }

    fn watched(&self) -> Option<(Divided, u32)> {
        let (map, key) = self.keys.watched()?;
        Some((Divided { map, parts: self.parts }, key))
    }

    fn check(&self, class: Class, workers: &[(Worker, u64)], digest: u64) -> Result<(), String> {
        self.keys.check(class, workers, digest)
    }
}
