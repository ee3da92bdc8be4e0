//! A map that threads share.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use rand::RngExt;
use rand::rngs::StdRng;

/// What workloads use as a key.
pub trait Key: Clone + Eq + Hash + Ord + Send + Sync + 'static {}

impl<K: Clone + Eq + Hash + Ord + Send + Sync + 'static> Key for K {}

/// The hasher of every map of the suite, except in `map/own-hasher`: fast, so that the map is measured.
pub type SuiteHasher = FixedState;

/// The hasher of maps outside the workload `map`. Its seed is drawn once a process, which is once a fork.
pub fn suite_hasher() -> SuiteHasher {
    static SEED: OnceLock<u64> = OnceLock::new();
    FixedState::with_seed(*SEED.get_or_init(rand::random))
}

/// What workloads use as a value.
pub trait Value: Clone + Send + Sync + 'static {}

impl<V: Clone + Send + Sync + 'static> Value for V {}

/// How a map hashes. One value of it serves all maps of a fork.
pub trait Hashing: BuildHasher + Clone + Send + Sync + 'static {
    /// One whose seed varies by fork.
    fn seeded(rng: &mut StdRng) -> Self;
}

impl Hashing for FixedState {
    fn seeded(rng: &mut StdRng) -> Self {
        FixedState::with_seed(rng.random())
    }
}

/// What a map has where no hasher was chosen: std's, and DashMap's too.
impl Hashing for RandomState {
    fn seeded(_: &mut StdRng) -> Self {
        RandomState::new()
    }
}

/// A map that threads share, whose values can be changed in place. A type without fields names it.
///
/// A map with a hasher of its own, and any map that needs no more than to be measured, implements [`OwnMap`]
/// instead, and this comes with it.
///
/// [`OwnMap`]: super::OwnMap
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no map that contend can share between threads",
    label = "not a map",
    note = "implement `contend::capability::OwnMap` for it: `with_capacity`, `get`, `insert`, `update`, `remove`"
)]
pub trait ConcurrentMap: 'static {
    /// Whether it hashes as it likes, and not with the hasher that it is given.
    const OWN_HASHER: bool = false;

    /// The map.
    type Map<K: Key, V: Value, H: Hashing>: Send + Sync + 'static;

    /// An empty map with room for `capacity` entries.
    fn new<K: Key, V: Value, H: Hashing>(capacity: usize, hasher: H) -> Self::Map<K, V, H>;

    /// Inserts an entry, or replaces its value.
    fn insert<K: Key, V: Value, H: Hashing>(map: &Self::Map<K, V, H>, key: K, value: V);

    /// Changes the value of `key`, which is made by `default` where it is missing.
    fn upsert<K: Key, V: Value, H: Hashing>(
        map: &Self::Map<K, V, H>,
        key: K,
        default: impl FnOnce() -> V,
        change: impl Fn(&mut V),
    );

    /// Changes the value of a key; whether it is there.
    fn modify<K: Key, V: Value, H: Hashing>(
        map: &Self::Map<K, V, H>,
        key: &K,
        change: impl Fn(&mut V),
    ) -> bool;

    /// Removes a key, where it is there.
    fn remove<K: Key, V: Value, H: Hashing>(map: &Self::Map<K, V, H>, key: &K);

    /// How many entries there are. Others may change values meanwhile.
    fn len<K: Key, V: Value, H: Hashing>(map: &Self::Map<K, V, H>) -> usize;

    /// Reads the value of a key.
    fn read<K: Key, V: Value, H: Hashing, R>(
        map: &Self::Map<K, V, H>,
        key: &K,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R>;

    /// Calls `each` with every entry. Others may change values meanwhile, and neither insert nor remove.
    fn for_each<K: Key, V: Value, H: Hashing>(map: &Self::Map<K, V, H>, each: impl FnMut(&K, &V));

    /// Removes all entries. No other thread uses the map meanwhile.
    fn clear<K: Key, V: Value, H: Hashing>(map: &Self::Map<K, V, H>);

    /// Whether [`for_each`](ConcurrentMap::for_each) can be called: whether it finds entries whose keys are not known.
    fn lists_entries() -> bool {
        true
    }

    /// As [`for_each`](ConcurrentMap::for_each), where the keys are known: for maps that cannot list their entries.
    fn for_each_of<K: Key, V: Value, H: Hashing>(
        map: &Self::Map<K, V, H>,
        known: &mut dyn Iterator<Item = K>,
        each: impl FnMut(&K, &V),
    ) {
        let _ = known;
        Self::for_each(map, each);
    }

    /// As [`clear`](ConcurrentMap::clear), where the keys are known.
    fn clear_of<K: Key, V: Value, H: Hashing>(map: &Self::Map<K, V, H>, known: &mut dyn Iterator<Item = K>) {
        let _ = known;
        Self::clear(map);
    }
}

/// A concurrent map that can be made with a number of shards.
pub trait ShardedMap: ConcurrentMap {
    /// An empty map with that many shards, a power of two of at least 2, and room for `capacity` entries.
    fn with_shards<K: Key, V: Value, H: Hashing>(
        shards: usize,
        capacity: usize,
        hasher: H,
    ) -> Self::Map<K, V, H>;
}
