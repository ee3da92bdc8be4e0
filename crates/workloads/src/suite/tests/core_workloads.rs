//! Counter, map and fan-out: every family is in each of them, or has a reason to be absent.

use std::collections::BTreeSet;

use super::{suite, variants};

#[cfg(feature = "contenders")]
const CORE: [&str; 3] = ["counter", "map", "fan-out"];

/// The contenders of each family in each workload. Each must be there, or be absent with a reason.
#[cfg(feature = "contenders")]
const TABLE: &[(&str, [&[&str]; 3])] = &[
    (
        "std Mutex",
        [&["std::sync::Mutex"], &["std::sync::Mutex", "std::sync::Mutex+64-shards"], &["std::sync::Mutex"]],
    ),
    (
        "std RwLock",
        [
            &["std::sync::RwLock"],
            &["std::sync::RwLock", "std::sync::RwLock+64-shards"],
            &["std::sync::RwLock"],
        ],
    ),
    (
        "atomics",
        [
            &[
                "std::sync::atomic+fetch_add",
                "std::sync::atomic+compare_exchange",
                "std::sync::atomic+padded-shards",
                "per-thread+merged",
            ],
            &["std::sync::atomic+slots", "per-thread+merged"],
            &["std::sync::atomic+claim"],
        ],
    ),
    (
        "parking_lot",
        [
            &["parking_lot::Mutex", "parking_lot::FairMutex", "parking_lot::RwLock"],
            &[
                "parking_lot::Mutex",
                "parking_lot::FairMutex",
                "parking_lot::RwLock",
                "parking_lot::Mutex+64-shards",
                "parking_lot::RwLock+64-shards",
            ],
            &["parking_lot::Mutex", "parking_lot::FairMutex", "parking_lot::RwLock"],
        ],
    ),
    (
        "std channels",
        [
            &[
                "std::sync::mpsc::channel",
                "std::sync::mpsc::sync_channel",
                "std::sync::mpsc::sync_channel+token",
            ],
            &[
                "std::sync::mpsc::channel",
                "std::sync::mpsc::sync_channel",
                "std::sync::mpsc::sync_channel+token",
            ],
            &[
                "std::sync::mpsc::channel",
                "std::sync::mpsc::sync_channel",
                "std::sync::mpsc::channel+locked-receiver",
            ],
        ],
    ),
    (
        "crossbeam",
        [
            &[
                "crossbeam_channel::bounded",
                "crossbeam_channel::bounded+token",
                "crossbeam_utils::sync::ShardedLock",
            ],
            &[
                "crossbeam_channel::bounded",
                "crossbeam_channel::bounded+token",
                "crossbeam_utils::sync::ShardedLock",
                "crossbeam_skiplist::SkipMap",
            ],
            &[
                "crossbeam_channel::bounded",
                "crossbeam_channel::bounded+shared",
                "crossbeam_queue::ArrayQueue",
                "crossbeam_queue::SegQueue",
                "crossbeam_deque+stealing",
            ],
        ],
    ),
    (
        "flume",
        [
            &["flume::bounded", "flume::bounded+token"],
            &["flume::bounded", "flume::bounded+token"],
            &["flume::bounded", "flume::bounded+shared"],
        ],
    ),
    (
        "dashmap",
        [
            &["dashmap::DashMap", "dashmap::DashMap+256-shards"],
            &["dashmap::DashMap", "dashmap::DashMap+256-shards"],
            &["dashmap::DashMap"],
        ],
    ),
    ("rayon", [&["rayon::fold"], &["rayon::fold"], &["rayon::par_iter", "rayon::scope"]]),
    (
        "threads",
        [
            &["std::thread::spawn"],
            &["std::thread::spawn"],
            &["std::thread::scope", "std::thread::spawn+per-job"],
        ],
    ),
];

/// The core variants.
const VARIANTS: [(&str, &[&str]); 3] = [
    ("counter", &["hot", "spaced", "held", "read90", "locks8", "locks64"]),
    (
        "map",
        &[
            "write",
            "read50",
            "read90",
            "read99",
            "read100",
            "spaced",
            "uniform",
            "beyond-cache",
            "own-hasher",
            "growing",
            "insert-remove",
            "read90-len",
            "read90-iterate",
            "read90-256B",
            "read90-1KiB",
            "shards1",
            "shards8",
            "shards64",
            "shards256",
        ],
    ),
    ("fan-out", &["nothing", "1us", "20us"]),
];

#[test]
#[cfg(feature = "contenders")]
fn every_family_is_in_every_workload_or_says_why_not() {
    let suite = suite();
    for (family, places) in TABLE {
        for (workload, names) in CORE.iter().zip(places) {
            assert!(!names.is_empty(), "{family} in {workload}");
            for name in *names {
                let has = |info: &crate::registry::Info| info.name == *name && info.family == *family;
                let present = variants(&suite, workload)
                    .any(|variant| variant.contenders.iter().any(|member| has(&member.info)));
                let absent =
                    suite.absent.iter().any(|absent| absent.block == *workload && absent.contender == *name);
                assert!(present != absent, "{workload}: {name} of {family}");
            }
        }
    }
}

#[test]
fn every_variant_is_there() {
    let suite = suite();
    for (workload, wanted) in VARIANTS {
        let names: BTreeSet<_> =
            variants(&suite, workload).map(|variant| variant.info.id.variant.as_str()).collect();
        assert_eq!(names, wanted.iter().copied().collect(), "{workload}");
    }
}

/// The counter's fastest contenders are atomics. Who looks for them in `map` finds them, or why they are not there.
#[test]
#[cfg(feature = "contenders")]
fn the_counters_atomics_are_in_map_or_it_says_why_not() {
    let suite = suite();
    let of = |workload: &'static str| variants(&suite, workload).flat_map(|variant| &variant.contenders);
    let counters: BTreeSet<&str> =
        of("counter").filter(|one| one.info.family == "atomics").map(|one| &*one.info.name).collect();
    assert!(counters.contains("std::sync::atomic+fetch_add"), "{counters:?}");
    for name in counters {
        let there = of("map").any(|one| one.info.name == name);
        let absent = suite.absent.iter().any(|absent| absent.block == "map" && absent.contender == name);
        assert!(there != absent, "map: {name}");
    }
}
