//! Fan-out through queues: a locked queue with a condition variable, and channels.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::{BATCH, Done, FanOut, Gathered, Job, add};
use crate::model::{Channel, spawn};
use crate::primitive::Monitor;
use crate::run::{Suite, about};

pub(super) fn register(suite: &mut Suite) {
    add::<Locked<crate::primitive::std::Monitored<Queue>>>(
        suite,
        &about("std::sync::Mutex")
            .family("std Mutex")
            .package("std")
            .notes("A VecDeque of jobs and a Vec of results under one Mutex, with a Condvar."),
    );
    #[cfg(feature = "contenders")]
    add::<Locked<crate::primitive::parking_lot::Monitored<Queue>>>(
        suite,
        &about("parking_lot::Mutex")
            .family("parking_lot")
            .package("parking_lot")
            .notes("As with std's: a VecDeque of jobs and a Vec of results under one Mutex, with its Condvar."),
    );
}

/// Jobs that wait, and results that are there.
#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    results: Vec<Done>,
    /// How many results the batch has when it is done.
    wanted: usize,
    closed: bool,
}

/// A queue under a lock; workers and leader sleep on its condition variable.
struct Locked<M: Monitor<State = Queue>> {
    queue: Arc<M>,
    threads: Vec<JoinHandle<()>>,
}

impl<M: Monitor<State = Queue>> FanOut for Locked<M> {
    fn open(workers: usize) -> Self {
        let queue = Arc::new(M::new(Queue::default()));
        let work = |queue: Arc<M>| {
            let next = |queue: &mut Queue| match queue.jobs.pop_front() {
                Some(job) => Some(Some(job)),
                None => queue.closed.then_some(None),
            };
            while let Some(job) = queue.wait_for(next) {
                let done = job.run();
                let last = queue.with_mut(|queue| {
                    queue.results.push(done);
                    queue.results.len() == queue.wanted
                });
                if last {
                    queue.notify_all();
                }
            }
        };
        let threads = (0..workers)
            .map(|_| {
                let queue = queue.clone();
                spawn(Box::new(move || work(queue)))
            })
            .collect();
        Self { queue, threads }
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        self.queue.with_mut(|queue| {
            queue.wanted = jobs.len();
            queue.results.reserve(jobs.len());
            queue.jobs.extend(jobs);
        });
        self.queue.notify_all();
        let results = self.queue.wait_for(|queue| {
            (queue.results.len() >= queue.wanted).then(|| std::mem::take(&mut queue.results))
        });
        results.into()
    }
}

impl<M: Monitor<State = Queue>> Drop for Locked<M> {
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

    fn open(workers: usize) -> Self {
        let (sender, results) = C::channel(BATCH);
        let (queues, threads) = (0..workers)
            .map(|_| {
                let (queue, jobs) = C::channel(BATCH);
                (queue, worker::<C>(jobs, sender.clone()))
            })
            .unzip();
        Self {
            queues,
            results,
            threads,
        }
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
pub struct SharedReceiver<C: Channel> {
    queue: Option<C::Sender<Job>>,
    results: C::Receiver<Done>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Channel> FanOut for SharedReceiver<C>
where
    C::Receiver<Job>: Clone,
{
    const HELPERS: usize = 1;

    fn open(workers: usize) -> Self {
        let (sender, results) = C::channel(BATCH);
        let (queue, jobs) = C::channel(BATCH);
        let start = |_| worker::<C>(C::Receiver::clone(&jobs), sender.clone());
        Self {
            threads: (0..workers).map(start).collect(),
            queue: Some(queue),
            results,
        }
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let queue = self.queue.as_ref().expect("it goes with the contender");
        for job in jobs {
            C::send(queue, *job);
        }
        gather::<C>(&self.results, jobs.len())
    }
}

impl<C: Channel> Drop for SharedReceiver<C> {
    fn drop(&mut self) {
        self.queue = None;
        join(&mut self.threads);
    }
}
