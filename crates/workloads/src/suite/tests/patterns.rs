//! The patterns of the Go tutorials: their contenders, their variants, and the words that find them.

use std::collections::BTreeSet;

use super::{names, suite, variants};
use crate::registry::BlockSettings;
use contend_record::Calibration;
use contend_team::{Team, Window};

/// The patterns of the Go tutorials: the contenders that each has at least.
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
            "std::sync::Mutex+Condvar+counted",
            "std::sync::Mutex+Condvar+counted+batch",
            "parking_lot::Mutex+Condvar+batch",
            "flume::bounded+batch",
            "flume::unbounded+batch",
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
    (
        "snapshot",
        &[
            "every1000",
            "every1000-1us",
            "every10",
            "every10-reads",
            "every10-writes",
            "every10-1us",
            "every10-1us-reads",
            "every10-1us-writes",
        ],
    ),
    ("fetch", &["all", "deadline"]),
];

#[test]
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
    // Large messages have one receiver. Where both ends are in one place, capacities are not crossed with ends.
    let has = |name: &str| variants(&suite, "queue").any(|variant| variant.info.id.variant == name);
    for ends in ["1to1", "Nto1"] {
        for capacity in ["1", "64", "1024", "unbounded"] {
            assert!(has(&format!("{ends}-{capacity}-1KiB")), "queue/{ends}-{capacity}-1KiB is missing");
            queues += 1;
        }
    }
    let others = ["slow-consumer", "short-lived", "short-lived-unbounded", "request-reply", "broadcast"];
    let others = others.into_iter().filter(|name| cfg!(target_os = "linux") || *name != "slow-consumer");
    for name in others {
        assert!(has(name), "queue/{name} is missing");
        queues += 1;
    }
    assert_eq!(variants(&suite, "queue").count(), queues);
}

/// What a Go programmer searches the page for, and what it has to find.
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

/// Version 0.12 of flume looks for a message, and then for the close. In some of many windows both come in between.
#[test]
fn flumes_selector_misses_no_last_message() {
    let suite = suite();
    let variant = variants(&suite, "select").find(|variant| variant.info.id.variant == "8-default");
    let variant = variant.expect("it ships");
    let place = variant.contenders.iter().position(|one| one.info.name == "flume::Selector");
    let settings = BlockSettings { threads: 2, seed: 1, check_only: true, work: Calibration::default() };
    let (mut team, prepared) = (Team::new(2), variant.prepare(&settings));
    for turn in 0..300 {
        let length = std::time::Duration::from_millis(1);
        let mut window =
            Window { team: &mut team, length, pilot: &mut None, earlier: None, check_only: true };
        let measured = prepared.measure(place.expect("it ships"), 0, &mut window);
        measured.unwrap_or_else(|error| panic!("turn {turn}: {error}"));
    }
}
