//! Fan-out through crossbeam's queues and deques, none of which a thread can wait for: workers are
//! woken when a batch is there, and sleep when they find nothing more of it.

use std::sync::Mutex;

use crossbeam_deque::{Injector, Steal, Stealer, Worker};
use crossbeam_queue::{ArrayQueue, SegQueue};

use super::crew::Crew;
use super::{BATCH, Done, FanOut, Gathered, Job, add};
use crate::registry::{Info, Suite};

pub(super) fn register(suite: &mut Suite) {
    let queue = |name, notes| {
        Info::new(name)
            .family("crossbeam")
            .package("crossbeam-queue")
            .notes(notes)
    };
    add::<Queues<ArrayQueue<Job>, ArrayQueue<Done>>>(
        suite,
        &queue(
            "crossbeam_queue::ArrayQueue",
            "Bounded: one queue for jobs and one for results, with room for a batch. Nobody can wait at it, so workers are parked, and woken by unpark once the batch is queued.",
        ),
    );
    add::<Queues<SegQueue<Job>, SegQueue<Done>>>(
        suite,
        &queue(
            "crossbeam_queue::SegQueue",
            "Unbounded, allocates in segments: one queue for jobs and one for results. Nobody can wait at it, so workers are parked, and woken by unpark once the batch is queued.",
        ),
    );
    add::<Stealing>(
        suite,
        &Info::new("crossbeam_deque+stealing")
            .family("crossbeam")
            .package("crossbeam-deque")
            .notes("Jobs come in an injector; each worker takes some of them to a deque of its own, and steals from the others' when both are empty. Results are gathered by worker, then under a Mutex. Woken by unpark."),
    );
}

/// A queue that many push to and pop from.
trait Queue<T>: Send + Sync + 'static {
    fn new() -> Self;
    fn push(&self, item: T);
    fn pop(&self) -> Option<T>;
}

impl<T: Send + 'static> Queue<T> for ArrayQueue<T> {
    fn new() -> Self {
        ArrayQueue::new(BATCH)
    }

    #[inline]
    fn push(&self, item: T) {
        let pushed = ArrayQueue::push(self, item);
        assert!(pushed.is_ok(), "it has room for a batch");
    }

    #[inline]
    fn pop(&self) -> Option<T> {
        ArrayQueue::pop(self)
    }
}

impl<T: Send + 'static> Queue<T> for SegQueue<T> {
    fn new() -> Self {
        SegQueue::new()
    }

    #[inline]
    fn push(&self, item: T) {
        SegQueue::push(self, item);
    }

    #[inline]
    fn pop(&self) -> Option<T> {
        SegQueue::pop(self)
    }
}

/// A queue of jobs, and one of results.
struct Queues<J, R>(Crew<(J, R)>);

impl<J: Queue<Job>, R: Queue<Done>> FanOut for Queues<J, R> {
    fn open(workers: usize) -> Self {
        Self(Crew::new(
            workers,
            (J::new(), R::new()),
            |(jobs, results)| {
                while let Some(job) = jobs.pop() {
                    results.push(job.run());
                }
            },
        ))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let (queue, done) = self.0.state();
        for job in jobs {
            queue.push(*job);
        }
        self.0.work();
        let mut results = Vec::with_capacity(jobs.len());
        while let Some(done) = done.pop() {
            results.push(done);
        }
        results.into()
    }
}

/// A deque for each worker.
struct Stealing(Crew<Pool>);

/// What the workers share.
struct Pool {
    injector: Injector<Job>,
    stealers: Vec<Stealer<Job>>,
    results: Mutex<Vec<Done>>,
}

impl Pool {
    /// A job from the worker's own deque, else some from the injector, else another worker's. Jobs
    /// make no jobs, so that who finds none is done.
    fn job(&self, own: &Worker<Job>) -> Option<Job> {
        if let Some(job) = own.pop() {
            return Some(job);
        }
        loop {
            let mut retry = false;
            let others = self.stealers.iter().map(Stealer::steal);
            for stolen in std::iter::once(self.injector.steal_batch_and_pop(own)).chain(others) {
                match stolen {
                    Steal::Success(job) => return Some(job),
                    Steal::Retry => retry = true,
                    Steal::Empty => {}
                }
            }
            if !retry {
                return None;
            }
        }
    }
}

impl FanOut for Stealing {
    fn open(workers: usize) -> Self {
        let deques: Vec<Worker<Job>> = (0..workers).map(|_| Worker::new_fifo()).collect();
        let pool = Pool {
            injector: Injector::new(),
            stealers: deques.iter().map(Worker::stealer).collect(),
            results: Mutex::default(),
        };
        let worker = |own: Worker<Job>| {
            let mut done = Vec::with_capacity(BATCH);
            move |pool: &Pool| {
                while let Some(job) = pool.job(&own) {
                    done.push(job.run());
                }
                let mut results = pool.results.lock().expect("no worker panicked");
                results.append(&mut done);
            }
        };
        Self(Crew::of(deques.into_iter().map(worker).collect(), pool))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let pool = self.0.state();
        let reserve = |results: &mut Vec<Done>| results.reserve(jobs.len());
        reserve(&mut pool.results.lock().expect("no worker panicked"));
        for job in jobs {
            pool.injector.push(*job);
        }
        self.0.work();
        let results = &self.0.state().results;
        let results = std::mem::take(&mut *results.lock().expect("no worker panicked"));
        results.into()
    }
}
