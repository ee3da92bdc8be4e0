//! The table of what is compared, as data: every family in every workload, or why not.

use std::collections::BTreeSet;

use super::*;
use crate::run::Variant;

const CORE: [&str; 3] = ["counter", "map", "fan-out"];

/// For each family: what it has in each workload. All names of a place must be there, or be absent
/// with a reason.
#[cfg(feature = "contenders")]
#[rustfmt::skip]
const TABLE: &[(&str, [&[&str]; 3])] = &[
    ("std Mutex", [
        &["std::sync::Mutex"],
        &["std::sync::Mutex", "std::sync::Mutex+64-shards"],
        &["std::sync::Mutex"],
    ]),
    ("std RwLock", [
        &["std::sync::RwLock"],
        &["std::sync::RwLock", "std::sync::RwLock+64-shards"],
        &["std::sync::RwLock"],
    ]),
    ("atomics", [
        &["std::sync::atomic+fetch_add", "std::sync::atomic+compare_exchange", "std::sync::atomic+padded-shards", "per-thread+merged"],
        &["std::sync::atomic+slots", "per-thread+merged"],
        &["std::sync::atomic+claim"],
    ]),
    ("parking_lot", [
        &["parking_lot::Mutex", "parking_lot::FairMutex", "parking_lot::RwLock"],
        &["parking_lot::Mutex", "parking_lot::FairMutex", "parking_lot::RwLock", "parking_lot::Mutex+64-shards", "parking_lot::RwLock+64-shards"],
        &["parking_lot::Mutex", "parking_lot::FairMutex", "parking_lot::RwLock"],
    ]),
    ("std channels", [
        &["std::sync::mpsc::channel", "std::sync::mpsc::sync_channel", "std::sync::mpsc::sync_channel+token"],
        &["std::sync::mpsc::channel", "std::sync::mpsc::sync_channel", "std::sync::mpsc::sync_channel+token"],
        &["std::sync::mpsc::channel", "std::sync::mpsc::sync_channel", "std::sync::mpsc::channel+locked-receiver"],
    ]),
    ("crossbeam", [
        &["crossbeam_channel::bounded", "crossbeam_channel::bounded+token", "crossbeam_utils::sync::ShardedLock"],
        &["crossbeam_channel::bounded", "crossbeam_channel::bounded+token", "crossbeam_utils::sync::ShardedLock", "crossbeam_skiplist::SkipMap"],
        &["crossbeam_channel::bounded", "crossbeam_channel::bounded+shared", "crossbeam_queue::ArrayQueue", "crossbeam_queue::SegQueue", "crossbeam_deque+stealing"],
    ]),
    ("flume", [
        &["flume::bounded", "flume::bounded+token"],
        &["flume::bounded", "flume::bounded+token"],
        &["flume::bounded", "flume::bounded+shared"],
    ]),
    ("dashmap", [&["dashmap::DashMap"], &["dashmap::DashMap"], &["dashmap::DashMap"]]),
    ("rayon", [&["rayon::fold"], &["rayon::fold"], &["rayon::par_iter", "rayon::scope"]]),
    ("threads", [
        &["std::thread::spawn"],
        &["std::thread::spawn"],
        &["std::thread::scope", "std::thread::spawn+per-job"],
    ]),
];

/// The variants of PATTERNS, and of the axis of locks.
#[rustfmt::skip]
const VARIANTS: [(&str, &[&str]); 3] = [
    ("counter", &["hot", "spaced", "held", "read90", "locks8", "locks64"]),
    ("map", &["write", "read50", "read90", "read99", "uniform", "beyond-cache", "own-hasher", "growing"]),
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
                let has = |about: &About| about.name == *name && about.family == *family;
                let present = variants(&suite, workload)
                    .any(|variant| variant.members.iter().any(|member| has(&member.about)));
                let absent = suite
                    .absent
                    .iter()
                    .any(|absent| absent.block == *workload && absent.contender == *name);
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
        if workload == "fetch" {
            continue; // told apart by its client and server, not by what threads share
        }
        for (family, path) in EXTRA {
            let present = variants(&suite, workload)
                .flat_map(|variant| &variant.members)
                .any(|member| member.about.family == family && member.about.package == family);
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
        let names: BTreeSet<_> = variants(&suite, workload)
            .map(|variant| variant.info.id.variant.as_str())
            .collect();
        assert_eq!(names, wanted.iter().copied().collect(), "{workload}");
    }
}

#[test]
fn who_is_missing_from_a_variant_has_a_reason() {
    let suite = suite();
    for workload in CORE {
        let everyone: BTreeSet<String> = variants(&suite, workload).flat_map(names).collect();
        for variant in variants(&suite, workload) {
            let id = &variant.info.id;
            let here = names(variant);
            for name in everyone.difference(&here) {
                let absent = suite.absent.iter().any(|absent| absent.covers(id, name));
                assert!(
                    absent,
                    "{id}: {name} is neither there nor said to be absent"
                );
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

/// What makes the control one: it is other code.
#[test]
fn the_two_copies_of_a_contender_stand_at_different_addresses() {
    for variant in &suite().variants {
        for member in &variant.members {
            let [first, second] = member.code;
            assert_ne!(first, second, "{}: {}", variant.info.id, member.about.name);
        }
    }
}

fn variants<'a>(suite: &'a Suite, workload: &str) -> impl Iterator<Item = &'a Variant> {
    suite
        .variants
        .iter()
        .filter(move |variant| variant.info.id.workload == workload)
}

fn names(variant: &Variant) -> BTreeSet<String> {
    variant
        .members
        .iter()
        .map(|member| member.about.name.clone())
        .collect()
}

#[test]
fn shipped_claims_are_sound_and_have_sources() {
    let files = shipped_claims();
    assert!(files.iter().map(|file| file.claims.len()).sum::<usize>() > 20);
    let sources = files.iter().flat_map(|file| &file.claims);
    assert!(sources.clone().all(|claim| !claim.source.is_empty()));
    let says = |claim: &crate::claim::Claim| claim.says.is_empty() == claim.not_testable.is_some();
    assert!(sources.clone().all(says));
}
