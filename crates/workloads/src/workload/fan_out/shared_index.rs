//! Fan-out without a queue: workers claim the next index of a list of jobs.

use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::{BATCH, BatchResults, FanOut, Job, JobResult, ParkedPool};
use crate::capability::{ConcurrentMap, Lock, SuiteHasher, suite_hasher};
use crate::workload::closed::Closed;

/// The index that workers claim, and how many jobs they have run.
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
    fn for_each(&self, count: usize, mut run: impl FnMut(usize)) {
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

/// A place that many workers put results in.
pub trait ResultStore: Send + Sync + 'static {
    /// An empty store with room for a batch.
    fn new() -> Self;
    /// Stores the result of the job at `index` of the batch.
    fn put(&self, index: usize, result: JobResult);
    /// Removes and returns the results of `jobs`.
    fn drain(&self, jobs: &[Job]) -> Vec<JobResult>;
}

/// Workers claim the next index of the list of jobs, and put results in a store.
pub struct ClaimingWorkers<R>(ParkedPool<SharedBatch<R>>);

struct SharedBatch<R> {
    claims: Claims,
    jobs: RwLock<Vec<Job>>,
    results: R,
}

impl<R: ResultStore> Closed for ClaimingWorkers<R> {
    fn start(workers: usize) -> Self {
        let batch = SharedBatch { claims: Claims::default(), jobs: RwLock::default(), results: R::new() };
        Self(ParkedPool::new(workers, batch, |batch| {
            let jobs = batch.jobs.read().expect("no worker panicked");
            batch.claims.for_each(jobs.len(), |index| {
                batch.results.put(index, jobs[index].run());
            });
        }))
    }
}

impl<R: ResultStore> FanOut for ClaimingWorkers<R> {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let batch = self.0.state();
        batch.claims.reset();
        {
            let mut list = batch.jobs.write().expect("no worker panicked");
            list.clear();
            list.extend_from_slice(jobs);
        }
        self.0.run_batch();
        BatchResults { results: batch.results.drain(jobs), runs: batch.claims.runs() }
    }
}

/// A slot for each job of a batch. An empty slot holds 0.
pub struct ResultSlots([AtomicU64; BATCH]);

impl ResultStore for ResultSlots {
    fn new() -> Self {
        Self([const { AtomicU64::new(0) }; BATCH])
    }

    #[inline]
    fn put(&self, index: usize, result: JobResult) {
        self.0[index].store(result.value, Ordering::Relaxed);
    }

    fn drain(&self, jobs: &[Job]) -> Vec<JobResult> {
        let slots = jobs.iter().zip(&self.0);
        slots.map(|(job, slot)| JobResult { id: job.id, value: slot.swap(0, Ordering::Relaxed) }).collect()
    }
}

/// Results gathered in a concurrent map, by the id of the job.
pub struct MapResults<M: ConcurrentMap>(M::Map<u64, u64, SuiteHasher>);

impl<M: ConcurrentMap> ResultStore for MapResults<M> {
    fn new() -> Self {
        Self(M::new(BATCH, suite_hasher()))
    }

    #[inline]
    fn put(&self, _: usize, result: JobResult) {
        M::insert(&self.0, result.id, result.value);
    }

    fn drain(&self, jobs: &[Job]) -> Vec<JobResult> {
        let mut results = Vec::with_capacity(jobs.len());
        let ids = || jobs.iter().map(|job| job.id);
        M::for_each_of(&self.0, &mut ids(), |&id, &value| results.push(JobResult { id, value }));
        M::clear_of(&self.0, &mut ids());
        results
    }
}

/// The jobs and results that a read-write lock guards.
#[derive(Default)]
pub struct List {
    jobs: Vec<Job>,
    results: Vec<JobResult>,
}

/// Jobs read and results pushed under one read-write lock.
pub struct LockedList<L: Lock>(ParkedPool<(L, Claims)>);

impl<L: Lock<State = List>> Closed for LockedList<L> {
    fn start(workers: usize) -> Self {
        let state = (L::new(List::default()), Claims::default());
        Self(ParkedPool::new(workers, state, |(list, claims)| {
            let count = list.with(|list| list.jobs.len());
            claims.for_each(count, |index| {
                let job = list.with(|list| list.jobs[index]);
                let result = job.run();
                list.with_mut(|list| list.results.push(result));
            });
        }))
    }
}

impl<L: Lock<State = List>> FanOut for LockedList<L> {
    fn run_batch(&mut self, jobs: &[Job]) -> BatchResults {
        let (list, claims) = self.0.state();
        claims.reset();
        list.with_mut(|list| {
            list.jobs.clear();
            list.jobs.extend_from_slice(jobs);
            list.results.reserve(jobs.len());
        });
        self.0.run_batch();
        BatchResults { results: list.with_mut(|list| std::mem::take(&mut list.results)), runs: claims.runs() }
    }
}
