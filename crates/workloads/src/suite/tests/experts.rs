//! Contenders as an expert of their crate would enter them: the forms that documentations recommend, what programs
//! begin to use, and what is absent with its reason.

use super::suite;

/// The forms that the default features have, by workload.
const SHIPPED: &[(&str, &[&str])] = &[
    ("counter/locks64", &["dashmap::DashMap", "dashmap::DashMap+256-shards"]),
    ("map/write", &["dashmap::DashMap+256-shards"]),
    ("semaphore/lock", &["std::sync::Mutex+Condvar", "std::sync::Mutex+Condvar+counted"]),
    (
        "queue/Nto1-1024",
        &[
            "std::sync::Mutex+Condvar+counted",
            "std::sync::Mutex+Condvar+counted+batch",
            "parking_lot::Mutex+Condvar+batch",
            "flume::bounded+batch",
        ],
    ),
    ("queue/Nto1-unbounded", &["std::sync::Mutex+Condvar+counted+batch", "flume::unbounded+batch"]),
    ("once/race", &["std::sync::RwLock+Option+downgrade"]),
    ("queue/broadcast", &["std::sync::mpsc::sync_channel+per-receiver"]),
];

/// Those of the feature `extra`.
#[cfg(feature = "extra")]
const EXTRA: &[(&str, &[&str])] = &[
    ("snapshot/every10", &["arc_swap::ArcSwap", "arc_swap::Cache", "tokio::sync::watch"]),
    (
        "counter/hot",
        &[
            "parking_lot::Mutex+0.12",
            "parking_lot::RwLock+0.12",
            "parking_lot::RwLock+unlock_fair",
            "async_lock::Mutex",
            "mea::mutex::Mutex",
        ],
    ),
    ("once/race", &["parking_lot::RwLock+Option+upgradable"]),
    (
        "queue/1to1-64",
        &[
            "rtrb::RingBuffer",
            "rtrb::RingBuffer+batch",
            "ringbuf::HeapRb",
            "ringbuf::HeapRb+batch",
            "kanal::bounded+batch",
            "tokio::sync::mpsc::channel+batch",
        ],
    ),
    ("queue/1to1-unbounded", &["kanal::unbounded+batch", "tokio::sync::mpsc::unbounded_channel+batch"]),
    ("queue/request-reply", &["oneshot::channel", "tokio::sync::oneshot"]),
    ("queue/broadcast", &["tokio::sync::broadcast", "async_broadcast::broadcast"]),
    ("task-lock/held", &["tokio::sync::Mutex+await", "async_lock::Mutex+await", "mea::mutex::Mutex+await"]),
    ("task-lock/read90", &["tokio::sync::RwLock+await", "async_lock::RwLock+await"]),
];

/// What is absent, and a word of its reason.
const ABSENT: &[(&str, &str)] = &[
    ("std::sync::mpmc", "unstable"),
    ("std::sync::oneshot", "unstable"),
    ("std::sync::nonpoison::Mutex", "unstable"),
    ("std::sync::ReentrantLock", "unstable"),
    ("fibre", "licence"),
    ("triple_buffer", "licence"),
    ("crossbeam_channel::bounded+batch", "one message at a time"),
];

#[test]
fn each_form_is_there_or_absent_with_its_reason() {
    let suite = suite();
    let check = |table: &[(&str, &[&str])]| {
        for (id, names) in table {
            let mut variants = suite.variants.iter();
            let variant = variants.find(|variant| variant.info.id.to_string() == *id);
            let variant = variant.unwrap_or_else(|| panic!("{id} is missing"));
            for name in *names {
                assert!(variant.contenders.iter().any(|one| one.info.name == *name), "{id}: {name}");
            }
        }
    };
    check(SHIPPED);
    #[cfg(feature = "extra")]
    check(EXTRA);
    for (name, word) in ABSENT {
        let absent = suite.absent.iter().find(|absent| absent.contender == *name);
        assert!(absent.is_some_and(|absent| absent.reason.contains(word)), "{name}: {absent:?}");
    }
}
