//! Contenders whose workers stay have a count for each worker, so that the least share is measured. Others, and the
//! floor, have a total.

use std::time::Duration;

use super::suite;
use crate::registry::BlockSettings;
use contend_record::Calibration;
use contend_team::{Team, Window};

/// How many counts the records of each contender of a variant have, at two threads.
fn counts<'a>(id: &str, contenders: &[&'a str]) -> Vec<(&'a str, usize)> {
    let suite = suite();
    let variant = suite.variants.iter().find(|variant| variant.info.id.to_string() == id).expect("it ships");
    let work = Calibration { ns_per_iteration: 1.0, ..Calibration::default() };
    let prepared = variant.prepare(&BlockSettings { threads: 2, seed: 1, check_only: false, work });
    let count = |name: &&'a str| {
        let index = variant.contenders.iter().position(|one| one.info.name == **name).expect("it ships");
        let (mut team, mut pilot) = (Team::new(2), None);
        let length = Duration::from_millis(2);
        let mut window = Window { team: &mut team, length, pilot: &mut pilot, check_only: false };
        let sample = prepared.measure(index, 0, &mut window).expect("it is sound");
        let operations = sample.timing.operations;
        assert_eq!(operations.iter().sum::<u64>() % sample.chunk, 0, "{name}: {operations:?}");
        (*name, operations.len())
    };
    contenders.iter().map(count).collect()
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
