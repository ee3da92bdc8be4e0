//! Maps with keys and values of a user's own types and sizes, as a scenario.

#[cfg(feature = "contenders")]
mod shipped_maps;

use std::collections::HashMap;
use std::hint::black_box;
use std::marker::PhantomData;
use std::sync::OnceLock;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Compared, Done, expect};
use crate::capability::{ConcurrentMap, Hashing, Key, Lock, Value};
use crate::registry::{BlockSettings, Info, Suite};
use crate::workload::ring::{Draw, Ring, Skew};

/// The entries of maps that are compared: keys and values of your own, and how a value is changed.
pub trait Entries: 'static {
    /// The type of the keys.
    type Key: Key;
    /// The type of the values.
    type Value: Value;
    /// How the maps hash. `RandomState` is what std's and DashMap's have where no hasher is chosen.
    type Hasher: Hashing;

    /// How many entries there are, from the start to the end.
    const COUNT: u32;

    /// A key. Those of numbers below [`COUNT`](Entries::COUNT) are present; others are absent.
    fn key(number: u32) -> Self::Key;

    /// The value that a key has at first.
    fn value(number: u32) -> Self::Value;

    /// Changes a value. A change is what a lost update loses, so the value has to know how many there were.
    fn change(value: &mut Self::Value);

    /// How often a value was changed.
    fn changes(value: &Self::Value) -> u64;
}

/// An operation on such a map.
pub enum MapOperation<K> {
    /// Looks up a key.
    Read(K),
    /// Changes the value of a key.
    Write(K),
}

/// Reads in a hundred that ask for a present key, as in the workload `map`.
const HITS: u32 = 90;

/// Operations that are drawn.
const RING: usize = 1 << 16;

/// Operations that are drawn where cells are checked and not timed.
const CHECKED_RING: usize = 1 << 12;

impl Suite {
    /// Compares maps with keys and values of your own types. `variants` have a name, and the reads in a hundred
    /// operations; the others change a value. Keys are drawn with YCSB's skew (Zipf 0.99), and one read in ten misses.
    ///
    /// ```
    /// use std::hash::RandomState;
    ///
    /// use contend_workloads::scenario::Entries;
    ///
    /// struct Sessions;
    ///
    /// impl Entries for Sessions {
    ///     type Key = String;
    ///     type Value = ([u8; 240], u64);
    ///     type Hasher = RandomState;
    ///
    ///     const COUNT: u32 = 1_000;
    ///
    ///     fn key(number: u32) -> String {
    ///         format!("session-{number}")
    ///     }
    ///
    ///     fn value(_: u32) -> ([u8; 240], u64) {
    ///         ([0; 240], 0)
    ///     }
    ///
    ///     fn change(value: &mut ([u8; 240], u64)) {
    ///         value.1 += 1;
    ///     }
    ///
    ///     fn changes(value: &([u8; 240], u64)) -> u64 {
    ///         value.1
    ///     }
    /// }
    ///
    /// let mut suite = contend_workloads::suite();
    /// suite.compare_maps::<Sessions>("sessions", &[("read90", 90), ("write", 0)]).shipped();
    /// ```
    ///
    /// # Panics
    /// As [`Suite::compare`], or where a variant has more than 100 reads in a hundred operations.
    #[track_caller]
    pub fn compare_maps<M: Entries>(&mut self, name: &str, variants: &[(&str, u32)]) -> Maps<'_, M> {
        let mut scenario = self
            .compare(name)
            .title("Entries of this project's types are looked up and changed in one map")
            .question("A map with these keys and values: a lock around a HashMap, or a concurrent map?");
        for &(variant, reads) in variants {
            assert!(reads <= 100, "`{name}/{variant}` has {reads} reads in 100 operations: give at most 100");
            let title = format!("{reads} % lookups, the others change a value");
            scenario = scenario.stream(variant, &title, move |settings| draw::<M>(settings, reads));
        }
        Maps { compared: scenario.check(check::<M>), entries: PhantomData }
    }
}

/// The operations of a fork.
fn draw<M: Entries>(settings: &BlockSettings, reads: u32) -> Vec<MapOperation<M::Key>> {
    let length = if settings.check_only { CHECKED_RING } else { RING };
    let draw = Draw { keys: M::COUNT, skew: Skew::Zipf(0.99), reads, hits: HITS, length };
    let ring = Ring::drawn(&draw, &mut settings.rng());
    let mut place = ring.place(0);
    let next = |_| {
        let operation = ring.next(&mut place);
        let key = M::key(operation.key());
        if operation.write() { MapOperation::Write(key) } else { MapOperation::Read(key) }
    };
    (0..length).map(next).collect()
}

/// The entries at the end: each key, and how often its value was changed.
type End<M> = Vec<(<M as Entries>::Key, u64)>;

/// What is done, with the lookups that found their key.
type MapDone<'a, M> = Done<'a, MapOperation<<M as Entries>::Key>, u64>;

fn check<M: Entries>(end: End<M>, done: &MapDone<'_, M>) -> Result<(), String> {
    let mut wanted: HashMap<M::Key, u64> = (0..M::COUNT).map(|number| (M::key(number), 0)).collect();
    let mut hits = 0;
    for (operation, times) in done.operations() {
        match operation {
            MapOperation::Read(key) => hits += if wanted.contains_key(key) { times } else { 0 },
            MapOperation::Write(key) => *wanted.get_mut(key).expect("written keys are present") += times,
        }
    }
    expect("lookups of present keys", done.tallies().sum(), hits)?;
    let (found, changes) = (end.len() as u64, end.iter().map(|(_, changes)| changes).sum());
    expect("entries", found, M::COUNT.into())?;
    expect("changes", changes, wanted.values().sum())?;
    let differ = end.iter().find(|(key, changes)| wanted.get(key) != Some(changes));
    match differ {
        None => Ok(()),
        Some(_) => Err("a key has the changes of another".to_owned()),
    }
}

/// The hasher of all maps of a fork.
fn hasher<H: Hashing>() -> H {
    static SEED: OnceLock<u64> = OnceLock::new();
    H::seeded(&mut StdRng::seed_from_u64(*SEED.get_or_init(rand::random)))
}

/// Maps with keys and values of your own: see [`Suite::compare_maps`].
pub struct Maps<'s, M: Entries> {
    compared: Compared<'s, MapOperation<M::Key>, u64, End<M>>,
    entries: PhantomData<M>,
}

impl<'s, M: Entries> Maps<'s, M> {
    /// Adds every lock of the suite around a `HashMap`, the `HashMap` alone with one worker, and every map of the suite
    /// whose values are changed in place.
    #[track_caller]
    pub fn shipped(mut self) -> Self {
        let plain = self.compared.plain(new_map::<M>, operate::<M>, end::<M>);
        plain.reads(is_read::<M>, look_up::<M>).shipped_locks();
        #[cfg(feature = "contenders")]
        shipped_maps::add(&mut self);
        self
    }

    /// Adds a lock of your own around a `HashMap`.
    ///
    /// # Panics
    /// Where there is a contender of that name, ignoring case.
    #[track_caller]
    pub fn lock<L: Lock>(mut self, info: impl Into<Info>) -> Self {
        let plain = self.compared.plain(new_map::<M>, operate::<M>, end::<M>);
        plain.reads(is_read::<M>, look_up::<M>).lock::<L>(info);
        self
    }

    /// Adds a map of your own.
    ///
    /// # Panics
    /// Where there is a contender of that name, ignoring case.
    #[track_caller]
    pub fn map<C: ConcurrentMap>(mut self, info: impl Into<Info>) -> Self {
        self.add_map::<C>(info.into());
        self
    }

    #[track_caller]
    fn add_map<C: ConcurrentMap>(&mut self, info: Info) {
        self.compared.contender(
            info,
            || {
                let map = C::new(M::COUNT as usize, hasher::<M::Hasher>());
                (0..M::COUNT).for_each(|number| C::insert(&map, M::key(number), M::value(number)));
                map
            },
            |map, operation, hits| match operation {
                MapOperation::Read(key) => *hits += C::read(map, key, seen).unwrap_or(0),
                MapOperation::Write(key) => drop(C::modify(map, key, M::change)),
            },
            |map| {
                let mut end = End::<M>::new();
                let known = &mut (0..M::COUNT).map(M::key);
                C::for_each_of(map, known, |key, value| end.push((key.clone(), M::changes(value))));
                end
            },
        );
    }
}

type PlainMap<M> = HashMap<<M as Entries>::Key, <M as Entries>::Value, <M as Entries>::Hasher>;

fn new_map<M: Entries>() -> PlainMap<M> {
    let mut map = HashMap::with_capacity_and_hasher(M::COUNT as usize, hasher());
    map.extend((0..M::COUNT).map(|number| (M::key(number), M::value(number))));
    map
}

#[inline(always)]
fn is_read<M: Entries>(operation: &MapOperation<M::Key>) -> bool {
    matches!(operation, MapOperation::Read(_))
}

#[inline(always)]
fn operate<M: Entries>(map: &mut PlainMap<M>, operation: &MapOperation<M::Key>, hits: &mut u64) {
    match operation {
        MapOperation::Read(_) => look_up::<M>(map, operation, hits),
        MapOperation::Write(key) => {
            if let Some(value) = map.get_mut(key) {
                M::change(value);
            }
        }
    }
}

fn end<M: Entries>(map: &PlainMap<M>) -> End<M> {
    map.iter().map(|(key, value)| (key.clone(), M::changes(value))).collect()
}

#[inline(always)]
fn look_up<M: Entries>(map: &PlainMap<M>, operation: &MapOperation<M::Key>, hits: &mut u64) {
    let (MapOperation::Read(key) | MapOperation::Write(key)) = operation;
    *hits += map.get(key).map_or(0, seen);
}

/// Counts a lookup whose value the compiler must find.
#[inline(always)]
fn seen<V>(value: &V) -> u64 {
    black_box(value);
    1
}
