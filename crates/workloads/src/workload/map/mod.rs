//! `map`: workers look up and update the entries of one map.
//!
//! All contenders have the same hasher, capacity, stream of keys that the workers share, and entries from the
//! start. The hit rate changes neither with threads nor with time.

mod churn;
mod concurrent;
mod contenders;
mod count_map;
mod divided;
mod scan;
mod sharded;
mod spaced;
mod split;
mod values;
mod variants;

use std::collections::HashMap;

use crate::capability::{Hashing, SuiteHasher};
use crate::model::applied::{WATCHED, count_watched_write};
use crate::model::{Merge, Model, Shared};
use crate::registry::BlockSettings;
use crate::workload::open::{OpenWorkload, Probe, STREAMS_PER_THREAD};
use crate::workload::ring::{Draw, Place, Ring, Sums, weight};
use contend_record::Class;

pub use churn::{Change, Churn, Sessions};
pub use contenders::{
    changing, contender, count_map, exclude, exclude_reads, own_hasher, register_channel,
    register_exclusions, register_lock, register_map, register_sharded_map, register_shards,
};
pub use count_map::{Concurrent, CountMap};
pub use divided::{Divided, InParts};
pub use scan::{Answer, Question, Scan, Scanned};
pub use spaced::Spaced;
use split::{Split, split_entries};
pub use values::{LargeValues, Value, Values, digest_of_values};
pub use variants::{LARGE, SHARDS, WHOLE, register};

/// The name in ids.
pub const NAME: &str = "map";

/// Most keys of a map that is checked and not timed: millions take a debug build too long.
const CHECKED_KEYS: u32 = 100_000;

/// The hasher of every map, except in `own-hasher`.
pub type Hasher = SuiteHasher;

/// The state: a map from keys to how often each was written.
#[derive(Clone)]
pub struct Map<H = Hasher> {
    entries: HashMap<u32, u64, H>,
}

impl<H: Hashing> Map<H> {
    /// A map of the keys below `keys`, none of them written yet.
    fn filled(keys: u32, hasher: H) -> Self {
        let mut map = Self::empty(keys as usize, hasher);
        for key in 0..keys {
            map.entries.insert(key, 0);
        }
        map
    }

    /// A map without entries, and with room for `capacity`.
    fn empty(capacity: usize, hasher: H) -> Self {
        let entries = HashMap::with_capacity_and_hasher(capacity, hasher);
        Self { entries }
    }

    /// How many keys it has.
    pub fn keys(&self) -> usize {
        self.entries.len()
    }

    /// Its hasher, which all maps of a fork share.
    pub fn hasher(&self) -> &H {
        self.entries.hasher()
    }

    /// The keys, and how often each was written.
    pub fn into_entries(self) -> impl Iterator<Item = (u32, u64)> {
        self.entries.into_iter()
    }
}

impl<H: Hashing> Model for Map<H> {
    type Write = u32;
    type Read = u32;
    type Answer = Option<u64>;

    #[inline(always)]
    fn write(&mut self, key: u32) {
        let count = self.entries.entry(key).or_insert(0);
        *count += 1;
        if *count > WATCHED {
            count_watched_write();
        }
    }

    #[inline(always)]
    fn read(&self, key: u32) -> Option<u64> {
        self.entries.get(&key).copied()
    }

    fn digest(&self) -> u64 {
        digest(&mut self.entries.iter().map(|(&key, &count)| (key, count)))
    }
}

impl<H: Hashing> Split for Map<H> {
    type Hasher = H;

    fn hasher(&self) -> &H {
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

impl<H: Hashing> Merge for Map<H> {
    fn part(&self) -> Self {
        Self::empty(self.keys(), self.entries.hasher().clone())
    }

    fn merge(&mut self, part: Self) {
        for (key, count) in part.entries {
            *self.entries.entry(key).or_insert(0) += count;
        }
    }
}

/// The weighted sum of the entries: [`Shared::into_digest`] of a map. An entry counts once for its presence,
/// and once for each write.
pub fn digest(entries: &mut dyn Iterator<Item = (u32, u64)>) -> u64 {
    let mut sum: u64 = 0;
    for (key, count) in entries {
        sum = sum.wrapping_add(weight(key).wrapping_mul(count.wrapping_add(1)));
    }
    sum
}

/// Keys that are looked up through each handle after a window.
const PROBED_KEYS: usize = 64;

/// Upserts and lookups.
pub struct Keys<H = Hasher> {
    ring: Ring,
    /// The map that each window starts with. Copying it is cheaper than filling one.
    map: Map<H>,
    /// Its digest.
    digest: u64,
    /// Operations of a window, if each is to insert an absent key.
    total: Option<u64>,
}

impl<H: Hashing> Keys<H> {
    /// Operations on keys that are present from the start.
    fn drawn(setting: &BlockSettings, mut draw: Draw) -> Self {
        if setting.check_only {
            draw.keys = draw.keys.min(CHECKED_KEYS);
        }
        let mut rng = setting.rng();
        let ring = Ring::drawn(&draw, &mut rng);
        Self::new(ring, Map::filled(draw.keys, H::seeded(&mut rng)), None)
    }

    /// `total` inserts into a map that is empty at first, from a ring of `length`.
    fn growing(setting: &BlockSettings, total: u64, length: usize) -> Self {
        let mut rng = setting.rng();
        let ring = Ring::fresh(length, STREAMS_PER_THREAD * setting.threads, &mut rng);
        Self::new(ring, Map::empty(0, H::seeded(&mut rng)), Some(total))
    }

    fn new(ring: Ring, map: Map<H>, total: Option<u64>) -> Self {
        Self { ring, digest: map.digest(), map, total }
    }
}

/// A worker's place in the ring, and how many of its reads found something.
pub struct Worker {
    place: Place,
    hits: u64,
}

impl<H: Hashing> OpenWorkload for Keys<H> {
    type Model = Map<H>;
    type Worker = Worker;

    fn model(&self) -> Map<H> {
        self.map.clone()
    }

    fn worker(&self, index: usize) -> Worker {
        Worker { place: self.ring.place(index), hits: 0 }
    }

    fn total(&self) -> Option<u64> {
        self.total
    }

    #[inline(always)]
    fn operation<S: Shared<Map<H>>>(&self, worker: &mut Worker, shared: &mut S) {
        self.step::<Map<H>, S>(worker, shared);
    }

    /// Every handle finds the same under the first keys of the ring.
    fn probe<S: Shared<Map<H>>>(&self, _: &[(Worker, u64)], handles: &mut [S], _: bool) -> Probe {
        if matches!(S::CLASS, Class::Partitioned | Class::Floor) {
            return Probe::default();
        }
        let count = handles.len();
        let fault = self.probe_fault(count, &mut |handle, key| handles[handle].read(key));
        Probe { added: 0, fault }
    }

    fn watched(&self) -> Option<(Map<H>, u32)> {
        let key = self.ring.next(&mut self.ring.place(0)).key();
        let mut map = Map::empty(1, self.map.hasher().clone());
        map.entries.insert(key, WATCHED);
        Some((map, key))
    }

    /// Checks that every write counts once for its key, that reads find exactly the present keys, and that
    /// the number of keys is right.
    fn check(&self, _: Class, workers: &[(Worker, u64)], digest: u64) -> Result<(), String> {
        let places: Vec<_> = workers.iter().map(|(worker, count)| (worker.place, *count)).collect();
        let hits = workers.iter().map(|(worker, _)| worker.hits).sum();
        let wanted = check_hits(&self.ring, &places, hits)?;
        self.check_entries(wanted.writes, wanted.digest, digest)
    }
}

impl<H: Hashing> Keys<H> {
    /// What reads of some keys find wrong, by each of the handles. Compiled once for all contenders.
    fn probe_fault(&self, handles: usize, read: &mut dyn FnMut(usize, u32) -> Option<u64>) -> Option<String> {
        let mut place = self.ring.place(0);
        let keys: Vec<u32> = (0..PROBED_KEYS).map(|_| self.ring.next(&mut place).key()).collect();
        let mut seen = |handle| keys.iter().map(|key| read(handle, *key)).collect::<Vec<_>>();
        let first = seen(0);
        (1..handles)
            .any(|handle| seen(handle) != first)
            .then(|| "after all writes were applied, workers find different values".to_owned())
    }

    /// Does the next operation on any model with the operations of a map.
    #[inline(always)]
    fn step<M, S>(&self, worker: &mut Worker, shared: &mut S)
    where
        M: Model<Write = u32, Read = u32, Answer = Option<u64>>,
        S: Shared<M>,
    {
        let operation = self.ring.next(&mut worker.place);
        if operation.write() {
            shared.write(operation.key());
        } else {
            worker.hits += u64::from(shared.read(operation.key()).is_some());
        }
    }

    /// Checks the digest of the entries after `writes` upserts with the digest `written`.
    fn check_entries(&self, writes: u64, written: u64, digest: u64) -> Result<(), String> {
        // A key that a write inserts counts for its presence as well.
        let written = match self.total {
            None => written,
            Some(_) => written.wrapping_mul(2),
        };
        if digest == self.digest.wrapping_add(written) {
            return Ok(());
        }
        Err(match self.total {
            None => {
                format!("the entries do not add up to the {writes} upserts: some were lost or counted twice")
            }
            Some(_) => {
                format!("the map does not hold the {writes} keys that were inserted, once each and no other")
            }
        })
    }
}

/// What a contender that was written for this workload alone may have left out.
const STARTS_FULL: &str = " (a map starts with the entries of its model: `Shared::new_handles` inserts those of \
                           `Map::into_entries`)";

/// Checks that `hits` lookups of workers at `places` found their key, and returns what their operations add up to.
fn check_hits(ring: &Ring, places: &[(Place, u64)], hits: u64) -> Result<Sums, String> {
    let wanted = ring.expected(places);
    match hits == wanted.hits {
        true => Ok(wanted),
        false => {
            let advice = if hits < wanted.hits { STARTS_FULL } else { "" };
            Err(format!("{hits} lookups found their key, {} should have{advice}", wanted.hits))
        }
    }
}

#[cfg(test)]
mod tests;
