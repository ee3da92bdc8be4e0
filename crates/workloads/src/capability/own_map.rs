//! A map of a user's own: what a newcomer's map has, without hashers and without type constructors.

use super::{ConcurrentMap, Hashing, Key, Value};

/// A map that threads share by `&self`, with a hasher of its own: a trait on the real type. One line adds it to every
/// workload that has a use for a map: [`Suite::map`](crate::Suite::map).
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
///
/// use contend_workloads::capability::{Key, OwnMap, Value};
/// use contend_workloads::{Info, workloads};
///
/// struct MyMap<K, V>(Mutex<HashMap<K, V>>);
///
/// impl<K: Key, V: Value> OwnMap for MyMap<K, V> {
///     type Key = K;
///     type Value = V;
///     type With<L: Key, W: Value> = MyMap<L, W>;
///
///     fn with_capacity(capacity: usize) -> Self {
///         Self(Mutex::new(HashMap::with_capacity(capacity)))
///     }
///
///     fn get(&self, key: &K) -> Option<V> {
///         self.0.lock().unwrap().get(key).cloned()
///     }
///
///     fn insert(&self, key: K, value: V) {
///         self.0.lock().unwrap().insert(key, value);
///     }
///
///     fn update(&self, key: &K, change: impl Fn(&mut V)) -> bool {
///         self.0.lock().unwrap().get_mut(key).map(change).is_some()
///     }
///
///     fn remove(&self, key: &K) -> Option<V> {
///         self.0.lock().unwrap().remove(key)
///     }
/// }
///
/// let mut suite = workloads();
/// suite.map::<MyMap<u32, u64>>(Info::new("my::Map").facts("One HashMap under std's mutex."));
/// ```
///
/// Mark short methods `#[inline(always)]`, as for [`Lock::with_mut`](super::Lock::with_mut). A map whose hasher is a
/// type parameter implements [`ConcurrentMap`]: then it is also compared with the hasher of all other maps.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no map of the user's own",
    note = "implement `contend::capability::OwnMap` for it: `with_capacity`, `get`, `insert`, `update`, `remove`"
)]
pub trait OwnMap: Send + Sync + 'static {
    /// The type of its keys.
    type Key: Key;
    /// The type of its values.
    type Value: Value;

    /// The same map with other keys and values, so that one line gives it to every workload.
    type With<K: Key, V: Value>: OwnMap<Key = K, Value = V>;

    /// An empty map with room for `capacity` entries. It grows beyond them.
    fn with_capacity(capacity: usize) -> Self;

    /// A copy of the value of `key`.
    fn get(&self, key: &Self::Key) -> Option<Self::Value>;

    /// Inserts an entry, or replaces its value.
    fn insert(&self, key: Self::Key, value: Self::Value);

    /// Changes the value of `key` in one step: no other thread's change comes between its look and its store. Whether
    /// the key is there. A map that copies values may call `change` again after a conflict.
    fn update(&self, key: &Self::Key, change: impl Fn(&mut Self::Value)) -> bool;

    /// Removes the entry of `key`.
    fn remove(&self, key: &Self::Key) -> Option<Self::Value>;

    /// Changes the value of `key`, or inserts `default` changed.
    ///
    /// As provided, it is two steps where the key is absent: of two threads that insert one key at once, one may be
    /// lost. Implement it where the map can do both in one step.
    #[inline(always)]
    fn upsert(&self, key: Self::Key, default: Self::Value, change: impl Fn(&mut Self::Value)) {
        if !self.update(&key, &change) {
            let mut value = default;
            change(&mut value);
            self.insert(key, value);
        }
    }

    /// How many entries there are. Implement it where the map knows.
    fn len(&self) -> usize {
        self.entries().map_or(0, |entries| entries.len())
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries, while no other thread uses the map; `None` where it cannot list them. Checks then look up the keys
    /// that should be there, and do not see others; and the map is left out where keys come and go.
    fn entries(&self) -> Option<Vec<(Self::Key, Self::Value)>> {
        None
    }
}

impl<M: OwnMap> ConcurrentMap for M {
    const OWN_HASHER: bool = true;

    type Map<K: Key, V: Value, H: Hashing> = M::With<K, V>;

    fn new<K: Key, V: Value, H: Hashing>(capacity: usize, _: H) -> M::With<K, V> {
        OwnMap::with_capacity(capacity)
    }

    #[inline(always)]
    fn insert<K: Key, V: Value, H: Hashing>(map: &M::With<K, V>, key: K, value: V) {
        map.insert(key, value);
    }

    #[inline(always)]
    fn upsert<K: Key, V: Value, H: Hashing>(
        map: &M::With<K, V>,
        key: K,
        default: impl FnOnce() -> V,
        change: impl Fn(&mut V),
    ) {
        map.upsert(key, default(), change);
    }

    #[inline(always)]
    fn modify<K: Key, V: Value, H: Hashing>(map: &M::With<K, V>, key: &K, change: impl Fn(&mut V)) -> bool {
        map.update(key, change)
    }

    #[inline(always)]
    fn remove<K: Key, V: Value, H: Hashing>(map: &M::With<K, V>, key: &K) {
        OwnMap::remove(map, key);
    }

    fn len<K: Key, V: Value, H: Hashing>(map: &M::With<K, V>) -> usize {
        OwnMap::len(map)
    }

    #[inline(always)]
    fn read<K: Key, V: Value, H: Hashing, R>(
        map: &M::With<K, V>,
        key: &K,
        read: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        map.get(key).map(|value| read(&value))
    }

    fn for_each<K: Key, V: Value, H: Hashing>(map: &M::With<K, V>, mut each: impl FnMut(&K, &V)) {
        let entries = map.entries().expect("it lists its entries");
        entries.iter().for_each(|(key, value)| each(key, value));
    }

    fn clear<K: Key, V: Value, H: Hashing>(map: &M::With<K, V>) {
        for (key, _) in map.entries().expect("it lists its entries") {
            OwnMap::remove(map, &key);
        }
    }

    fn lists_entries() -> bool {
        M::with_capacity(0).entries().is_some()
    }

    fn for_each_of<K: Key, V: Value, H: Hashing>(
        map: &M::With<K, V>,
        known: &mut dyn Iterator<Item = K>,
        mut each: impl FnMut(&K, &V),
    ) {
        match map.entries() {
            Some(entries) => entries.iter().for_each(|(key, value)| each(key, value)),
            None => {
                for key in known {
                    if let Some(value) = map.get(&key) {
                        each(&key, &value);
                    }
                }
            }
        }
    }

    fn clear_of<K: Key, V: Value, H: Hashing>(map: &M::With<K, V>, known: &mut dyn Iterator<Item = K>) {
        match map.entries() {
            Some(entries) => entries.iter().for_each(|(key, _)| drop(OwnMap::remove(map, key))),
            None => known.for_each(|key| drop(OwnMap::remove(map, &key))),
        }
    }
}
