//! What notes must say, on both sides of a comparison.

use super::suite;

/// The contenders whose names begin so, and what their facts must say.
const DEADLOCKS: [(&str, &str); 10] = [
    ("std::sync::Mutex", "Not reentrant"),
    ("std::sync::RwLock", "may deadlock when a writer waits"),
    ("parking_lot::Mutex", "Not reentrant"),
    ("parking_lot::FairMutex", "Not reentrant"),
    ("parking_lot::RwLock", "may deadlock when a writer waits"),
    ("crossbeam_utils::sync::ShardedLock", "may deadlock when a writer waits"),
    ("dashmap::DashMap", "may deadlock"),
    ("scc::HashMap", "may deadlock"),
    ("tokio::sync::Mutex", "Not reentrant"),
    ("tokio::sync::RwLock", "deadlocks when a writer waits"),
];

#[test]
fn every_lock_and_map_says_when_a_thread_waits_for_itself() {
    let suite = suite();
    let infos =
        suite.variants.iter().flat_map(|variant| &variant.contenders).map(|contender| &contender.info);
    let mut found = std::collections::BTreeSet::new();
    for info in infos {
        let path = info.name.split('+').next().expect("a name");
        for (name, said) in DEADLOCKS.iter().filter(|(name, _)| *name == path) {
            assert!(info.facts.contains(said), "{}: {}", info.name, info.facts);
            found.insert(name);
        }
    }
    let extra = |name: &str| name.starts_with("scc::") || name.starts_with("tokio::");
    let missing = DEADLOCKS.iter().filter(|(name, _)| !found.contains(name));
    for (name, _) in missing {
        assert!(cfg!(not(feature = "extra")) && (extra(name) || cfg!(not(feature = "contenders"))), "{name}");
    }
}

/// parking_lot 0.13 removed automatic fairness, which notes said before.
#[test]
#[cfg(feature = "contenders")]
fn only_parking_lot_0_12_is_eventually_fair() {
    for contender in suite().variants.iter().flat_map(|variant| &variant.contenders) {
        let info = &contender.info;
        if ["parking_lot::Mutex", "parking_lot::RwLock"].iter().any(|name| info.name.starts_with(name)) {
            let version = info.checked.expect("it was checked").version;
            let fair = info.facts.contains("Eventually fair") && !info.facts.contains("not eventually fair");
            assert_eq!(fair, version.starts_with("0.12."), "{}: {}", info.name, info.facts);
        }
    }
}

/// tokio's locks and channels are measured from threads here.
#[test]
#[cfg(feature = "extra")]
fn what_is_made_for_tasks_and_measured_from_threads_says_so() {
    let names = ["Mutex", "RwLock", "Semaphore", "mpsc::channel", "mpsc::unbounded_channel"];
    for contender in suite().variants.iter().flat_map(|variant| &variant.contenders) {
        let info = &contender.info;
        let (path, detail) = info.name.split_once('+').unwrap_or((&info.name, ""));
        if names.iter().any(|name| path == format!("tokio::sync::{name}")) {
            let from_threads = info.facts.contains("says nothing of tasks");
            assert_eq!(from_threads, detail != "await", "{}: {}", info.name, info.facts);
        }
    }
}
