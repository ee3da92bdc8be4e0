//! Contenders with faults that the oracles must find.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::model::{Model, Shared, handles};
use crate::registry::{BlockSettings, Strategy};
use crate::workload::open::OpenWorkload;
use contend_record::{Calibration, Shape};
use contend_team::{Pilot, Team, Window};
#[cfg(feature = "patterns")]
use contend_team::{Sample, WindowError};

/// Has no fault.
pub const SOUND: u8 = 0;
/// Drops some writes.
pub const LOSES: u8 = 1;
/// Does some writes twice.
pub const DOUBLES: u8 = 2;
/// Does not answer some reads.
pub const MISSES: u8 = 3;

/// Operations from one fault to the next.
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
    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        let model = Arc::new(Mutex::new(model));
        handles(workers, |_| Self { model: model.clone(), operations: 0 })
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

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].model.lock().unwrap().digest()
    }
}

/// The oracle's verdict on `S` after a window of two workers. The window is fixed work, so that each worker
/// reaches its faults on a busy machine too.
pub fn verdict<W: OpenWorkload, S: Shared<W::Model>>(workload: W) -> Result<(), String> {
    let measure = <S as Strategy<W>>::measure::<0>;
    let mut window = Window {
        team: &mut Team::new(2),
        length: Duration::from_millis(4),
        pilot: &mut Some(Pilot { shape: Shape::Fixed, operations: 4 * SELDOM }),
        earlier: None,
        check_only: false,
    };
    let measured = measure(&Arc::new(workload), &mut window);
    measured.map(|_| ()).map_err(|fault| fault.to_string())
}

/// The oracle's verdict on a contender with a fault.
pub fn fault<W: OpenWorkload, const FAULT: u8>(workload: W) -> Result<(), String> {
    verdict::<W, Faulty<W::Model, FAULT>>(workload)
}

/// A short window of two workers, measured by a contender that is right.
#[cfg(feature = "patterns")]
pub fn sample(measure: impl FnOnce(&mut Window<'_>) -> Result<Sample, WindowError>) -> Sample {
    let mut window = Window {
        team: &mut Team::new(2),
        length: Duration::from_millis(1),
        pilot: &mut None,
        earlier: None,
        check_only: false,
    };
    measure(&mut window).expect("its results are right")
}

/// The workers that did nothing, of those that were counted. One of the others did everything.
#[cfg(feature = "patterns")]
pub fn idle(by_worker: &[u64]) -> usize {
    let total: u64 = by_worker.iter().sum();
    assert!(total > 0 && by_worker.contains(&total), "{by_worker:?}");
    by_worker.iter().filter(|count| **count == 0).count()
}

/// Settings for two threads.
pub fn setting(seed: u64) -> BlockSettings {
    let iterations = [(100, 30), (200, 60)].into();
    BlockSettings {
        threads: 2,
        seed,
        check_only: false,
        work: Calibration { ns_per_iteration: 3.0, iterations },
    }
}
