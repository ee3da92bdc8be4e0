//! What ships, checked as a whole. The modules below say what each part of it must contain.

use std::collections::BTreeSet;

use super::*;
use crate::registry::Variant;

mod checked;
mod core_workloads;
#[cfg(feature = "patterns")]
mod experts;
mod features;
mod hashers;
mod notes;
mod own_map;
#[cfg(feature = "patterns")]
mod own_select;
#[cfg(feature = "patterns")]
mod patterns;
mod work;
#[cfg(feature = "contenders")]
mod worker_counts;

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
            let fixes = info.facts.contains("Maintained for fixes, hardly for features.");
            assert_eq!(fixes, info.package == "flume", "{id}: {name}");
        }
    }
}

/// Each crate of the feature `extra`, and what its contenders' names begin with.
#[cfg(feature = "extra")]
const EXTRA: [(&str, &str); 16] = [
    ("tokio", "tokio::"),
    ("kanal", "kanal::"),
    ("crossfire", "crossfire::"),
    ("async-channel", "async_channel::"),
    ("async-broadcast", "async_broadcast::"),
    ("oneshot", "oneshot::"),
    ("async-lock", "async_lock::"),
    ("mea", "mea::"),
    ("rtrb", "rtrb::"),
    ("ringbuf", "ringbuf::"),
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
