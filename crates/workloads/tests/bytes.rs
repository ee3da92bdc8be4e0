//! The tables of docs/bytes.md: the size of each primitive, and what maps and channels allocate, empty and full. This
//! executable counts its allocations, and measures no time. `UPDATE_DOCS=1 cargo test -p contend-workloads --features
//! contenders --test bytes` writes the tables again.
//!
//! They are those of x86-64 and Linux, where std's locks are futexes, and of the versions in Cargo.lock.

#![cfg(all(feature = "contenders", target_os = "linux", target_arch = "x86_64"))]

use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::hash::RandomState;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock, RwLock, mpsc};
use std::{env, fs};

use allocation_counter::measure;
use crossbeam_queue::{ArrayQueue, SegQueue};
use crossbeam_skiplist::SkipMap;
use crossbeam_utils::sync::{ShardedLock, WaitGroup};
use dashmap::DashMap;

const PAGE: &str = "../../docs/bytes.md";
const BEGIN: &str = "<!-- bytes:begin -->\n";
const END: &str = "<!-- bytes:end -->\n";

/// Entries of a full map.
const ENTRIES: u32 = 10_000;

/// Messages of a full channel, and the capacity of those that have one.
const MESSAGES: u64 = 64;

/// Shards of a DashMap on two CPUs.
const SHARDS: usize = 8;

/// Bytes that `make` allocates and keeps, and what it makes.
fn kept<T>(make: impl FnOnce() -> T) -> (u64, T) {
    let mut made = None;
    let counted = measure(|| made = Some(make()));
    (u64::try_from(counted.bytes_current).expect("nothing is freed"), made.expect("it was made"))
}

/// Bytes that `change` adds to those that are allocated.
fn added(change: impl FnOnce()) -> i64 {
    measure(change).bytes_current
}

/// A row of a table.
type Row = (String, Vec<u64>);

fn table(head: &[&str], rows: &[Row]) -> String {
    let mut table = format!("| {} |\n| ---{} |\n", head.join(" | "), " | ---:".repeat(head.len() - 1));
    for (name, numbers) in rows {
        assert_eq!(numbers.len(), head.len() - 1, "{name}");
        let numbers: Vec<_> = numbers.iter().map(|number| grouped(*number)).collect();
        let _ = writeln!(table, "| `{name}` | {} |", numbers.join(" | "));
    }
    table
}

/// A number with commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    groups.join(",")
}

/// A primitive: its own bytes around nothing, its own bytes around a `u64`, and what it allocates for that.
macro_rules! primitive {
    ($name:literal, $primitive:ident) => {
        primitive!($name, $primitive<()>, $primitive<u64>, $primitive::new(7_u64))
    };
    ($name:literal, $nothing:ty, $word:ty, $make:expr) => {{
        let (allocated, _made) = kept(|| $make);
        ($name.to_owned(), vec![size_of::<$nothing>() as u64, size_of::<$word>() as u64, allocated])
    }};
}

fn primitives() -> Vec<Row> {
    use parking_lot::{FairMutex, Mutex as ParkingLotMutex, RwLock as ParkingLotRwLock};
    let lazy = || {
        let cell = OnceLock::new();
        cell.get_or_init(|| 7_u64);
        cell
    };
    vec![
        primitive!("std::sync::atomic::AtomicU64", AtomicU64, AtomicU64, AtomicU64::new(7)),
        primitive!("std::sync::Mutex", Mutex),
        primitive!("std::sync::RwLock", RwLock),
        primitive!("std::sync::Condvar", Condvar, Condvar, Condvar::new()),
        primitive!("std::sync::Once", Once, Once, Once::new()),
        primitive!("std::sync::OnceLock", OnceLock<()>, OnceLock<u64>, lazy()),
        primitive!("std::sync::Barrier", Barrier, Barrier, Barrier::new(2)),
        primitive!("parking_lot::Mutex", ParkingLotMutex),
        primitive!("parking_lot::FairMutex", FairMutex),
        primitive!("parking_lot::RwLock", ParkingLotRwLock),
        primitive!(
            "parking_lot::Condvar",
            parking_lot::Condvar,
            parking_lot::Condvar,
            parking_lot::Condvar::new()
        ),
        primitive!("parking_lot::Once", parking_lot::Once, parking_lot::Once, parking_lot::Once::new()),
        primitive!("crossbeam_utils::sync::ShardedLock", ShardedLock),
        primitive!("crossbeam_utils::sync::WaitGroup", WaitGroup, WaitGroup, WaitGroup::new()),
    ]
}

/// A map: its own bytes, what it allocates when it is made, with room for all entries, and when it has them.
fn map<M>(name: &str, new: impl Fn() -> M, with_room: impl Fn() -> M, insert: impl Fn(&M, u32)) -> Row {
    insert(&with_room(), 0); // what all maps of a kind share is made with the first one, and is not counted
    let (empty, _) = kept(new);
    let (room, map) = kept(with_room);
    let more = added(|| (0..ENTRIES).for_each(|key| insert(&map, key)));
    let full = room.checked_add_signed(more).expect("it holds something");
    (name.to_owned(), vec![size_of::<M>() as u64, empty, room, full])
}

fn maps() -> Vec<Row> {
    let hasher = RandomState::new;
    let room = ENTRIES as usize;
    vec![
        map(
            "Mutex<HashMap>",
            || Mutex::new(HashMap::<u32, u64>::new()),
            || Mutex::new(HashMap::with_capacity(room)),
            |map, key| _ = map.lock().expect("no holder panics").insert(key, 0),
        ),
        map(
            "dashmap::DashMap",
            || DashMap::<u32, u64>::with_capacity_and_hasher_and_shard_amount(0, hasher(), SHARDS),
            || DashMap::with_capacity_and_hasher_and_shard_amount(room, hasher(), SHARDS),
            |map, key| _ = map.insert(key, 0),
        ),
        map("crossbeam_skiplist::SkipMap", SkipMap::<u32, u64>::new, SkipMap::new, |map, key| {
            drop(map.insert(key, 0))
        }),
    ]
}

/// A channel: the bytes of a sender and of a receiver, what it allocates when it is made, and when it is full.
fn channel<S, R>(name: &str, make: impl Fn() -> (S, R), send: impl Fn(&S, u64)) -> Row {
    drop(make()); // what all channels of a kind share is made with the first one, and is not counted
    let (empty, (sender, _receiver)) = kept(&make);
    let more = added(|| (0..MESSAGES).for_each(|message| send(&sender, message)));
    let full = empty.checked_add_signed(more).expect("it holds something");
    (name.to_owned(), vec![size_of::<S>() as u64, size_of::<R>() as u64, empty, full])
}

/// A queue under a mutex with two condition variables, as the suite's `+Condvar` has it.
type Locked = Arc<(Mutex<VecDeque<u64>>, Condvar, Condvar)>;

fn channels() -> Vec<Row> {
    const FITS: &str = "there is room";
    let capacity = MESSAGES as usize;
    let locked = || -> (Locked, Locked) {
        let queue = Arc::new((Mutex::new(VecDeque::with_capacity(capacity)), Condvar::new(), Condvar::new()));
        (queue.clone(), queue)
    };
    let array = || {
        let queue = Arc::new(ArrayQueue::new(capacity));
        (queue.clone(), queue)
    };
    let segments = || {
        let queue = Arc::new(SegQueue::new());
        (queue.clone(), queue)
    };
    vec![
        channel(
            "std::sync::mpsc::sync_channel",
            || mpsc::sync_channel(capacity),
            |to, n| to.send(n).expect(FITS),
        ),
        channel("std::sync::mpsc::channel", mpsc::channel, |to, n| to.send(n).expect(FITS)),
        channel(
            "crossbeam_channel::bounded",
            || crossbeam_channel::bounded(capacity),
            |to, n| to.send(n).expect(FITS),
        ),
        channel("crossbeam_channel::unbounded", crossbeam_channel::unbounded, |to, n| {
            to.send(n).expect(FITS)
        }),
        channel("flume::bounded", || flume::bounded(capacity), |to, n| to.send(n).expect(FITS)),
        channel("flume::unbounded", flume::unbounded, |to, n| to.send(n).expect(FITS)),
        channel("Arc<crossbeam_queue::ArrayQueue>", array, |to, n| to.push(n).expect(FITS)),
        channel("Arc<crossbeam_queue::SegQueue>", segments, |to, n| to.push(n)),
        channel("std::sync::Mutex+Condvar", locked, |to, n| to.0.lock().expect(FITS).push_back(n)),
    ]
}

fn tables() -> String {
    let primitives = table(&["primitive", "around `()`", "around a `u64`", "allocated"], &primitives());
    let maps = table(&["map from `u32` to `u64`", "itself", "empty", "with room", "full"], &maps());
    let head = ["channel of `u64`", "sender", "receiver", "empty", "full"];
    let channels = table(&head, &channels());
    format!(
        "### Primitives\n\n{primitives}\n### Maps of {} entries\n\n{maps}\n### Channels of {MESSAGES} messages\n\n\
         {channels}",
        grouped(u64::from(ENTRIES))
    )
}

#[test]
fn the_tables_are_those_of_the_locked_versions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{PAGE}: {error}"));
    let (before, rest) = page.split_once(BEGIN).expect("where the tables begin");
    let (_, after) = rest.split_once(END).expect("where they end");
    let wanted = format!("{before}{BEGIN}{}{END}{after}", tables());
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).expect("the page can be written");
        return;
    }
    let different = page.lines().zip(wanted.lines()).find(|(here, there)| here != there);
    assert!(page == wanted, "{PAGE} differs: {different:#?}; write it again as this file's head says");
}

#[test]
fn what_is_counted_is_what_is_kept() {
    let (bytes, _kept) = kept(|| (vec![0_u8; 1_000].len(), Box::new([0_u64; 4])));
    assert_eq!(bytes, 32, "the vector is freed again, the box is not");
    let mut list = Vec::<u64>::with_capacity(4);
    assert_eq!(added(|| list.extend([0; 5])), 32, "from 4 to 8 words");
    let full = |rows: Vec<Row>| rows.into_iter().map(|(_, numbers)| *numbers.last().expect("a number"));
    assert!(
        full(maps()).all(|bytes| bytes >= u64::from(ENTRIES) * 12),
        "each entry takes at least its own bytes"
    );
    assert!(full(channels()).all(|bytes| bytes >= MESSAGES * 8), "each message takes at least its own bytes");
}

#[test]
fn large_numbers_are_grouped() {
    assert_eq!([0, 999, 1_000, 12_345_678].map(grouped), ["0", "999", "1,000", "12,345,678"]);
}
