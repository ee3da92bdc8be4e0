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

/// How many jobs of a batch are worked again by the oracle, beside the first one.
const WORKED_AGAIN: usize = 8;

/// Up to how many iterations all jobs of a batch are.
const SHORT: u64 = 64;

impl Job {
    /// Runs the job.
    #[inline]
    pub fn run(self) -> JobResult {
        runs::count(self.id);
        let worked = busy_loop_from(start(self.id), self.iterations);
        JobResult { id: self.id, value: value(self.id, worked) }
    }
}

/// The state that the work of the job `id` starts from: another one for each job, so that no work can be kept for the
/// next.
#[inline]
fn start(id: u64) -> u64 {
    id.wrapping_mul(0xd134_2543_de82_ef95) | 1
}

/// The value that the job `id` computes, whose work ended with `worked`: the upper half says which job it was, the
/// lower one what its work yielded. Never 0, which marks an empty slot.
#[inline]
fn value(id: u64, worked: u64) -> u64 {
    of_job(black_box(id)) | (worked >> 32) | 1
}

/// The upper half of the value of the job `id`.
#[inline]
fn of_job(id: u64) -> u64 {
    id.wrapping_mul(0x9e37_79b9_7f4a_7c15) & !u64::from(u32::MAX)
}

/// Whether the value is that of the job, as far as one sees without its work.
fn is_of(value: u64, job: Job) -> bool {
    value & !u64::from(u32::MAX) == of_job(job.id)
}

/// The value of the job, by its work, since nothing else yields it.
fn worked(job: Job) -> u64 {
    value(job.id, busy_loop_from(start(job.id), job.iterations))
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

/// The oracle: each job ran once, its result is there once, and it is that job's. Some jobs are worked again, drawn
/// after the batch: so nobody can know whose work may be left out.
pub(super) fn check(jobs: &[Job], batch: &BatchResults) -> Result<(), String> {
    let count = jobs.len();
    let mut missing = count;
    let mut values = vec![None; count];
    let first = jobs[0].id;
    let wrong = |index: usize, value: u64| {
        let yields = worked(jobs[index]);
        (value != yields)
            .then(|| format!("the work of job {index} yields {yields}, and its result is {value}"))
    };
    for result in &batch.results {
        let index = result.id.wrapping_sub(first) as usize;
        let Some(job) = jobs.get(index) else {
            return Err(format!("there is a result for a job {} that is not in the batch", result.id));
        };
        if !is_of(result.value, *job)
            && let Some(wrong) = wrong(index, result.value)
        {
            return Err(wrong);
        }
        if values[index].replace(result.value).is_some() {
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
    let again: Vec<usize> = match jobs[0].iterations <= SHORT {
        true => (0..count).collect(),
        false => std::iter::once(0).chain((0..WORKED_AGAIN).map(|_| rand::random_range(0..count))).collect(),
    };
    let found = again.into_iter().find_map(|index| wrong(index, values[index]?));
    found.map_or(Ok(()), Err)
}
