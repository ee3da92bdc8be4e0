//! `map`: workers look up and update the entries of one map.
//!
//! What peers get wrong here is fixed for all contenders: one hasher, one capacity, one stream of
//! keys that the workers share, the same entries from the start, and a hit rate that does not change
//! with threads or time.

mod structures;

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Zipf};

use crate::model::{Merge, Model, Shared};
use crate::record::{Class, WorkloadInfo};
use crate::run::{About, Setting, Suite, Weight};
use crate::workload::open::{self, Open};

pub use structures::specials;

/// The name in ids.
pub const NAME: &str = "map";

/// Entries from the start, and to the end.
pub const KEYS: u32 = 10_000;

/// The skew of the key stream: YCSB's.
const ZIPF: f64 = 0.99;

/// Of a hundred reads, those that ask for a key that is there.
const HITS: u32 = 90;

/// Operations of the ring that the workers' streams are taken from, each from a place of its own.
const RING: usize = 1 << 16;

/// The hasher of every map. Its seed varies by fork.
pub type Hasher = FixedState;

/// The state: a map from keys to how often each was written.
pub struct Map {
    entries: HashMap<u32, u64, Hasher>,
}

impl Map {
    fn filled(hasher: Hasher) -> Self {
        let mut entries = HashMap::with_capacity_and_hasher(KEYS as usize, hasher);
        entries.extend((0..KEYS).map(|key| (key, 0)));
        Self { entries }
    }
}

impl Model for Map {
    type Write = u32;
    type Read = u32;
    type Answer = Option<u64>;

    #[inline]
    fn write(&mut self, key: u32) {
        *self.entries.entry(key).or_insert(0) += 1;
    }

    #[inline]
    fn read(&self, key: u32) -> Option<u64> {
        self.entries.get(&key).copied()
    }

    fn digest(&self) -> u64 {
        digest(self.entries.iter().map(|(&key, &count)| (key, count)))
    }
}

impl Merge for Map {
    fn part(&self) -> Self {
        Self {
            entries: HashMap::with_capacity_and_hasher(
                KEYS as usize,
                self.entries.hasher().clone(),
            ),
        }
    }

    fn merge(&mut self, part: Self) {
        for (key, count) in part.entries {
            *self.entries.entry(key).or_insert(0) += count;
        }
    }
}

/// What the entries add up to. Two lost writes do not cancel: each key has a weight of its own.
fn digest(entries: impl Iterator<Item = (u32, u64)>) -> u64 {
    entries.fold(0, |sum: u64, (key, count)| {
        sum.wrapping_add(weight(key).wrapping_mul(count))
    })
}

/// The finalizer of SplitMix64: an odd-looking number for each key, and never the same for two.
fn weight(key: u32) -> u64 {
    let mut x = u64::from(key).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// An operation of the ring: a key, and a bit that makes it a write.
#[derive(Clone, Copy)]
struct Operation(u32);

impl Operation {
    const WRITE: u32 = 1 << 31;

    fn write(self) -> bool {
        self.0 & Self::WRITE != 0
    }

    fn key(self) -> u32 {
        self.0 & !Self::WRITE
    }
}

/// Operations on keys that are drawn before the window; `READS` says whether any of them are reads.
pub struct Keys<const READS: bool> {
    ring: Box<[Operation]>,
    hasher: Hasher,
    /// What the operations before each place of the ring add up to.
    sums: Vec<Sums>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    writes: u64,
    digest: u64,
    hits: u64,
}

impl Sums {
    fn times(self, n: u64) -> Self {
        Self {
            writes: self.writes.wrapping_mul(n),
            digest: self.digest.wrapping_mul(n),
            hits: self.hits.wrapping_mul(n),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            writes: self.writes.wrapping_add(other.writes),
            digest: self.digest.wrapping_add(other.digest),
            hits: self.hits.wrapping_add(other.hits),
        }
    }

    fn minus(self, other: Self) -> Self {
        self.plus(other.times(u64::MAX)) // wrapping: times -1
    }
}

impl<const READS: bool> Keys<READS> {
    fn new(setting: &Setting, reads: u32) -> Self {
        let mut rng = StdRng::seed_from_u64(setting.seed);
        // Which key is the hottest must not follow from its number: ranks are scrambled.
        let mut scrambled: Vec<u32> = (0..KEYS).collect();
        scrambled.shuffle(&mut rng);
        let zipf = Zipf::new(f64::from(KEYS), ZIPF).expect("the parameters are in range");
        let ring: Box<[Operation]> = (0..RING)
            .map(|_| {
                let rank = zipf.sample(&mut rng) as usize - 1;
                let key = scrambled[rank];
                if rng.random_range(0..100) >= reads {
                    Operation(key | Operation::WRITE)
                } else if rng.random_range(0..100) < HITS {
                    Operation(key)
                } else {
                    Operation(KEYS + key)
                }
            })
            .collect();
        let mut sums = vec![Sums::default()];
        for operation in &ring {
            let here = Sums {
                writes: u64::from(operation.write()),
                digest: if operation.write() {
                    weight(operation.key())
                } else {
                    0
                },
                hits: u64::from(!operation.write() && operation.key() < KEYS),
            };
            sums.push(sums[sums.len() - 1].plus(here));
        }
        Self {
            ring,
            hasher: FixedState::with_seed(rng.random()),
            sums,
        }
    }

    /// A worker's place in the ring: far from the others', and odd, so that it shares no period.
    fn start(worker: usize) -> usize {
        worker.wrapping_mul(40_503) % RING
    }

    /// What `count` operations from `start` on add up to.
    fn expected(&self, start: usize, count: u64) -> Sums {
        let end = start as u64 + count;
        let (rounds, rest) = (end / RING as u64, end % RING as u64);
        let all = self.sums[RING].times(rounds);
        all.plus(self.sums[rest as usize]).minus(self.sums[start])
    }
}

/// Where a worker is in the ring, and how many reads found something.
pub struct Worker {
    start: usize,
    at: usize,
    hits: u64,
}

/// Upserts and nothing else: such state may be split over threads.
pub type Upserts = Keys<false>;

/// Upserts and lookups.
pub type Mixed = Keys<true>;

impl<const READS: bool> Open for Keys<READS> {
    type Model = Map;
    type Worker = Worker;

    fn model(&self) -> Map {
        Map::filled(self.hasher.clone())
    }

    fn worker(&self, index: usize) -> Worker {
        let start = Self::start(index);
        Worker {
            start,
            at: start,
            hits: 0,
        }
    }

    #[inline]
    fn operation<S: Shared<Map>>(&self, worker: &mut Worker, shared: &mut S) {
        let operation = self.ring[worker.at];
        worker.at = (worker.at + 1) % RING;
        if !READS || operation.write() {
            shared.write(operation.key());
        } else {
            worker.hits += u64::from(shared.read(operation.key()).is_some());
        }
    }

    /// Every write counts once for its key; every read finds what is there and nothing else.
    fn check(&self, _: Class, workers: &[(Worker, u64)], digest: u64) -> Result<(), String> {
        let mut wanted = Sums::default();
        let mut hits = 0;
        for (worker, count) in workers {
            wanted = wanted.plus(self.expected(worker.start, *count));
            hits += worker.hits;
        }
        if hits != wanted.hits {
            let wanted = wanted.hits;
            return Err(format!(
                "{hits} lookups found their key, {wanted} should have"
            ));
        }
        if digest != wanted.digest {
            let writes = wanted.writes;
            return Err(format!(
                "the entries do not add up to the {writes} upserts: some were lost or counted twice"
            ));
        }
        Ok(())
    }
}

/// Adds a contender that holds the map to every variant.
pub fn contender<S: Shared<Map>>(suite: &mut Suite, about: &About) {
    suite.contender(open::contender::<Upserts, S>(about.clone()));
    suite.contender(open::contender::<Mixed, S>(about.clone()));
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(WorkloadInfo {
        name: NAME.to_owned(),
        title: "All workers look up and update the entries of one map".to_owned(),
        models: "Caches, session tables, per-key statistics: many keys, a few of them hot, all threads after the same ones.".to_owned(),
        question: "A map that several threads use: a lock around a HashMap, a concurrent map, or an owner?".to_owned(),
        timed: "Upserts (`*entry(key) += 1`) and lookups of all workers, the key taken from a ring drawn before. Immediate contenders: between two snapshots. Deferred and partitioned ones: fixed work, until the owner has applied, or the workers have merged, the last.".to_owned(),
        oracle: "Each key's count, weighted by the key, adds up to the upserts that the workers did, and as many lookups found something as keys asked for were there.".to_owned(),
        operation: "operation".to_owned(),
        variants: Vec::new(),
    });
    let common = [
        ("keys", "10,000, all there from the start"),
        (
            "distribution",
            "Zipf 0.99, ranks scrambled, shared by all workers",
        ),
        ("hasher", "foldhash, one seed a fork, for every map"),
    ];
    let upserts = |setting: &Setting| Upserts::new(setting, 0);
    suite.variant(
        NAME,
        "write",
        "upserts only",
        &common,
        Weight::First,
        upserts,
    );
    let read90 = [
        &common[..],
        &[("reads", "90 %"), ("hit rate of reads", "90 %")],
    ]
    .concat();
    let mixed = |setting: &Setting| Mixed::new(setting, 90);
    suite.variant(
        NAME,
        "read90",
        "nine lookups for each upsert",
        &read90,
        Weight::Telling,
        mixed,
    );
    open::register::<Upserts>(suite);
    open::register::<Mixed>(suite);
}
