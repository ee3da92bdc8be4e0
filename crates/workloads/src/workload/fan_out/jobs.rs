//! The jobs of a batch, their results, and the oracle that checks them.

use std::hint::black_box;

use contend_team::busy_loop::busy_loop_from;

use crate::workload::runs;

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

/// The states that jobs start their work from.
const STARTS: u64 = 64;

impl Job {
    /// Runs the job.
    #[inline]
    pub fn run(self) -> JobResult {
        runs::count(self.id);
        let worked = busy_loop_from(start(self.id), self.iterations);
        JobResult { id: self.id, value: value(self.id, worked) }
    }
}

/// The state that the work of the job `id` starts from.
#[inline]
fn start(id: u64) -> u64 {
    id % STARTS * 2 + 1
}

/// The value that the job `id` computes, whose work ended with `worked`. Never 0, which marks an empty slot.
#[inline]
fn value(id: u64, worked: u64) -> u64 {
    (black_box(id).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ worked) | 1
}

/// What the work of jobs of one length yields. Computed by working, since nothing else yields it.
pub(super) struct Worked(Vec<u64>);

impl Worked {
    /// For jobs of `iterations`.
    pub(super) fn new(iterations: u64) -> Self {
        Self((0..STARTS).map(|id| busy_loop_from(start(id), iterations)).collect())
    }

    /// The value of the job `id`.
    fn value(&self, id: u64) -> u64 {
        value(id, self.0[(id % STARTS) as usize])
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

/// The oracle: each job ran once, its result is there once, and its value is that of its work.
pub(super) fn check(jobs: &[Job], worked: &Worked, batch: &BatchResults) -> Result<(), String> {
    let count = jobs.len();
    let mut missing = count;
    let mut seen = vec![false; count];
    let first = jobs[0].id;
    for result in &batch.results {
        let index = result.id.wrapping_sub(first) as usize;
        let Some(job) = jobs.get(index) else {
            return Err(format!("there is a result for a job {} that is not in the batch", result.id));
        };
        let value = worked.value(job.id);
        if result.value != value {
            return Err(format!(
                "the work of job {} yields {value}, and its result is {}",
                index, result.value
            ));
        }
        if std::mem::replace(&mut seen[index], true) {
            return Err(format!("job {index} has two results"));
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
