//! Maps with keys and values of a project's own.

use std::collections::HashMap;
use std::hash::RandomState;
use std::sync::Mutex;

use super::fault;
use crate::capability::{Key, OwnMap, Value};
use crate::scenario::Entries;
use crate::{Suite, workloads};

struct Sessions;

impl Entries for Sessions {
    type Key = String;
    type Value = ([u8; 100], u64);
    type Hasher = RandomState;

    const COUNT: u32 = 300;

    fn key(number: u32) -> String {
        format!("session-{number}")
    }

    fn value(_: u32) -> ([u8; 100], u64) {
        ([0; 100], 0)
    }

    fn change(value: &mut ([u8; 100], u64)) {
        value.1 += 1;
    }

    fn changes(value: &([u8; 100], u64)) -> u64 {
        value.1
    }
}

/// A map under a mutex. With `LOSES`, it drops changes of a few values.
struct Locked<K, V, const LOSES: bool>(Mutex<HashMap<K, (V, u32)>>);

impl<K: Key, V: Value, const LOSES: bool> OwnMap for Locked<K, V, LOSES> {
    type Key = K;
    type Value = V;
    type With<L: Key, W: Value> = Locked<L, W, LOSES>;

    fn with_capacity(capacity: usize) -> Self {
        Self(Mutex::new(HashMap::with_capacity(capacity)))
    }

    fn get(&self, key: &K) -> Option<V> {
        self.0.lock().unwrap().get(key).map(|(value, _)| value.clone())
    }

    fn insert(&self, key: K, value: V) {
        self.0.lock().unwrap().insert(key, (value, 0));
    }

    fn update(&self, key: &K, change: impl Fn(&mut V)) -> bool {
        let mut map = self.0.lock().unwrap();
        let Some((value, changes)) = map.get_mut(key) else { return false };
        *changes += 1;
        if !(LOSES && *changes == 3) {
            change(value);
        }
        true
    }

    fn remove(&self, key: &K) -> Option<V> {
        self.0.lock().unwrap().remove(key).map(|(value, _)| value)
    }
}

fn sessions(suite: &mut Suite) {
    suite
        .compare_maps::<Sessions>("sessions", &[("read90", 90), ("write", 0)])
        .shipped()
        .lock::<Mutex<()>>("own::Lock")
        .map::<Locked<u32, u64, false>>("own::Map")
        .map::<Locked<u32, u64, true>>("own::Loses");
}

#[test]
fn keys_and_values_of_ones_own_are_compared_in_every_map() {
    let mut suite = workloads();
    sessions(&mut suite);
    let [.., read90, write] = &suite.variants[..] else { panic!("two variants") };
    for variant in [read90, write] {
        for contender in &variant.contenders {
            let name = &*contender.info.name;
            match fault(variant, name, true) {
                None => assert_ne!(name, "own::Loses"),
                Some(text) => {
                    assert_eq!(name, "own::Loses", "{text}");
                    assert!(text.contains("changes were lost"), "{text}");
                }
            }
        }
        let has = |name: &str| variant.contenders.iter().any(|one| one.info.name == name);
        assert!(["serial", "own::Lock", "own::Map", "std::sync::RwLock"].iter().all(|name| has(name)));
        #[cfg(feature = "contenders")]
        assert!(has("dashmap::DashMap"));
    }
    assert_eq!(
        [read90, write].map(|variant| variant.info.id.to_string()),
        ["sessions/read90", "sessions/write"]
    );
}

#[cfg(feature = "contenders")]
mod shown {
    use super::super::Names;
    use crate::capability::ConcurrentMap;
    use crate::contenders::{MapVisitor, each_map};
    use crate::suite;

    impl MapVisitor for Names {
        fn visit<M: ConcurrentMap>(&mut self, name: &str) {
            self.0.insert((name.to_owned(), false));
        }
    }

    #[test]
    fn every_map_of_the_suite_is_in_such_a_scenario() {
        let mut shown = Names::default();
        each_map(&mut shown);
        let registered = suite().maps.into_iter().map(|info| (info.name, false)).collect();
        assert_eq!(shown.0, registered);
    }
}
