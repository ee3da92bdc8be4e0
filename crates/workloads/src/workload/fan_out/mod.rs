//! `fan-out`: jobs are distributed over workers, and their results gathered.
//!
//! A closed workload: the contender runs batches of one size on threads of its own.

mod parked_pool;
mod pooled;
mod queues;
mod shared_index;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::capability::{Channel, ConcurrentMap, Lock, Mpmc, MutexCondvar, PollQueue, Pool};
use crate::model::NoOp;
use crate::registry::{Description, Info, Strategy, Suite, Tier};
use crate::workload::closed;
use crate::workload::open::{floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Window, WindowError};

pub use parked_pool::ParkedPool;
use pooled::Pooled;
use queues::{Dealt, Locked, Polled, SharedReceiver};
use shared_index::InMap;
pub use shared_index::{Claimed, List, ReadLocked, Results, Slots};

/// The name in ids.
pub const NAME: &str = "fan-out";

/// Jobs of a batch: a burst, as a server or a build step has it.
pub const BATCH: usize = 256;

/// A job: a number, and how long it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// No other job of the window has it.
    pub id: u64,
    /// Its length.
    pub iterations: u64,
}

/// What came of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Which job.
    pub id: u64,
    /// What it came to.
    pub value: u64,
}

impl Job {
    /// Does it.
    #[inline]
    pub fn run(self) -> Done {
        busy_loop(self.iterations);
        Done { id: self.id, value: self.value() }
    }

    /// What it comes to. Never 0, which is what a slot holds that nobody filled.
    #[inline]
    fn value(self) -> u64 {
        black_box(self.id).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
    }
}

/// The results of a batch.
pub struct Gathered {
    /// In any order.
    pub results: Vec<Done>,
    /// How many jobs were run for them, as the workers counted: results in slots of their own would
    /// hide a job that ran twice.
    pub runs: u64,
}

impl From<Vec<Done>> for Gathered {
    fn from(results: Vec<Done>) -> Self {
        let runs = results.len() as u64;
        Self { results, runs }
    }
}

/// A way to have jobs done by several threads.
pub trait FanOut: Sized + 'static {
    /// Threads beside the workers that may run at once: one that hands out and gathers meanwhile.
    const HELPERS: usize = 0;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Starts the workers. Not timed.
    fn start(workers: usize) -> Self;

    /// Has all jobs done, and returns when the last result is there.
    fn batch(&mut self, jobs: &[Job]) -> Gathered;
}

/// The jobs of a variant.
pub struct Jobs {
    iterations: u64,
}

impl Jobs {
    fn batch(&self, number: u64) -> Vec<Job> {
        let first = number * BATCH as u64;
        let job = |index| Job { id: first + index as u64, iterations: self.iterations };
        (0..BATCH).map(job).collect()
    }
}

impl<F: FanOut> Strategy<Jobs> for F {
    const CLASS: Class = Class::Immediate;

    fn runnable(threads: usize) -> usize {
        F::workers(threads) + F::HELPERS
    }

    fn measure<const COPY: usize>(jobs: &Arc<Jobs>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
        measure(jobs, window, lap::<F, COPY>)
    }

    fn loop_address<const COPY: usize>() -> usize {
        lap::<F, COPY> as *const () as usize
    }
}

/// One stretch on the clock: some batches, one after the other.
#[inline(never)]
fn lap<F: FanOut, const COPY: usize>(contender: &mut F, batches: &[Vec<Job>]) -> (Duration, Vec<Gathered>) {
    black_box(COPY);
    let mut gathered = Vec::with_capacity(batches.len());
    let start = Instant::now();
    for jobs in batches {
        gathered.push(contender.batch(jobs));
    }
    (start.elapsed(), gathered)
}

/// One stretch on the clock, as a copy of it was compiled.
type Lap<F> = fn(&mut F, &[Vec<Job>]) -> (Duration, Vec<Gathered>);

fn measure<F: FanOut>(
    jobs: &Arc<Jobs>,
    window: &mut Window<'_>,
    timed: Lap<F>,
) -> Result<Sample, WindowError> {
    let workers = F::workers(window.threads());
    let mut contender = F::start(workers);
    laps(jobs, window, workers > 0, &mut |batches| timed(&mut contender, batches))
}

/// Runs batches, and says how long they took and what came of each.
type TimedBatches<'a> = dyn FnMut(&[Vec<Job>]) -> (Duration, Vec<Gathered>) + 'a;

/// The laps of a window. Compiled once, whatever the contender.
fn laps(
    jobs: &Jobs,
    window: &mut Window<'_>,
    checked: bool,
    timed: &mut TimedBatches<'_>,
) -> Result<Sample, WindowError> {
    let mut next = 0;
    closed::take(window, BATCH as u64, &mut |count| {
        let batches: Vec<_> = (next..next + count).map(|n| jobs.batch(n)).collect();
        next += count;
        let (time, gathered) = timed(&batches);
        if checked {
            for (jobs, gathered) in batches.iter().zip(&gathered) {
                check(jobs, gathered).map_err(WindowError::Wrong)?;
            }
        }
        Ok(time)
    })
}

/// Each job ran once, and its result is there once.
fn check(jobs: &[Job], gathered: &Gathered) -> Result<(), String> {
    let mut missing = jobs.len();
    let mut seen = vec![false; jobs.len()];
    let first = jobs[0].id;
    for done in &gathered.results {
        let index = done.id.wrapping_sub(first) as usize;
        let Some(job) = jobs.get(index) else {
            return Err(format!("a result for job {}, which is none of the batch", done.id));
        };
        if done.value != job.value() {
            return Err(format!("job {} came to {}, not {}", job.id, done.value, job.value()));
        }
        if std::mem::replace(&mut seen[index], true) {
            return Err(format!("job {} has two results", job.id));
        }
        missing -= 1;
    }
    let count = jobs.len();
    if missing > 0 {
        return Err(format!("{missing} of {count} jobs have no result"));
    }
    if gathered.runs != count as u64 {
        return Err(format!("{} jobs ran, where the batch has {count}", gathered.runs));
    }
    Ok(())
}

/// What windows of jobs of 20 µs take beyond their length, about: the first batch is not timed, and the last
/// is not cut short.
const LONG_BATCH: Duration = Duration::from_millis(4);

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Core,
        title: "Jobs are handed to workers, and their results gathered",
        models: "Parallel sections of a program: 256 independent jobs come at once, and the next step needs all their results. Go's worker pool, with a channel of jobs and one of results: fan-out, fan-in.",
        question: "Many jobs at once: which way of handing them to threads, and from what job length on is it worth it?",
        timed: "From the hand-over of a batch of 256 jobs to its last result, on threads that live on (where a thread a job is the way, starting them is timed). A value is wall time over jobs.",
        oracle: "Each job ran exactly once, and its result is there exactly once.",
        operation: "job",
    });
    let batch = ("batch", "256 jobs");
    suite.variant(NAME, "nothing", "jobs that do nothing", &[batch, ("job", "nothing")], Tier::Quick, |_| {
        Jobs { iterations: 0 }
    });
    suite.variant(NAME, "1us", "jobs of about 1 µs", &[batch, ("job", "1 µs")], Tier::Standard, |setting| {
        Jobs { iterations: setting.iterations(1_000) }
    });
    suite
        .variant(
            NAME,
            "20us",
            "jobs of about 20 µs",
            &[batch, ("job", "20 µs")],
            Tier::Standard,
            |setting| Jobs { iterations: setting.iterations(20_000) },
        )
        .overhead(LONG_BATCH);
    suite.add::<Jobs, NoOp>(floor());
    suite.add::<Jobs, Serial>(serial());
}

/// Adds the lock's queue of jobs, with condition variables to wait at.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role =
        "A VecDeque of jobs under a mutex, a Vec of results under another, each with its condition variable.";
    suite.add::<Jobs, Locked<C>>(info.in_role("", role));
}

/// Adds a read-write lock around the list of jobs and results.
pub fn register_rw_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "Workers claim an index and read its job under the read lock; each result is pushed under the write lock.";
    suite.add::<Jobs, ReadLocked<L::WithState<List>>>(info.in_role("", role));
}

/// Adds a channel to each worker, and one back.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "A queue for each worker, dealt in turn; results come back through one channel.";
    suite.add::<Jobs, Dealt<C>>(info.in_role("", role));
}

/// Adds one channel that all workers receive from.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info, suffix: &str) {
    let role = "One queue that all workers receive from; results come back through one channel.";
    suite.add::<Jobs, SharedReceiver<C>>(info.in_role(suffix, role));
}

/// Adds a queue of jobs and one of results that nobody can wait at.
pub fn register_poll_queue<Q: PollQueue>(suite: &mut Suite, info: &Info) {
    let role = "One queue for jobs and one for results. Workers are parked, and woken by unpark when the batch is queued.";
    suite.add::<Jobs, Polled<Q>>(info.in_role("", role));
}

/// Adds a map that results are gathered in.
pub fn register_map<M: ConcurrentMap>(suite: &mut Suite, info: &Info) {
    suite.add::<Jobs, Claimed<InMap<M>>>(info.in_role("", IN_MAP));
}

/// How a map gathers results.
pub const IN_MAP: &str = "Workers claim the next index; results are gathered in the map by job.";

/// Adds a pool that runs a task for each job.
pub fn register_pool<P: Pool>(suite: &mut Suite, info: &Info) {
    suite.add::<Jobs, Pooled<P>>(info.in_role("", "A task for each job."));
}

/// The loop that a program has before anybody thinks of threads.
struct Serial;

impl FanOut for Serial {
    fn workers(_: usize) -> usize {
        1
    }

    fn start(_: usize) -> Self {
        Serial
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        jobs.iter().map(|job| job.run()).collect::<Vec<_>>().into()
    }
}

impl FanOut for NoOp {
    fn workers(_: usize) -> usize {
        0
    }

    fn start(_: usize) -> Self {
        NoOp
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        black_box(jobs);
        Vec::new().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> (Vec<Job>, Vec<Done>) {
        let jobs = Jobs { iterations: 0 }.batch(3);
        let done = jobs.iter().map(|job| job.run()).collect();
        (jobs, done)
    }

    #[test]
    fn results_in_any_order_are_right() {
        let (jobs, mut done) = batch();
        done.reverse();
        assert_eq!(check(&jobs, &done.into()), Ok(()));
    }

    #[test]
    fn what_is_lost_or_doubled_is_named() {
        let (jobs, done) = batch();
        let says = |done: Vec<Done>, runs| check(&jobs, &Gathered { results: done, runs }).unwrap_err();
        assert_eq!(says(done[1..].to_vec(), 255), "1 of 256 jobs have no result");
        assert_eq!(says(done.clone(), 257), "257 jobs ran, where the batch has 256");
        let mut twice = done.clone();
        twice[0] = twice[1];
        assert_eq!(says(twice, 256), "job 769 has two results");
        let mut wrong = done.clone();
        wrong[5].value = 0;
        assert!(says(wrong, 256).starts_with("job 773 came to 0"));
        let mut foreign = done;
        foreign[0].id = 1;
        assert!(says(foreign, 256).contains("none of the batch"));
    }
}
