//! Contenders that are wrong, for the oracles to find.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::model::{Model, Shared, handles};
use crate::record::{Calibration, Shape};
use crate::run::{Pilot, Setting, Team, Window, about};
use crate::workload::open::{self, Open};

/// Does everything right.
pub const SOUND: u8 = 0;
/// Drops a write now and then.
pub const LOSES: u8 = 1;
/// Does one twice.
pub const DOUBLES: u8 = 2;
/// Does not answer a read.
pub const MISSES: u8 = 3;

/// How seldom.
const SELDOM: u64 = 1_000;

/// State behind a lock, with a fault.
pub struct Faulty<M, const FAULT: u8> {
    model: Arc<Mutex<M>>,
    operations: u64,
}

impl<M, const FAULT: u8> Faulty<M, FAULT> {
    fn has(&self, fault: u8) -> bool {
        FAULT == fault && self.operations.is_multiple_of(SELDOM)
    }
}

impl<M: Model, const FAULT: u8> Shared<M> for Faulty<M, FAULT> {
    fn open(model: M, workers: usize) -> Vec<Self> {
        let model = Arc::new(Mutex::new(model));
        handles(workers, |_| Self {
            model: model.clone(),
            operations: 0,
        })
    }

    fn write(&mut self, write: M::Write) {
        self.operations += 1;
        if self.has(LOSES) {
            return;
        }
        if self.has(DOUBLES) {
            self.model.lock().unwrap().write(write);
        }
        self.model.lock().unwrap().write(write);
    }

    fn read(&mut self, read: M::Read) -> M::Answer {
        self.operations += 1;
        if self.has(MISSES) {
            return M::Answer::default();
        }
        self.model.lock().unwrap().read(read)
    }

    fn close(handles: Vec<Self>) -> u64 {
        handles[0].model.lock().unwrap().digest()
    }
}

/// What the oracle says of `S` after a window of two workers: of fixed work, so that each comes to its
/// faults however little of the CPUs it gets.
pub fn verdict<W: Open, S: Shared<W::Model>>(workload: W) -> Result<(), String> {
    let contender = open::contender::<W, S>(about("tried"));
    let mut window = Window {
        team: &mut Team::new(2),
        length: Duration::from_millis(4),
        pilot: &mut Some(Pilot {
            shape: Shape::Fixed,
            operations: 4 * SELDOM,
        }),
        check_only: false,
    };
    let taken = (contender.take[0])(&Arc::new(workload), &mut window);
    taken.map(|_| ()).map_err(|fault| fault.to_string())
}

/// What the oracle says of a contender with a fault.
pub fn fault<W: Open, const FAULT: u8>(workload: W) -> Result<(), String> {
    verdict::<W, Faulty<W::Model, FAULT>>(workload)
}

/// A setting for two threads.
pub fn setting(seed: u64) -> Setting {
    let iterations = [(100, 30), (200, 60)].into();
    Setting {
        threads: 2,
        seed,
        check_only: false,
        work: Calibration {
            ns_per_iteration: 3.0,
            iterations,
        },
    }
}
