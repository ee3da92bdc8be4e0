//! What notes must say, on both sides of a comparison.

use std::collections::BTreeMap;

use super::suite;
use crate::registry::{Info, Suite};
use contend_record::ContenderTrait;

/// What is wrong with what the facts of a lock, of a read-write lock or of a map say of a thread that waits for itself.
fn silent_on_deadlock(name: &str, facts: &str, read_write: bool) -> Option<String> {
    let told = match read_write {
        true => facts.contains("reads it twice at once") && facts.contains("deadlock"),
        false => facts.contains("Not reentrant"),
    };
    (!told).then(|| format!("{name}: {facts}"))
}

#[test]
fn every_lock_says_when_a_thread_waits_for_itself() {
    assert!(silent_on_deadlock("new::Lock", "Unfair.", false).is_some());
    assert!(silent_on_deadlock("new::RwLock", "Not reentrant.", true).is_some());
    let suite = suite();
    for (info, read_write) in &suite.locks {
        assert_eq!(silent_on_deadlock(&info.name, &info.facts, *read_write), None);
    }
    assert!(suite.locks.iter().any(|(info, _)| info.name == "std::sync::RwLock"));
    // Locks that tasks wait for.
    for info in infos(&suite).filter(|info| info.name.ends_with("+await")) {
        assert_eq!(silent_on_deadlock(&info.name, &info.facts, info.name.contains("RwLock")), None);
    }
}

#[test]
#[cfg(feature = "contenders")]
fn every_map_with_locks_says_when_a_thread_waits_for_itself() {
    let suite = suite();
    let locked = suite.maps.iter().filter(|info| info.facts.contains("lock"));
    let names: Vec<&str> = locked
        .map(|info| {
            assert!(info.facts.contains("may deadlock"), "{}: {}", info.name, info.facts);
            info.name.as_str()
        })
        .collect();
    assert!(
        names.contains(&"dashmap::DashMap") && names.contains(&"dashmap::DashMap+256-shards"),
        "{names:?}"
    );
    #[cfg(feature = "extra")]
    assert!(names.contains(&"scc::HashMap"), "{names:?}");
}

/// All that is said of all contenders.
fn infos(suite: &Suite) -> impl Iterator<Item = &Info> {
    suite.variants.iter().flat_map(|variant| &variant.contenders).map(|contender| &contender.info)
}

/// The page says of a contender that it is not sharded, or that it does not spin. It goes by these traits.
#[test]
fn what_is_split_or_burns_a_core_has_that_trait() {
    let suite = suite();
    for info in infos(&suite) {
        let text = format!("{} {} {}", info.name, info.facts, info.role).to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let split = says(&["shards", "shardedlock", "each thread has its own state"]);
        assert_eq!(info.traits.contains(&ContenderTrait::Sharded), split, "{}: {text}", info.name);
        let burns =
            says(&["burns its core", "burn their cores", "use a core while they wait", "polls until"]);
        assert_eq!(info.traits.contains(&ContenderTrait::Spins), burns, "{}: {text}", info.name);
    }
}

/// `run.json` has one note for a name, and the page one use of it in a workload: what is said of one variant is said
/// of all.
#[test]
fn a_contender_has_one_note_and_one_use_in_a_workload() {
    let suite = suite();
    let (mut facts, mut roles) = (BTreeMap::new(), BTreeMap::new());
    for variant in &suite.variants {
        for info in variant.contenders.iter().map(|contender| &contender.info) {
            let known = *facts.entry(&info.name).or_insert(&info.facts);
            assert_eq!(*known, info.facts, "{} has two notes", info.name);
            let role = (&info.name, &variant.info.id.workload);
            let known = *roles.entry(role).or_insert(info.role);
            assert_eq!(known, info.role, "{role:?} has two uses");
        }
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
