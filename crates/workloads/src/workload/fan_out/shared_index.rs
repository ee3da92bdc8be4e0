//! Fan-out without a queue: workers claim the next index of a list of jobs.

use std::hash::RandomState;
use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::{BATCH, Done, FanOut, Gathered, Job, ParkedPool};
use crate::capability::{ConcurrentMap, Lock};

/// The index that workers claim from.
#[derive(Default)]
struct Claims {
    next: AtomicUsize,
    runs: AtomicU64,
}

impl Claims {
    fn reset(&self) {
        self.next.store(0, Ordering::Relaxed);
        self.runs.store(0, Ordering::Relaxed);
    }

    /// Calls `run` with each index below `count` that this worker claims.
    fn each(&self, count: usize, mut run: impl FnMut(usize)) {
        let mut runs = 0;
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            run(index);
            runs += 1;
        }
        self.runs.fetch_add(runs, Ordering::Relaxed);
    }

    fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }
}

/// Where results are put by many workers, each job's apart.
pub trait Results: Send + Sync + 'static {
    /// With room for a batch.
    fn new() -> Self;
    /// Stores the result of the job at `index` of the batch.
    fn put(&self, index: usize, done: Done);
    /// The results of `jobs`; nothing is left.
    fn take(&self, jobs: &[Job]) -> Vec<Done>;
}

/// A claimed index, and results put apart.
pub struct Claimed<R>(ParkedPool<Board<R>>);

pub struct Board<R> {
    claims: Claims,
    jobs: RwLock<Vec<Job>>,
    results: R,
}

impl<R: Results> FanOut for Claimed<R> {
    fn start(workers: usize) -> Self {
        let board = Board { claims: Claims::default(), jobs: RwLock::default(), results: R::new() };
        Self(ParkedPool::new(workers, board, |board| {
            let jobs = board.jobs.read().expect("no worker panicked");
            board.claims.each(jobs.len(), |index| {
                board.results.put(index, jobs[index].run());
            });
        }))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let board = self.0.state();
        board.claims.reset();
        {
            let mut list = board.jobs.write().expect("no worker panicked");
            list.clear();
            list.extend_from_slice(jobs);
        }
        self.0.run_batch();
        let board = self.0.state();
        Gathered { results: board.results.take(jobs), runs: board.claims.runs() }
    }
}

/// A slot for each job of a batch; 0 is a slot that nobody filled.
pub struct Slots([AtomicU64; BATCH]);

impl Results for Slots {
    fn new() -> Self {
        Self([const { AtomicU64::new(0) }; BATCH])
    }

    #[inline]
    fn put(&self, index: usize, done: Done) {
        self.0[index].store(done.value, Ordering::Relaxed);
    }

    fn take(&self, jobs: &[Job]) -> Vec<Done> {
        let take =
            |(job, slot): (&Job, &AtomicU64)| Done { id: job.id, value: slot.swap(0, Ordering::Relaxed) };
        jobs.iter().zip(&self.0).map(take).collect()
    }
}

/// Results gathered in a concurrent map, by the id of the job.
pub struct InMap<M: ConcurrentMap>(M::Map<u64, u64, RandomState>);

impl<M: ConcurrentMap> Results for InMap<M> {
    fn new() -> Self {
        Self(M::new(BATCH, RandomState::new()))
    }

    #[inline]
    fn put(&self, _: usize, done: Done) {
        M::insert(&self.0, done.id, done.value);
    }

    fn take(&self, jobs: &[Job]) -> Vec<Done> {
        let mut results = Vec::with_capacity(jobs.len());
        M::for_each(&self.0, |&id, &value| results.push(Done { id, value }));
        M::clear(&self.0);
        results
    }
}

/// The list that a read-write lock guards, and the results that come back.
#[derive(Default)]
pub struct List {
    jobs: Vec<Job>,
    results: Vec<Done>,
}

/// Jobs read and results pushed under one read-write lock.
pub struct ReadLocked<L: Lock>(ParkedPool<(L, Claims)>);

impl<L: Lock<State = List>> FanOut for ReadLocked<L> {
    fn start(workers: usize) -> Self {
        let state = (L::new(List::default()), Claims::default());
        Self(ParkedPool::new(workers, state, |(list, claims)| {
            let count = list.with(|list| list.jobs.len());
            claims.each(count, |index| {
                let job = list.with(|list| list.jobs[index]);
                let done = job.run();
                list.with_mut(|list| list.results.push(done));
            });
        }))
    }

    fn batch(&mut self, jobs: &[Job]) -> Gathered {
        let (list, claims) = self.0.state();
        claims.reset();
        list.with_mut(|list| {
            list.jobs.clear();
            list.jobs.extend_from_slice(jobs);
            list.results.reserve(jobs.len());
        });
        self.0.run_batch();
        let (list, claims) = self.0.state();
        Gathered { results: list.with_mut(|list| std::mem::take(&mut list.results)), runs: claims.runs() }
    }
}
