//! Contenders whose workers stay have a count for each worker, so that the least share is measured. Others, and the
//! floor, have a total. So have contenders whose workers do each a part of an operation.

use std::time::Duration;

use super::suite;
use crate::registry::{BlockSettings, ThreadCounts};
use contend_record::Calibration;
use contend_team::{Sample, Team, Window};

/// The windows of contenders of a variant, at two threads, or as many as it has.
fn samples<'a>(id: &str, contenders: &[&'a str]) -> Vec<(&'a str, Sample)> {
    let suite = suite();
    let variant = suite.variants.iter().find(|variant| variant.info.id.to_string() == id).expect("it ships");
    let work = Calibration { ns_per_iteration: 1.0, ..Calibration::default() };
    let threads = match variant.thread_counts {
        ThreadCounts::Own(counts) => counts[0],
        _ => 2,
    };
    let prepared = variant.prepare(&BlockSettings { threads, seed: 1, check_only: false, work });
    let sample = |name: &&'a str| {
        let index = variant.contenders.iter().position(|one| one.info.name == **name).expect("it ships");
        let (mut team, mut pilot) = (Team::new(threads), None);
        // A first lap of ten windows is the whole window, and threads of its scope look like workers that stay. On a
        // busy machine a lap takes some 10 ms.
        let length = Duration::from_millis(50);
        let mut window =
            Window { team: &mut team, length, pilot: &mut pilot, earlier: None, check_only: false };
        let sample = prepared.measure(index, 0, &mut window).expect("it is sound");
        assert_eq!(sample.timing.total() % sample.timing.chunk, 0, "{name}: {sample:?}");
        (*name, sample)
    };
    contenders.iter().map(sample).collect()
}

/// How many counts the records of each have.
fn counts<'a>(id: &str, contenders: &[&'a str]) -> Vec<(&'a str, usize)> {
    let counts = |(name, sample): (&'a str, Sample)| (name, sample.timing.operations.len());
    samples(id, contenders).into_iter().map(counts).collect()
}

#[test]
fn jobs_are_counted_by_worker() {
    let wanted = [
        ("std::sync::mpsc::channel+locked-receiver", 2),
        ("crossbeam_deque+stealing", 2),
        ("rayon::par_iter", 2),
        ("std::thread::scope", 1),
        ("std::thread::spawn+per-job", 1),
        ("serial", 1),
        ("floor", 1),
    ];
    assert_eq!(counts("fan-out/1us", &wanted.map(|(name, _)| name)), wanted);
}

#[test]
#[cfg(feature = "patterns")]
fn pages_are_counted_by_worker() {
    let wanted = [("std::sync::mpsc::channel+pool", 2), ("std::sync::Mutex", 1), ("serial", 1), ("floor", 1)];
    assert_eq!(counts("fetch/all", &wanted.map(|(name, _)| name)), wanted);
    assert_eq!(counts("fetch/deadline", &["std::sync::mpsc::channel+pool"])[0].1, 1, "some pages are left");
}

#[test]
#[cfg(feature = "patterns")]
fn tasks_are_counted_by_worker() {
    let wanted = [
        ("std::sync::mpsc::channel+pool", 2),
        ("crossbeam_channel::bounded+pool", 2),
        ("rayon::scope", 2),
        ("std::thread::scope", 1),
        ("std::thread::spawn", 1),
        ("serial", 1),
        ("floor", 1),
    ];
    assert_eq!(counts("spawn/1000", &wanted.map(|(name, _)| name)), wanted);
    let wanted = [
        ("rayon::scope", 2),
        ("std::sync::Mutex+Condvar", 2),
        ("crossbeam_utils::sync::WaitGroup", 2),
        ("std::thread::scope", 1),
        ("std::thread::JoinHandle", 1),
        ("serial", 1),
        ("floor", 1),
    ];
    assert_eq!(counts("join/64-tasks", &wanted.map(|(name, _)| name)), wanted);
}

#[test]
#[cfg(all(feature = "patterns", feature = "extra"))]
fn tasks_of_a_runtime_are_counted_by_worker() {
    let wanted = [("tokio::task::JoinSet", 2)];
    assert_eq!(counts("spawn/1000", &["tokio::task::JoinSet"]), wanted);
    assert_eq!(counts("join/64-tasks", &["tokio::task::JoinSet"]), wanted);
}

#[test]
#[cfg(feature = "patterns")]
fn increments_and_items_are_counted_by_worker() {
    let own = ["std::thread::scope+chunks_mut", "std::sync::atomic+fetch_add", "std::sync::Mutex+Vec"];
    for (name, sample) in samples("slots/padded", &own) {
        let operations = sample.timing.operations;
        assert!(operations.len() == 2 && operations[0] == operations[1], "{name}: {operations:?}");
    }
    let wanted = [("rayon::par_chunks_mut", 2), ("serial", 1)];
    assert_eq!(counts("slots/padded", &wanted.map(|(name, _)| name)), wanted);
    let wanted =
        [("rayon::par_bridge", 3), ("std::sync::mpsc::sync_channel", 1), ("serial", 1), ("floor", 1)];
    assert_eq!(counts("pipeline/1us", &wanted.map(|(name, _)| name)), wanted);
}

/// A group is an operation of all workers together, so its jobs are counted.
#[test]
#[cfg(feature = "patterns")]
fn jobs_of_a_group_are_counted_by_worker() {
    let contenders = [
        "std::thread::scope+OnceLock",
        "std::sync::Mutex+Option",
        "std::sync::mpsc::sync_channel",
        "rayon::try_for_each",
    ];
    for (name, sample) in samples("first-error/none", &contenders) {
        let jobs = sample.parts.iter().sum::<u64>();
        assert_eq!((sample.parts.len(), jobs), (2, 256 * sample.timing.total()), "{name}: {sample:?}");
    }
    for (name, sample) in samples("first-error/early", &contenders) {
        let jobs = sample.parts.iter().sum::<u64>();
        assert!(sample.parts.len() == 2 && jobs >= sample.timing.total(), "{name}: {sample:?}");
    }
}
