//! The table of what is compared, as data: every family in every workload, or why not.

use std::collections::BTreeSet;

use super::*;
use crate::registry::Variant;

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
    ("dashmap", [&["dashmap::DashMap"], &["dashmap::DashMap"], &["dashmap::DashMap"]]),
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
    ("map", &["write", "read50", "read90", "read99", "uniform", "beyond-cache", "own-hasher", "growing"]),
    ("fan-out", &["nothing", "1us", "20us"]),
];

/// The patterns of the Go tutorials: the contenders that each has at least.
#[cfg(feature = "patterns")]
const PATTERNS: &[(&str, &[&str])] = &[
    (
        "handoff",
        &[
            "std::sync::mpsc::sync_channel",
            "crossbeam_channel::bounded",
            "flume::bounded",
            "std::sync::Mutex+Condvar",
            "std::thread::park+unpark",
            "parking_lot::Mutex+Condvar",
            "std::sync::atomic+spin",
        ],
    ),
    (
        "queue",
        &[
            "std::sync::mpsc::channel",
            "std::sync::mpsc::sync_channel",
            "crossbeam_channel::bounded",
            "crossbeam_channel::unbounded",
            "flume::bounded",
            "flume::unbounded",
            "crossbeam_queue::ArrayQueue",
            "crossbeam_queue::SegQueue",
            "std::sync::Mutex+Condvar",
        ],
    ),
    (
        "pipeline",
        &[
            "std::sync::mpsc::sync_channel",
            "crossbeam_channel::bounded",
            "flume::bounded",
            "rayon::par_bridge",
            "std::sync::Mutex+Condvar",
        ],
    ),
    (
        "select",
        &[
            "crossbeam_channel::select+macro",
            "crossbeam_channel::Select",
            "flume::Selector",
            "crossbeam_channel::bounded+tagged",
            "std::sync::mpsc::sync_channel+tagged",
            "std::sync::mpsc::sync_channel+polling",
            "std::sync::mpsc+select",
        ],
    ),
    (
        "cancel",
        &[
            "std::sync::atomic::AtomicBool",
            "std::sync::mpsc::sync_channel+close",
            "crossbeam_channel::bounded+close",
            "flume::bounded+close",
            "std::sync::Mutex+Condvar",
            "std::sync::mpsc::sync_channel+recv_timeout",
            "crossbeam_channel::bounded+recv_timeout",
            "flume::bounded+recv_timeout",
        ],
    ),
    (
        "first-error",
        &[
            "std::thread::scope+OnceLock",
            "rayon::try_for_each",
            "std::sync::mpsc::sync_channel",
            "crossbeam_channel::bounded",
            "flume::bounded",
        ],
    ),
    (
        "semaphore",
        &[
            "std::sync::mpsc::sync_channel+tokens",
            "crossbeam_channel::bounded+tokens",
            "flume::bounded+tokens",
            "std::sync::Mutex+Condvar",
            "parking_lot::Mutex+Condvar",
            "std::sync::Mutex",
            "parking_lot::Mutex",
        ],
    ),
    (
        "once",
        &[
            "std::sync::Once",
            "std::sync::OnceLock",
            "std::sync::LazyLock",
            "parking_lot::Once",
            "std::sync::Mutex+Option",
            "std::sync::RwLock+Option",
        ],
    ),
    (
        "join",
        &[
            "std::thread::scope",
            "std::thread::JoinHandle",
            "crossbeam_utils::sync::WaitGroup",
            "std::sync::Barrier",
            "std::sync::mpsc::channel+close",
            "std::sync::Mutex+Condvar",
            "rayon::scope",
        ],
    ),
    (
        "spawn",
        &[
            "std::thread::spawn",
            "std::thread::scope",
            "rayon::scope",
            "std::sync::mpsc::channel+pool",
            "crossbeam_channel::bounded+pool",
        ],
    ),
    (
        "slots",
        &[
            "std::thread::scope+chunks_mut",
            "rayon::par_chunks_mut",
            "std::sync::atomic+fetch_add",
            "std::sync::Mutex+Vec",
        ],
    ),
    (
        "snapshot",
        &[
            "std::sync::RwLock",
            "parking_lot::RwLock",
            "crossbeam_utils::sync::ShardedLock",
            "std::sync::Mutex+Arc",
        ],
    ),
    (
        "fetch",
        &[
            "std::sync::Mutex",
            "dashmap::DashMap",
            "std::sync::mpsc::sync_channel",
            "crossbeam_channel::bounded",
            "std::sync::mpsc::sync_channel+tokens",
            "crossbeam_channel::bounded+tokens",
            "flume::bounded+tokens",
            "std::sync::Mutex+Condvar",
            "parking_lot::Mutex+Condvar",
            "std::sync::mpsc::channel+pool",
            "rayon::par_iter",
        ],
    ),
];

/// The patterns' variants. Those of `queue` are a product.
#[cfg(feature = "patterns")]
const PATTERN_VARIANTS: &[(&str, &[&str])] = &[
    ("handoff", &["one-way", "ping-pong", "ping-pong-median", "ping-pong-p99"]),
    ("pipeline", &["nothing", "1us"]),
    ("select", &["2", "8", "2-timeout", "8-timeout", "2-default", "8-default"]),
    ("cancel", &["busy", "asleep", "polling"]),
    ("first-error", &["early", "late", "none", "wasted"]),
    ("semaphore", &["2of5", "8of64", "lock"]),
    ("once", &["hot", "race"]),
    ("join", &["one-each", "one-each-20us", "64-tasks"]),
    #[cfg(target_os = "linux")]
    (
        "spawn",
        &["100", "1000", "10000", "100000", "100-memory", "1000-memory", "10000-memory", "100000-memory"],
    ),
    ("slots", &["adjacent", "padded"]),
    ("snapshot", &["every1000", "every1000-1us", "every10", "every10-1us"]),
    ("fetch", &["all", "deadline"]),
];

#[test]
#[cfg(feature = "patterns")]
fn every_pattern_has_its_contenders_or_says_why_not() {
    let suite = suite();
    for (workload, wanted) in PATTERNS {
        let everyone: BTreeSet<String> = variants(&suite, workload).flat_map(names).collect();
        for name in *wanted {
            let absent =
                suite.absent.iter().any(|absent| absent.block == *workload && absent.contender == *name);
            assert!(everyone.contains(*name) != absent, "{workload}: {name}");
        }
    }
}

#[test]
#[cfg(feature = "patterns")]
fn every_variant_of_a_pattern_is_there() {
    let suite = suite();
    for (workload, wanted) in PATTERN_VARIANTS {
        let names: BTreeSet<_> =
            variants(&suite, workload).map(|variant| variant.info.id.variant.as_str()).collect();
        assert_eq!(names, wanted.iter().copied().collect(), "{workload}");
    }
    let mut queues = 0;
    for ends in ["1to1", "Nto1", "1toN", "NtoN"] {
        for capacity in ["1", "64", "1024", "unbounded"] {
            for bytes in ["", "-256B"] {
                let name = format!("{ends}-{capacity}{bytes}");
                let mut all = variants(&suite, "queue");
                let variant = all.find(|variant| variant.info.id.variant == name);
                let variant = variant.unwrap_or_else(|| panic!("queue/{name} is missing"));
                // Bounded and unbounded ones have names of their own, but each crate has both.
                let families: BTreeSet<_> = variant.contenders.iter().map(|m| m.info.family).collect();
                for family in ["std Mutex", "std channels", "parking_lot", "crossbeam", "flume"] {
                    assert!(families.contains(family), "queue/{name}: nothing of {family}");
                }
                queues += 1;
            }
        }
    }
    assert_eq!(variants(&suite, "queue").count(), queues);
}

/// What a Go programmer searches the page for, and what it has to find.
#[cfg(feature = "patterns")]
const GO: &[(&str, &[&str])] = &[
    ("sync.Mutex", &["counter", "map"]),
    ("sync/atomic", &["counter"]),
    ("sync.Map", &["map"]),
    ("RWMutex", &["counter", "map", "snapshot"]),
    ("worker pool", &["fan-out", "spawn", "fetch"]),
    ("unbuffered channel", &["handoff"]),
    ("buffered channel", &["queue"]),
    ("pipeline", &["pipeline"]),
    ("select", &["select"]),
    ("default", &["select"]),
    ("context", &["cancel", "first-error", "fetch"]),
    ("errgroup", &["first-error"]),
    ("semaphore", &["semaphore"]),
    ("sync.Once", &["once"]),
    ("WaitGroup", &["join", "spawn", "slots"]),
    ("goroutine", &["spawn", "join"]),
    ("http.Get", &["fetch"]),
];

#[test]
#[cfg(feature = "patterns")]
fn the_words_of_go_find_their_workload() {
    let suite = suite();
    for (word, workloads) in GO {
        for name in *workloads {
            let mut all = suite.workloads.iter();
            let workload = all.find(|workload| workload.name == *name);
            let models = &workload.expect("it is a workload").models;
            let words = models.to_lowercase();
            assert!(words.contains(&word.to_lowercase()), "{name}: {word}");
        }
    }
}

/// flume is maintained for fixes only, as its README says: a reviewer has to know.
#[test]
#[cfg(feature = "contenders")]
fn every_contender_is_described() {
    for variant in &suite().variants {
        for member in &variant.contenders {
            let (id, info) = (&variant.info.id, &member.info);
            if info.family == "driver" {
                continue;
            }
            let (name, notes) = (&info.name, format!("{} {}", info.facts, info.role));
            let notes = notes.trim();
            assert!(notes.ends_with('.'), "{id}: {name} has neither facts nor a role");
            let fixes = info.facts.contains("Maintained for fixes only.");
            assert_eq!(fixes, info.package == "flume", "{id}: {name}");
        }
    }
}

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

/// Each crate of the feature `extra`, and what its contenders' names begin with.
#[cfg(feature = "extra")]
const EXTRA: [(&str, &str); 10] = [
    ("tokio", "tokio::"),
    ("kanal", "kanal::"),
    ("crossfire", "crossfire::"),
    ("async-channel", "async_channel::"),
    ("papaya", "papaya::"),
    ("scc", "scc::"),
    ("arc-swap", "arc_swap::"),
    ("left-right", "left_right::"),
    ("once_cell", "once_cell::"),
    ("spin", "spin::"),
];

#[test]
#[cfg(feature = "extra")]
fn every_extra_crate_is_in_every_workload_or_says_why_not() {
    let suite = suite();
    for workload in suite.workloads.iter().map(|workload| &*workload.name) {
        for (family, path) in EXTRA {
            let present = variants(&suite, workload)
                .flat_map(|variant| &variant.contenders)
                .any(|member| member.info.family == family && member.info.package == family);
            let absent = suite
                .absent
                .iter()
                .any(|absent| absent.block == workload && absent.contender.starts_with(path));
            assert!(present || absent, "{workload}: nothing of {family}");
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

#[test]
fn who_is_missing_from_a_variant_has_a_reason() {
    let suite = suite();
    let workloads = suite.workloads.iter().map(|workload| &*workload.name);
    // Which queue has a capacity, and which has none, is said once for all variants.
    for workload in workloads.filter(|name| *name != "queue") {
        let everyone: BTreeSet<String> = variants(&suite, workload).flat_map(names).collect();
        for variant in variants(&suite, workload) {
            let id = &variant.info.id;
            let here = names(variant);
            for name in everyone.difference(&here) {
                let absent = suite.absent.iter().any(|absent| absent.covers(id, name));
                assert!(absent, "{id}: {name} is neither there nor said to be absent");
            }
        }
    }
}

#[test]
fn who_is_absent_is_not_there_and_has_a_place_to_be_missing_from() {
    let suite = suite();
    for absent in &suite.absent {
        let mut scope = 0;
        for variant in &suite.variants {
            let id = &variant.info.id;
            if absent.covers(id, &absent.contender) {
                scope += 1;
                let here = names(variant);
                assert!(!here.contains(&absent.contender), "{id}: {absent:?}");
            }
        }
        assert!(scope > 0, "{absent:?}");
    }
}

/// The control is other code: its loop stands elsewhere.
#[test]
fn the_two_copies_of_a_contender_stand_at_different_addresses() {
    for variant in &suite().variants {
        for member in &variant.contenders {
            let [first, second] = member.loop_addresses;
            assert_ne!(first, second, "{}: {}", variant.info.id, member.info.name);
        }
    }
}

fn variants<'a>(suite: &'a Suite, workload: &str) -> impl Iterator<Item = &'a Variant> {
    suite.variants.iter().filter(move |variant| variant.info.id.workload == workload)
}

fn names(variant: &Variant) -> BTreeSet<String> {
    variant.contenders.iter().map(|member| member.info.name.clone()).collect()
}
