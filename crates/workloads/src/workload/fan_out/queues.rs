//! Fan-out through queues: a locked queue with a condition variable, and channels.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::{BATCH, Done, FanOut, Gathered, Job, ParkedPool};
use crate::capability::{Channel, Monitor, Mpmc, MutexCondvar, PollQueue};
use crate::model::spawn;

/// Jobs that wait.
#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    closed: bool,
}

/// Results that are there.
#[derive(Default)]
struct Results {
    done: Vec<Done>,
    /// How many the batch has when it is done.
    wanted: usize,
}

/// A queue under a lock, on whose condition variable the workers sleep; results under another, on
/// whose the leader does.
pub struct Locked<C: MutexCondvar> {
    queue: Arc<Monitor<C, Waiting>>,
    results: Arc<Monitor<C, Results>>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: MutexCondvar> FanOut for Locked<C> {
    fn start(workers: usize) -> Self {
        let queue = Arc::new(Monitor::new(Waiting::default()));
        let results = Arc::new(Monitor::new(Results::default()));
        let work = |queue: Arc<Monitor<C, Waiting>>, results: Arc<Monitor<C, Results>>| {
            let next = |queue: &mut Waiting| match queue.jobs.pop_front() {
                Some(job) => Some(Some(job)),
                None => queue.closed.then_some(None),
            };
            while let Some(job) = queue.wait_for(next) {
                let done = job.run();
                let last = results.with_mut(|results| {
                    results.done.push(done);
                    results.done.len() == results.wanted
                });
                if last {
                    results.notify_all();
                }
            }
        };
        let threads = (0..workers)
            .map(|_| {
                let (queue, results) = (queue.clone(), results.clone());
                spawn(Box::new(move || work(queue, results)))
            })
            .collect();
        Self { queue, results, threads }
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        self.results.with_mut(|results| {
            results.wanted = jobs.len();
            results.done.reserve(jobs.len());
        });
        self.queue.with_mut(|queue| queue.jobs.extend(jobs));
        self.queue.notify_all();
        let done = self.results.wait_for(|results| {
            (results.done.len() >= results.wanted).then(|| std::mem::take(&mut results.done))
        });
        done.into()
    }
}

impl<C: MutexCondvar> Drop for Locked<C> {
    fn drop(&mut self) {
        self.queue.with_mut(|queue| queue.closed = true);
        self.queue.notify_all();
        join(&mut self.threads);
    }
}

fn join(threads: &mut Vec<JoinHandle<()>>) {
    for worker in threads.drain(..) {
        let _ = worker.join(); // a panic was noticed by the batch that it broke
    }
}

/// A queue for each worker, dealt in turn; results come back through one channel.
pub struct Dealt<C: Channel> {
    queues: Vec<C::Sender<Job>>,
    results: C::Receiver<Done>,
    threads: Vec<JoinHandle<()>>,
}

/// Starts a worker that runs what it receives.
fn worker<C: Channel>(jobs: C::Receiver<Job>, results: C::Sender<Done>) -> JoinHandle<()> {
    spawn(Box::new(move || {
        while let Some(job) = C::receive(&jobs) {
            C::send(&results, job.run());
        }
    }))
}

fn gather<C: Channel>(results: &C::Receiver<Done>, count: usize) -> Gathered {
    let receive = |_| C::receive(results).expect("the workers live");
    (0..count).map(receive).collect::<Vec<_>>().into()
}

impl<C: Channel> FanOut for Dealt<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let (sender, results) = C::channel(BATCH);
        let (queues, threads) = (0..workers)
            .map(|_| {
                let (queue, jobs) = C::channel(BATCH);
                (queue, worker::<C>(jobs, sender.clone()))
            })
            .unzip();
        Self { queues, results, threads }
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        for (job, queue) in jobs.iter().zip(self.queues.iter().cycle()) {
            C::send(queue, *job);
        }
        gather::<C>(&self.results, jobs.len())
    }
}

impl<C: Channel> Drop for Dealt<C> {
    fn drop(&mut self) {
        self.queues.clear();
        join(&mut self.threads);
    }
}

/// One queue that all workers receive from.
pub struct SharedReceiver<C: Mpmc> {
    queue: Option<C::Sender<Job>>,
    results: C::Receiver<Done>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Mpmc> FanOut for SharedReceiver<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let (sender, results) = C::channel(BATCH);
        let (queue, jobs) = C::channel(BATCH);
        let start = |_| worker::<C>(jobs.clone(), sender.clone());
        Self { threads: (0..workers).map(start).collect(), queue: Some(queue), results }
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let queue = self.queue.as_ref().expect("it goes with the contender");
        for job in jobs {
            C::send(queue, *job);
        }
        gather::<C>(&self.results, jobs.len())
    }
}

impl<C: Mpmc> Drop for SharedReceiver<C> {
    fn drop(&mut self) {
        self.queue = None;
        join(&mut self.threads);
    }
}

/// Two queues that nobody can wait at, of jobs and of results. Workers are woken when a batch is there,
/// and park when they find no more of it.
pub struct Polled<Q: PollQueue>(ParkedPool<JobsAndResults<Q>>);

type JobsAndResults<Q> = (<Q as PollQueue>::Queue<Job>, <Q as PollQueue>::Queue<Done>);

impl<Q: PollQueue> FanOut for Polled<Q> {
    fn start(workers: usize) -> Self {
        let queues: JobsAndResults<Q> = (Q::new(Some(BATCH)), Q::new(Some(BATCH)));
        Self(ParkedPool::new(workers, queues, |(jobs, results)| {
            while let Some(job) = Q::pop(jobs) {
                push::<Q, _>(results, job.run());
            }
        }))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let (queue, done) = self.0.state();
        for job in jobs {
            push::<Q, _>(queue, *job);
        }
        self.0.run_batch();
        let mut results = Vec::with_capacity(jobs.len());
        while let Some(done) = Q::pop(done) {
            results.push(done);
        }
        results.into()
    }
}

#[inline]
fn push<Q: PollQueue, T: Send + 'static>(queue: &Q::Queue<T>, item: T) {
    let pushed = Q::push(queue, item);
    assert!(pushed.is_ok(), "it has room for a batch");
}
