//! `fan-out`: a batch of jobs is distributed over workers, and their results are gathered.
//!
//! A closed workload: the contender runs batches of one size on threads of its own.

mod contenders;
mod jobs;
mod parked_pool;
mod queues;
mod shared_index;

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{Description, Suite, Tier, strategy};
use crate::workload::closed::{self, Closed, Lap as CountedLap, RankedSerial};
use crate::workload::open::{floor, serial};
use crate::workload::runs::JobIds;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Window, WindowError};

pub use contenders::{
    IN_MAP, register_channel, register_condvar, register_map, register_mpmc, register_poll_queue,
    register_pool, register_rw_lock,
};
pub use jobs::{BATCH, BatchResults, Job, JobResult};
pub use parked_pool::ParkedPool;
pub use shared_index::{ClaimingWorkers, ResultSlots, ResultStore};

/// The name in ids.
pub const NAME: &str = "fan-out";

/// A way to have jobs run by several threads.
pub trait FanOut: Closed {
    /// Has all jobs run, and returns when the last result is there.
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults;
}

strategy!(
    F: FanOut, Params,
    |threads| if F::CLASS == Class::Floor { 0 } else { F::workers(threads) + F::HELPERS },
    |params, window| measure(params, window, lap::<F, COPY>),
    lap::<F, COPY>,
);

/// The length of jobs.
pub struct Params {
    iterations: u64,
}

impl Params {
    fn new(iterations: u64) -> Self {
        Self { iterations }
    }

    fn batch(&self, ids: &JobIds, number: u64) -> Vec<Job> {
        let first = number * BATCH as u64;
        let job = |index| Job { id: ids.id(first + index as u64), iterations: self.iterations };
        (0..BATCH).map(job).collect()
    }
}

/// The timed loop: batches, one after the other.
#[inline(never)]
fn lap<F: FanOut, const COPY: usize>(
    contender: &mut F,
    batches: &[Vec<Job>],
) -> (Duration, Vec<BatchResults>) {
    black_box(COPY);
    let mut results = Vec::with_capacity(batches.len());
    let start = Instant::now();
    for jobs in batches {
        results.push(contender.run_batch(jobs));
    }
    (start.elapsed(), results)
}

/// A compiled copy of [`lap`].
type Lap<F> = fn(&mut F, &[Vec<Job>]) -> (Duration, Vec<BatchResults>);

fn measure<F: FanOut>(
    params: &Params,
    window: &mut Window<'_>,
    timed: Lap<F>,
) -> Result<Sample, WindowError> {
    let workers = F::workers(window.threads());
    let mut contender = F::start(workers);
    let checked = F::CLASS != Class::Floor;
    measure_batches(params, window, checked.then_some(workers), &mut |batches| timed(&mut contender, batches))
}

/// Runs batches, and returns how long they took and the results of each.
type TimedBatches<'a> = dyn FnMut(&[Vec<Job>]) -> (Duration, Vec<BatchResults>) + 'a;

/// The laps of a window by a number of workers, whose jobs are checked. The floor has none. Compiled once for all
/// contenders.
fn measure_batches(
    params: &Params,
    window: &mut Window<'_>,
    workers: Option<usize>,
    timed: &mut TimedBatches<'_>,
) -> Result<Sample, WindowError> {
    let mut next = 0;
    let mut ids = JobIds::new(workers.unwrap_or_default());
    closed::measure_laps(window, BATCH as u64, &mut |count| {
        let batches: Vec<_> = (next..next + count).map(|number| params.batch(&ids, number)).collect();
        next += count;
        let (time, results) = timed(&batches);
        if workers.is_some() {
            for (jobs, results) in batches.iter().zip(&results) {
                jobs::check(jobs, results).map_err(WindowError::Wrong)?;
            }
            let (runs, handed_over) = (ids.runs(), next * BATCH as u64);
            if runs != handed_over {
                let reason = format!("{runs} jobs ran, but {handed_over} were handed over");
                return Err(WindowError::Wrong(reason));
            }
        }
        Ok(CountedLap { time, by_worker: ids.by_worker(), ..CountedLap::default() })
    })
}

/// About what a window of 20 µs jobs takes beyond its length: the first batch is not timed, and the last is
/// not cut short.
const LONG_BATCH: Duration = Duration::from_millis(4);

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Core,
        title: "Jobs are handed to workers, and their results are gathered",
        models: "Parallel sections of a program: 256 independent jobs come at once, and the next step needs all \
                 results. In Go this is fan-out and fan-in: a worker pool, a channel of jobs and one of results.",
        question: "Which way of handing many jobs to threads is cheap, and from what job length on does it pay?",
        timed: "From the hand-over of a batch of 256 jobs to its last result, on long-lived threads. Contenders \
                that start threads for a batch start them within the time. A value is wall time per job.",
        oracle: "Each job ran exactly once, as counted in the job itself. Its result is there exactly once, with the \
                 value that its work yields.",
        operation: "job",
    });
    for (name, job, ns, tier) in [
        ("nothing", "nothing", 0, Tier::Quick),
        ("1us", "1 µs", 1_000, Tier::Standard),
        ("20us", "20 µs", 20_000, Tier::Standard),
    ] {
        let title = if ns > 0 { format!("jobs of about {job}") } else { "jobs that do nothing".to_owned() };
        let parameters = [("batch", "256 jobs"), ("job", job)];
        let variant = suite.variant(NAME, name, &title, &parameters, tier, move |settings| {
            Params::new(if ns > 0 { settings.iterations(ns) } else { 0 })
        });
        if name == "20us" {
            variant.overhead(LONG_BATCH);
        }
    }
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, RankedSerial>(serial());
}

impl FanOut for NoOp {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        black_box(jobs);
        Vec::new().into()
    }
}

impl FanOut for RankedSerial {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        jobs.iter().map(|job| job.run()).collect::<Vec<_>>().into()
    }
}

#[cfg(test)]
mod tests;
