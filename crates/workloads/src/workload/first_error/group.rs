//! The jobs of a group, and the oracle that checks what came of them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::workload::worker_counts::WorkerCounts;
use contend_team::busy_loop::busy_loop;

/// Jobs of a group.
pub(super) const JOBS: usize = 256;

/// Which jobs fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failing {
    /// Every 16th job.
    Early,
    /// One job near the end.
    Late,
    /// None.
    Never,
}

impl Failing {
    #[inline]
    fn at(self, index: usize) -> bool {
        match self {
            Failing::Early => index % 16 == 15,
            Failing::Late => index == JOBS - 8,
            Failing::Never => false,
        }
    }
}

/// The error of a job: the index of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure(pub(super) usize);

/// The jobs of a group, which count their runs for the oracle.
pub struct Group {
    failing: Failing,
    iterations: u64,
    /// Whether each job was started.
    started: Vec<AtomicBool>,
    /// Whether a job has failed.
    failed: AtomicBool,
    /// Jobs that were started after one had failed.
    pub(super) wasted: AtomicUsize,
    /// Jobs that were started a second time.
    twice: AtomicUsize,
    /// Jobs that each worker started, the first to start one first.
    pub(super) workers: WorkerCounts,
}

impl Group {
    pub(super) fn new(failing: Failing, iterations: u64, workers: usize) -> Self {
        Self {
            failing,
            iterations,
            started: (0..JOBS).map(|_| AtomicBool::new(false)).collect(),
            failed: AtomicBool::new(false),
            wasted: AtomicUsize::new(0),
            twice: AtomicUsize::new(0),
            workers: WorkerCounts::new(workers),
        }
    }

    /// Jobs of the group.
    pub fn count(&self) -> usize {
        self.started.len()
    }

    /// Runs the job at `index`.
    ///
    /// # Errors
    /// If it is a job that fails.
    #[inline]
    pub fn run(&self, index: usize) -> Result<(), Failure> {
        if self.failed.load(Ordering::Relaxed) {
            self.wasted.fetch_add(1, Ordering::Relaxed);
        }
        self.workers.add(1);
        if self.started[index].swap(true, Ordering::Relaxed) {
            self.twice.fetch_add(1, Ordering::Relaxed);
        }
        busy_loop(self.iterations);
        if self.failing.at(index) {
            self.failed.store(true, Ordering::Relaxed);
            return Err(Failure(index));
        }
        Ok(())
    }

    /// Jobs that were started so far.
    pub(super) fn started(&self) -> usize {
        self.started.iter().filter(|started| started.load(Ordering::Relaxed)).count()
    }

    /// The oracle: the error that came back was raised, and no worker is busy any more. `started` is the
    /// number of jobs that were started when the group came back.
    pub(super) fn check(&self, outcome: Result<(), Failure>, started: usize) -> Result<(), String> {
        let twice = self.twice.load(Ordering::Relaxed);
        if twice > 0 {
            return Err(format!("{twice} jobs were started twice"));
        }
        let late = self.started() - started;
        if late > 0 {
            return Err(format!("{late} jobs were started after the group had come back"));
        }
        let left = self.count() - started;
        match outcome {
            Ok(()) if self.failing != Failing::Never => {
                Err("a job failed, and the group came back without an error".to_owned())
            }
            Ok(()) if left > 0 => {
                Err(format!("{left} of {} jobs were never started, though none failed", self.count()))
            }
            Ok(()) => Ok(()),
            Err(Failure(job)) => {
                let ran = self.started.get(job).is_some_and(|started| started.load(Ordering::Relaxed));
                match ran && self.failing.at(job) {
                    true => Ok(()),
                    false => Err(format!("the error of job {job} came back, but that job raised none")),
                }
            }
        }
    }
}
