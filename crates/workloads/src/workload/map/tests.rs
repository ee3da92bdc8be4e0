mod churn;
mod parts;
mod scan;
mod values;

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};

use super::*;
use crate::capability::{Channel, TryRecv, standard_channel};
use crate::model::handles;
use crate::workload::broken::{DOUBLES, LOSES, MISSES, SOUND, fault, setting, verdict};
use crate::workload::ring::Skew;

/// A channel for owners.
struct Bounded;

standard_channel!(Channel for Bounded, SyncSender, Receiver, mpsc, mpsc::sync_channel);

fn draw(reads: u32) -> Draw {
    Draw { keys: 1_000, skew: Skew::Zipf(0.99), reads, hits: 90, length: 1 << 12 }
}

fn keys(reads: u32) -> Keys {
    Keys::drawn(&setting(3), draw(reads))
}

fn growing() -> Keys {
    Keys::growing(&setting(3), 10_000, 1 << 17)
}

#[test]
fn what_is_right_passes() {
    assert_eq!(fault::<_, SOUND>(keys(0)), Ok(()));
    assert_eq!(fault::<_, SOUND>(keys(90)), Ok(()));
    assert_eq!(fault::<_, SOUND>(growing()), Ok(()));
}

#[test]
fn spaced_operations_are_checked_like_others() {
    let spaced = || spaced::Spaced { keys: keys(90), iterations: 1 };
    assert_eq!(fault::<_, SOUND>(spaced()), Ok(()));
    assert!(fault::<_, LOSES>(spaced()).unwrap_err().contains("do not add up"));
    assert!(fault::<_, MISSES>(spaced()).unwrap_err().contains("lookups found their key"));
}

#[test]
fn a_lost_or_doubled_upsert_is_found() {
    let lost = fault::<_, LOSES>(keys(0)).unwrap_err();
    assert!(lost.contains("do not add up"), "{lost}");
    assert!(fault::<_, DOUBLES>(keys(0)).is_err());
    assert!(fault::<_, LOSES>(keys(50)).is_err());
}

#[test]
fn a_lookup_that_misses_is_found() {
    let missed = fault::<_, MISSES>(keys(90)).unwrap_err();
    assert!(missed.contains("lookups found their key"), "{missed}");
}

#[test]
fn a_map_that_does_not_grow_to_its_keys_is_found() {
    let lost = fault::<_, LOSES>(growing()).unwrap_err();
    assert!(lost.contains("does not hold"), "{lost}");
    assert!(fault::<_, DOUBLES>(growing()).is_err());
}

/// Writes some writes to another key: the right number of writes, and a wrong map.
struct Misfiled {
    map: Arc<Mutex<Map>>,
    writes: u32,
}

impl Shared<Map> for Misfiled {
    fn new_handles(model: Map, workers: usize) -> Vec<Self> {
        let map = Arc::new(Mutex::new(model));
        handles(workers, |_| Self { map: map.clone(), writes: 0 })
    }

    fn write(&mut self, key: u32) {
        self.writes += 1;
        let wrong = u32::from(self.writes.is_multiple_of(1_000));
        self.map.lock().unwrap().write(key ^ wrong);
    }

    fn read(&mut self, key: u32) -> Option<u64> {
        self.map.lock().unwrap().read(key)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].map.lock().unwrap().digest()
    }
}

#[test]
fn two_errors_do_not_cancel() {
    assert!(verdict::<_, Misfiled>(keys(0)).is_err());
    assert!(verdict::<_, Misfiled>(growing()).is_err());
}

#[test]
fn a_key_too_many_shows_though_nobody_wrote_it() {
    let mut map: Map = Map::filled(10, Hasher::default());
    let digest = map.digest();
    map.entries.insert(10, 0);
    assert_ne!(map.digest(), digest);
}
