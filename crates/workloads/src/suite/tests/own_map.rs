//! Maps as newcomers write them: right ones reach every workload, and wrong ones hear what to change.

use std::collections::{BTreeSet, HashMap};
use std::hash::RandomState;
use std::sync::Mutex;
use std::time::Duration;

use crate::capability::{Key, OwnMap, Value, map_advice};
use crate::registry::{BlockSettings, Info, Variant};
use crate::workloads;
use contend_record::Calibration;
use contend_team::{Sample, Team, Window, WindowError};

const RIGHT: u8 = 0;
const UPDATES_IN_TWO_STEPS: u8 = 1;
const UPDATE_SAYS_NO: u8 = 2;
const UPDATE_INSERTS: u8 = 3;
const KEEPS_ITS_CAPACITY: u8 = 4;
const KEEPS_THE_FIRST_VALUE: u8 = 5;
const DOES_NOT_REMOVE: u8 = 6;
const LISTS_TOO_LITTLE: u8 = 7;
const CANNOT_LIST: u8 = 8;
const PANICS: u8 = 9;

/// A map under a mutex, with a fault.
struct Written<K, V, const FAULT: u8> {
    map: Mutex<HashMap<K, V>>,
    capacity: usize,
}

impl<K: Key, V: Value, const FAULT: u8> OwnMap for Written<K, V, FAULT> {
    type Key = K;
    type Value = V;
    type With<L: Key, W: Value> = Written<L, W, FAULT>;

    fn with_capacity(capacity: usize) -> Self {
        Self { map: Mutex::default(), capacity }
    }

    fn get(&self, key: &K) -> Option<V> {
        self.map.lock().unwrap().get(key).cloned()
    }

    fn insert(&self, key: K, value: V) {
        let mut map = self.map.lock().unwrap();
        let full = FAULT == KEEPS_ITS_CAPACITY && map.len() > self.capacity;
        if !(full || FAULT == KEEPS_THE_FIRST_VALUE && map.contains_key(&key)) {
            map.insert(key, value);
        }
    }

    fn update(&self, key: &K, change: impl Fn(&mut V)) -> bool {
        match FAULT {
            PANICS => panic!("not written yet"),
            UPDATES_IN_TWO_STEPS => {
                let found = self.get(key);
                std::thread::yield_now();
                found.is_some_and(|mut value| {
                    change(&mut value);
                    self.insert(key.clone(), value);
                    true
                })
            }
            _ => {
                let found = self.map.lock().unwrap().get_mut(key).map(change).is_some();
                FAULT == UPDATE_INSERTS || found && FAULT != UPDATE_SAYS_NO
            }
        }
    }

    fn remove(&self, key: &K) -> Option<V> {
        if FAULT == DOES_NOT_REMOVE {
            return None;
        }
        self.map.lock().unwrap().remove(key)
    }

    fn entries(&self) -> Option<Vec<(K, V)>> {
        let map = self.map.lock().unwrap();
        let listed = map.len() - usize::from(FAULT == LISTS_TOO_LITTLE && !map.is_empty());
        let entries = map.iter().take(listed).map(|(key, value)| (key.clone(), value.clone()));
        (FAULT != CANNOT_LIST).then(|| entries.collect())
    }
}

type Of<const FAULT: u8> = Written<u32, u64, FAULT>;

fn window(variant: &Variant, check_only: bool) -> Option<Result<Sample, WindowError>> {
    let place = variant.contenders.iter().position(|one| one.info.name == "my::Map")?;
    let work = Calibration { ns_per_iteration: 3.0, ..Calibration::default() };
    let settings = BlockSettings { threads: 2, seed: 1, check_only, work };
    let (mut team, mut pilot) = (Team::new(2), None);
    let length = Duration::from_millis(4);
    let mut window = Window { team: &mut team, length, pilot: &mut pilot, earlier: None, check_only };
    Some(variant.prepare(&settings).measure(place, 0, &mut window))
}

/// The variants that a map of one registration is in, each run once.
fn variants_of<const FAULT: u8>() -> BTreeSet<String> {
    let mut suite = workloads();
    suite.map::<Of<FAULT>>(Info::new("my::Map"));
    let mut variants = BTreeSet::new();
    for variant in &suite.variants {
        if let Some(measured) = window(variant, true) {
            measured.unwrap_or_else(|error| panic!("{}: {error}", variant.info.id));
            variants.insert(variant.info.id.to_string());
        }
    }
    variants
}

#[test]
fn one_registration_reaches_every_workload_of_maps() {
    let variants = variants_of::<RIGHT>();
    for id in ["counter/hot", "counter/locks64", "map/growing", "map/own-hasher", "map/read90", "fan-out/1us"]
    {
        assert!(variants.contains(id), "{variants:?}");
    }
    #[cfg(feature = "patterns")]
    assert!(variants.iter().any(|id| id.starts_with("fetch/")), "{variants:?}");
}

/// A verdict against a shipped map is also one between hashers, in whichever workload.
#[test]
fn the_notes_say_that_a_map_hashes_with_its_own_hasher() {
    for facts in ["", "One HashMap under std's mutex."] {
        let mut suite = workloads();
        suite.map::<Of<RIGHT>>(Info::new("my::Map").facts(facts));
        let contenders = suite.variants.iter().flat_map(|variant| &variant.contenders);
        let notes: Vec<&str> =
            contenders.filter(|of| of.info.name == "my::Map").map(|of| &*of.info.facts).collect();
        assert!(notes.len() > 10, "{notes:?}");
        for note in notes {
            let said = note.strip_prefix(facts).expect("the user's own facts come first").trim_start();
            assert!(said.starts_with("Hashes with a hasher of its own, other maps with foldhash"), "{note}");
        }
    }
}

#[test]
fn a_map_that_cannot_list_its_entries_misses_the_variants_that_need_it() {
    let mut wanted = variants_of::<RIGHT>();
    for variant in ["growing", "insert-remove", "read90-len", "read90-iterate"] {
        assert!(wanted.remove(&format!("map/{variant}")), "{variant}");
    }
    assert_eq!(variants_of::<CANNOT_LIST>(), wanted);
    let mut suite = workloads();
    suite.map::<Of<CANNOT_LIST>>(Info::new("my::Map"));
    let absent = suite.absent.iter().find(|absent| absent.block == "map/growing").expect("it says so");
    assert!(absent.reason.contains("implement `entries`"), "{absent:?}");
}

#[test]
fn a_failure_says_what_to_change() {
    let advice = |of: fn(&RandomState) -> String| of(&RandomState::new());
    for (of, wanted) in [
        (
            map_advice::<Of<RIGHT>, _> as fn(&RandomState) -> String,
            "look up, change and store under one lock",
        ),
        (map_advice::<Of<UPDATE_SAYS_NO>, _>, "`update` returns false for a key that is there"),
        (map_advice::<Of<UPDATE_INSERTS>, _>, "`update` returns true for a key that is not there"),
        (map_advice::<Of<KEEPS_ITS_CAPACITY>, _>, "beyond the capacity of 2"),
        (map_advice::<Of<KEEPS_THE_FIRST_VALUE>, _>, "finds 5 after a second `insert`"),
        (map_advice::<Of<DOES_NOT_REMOVE>, _>, "after `remove` of the key"),
        (map_advice::<Of<LISTS_TOO_LITTLE>, _>, "`entries` has 1001 entries"),
        (map_advice::<Of<PANICS>, _>, "it panics: not written yet"),
    ] {
        let text = advice(of);
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn the_advice_is_part_of_the_failure() {
    let mut suite = workloads();
    suite.map::<Of<UPDATES_IN_TWO_STEPS>>(Info::new("my::Map"));
    let hot = suite.variants.iter().find(|variant| variant.info.id.to_string() == "counter/hot").unwrap();
    // Two threads on one core may miss each other in one window.
    let failed = (0..50).find_map(|_| window(hot, false).expect("it is there").err());
    let failed = failed.expect("updates are lost").to_string();
    assert!(failed.contains("increments were lost; on one thread each of its calls is right"), "{failed}");
}
