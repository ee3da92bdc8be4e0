//! One hasher for all maps: a map that is asked for its hasher's type in every workload says which it got.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::RandomState;
use std::marker::PhantomData;
use std::sync::Mutex;
use std::time::Duration;

use crate::capability::{ConcurrentMap, Hashing, Key, SuiteHasher, Value};
use crate::registry::{BlockSettings, Info};
use crate::workloads;
use contend_record::Calibration;
use contend_team::{Team, Window};

/// The types of hashers that [`Asking`] was made with since it was last looked at.
static ASKED: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// A map that notes the type of its hasher. Ordered entries under a lock, so that it hashes nothing itself.
struct Asking;

type Entries<K, V> = Mutex<BTreeMap<K, V>>;

/// A hasher, in a type that is the map's.
struct Of<K, V, H>(Entries<K, V>, PhantomData<H>);

impl ConcurrentMap for Asking {
    type Map<K: Key, V: Value, H: Hashing> = Of<K, V, H>;

    fn new<K: Key, V: Send + Sync + 'static, H: Hashing>(_: usize, hasher: H) -> Of<K, V, H> {
        ASKED.lock().unwrap().insert(type_name::<H>());
        drop(hasher);
        Of(Mutex::default(), PhantomData)
    }

    fn insert<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &Of<K, V, H>, key: K, value: V) {
        map.0.lock().unwrap().insert(key, value);
    }

    fn upsert<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &Of<K, V, H>,
        key: K,
        default: impl FnOnce() -> V,
        change: impl FnOnce(&mut V),
    ) {
        change(map.0.lock().unwrap().entry(key).or_insert_with(default));
    }

    fn modify<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &Of<K, V, H>,
        key: &K,
        change: impl FnOnce(&mut V),
    ) -> bool {
        map.0.lock().unwrap().get_mut(key).map(change).is_some()
    }

    fn remove<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &Of<K, V, H>, key: &K) {
        map.0.lock().unwrap().remove(key);
    }

    fn len<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &Of<K, V, H>) -> usize {
        map.0.lock().unwrap().len()
    }

    fn read<K: Key, V: Send + Sync + 'static, H: Hashing, R>(
        map: &Of<K, V, H>,
        key: &K,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        map.0.lock().unwrap().get(key).map(read)
    }

    fn for_each<K: Key, V: Send + Sync + 'static, H: Hashing>(
        map: &Of<K, V, H>,
        mut each: impl FnMut(&K, &V),
    ) {
        map.0.lock().unwrap().iter().for_each(|(key, value)| each(key, value));
    }

    fn clear<K: Key, V: Send + Sync + 'static, H: Hashing>(map: &Of<K, V, H>) {
        map.0.lock().unwrap().clear();
    }
}

/// A contender's type says how its maps hash, where they are no [`ConcurrentMap`]: papaya's are not.
#[test]
fn no_contender_hashes_as_its_crate_would_except_where_that_is_measured() {
    let own = type_name::<RandomState>();
    let mut maps = BTreeSet::new();
    for variant in &crate::suite().variants {
        let id = variant.info.id.to_string();
        for contender in &variant.contenders {
            let found = contender.strategy.contains(own);
            assert!(
                !found || id == "map/own-hasher",
                "{id}: {} is {}",
                contender.info.name,
                contender.strategy
            );
            if contender.strategy.contains(type_name::<SuiteHasher>()) {
                maps.insert(contender.info.name.clone());
            }
        }
    }
    assert!(maps.contains("std::sync::Mutex"), "{maps:?}");
    #[cfg(feature = "extra")]
    assert!(maps.contains("papaya::HashMap"), "{maps:?}");
}

#[test]
fn every_map_has_the_suites_hasher_except_where_its_own_is_measured() {
    let mut suite = workloads();
    suite.map::<Asking>(Info::new("asking::Map"));
    let mut workloads = BTreeSet::new();
    for variant in &suite.variants {
        let Some(place) = variant.contenders.iter().position(|one| one.info.name == "asking::Map") else {
            continue;
        };
        let id = &variant.info.id;
        let lengths = [100, 200, 1_000, 20_000].map(|ns| (ns, 1)).into();
        let work = Calibration { ns_per_iteration: 3.0, iterations: lengths };
        let settings = BlockSettings { threads: 2, seed: 1, check_only: true, work };
        let (mut team, mut pilot) = (Team::new(2), None);
        let length = Duration::from_millis(1);
        let mut window =
            Window { team: &mut team, length, pilot: &mut pilot, earlier: None, check_only: true };
        let measured = variant.prepare(&settings).measure(place, 0, &mut window);
        measured.unwrap_or_else(|error| panic!("{id}: {error}"));
        let asked = std::mem::take(&mut *ASKED.lock().unwrap());
        let own = id.to_string() == "map/own-hasher";
        assert_eq!(asked.contains(type_name::<SuiteHasher>()), !own, "{id}: {asked:?}");
        assert_eq!(asked.len(), 1, "{id}: {asked:?}");
        workloads.insert(id.workload.clone());
    }
    assert!(workloads.contains("counter") && workloads.contains("map") && workloads.contains("fan-out"));
    #[cfg(feature = "patterns")]
    assert!(workloads.contains("fetch"), "{workloads:?}");
}
