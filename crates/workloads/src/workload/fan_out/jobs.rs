//! The jobs of a batch, their results, and the oracle that checks them.

use std::hint::black_box;

use contend_team::busy_loop::busy_loop;

/// Jobs of a batch: a burst, as in a server or a build.
pub const BATCH: usize = 256;

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Unique in a window.
    pub id: u64,
    /// Its length in iterations of the busy loop.
    pub iterations: u64,
}

/// The result of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobResult {
    /// The id of the job.
    pub id: u64,
    /// The value that the job computed.
    pub value: u64,
}

impl Job {
    /// Runs the job.
    #[inline]
    pub fn run(self) -> JobResult {
        busy_loop(self.iterations);
        JobResult { id: self.id, value: self.value() }
    }

    /// The value that the job computes. Never 0, which marks an empty slot.
    #[inline]
    fn value(self) -> u64 {
        black_box(self.id).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
    }
}

/// The results of a batch.
pub struct BatchResults {
    /// In any order.
    pub results: Vec<JobResult>,
    /// Jobs that were run, as the workers counted them. A job that ran twice does not show in results that
    /// have a slot for each job.
    pub runs: u64,
}

impl From<Vec<JobResult>> for BatchResults {
    fn from(results: Vec<JobResult>) -> Self {
        let runs = results.len() as u64;
        Self { results, runs }
    }
}

/// The oracle: each job ran once, and its result is there once.
pub(super) fn check(jobs: &[Job], batch: &BatchResults) -> Result<(), String> {
    let count = jobs.len();
    let mut missing = count;
    let mut seen = vec![false; count];
    let first = jobs[0].id;
    for result in &batch.results {
        let index = result.id.wrapping_sub(first) as usize;
        let Some(job) = jobs.get(index) else {
            return Err(format!("there is a result for job {}, which is not in the batch", result.id));
        };
        if result.value != job.value() {
            return Err(format!("job {} has the value {}, not {}", job.id, result.value, job.value()));
        }
        if std::mem::replace(&mut seen[index], true) {
            return Err(format!("job {} has two results", job.id));
        }
        missing -= 1;
    }
    if missing > 0 {
        return Err(format!("{missing} of {count} jobs have no result"));
    }
    if batch.runs != count as u64 {
        return Err(format!("{} jobs ran, but the batch has {count}", batch.runs));
    }
    Ok(())
}
