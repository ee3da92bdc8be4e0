//! A team of threads that outlives windows, and the two ways to time its work.
//!
//! A thread that is spawned for a window adds its start-up to the time, and two such threads may share a
//! core until the scheduler notices. A [`Team`] is spawned once and warms up once. Between windows its workers
//! stay awake for a while, and give way to any other thread. Before each window they wait until each has a core
//! of its own.

mod chunk;
mod core_placement;
mod handles;
mod snapshot;
mod start_barrier;
mod task;
mod worker;

use std::any::Any;
use std::time::Duration;

use chunk::ChunkSize;
use core_affinity::CoreId;
pub(crate) use core_placement::OnReady;
use core_placement::{CorePlacement, Placed};
use handles::{unwrap, wrap};
use snapshot::Snapshots;
pub use start_barrier::StartBarrier;
pub use task::Task;
use worker::{AfterJob, Job, Worker};

use crate::clock::ClockReader;
use crate::sync::{Arc, Instant, Mutex, Receiver, channel, cpu_numbers, cpus, spin_loop, waits};

/// The work of one worker in a window, with the worker's own state. The team is compiled once for all
/// workloads: a dynamic call runs a chunk of operations, never a single one.
pub trait WorkerLoop: Any + Send {
    /// Does `operations`, and returns when they are done, deferred work included.
    fn work(&mut self, operations: u64);
}

/// The timing of a window, and the work that the workers had.
pub(crate) type TeamOutcome = Result<(Timing, Vec<Box<dyn WorkerLoop>>), Panic>;

/// Threads that live as long as the team.
pub struct Team {
    workers: Vec<Worker>,
    done: Receiver<Result<(), Panic>>,
    /// CPUs that its workers may have.
    cpus: usize,
    /// One more than the greatest number of a CPU.
    cpu_numbers: usize,
    /// How often its workers waited for cores of their own and did not get them.
    failed_placements: u32,
    /// How long they waited in total.
    waited: Duration,
}

/// After this many failed waits a team stops waiting: other programs have the cores.
const MAX_FAILED_PLACEMENTS: u32 = 8;

/// A panic of a worker, with its message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a worker panicked: {0}")]
pub struct Panic(pub String);

/// The measurements of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Its length.
    pub window: Duration,
    /// Operations of each worker within it.
    pub operations: Vec<u64>,
    /// Operations of each worker before, in and after it: all that an oracle has to account for.
    pub all_operations: Vec<u64>,
    /// The time from the first worker's start to the last one's.
    pub skew: Duration,
    /// How long the slower of an open window's two snapshots took.
    pub snapshot_span: Duration,
    /// Operations of a worker between two looks at the clock: in an open window of the worker with the most, in one of
    /// fixed work all of them.
    pub chunk: u64,
    /// The time from the release to each worker's end, in fixed work of a team. Otherwise empty.
    pub ends: Vec<Duration>,
}

impl Timing {
    /// Operations of the whole team within the window.
    pub fn total(&self) -> u64 {
        self.operations.iter().sum()
    }

    /// Wall nanoseconds for each completed operation of the whole team. Not a latency.
    pub fn ns_per_op(&self) -> f64 {
        self.window.as_nanos() as f64 / self.total() as f64
    }
}

/// How to take an open window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenWindow {
    /// Its length.
    pub window: Duration,
    /// How long all workers run before it opens.
    pub ramp: Duration,
    /// Operations between two looks at the clock.
    pub chunk: u64,
    /// How long a chunk may take. Then `chunk` is only the first: each worker finds its own size as it works, by
    /// doubling and halving. None if all chunks have the first one's size.
    pub chunk_time: Option<Duration>,
}

impl Team {
    /// Spawns `workers` threads, which sleep until they are needed.
    pub fn new(workers: usize) -> Self {
        Self::on(workers, None)
    }

    /// Spawns `workers` threads, each pinned to one of the CPUs that the calling thread may use, in turn. Has
    /// no effect on systems without pinning.
    pub fn pinned(workers: usize) -> Self {
        // Asked here, since a pinned thread sees only its own CPU.
        Self::on(workers, core_affinity::get_core_ids())
    }

    fn on(workers: usize, pins: Option<Vec<CoreId>>) -> Self {
        let (report, done) = channel();
        let workers = (0..workers)
            .map(|index| {
                let pins = pins.as_deref().filter(|pins| !pins.is_empty());
                Worker::spawn(index, pins.map(|pins| pins[index % pins.len()]), report.clone())
            })
            .collect();
        Self {
            workers,
            done,
            cpus: cpus(),
            cpu_numbers: cpu_numbers(),
            failed_placements: 0,
            waited: Duration::ZERO,
        }
    }

    /// How many threads it has.
    pub fn size(&self) -> usize {
        self.workers.len()
    }

    /// Calls `job` with each index below `workers`, on as many threads at once, and waits for all.
    ///
    /// # Panics
    /// Where `workers` is more than the team has.
    pub fn run(&mut self, workers: usize, job: impl Fn(usize) + Send + Sync + 'static) -> Result<(), Panic> {
        self.start(workers, Arc::new(job), AfterJob::Sleep);
        self.wait(workers)
    }

    fn start(&mut self, workers: usize, job: Job, then: AfterJob) {
        let awake = then == AfterJob::StayAwake
            && self.size() <= self.cpus
            && self.failed_placements < MAX_FAILED_PLACEMENTS;
        // Those without a job sleep during the window: a thread that spins slows down the other one of its core.
        for (index, worker) in self.workers.iter().enumerate() {
            worker.stay_awake(awake && index < workers);
        }
        self.workers[..workers].iter().for_each(|worker| worker.give(job.clone()));
    }

    fn wait(&mut self, workers: usize) -> Result<(), Panic> {
        let outcomes: Vec<_> = self.done.iter().take(workers).collect();
        outcomes.into_iter().collect()
    }

    /// Has all workers sleep until the next window.
    pub fn sleep(&self) {
        self.workers.iter().for_each(|worker| worker.stay_awake(false));
    }

    /// Keeps all threads busy for `how_long`, so that the scheduler gives each a core of its own.
    pub fn warm_up(&mut self, how_long: Duration) {
        let end = Instant::now() + how_long;
        self.run(self.size(), move |_| {
            let mut clock = ClockReader::start();
            while clock.read().is_some_and(|now| now < end) {
                spin_loop();
            }
        })
        .expect("spinning does not panic");
    }

    /// Times fixed work. Each worker first does `before` operations, and after a common release `operations`
    /// more. The clock starts just before the release and stops when the last worker is done.
    ///
    /// A worker calls `work(handle, worker, operations)`, which returns when the work is done, deferred work
    /// included. The handles come back for a check. In a criterion benchmark, use it in `iter_custom`:
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use contend_team::Team;
    ///
    /// let mut team = Team::new(2);
    /// let counter = Arc::new(Mutex::new(0));
    /// let handles = vec![counter.clone(), counter.clone()];
    /// let (timing, _) = team.fixed(handles, 10, 1_000, |counter, _worker, operations| {
    ///     for _ in 0..operations {
    ///         *counter.lock().unwrap() += 1;
    ///     }
    /// })?;
    /// assert_eq!(timing.total(), 2_000);
    /// assert_eq!(*counter.lock().unwrap(), 2_020);
    /// # Ok::<(), contend_team::Panic>(())
    /// ```
    pub fn fixed<H: Send + 'static>(
        &mut self,
        handles: Vec<H>,
        before: u64,
        operations: u64,
        work: impl Fn(&mut H, usize, u64) + Copy + Send + 'static,
    ) -> Result<(Timing, Vec<H>), Panic> {
        let (timing, handles) = self.fixed_work(wrap(handles, work), before, operations, Arc::new(|| ()))?;
        Ok((timing, unwrap(handles, work)))
    }

    /// Times an open window. All workers call `work(handle, worker, chunk)` in a loop. When all have arrived
    /// and the ramp is over, a snapshot of their counts opens the window; a second snapshot closes it.
    ///
    /// All workers run until the second snapshot. So no worker runs alone in the window, no late wake-up is
    /// counted, and a preempted worker does not have to report.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    /// use std::{sync::Arc, time::Duration};
    /// use contend_team::{OpenWindow, Team};
    ///
    /// let mut team = Team::new(2);
    /// let counter = Arc::new(AtomicU64::new(0));
    /// let opening = OpenWindow {
    ///     window: Duration::from_millis(5),
    ///     ramp: Duration::from_millis(1),
    ///     chunk: 100,
    ///     chunk_time: None,
    /// };
    /// let handles = vec![counter.clone(), counter.clone()];
    /// let (timing, _) = team.open(handles, opening, |counter, _worker, operations| {
    ///     for _ in 0..operations {
    ///         counter.fetch_add(1, Relaxed);
    ///     }
    /// })?;
    /// let all: u64 = timing.all_operations.iter().sum();
    /// assert_eq!(all, counter.load(Relaxed));
    /// # Ok::<(), contend_team::Panic>(())
    /// ```
    pub fn open<H: Send + 'static>(
        &mut self,
        handles: Vec<H>,
        opening: OpenWindow,
        work: impl Fn(&mut H, usize, u64) + Copy + Send + 'static,
    ) -> Result<(Timing, Vec<H>), Panic> {
        let (timing, handles) = self.open_work(wrap(handles, work), opening, Arc::new(|| ()))?;
        Ok((timing, unwrap(handles, work)))
    }

    pub(crate) fn fixed_work(
        &mut self,
        work: Vec<Box<dyn WorkerLoop>>,
        before: u64,
        operations: u64,
        on_ready: OnReady,
    ) -> TeamOutcome {
        let workers = work.len();
        let barrier = Arc::new(StartBarrier::new(workers));
        let times = Arc::new(Mutex::new(vec![None; workers]));
        let (inner, ends) = (barrier.clone(), times.clone());
        let work = self.each(work, on_ready, move |work, worker| {
            work.work(before);
            let start = inner.pass();
            let mut clock = ClockReader::start();
            work.work(operations);
            let end = clock.read().unwrap_or(start);
            ends.lock().expect("no thread panics here")[worker] = Some((start, end));
        })?;
        let times = times.lock().expect("no thread panics here");
        let times = || times.iter().map(|time| time.expect("every worker ended"));
        let first = times().map(|(start, _)| start).min().expect("a worker");
        let last = times().map(|(start, _)| start).max().expect("a worker");
        let end = times().map(|(_, end)| end).max().expect("a worker");
        let timing = Timing {
            window: end.duration_since(barrier.released()),
            operations: vec![operations; workers],
            all_operations: vec![before + operations; workers],
            skew: last.duration_since(first),
            snapshot_span: Duration::ZERO,
            chunk: operations,
            ends: times().map(|(_, end)| end.duration_since(barrier.released())).collect(),
        };
        Ok((timing, work))
    }

    pub(crate) fn open_work(
        &mut self,
        work: Vec<Box<dyn WorkerLoop>>,
        opening: OpenWindow,
        on_ready: OnReady,
    ) -> TeamOutcome {
        let snapshots = Arc::new(Snapshots::new(work.len(), opening));
        let inner = snapshots.clone();
        let work = self.each(work, on_ready, move |work, worker| {
            let _stop_all = inner.stop_on_panic();
            inner.arrive();
            let mut clock = ClockReader::start();
            let mut done = 0;
            let mut chunk = ChunkSize::new(opening);
            while !inner.stopped() {
                work.work(chunk.operations());
                done += chunk.operations();
                let now = inner.publish(worker, done, &mut clock);
                // Alone a worker is faster than it will be.
                if let Some(now) = now.filter(|_| inner.all_arrived()) {
                    chunk.ended(now);
                }
            }
            inner.worker_ended(chunk.operations());
        })?;
        Ok((snapshots.timing(), work))
    }

    /// A placement for `threads` threads, of which one may be the caller.
    fn placement(&self, threads: usize, on_ready: OnReady) -> Arc<CorePlacement> {
        let failed = self.failed_placements;
        let cpus = if failed < MAX_FAILED_PLACEMENTS { self.cpus } else { 0 };
        // Each failure makes another one more likely, so less is spent on it.
        let limit = waits::LIMIT / (1 << failed.min(MAX_FAILED_PLACEMENTS));
        Arc::new(CorePlacement::new(threads, cpus, self.cpu_numbers, limit, on_ready))
    }

    /// Records whether the threads got cores of their own.
    fn record_placement(&mut self, placement: &CorePlacement) {
        self.failed_placements += u32::from(matches!(placement.outcome(), Some(Placed(false))));
        self.waited += placement.took();
    }

    /// The total time that its workers have waited for cores of their own.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Runs `job` with each piece of work on a worker of its own, once each has a core. Returns the pieces.
    fn each(
        &mut self,
        work: Vec<Box<dyn WorkerLoop>>,
        on_ready: OnReady,
        job: impl Fn(&mut dyn WorkerLoop, usize) + Send + Sync + 'static,
    ) -> Result<Vec<Box<dyn WorkerLoop>>, Panic> {
        let workers = work.len();
        let work: Arc<Vec<_>> = Arc::new(work.into_iter().map(|w| Mutex::new(Some(w))).collect());
        let placement = self.placement(workers, on_ready);
        let (places, cores) = (work.clone(), placement.clone());
        let job = move |worker: usize| {
            let place = || places[worker].lock().expect("no thread panics here");
            let mut work = place().take().expect("each worker has its work");
            cores.wait(worker);
            job(&mut *work, worker);
            *place() = Some(work);
        };
        self.start(workers, Arc::new(job), AfterJob::StayAwake);
        let ran = self.wait(workers);
        self.record_placement(&placement);
        ran?;
        let taken = work.iter().map(|place| {
            let work = place.lock().expect("no thread panics here").take();
            work.expect("each worker gave it back")
        });
        Ok(taken.collect())
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.workers.iter_mut().for_each(Worker::dismiss);
        self.workers.iter_mut().for_each(Worker::join);
    }
}

/// The message of a panic, as far as it can be read.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message").to_owned()
}

#[cfg(test)]
mod tests;
