//! Fan-out through queues: a locked queue with a condition variable, channels, and polled queues.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::{BATCH, BatchResults, FanOut, Job, JobResult, ParkedPool};
use crate::capability::{Channel, Monitor, Mpmc, MutexCondvar, PollQueue};
use crate::model::{handles, spawn};
use crate::workload::closed::{Closed, join_workers};

/// Jobs that wait for a worker.
#[derive(Default)]
struct PendingJobs {
    jobs: VecDeque<Job>,
    closed: bool,
}

/// Results that have arrived.
#[derive(Default)]
struct Results {
    results: Vec<JobResult>,
    /// Jobs of the batch.
    wanted: usize,
}

/// A queue under a mutex, and results under another. Workers wait on the condition variable of the first,
/// the caller on that of the second.
pub struct LockedQueue<C: MutexCondvar> {
    queue: Arc<Monitor<C, PendingJobs>>,
    results: Arc<Monitor<C, Results>>,
    threads: Vec<JoinHandle<()>>,
}

fn work<C: MutexCondvar>(queue: &Monitor<C, PendingJobs>, results: &Monitor<C, Results>) {
    let next = |queue: &mut PendingJobs| match queue.jobs.pop_front() {
        Some(job) => Some(Some(job)),
        None => queue.closed.then_some(None),
    };
    while let Some(job) = queue.wait_for(next) {
        let result = job.run();
        let last = results.with_mut(|results| {
            results.results.push(result);
            results.results.len() == results.wanted
        });
        if last {
            results.notify_all();
        }
    }
}

impl<C: MutexCondvar> Closed for LockedQueue<C> {
    fn start(workers: usize) -> Self {
        let queue = Arc::new(Monitor::new(PendingJobs::default()));
        let results = Arc::new(Monitor::new(Results::default()));
        let threads = handles(workers, |_| {
            let (queue, results) = (queue.clone(), results.clone());
            spawn(Box::new(move || work::<C>(&queue, &results)))
        });
        Self { queue, results, threads }
    }
}

impl<C: MutexCondvar> FanOut for LockedQueue<C> {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        self.results.with_mut(|results| {
            results.wanted = jobs.len();
            results.results.reserve(jobs.len());
        });
        self.queue.with_mut(|queue| queue.jobs.extend(jobs));
        self.queue.notify_all();
        let results = self.results.wait_for(|results| {
            (results.results.len() >= results.wanted).then(|| std::mem::take(&mut results.results))
        });
        results.into()
    }
}

impl<C: MutexCondvar> Drop for LockedQueue<C> {
    fn drop(&mut self) {
        self.queue.with_mut(|queue| queue.closed = true);
        self.queue.notify_all();
        join_workers(&mut self.threads);
    }
}

/// A queue for each worker, and one channel for all results.
pub struct QueuePerWorker<C: Channel> {
    queues: Vec<C::Sender<Job>>,
    results: C::Receiver<JobResult>,
    threads: Vec<JoinHandle<()>>,
}

/// Starts a worker that runs the jobs it receives.
fn start_worker<C: Channel>(jobs: C::Receiver<Job>, results: C::Sender<JobResult>) -> JoinHandle<()> {
    spawn(Box::new(move || {
        while let Some(job) = C::receive(&jobs) {
            C::send(&results, job.run());
        }
    }))
}

fn gather<C: Channel>(results: &C::Receiver<JobResult>, count: usize) -> BatchResults {
    let receive = |_| C::receive(results).expect("the workers are alive");
    (0..count).map(receive).collect::<Vec<_>>().into()
}

impl<C: Channel> Closed for QueuePerWorker<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let (sender, results) = C::channel(BATCH);
        let worker = |_| {
            let (queue, jobs) = C::channel(BATCH);
            (queue, start_worker::<C>(jobs, sender.clone()))
        };
        let (queues, threads) = (0..workers).map(worker).unzip();
        Self { queues, results, threads }
    }
}

impl<C: Channel> FanOut for QueuePerWorker<C> {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        for (job, queue) in jobs.iter().zip(self.queues.iter().cycle()) {
            C::send(queue, *job);
        }
        gather::<C>(&self.results, jobs.len())
    }
}

impl<C: Channel> Drop for QueuePerWorker<C> {
    fn drop(&mut self) {
        self.queues.clear();
        join_workers(&mut self.threads);
    }
}

/// One queue that all workers receive from.
pub struct SharedQueue<C: Mpmc> {
    queue: Option<C::Sender<Job>>,
    results: C::Receiver<JobResult>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Mpmc> Closed for SharedQueue<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let (sender, results) = C::channel(BATCH);
        let (queue, jobs) = C::channel(BATCH);
        let threads = handles(workers, |_| start_worker::<C>(jobs.clone(), sender.clone()));
        Self { threads, queue: Some(queue), results }
    }
}

impl<C: Mpmc> FanOut for SharedQueue<C> {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let queue = self.queue.as_ref().expect("only a drop takes it");
        for job in jobs {
            C::send(queue, *job);
        }
        gather::<C>(&self.results, jobs.len())
    }
}

impl<C: Mpmc> Drop for SharedQueue<C> {
    fn drop(&mut self) {
        self.queue = None;
        join_workers(&mut self.threads);
    }
}

/// Two queues that threads cannot wait on: one of jobs, one of results. Workers are woken when a batch is
/// there, and park when they find no more jobs.
pub struct PolledQueue<Q: PollQueue>(ParkedPool<JobsAndResults<Q>>);

type JobsAndResults<Q> = (<Q as PollQueue>::Queue<Job>, <Q as PollQueue>::Queue<JobResult>);

impl<Q: PollQueue> Closed for PolledQueue<Q> {
    fn start(workers: usize) -> Self {
        let queues: JobsAndResults<Q> = (Q::new(Some(BATCH)), Q::new(Some(BATCH)));
        Self(ParkedPool::new(workers, queues, |(jobs, results)| {
            while let Some(job) = Q::pop(jobs) {
                push::<Q, _>(results, job.run());
            }
        }))
    }
}

impl<Q: PollQueue> FanOut for PolledQueue<Q> {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let (queue, done) = self.0.state();
        for job in jobs {
            push::<Q, _>(queue, *job);
        }
        self.0.run_batch();
        let mut results = Vec::with_capacity(jobs.len());
        while let Some(result) = Q::pop(done) {
            results.push(result);
        }
        results.into()
    }
}

#[inline]
fn push<Q: PollQueue, T: Send + 'static>(queue: &Q::Queue<T>, item: T) {
    let pushed = Q::push(queue, item);
    assert!(pushed.is_ok(), "it has room for a batch");
}
