//! Fan-out without a queue: workers claim the next index of a list of jobs.

use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::crew::Crew;
use super::{BATCH, Done, FanOut, Gathered, Job, add};
use crate::model::Lock;
use crate::registry::{Info, Suite};

#[cfg(feature = "extra")]
pub(in crate::workload) use maps::{Papaya, Scc};

pub(super) fn register(suite: &mut Suite) {
    add::<Claimed<Slots>>(
        suite,
        &Info::new("std::sync::atomic+claim")
            .family("atomics")
            .package("std")
            .notes("Workers claim the next index by fetch_add and store each result in a slot of its own. Woken by unpark."),
    );
    add::<ReadLocked<RwLock<List>>>(
        suite,
        &Info::new("std::sync::RwLock")
            .family("std RwLock")
            .package("std")
            .notes("Jobs are read from a list under the read lock, their index claimed; each result is pushed under the write lock."),
    );
    #[cfg(feature = "contenders")]
    {
        add::<ReadLocked<parking_lot::RwLock<List>>>(
            suite,
            &Info::new("parking_lot::RwLock")
                .family("parking_lot")
                .package("parking_lot")
                .notes("As with std's: jobs read under the read lock, results pushed under the write lock."),
        );
        add::<ReadLocked<crossbeam_utils::sync::ShardedLock<List>>>(
            suite,
            &Info::new("crossbeam_utils::sync::ShardedLock")
                .family("crossbeam")
                .package("crossbeam-utils")
                .notes("As with RwLock: jobs read under the read lock, of which there are eight, results pushed under the write lock, which takes all."),
        );
        add::<Claimed<dashmap::DashMap<u64, u64>>>(
            suite,
            &Info::new("dashmap::DashMap")
                .family("dashmap")
                .package("dashmap")
                .notes("Workers claim the next index; results are gathered in a DashMap by job."),
        );
    }
}

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
pub(in crate::workload) trait Results: Send + Sync + 'static {
    fn new() -> Self;
    fn put(&self, index: usize, done: Done);
    /// The results of `jobs`; nothing is left.
    fn take(&self, jobs: &[Job]) -> Vec<Done>;
}

/// A claimed index, and results put apart.
pub(in crate::workload) struct Claimed<R>(Crew<Board<R>>);

struct Board<R> {
    claims: Claims,
    jobs: RwLock<Vec<Job>>,
    results: R,
}

impl<R: Results> FanOut for Claimed<R> {
    fn open(workers: usize) -> Self {
        let board = Board {
            claims: Claims::default(),
            jobs: RwLock::default(),
            results: R::new(),
        };
        Self(Crew::new(workers, board, |board| {
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
        self.0.work();
        let board = self.0.state();
        Gathered {
            results: board.results.take(jobs),
            runs: board.claims.runs(),
        }
    }
}

/// A slot for each job of a batch; 0 is a slot that nobody filled.
struct Slots([AtomicU64; BATCH]);

impl Results for Slots {
    fn new() -> Self {
        Self([const { AtomicU64::new(0) }; BATCH])
    }

    #[inline]
    fn put(&self, index: usize, done: Done) {
        self.0[index].store(done.value, Ordering::Relaxed);
    }

    fn take(&self, jobs: &[Job]) -> Vec<Done> {
        let take = |(job, slot): (&Job, &AtomicU64)| Done {
            id: job.id,
            value: slot.swap(0, Ordering::Relaxed),
        };
        jobs.iter().zip(&self.0).map(take).collect()
    }
}

#[cfg(feature = "contenders")]
impl Results for dashmap::DashMap<u64, u64> {
    fn new() -> Self {
        dashmap::DashMap::with_capacity(BATCH)
    }

    #[inline]
    fn put(&self, _: usize, done: Done) {
        self.insert(done.id, done.value);
    }

    fn take(&self, _: &[Job]) -> Vec<Done> {
        let entries = self.iter().map(|entry| Done {
            id: *entry.key(),
            value: *entry.value(),
        });
        let results = entries.collect();
        self.clear();
        results
    }
}

#[cfg(feature = "extra")]
mod maps {
    use super::{BATCH, Claimed, Done, Job, Results};

    /// Results gathered in a `scc::HashMap`.
    pub(in crate::workload) type Scc = Claimed<scc::HashMap<u64, u64>>;
    /// Results gathered in a `papaya::HashMap`.
    pub(in crate::workload) type Papaya = Claimed<papaya::HashMap<u64, u64>>;

    impl Results for scc::HashMap<u64, u64> {
        fn new() -> Self {
            scc::HashMap::with_capacity(BATCH)
        }

        #[inline]
        fn put(&self, _: usize, done: Done) {
            let _before = self.upsert_sync(done.id, done.value); // a job that ran twice is counted
        }

        fn take(&self, jobs: &[Job]) -> Vec<Done> {
            let mut results = Vec::with_capacity(jobs.len());
            self.iter_sync(|&id, &value| {
                results.push(Done { id, value });
                true
            });
            self.clear_sync();
            results
        }
    }

    impl Results for papaya::HashMap<u64, u64> {
        fn new() -> Self {
            papaya::HashMap::with_capacity(BATCH)
        }

        #[inline]
        fn put(&self, _: usize, done: Done) {
            self.pin().insert(done.id, done.value);
        }

        fn take(&self, _: &[Job]) -> Vec<Done> {
            let map = self.pin();
            let entries = map.iter().map(|(&id, &value)| Done { id, value });
            let results = entries.collect();
            map.clear();
            results
        }
    }
}

/// The list that a read-write lock guards, and the results that come back.
#[derive(Default)]
pub(in crate::workload) struct List {
    jobs: Vec<Job>,
    results: Vec<Done>,
}

/// Jobs read and results pushed under one read-write lock.
pub(in crate::workload) struct ReadLocked<L: Lock>(Crew<(L, Claims)>);

impl<L: Lock<State = List>> FanOut for ReadLocked<L> {
    fn open(workers: usize) -> Self {
        let state = (L::new(List::default()), Claims::default());
        Self(Crew::new(workers, state, |(list, claims)| {
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
        self.0.work();
        let (list, claims) = self.0.state();
        Gathered {
            results: list.with_mut(|list| std::mem::take(&mut list.results)),
            runs: claims.runs(),
        }
    }
}
