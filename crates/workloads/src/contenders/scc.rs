//! scc: its hash map.

use ::scc::HashMap;

use super::exclusions;
use crate::capability::{ConcurrentMap, Hashing, Key, Value};
use crate::registry::{Checked, Info, Suite};
use crate::workload::{counter, map};

/// The review of the notes: the documentation of `HashMap`, and the changelog up to 3.8.8.
const CHECKED: Checked = Checked::on("2026-11-26", "3.8.8");

const NAME: &str = "scc::HashMap";

pub(super) fn register(suite: &mut Suite) {
    let bucket = "eight or 64 numbers fall into a few buckets of 32, which have one lock each: see `map`";
    counter::exclude(suite, &counter::SEVERAL, NAME, bucket);
    exclusions::map(suite, NAME);
    map::exclude(suite, &map::SHARDS, NAME, "it has no number of shards: each bucket has a lock");
    let immutable =
        "its entries are immutable, so each write would replace one: it is for maps that are read";
    suite.exclude("map", "scc::HashIndex", immutable);
    let facts = "Buckets of 32 entries, each behind a read-write lock. Grows bucket by bucket, without \
                 blocking. A thread that holds an entry and calls the map again may deadlock.";
    suite.map::<Scc>(Info::of_package("scc", NAME).checked(CHECKED).facts(facts));
}

/// `HashMap`.
pub struct Scc;

impl ConcurrentMap for Scc {
    type Map<K: Key, V: Value, H: Hashing> = HashMap<K, V, H>;

    fn new<K: Key, V: Send + Sync + 'static, H: Hashing>(capacity: usize, hasher: H) -> HashMap<K, V, H> {
        HashMap::with_capacity_and_hasher(capacity, hasher)
    }

    #[inline(always)]
    fn insert<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &HashMap<K, V, H>, key: K, value: V) {
        let _before = map.upsert_sync(key, value);
    }

    #[inline(always)]
    fn upsert<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &HashMap<K, V, H>,
        key: K,
        default: impl FnOnce() -> V,
        change: impl FnOnce(&mut V),
    ) {
        change(map.entry_sync(key).or_insert_with(default).get_mut());
    }

    #[inline(always)]
    fn modify<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &HashMap<K, V, H>,
        key: &K,
        change: impl FnOnce(&mut V),
    ) -> bool {
        map.update_sync(key, |_, value| change(value)).is_some()
    }

    #[inline(always)]
    fn remove<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &HashMap<K, V, H>, key: &K) {
        map.remove_sync(key);
    }

    fn len<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &HashMap<K, V, H>) -> usize {
        map.len()
    }

    #[inline(always)]
    fn read<K: Key, V: Send + Sync + 'static, H: Hashing, R>(
        map: &HashMap<K, V, H>,
        key: &K,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        map.read_sync(key, |_, value| read(value))
    }

    fn for_each<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &HashMap<K, V, H>,
        mut each: impl FnMut(&K, &V),
    ) {
        map.iter_sync(|key, value| {
            each(key, value);
            true
        });
    }

    fn clear<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &HashMap<K, V, H>) {
        map.clear_sync();
    }
}
