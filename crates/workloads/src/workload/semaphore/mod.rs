//! `semaphore`: at most K threads are inside at once. In Go a channel of K tokens does this.
//!
//! An open workload without a model: the workers enter and leave until the window ends.

mod contenders;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::{NoOp, handles};
use crate::registry::{BlockSettings, Description, Info, Suite, ThreadCounts, Tier, strategy};
use crate::workload::closed::Serial;
use crate::workload::open::{downcast, floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, StopRule, Window, WindowError, WorkerLoop};

pub use contenders::{
    Count, Tokens, register_condvar, register_counted_condvar, register_exclusions, register_lock,
    register_tokens,
};

/// The name in ids.
pub const NAME: &str = "semaphore";

/// Nanoseconds that a worker is inside, if several may be.
const INSIDE_NS: u64 = 1_000;

/// Nanoseconds that a worker is inside, if only one may be.
const LOCK_NS: u64 = 100;

/// A limit on how many threads are inside.
pub trait Semaphore: Send + Sync + 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// A semaphore that lets `permits` threads in.
    fn new(permits: usize) -> Self;

    /// Waits for a permit, calls `inside`, and returns the permit.
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R;
}

/// How many threads may be inside, and for how long each is.
#[derive(Clone, Copy)]
struct Params {
    permits: u64,
    iterations: u64,
}

/// The variants in which several threads may be inside.
pub struct Several(Params);

/// The variant in which one thread may be inside. The semaphore is a lock there.
pub struct One(Params);

/// Counts of the threads that are inside, for the oracle.
#[derive(Default)]
struct Inside {
    now: AtomicU64,
    /// The most that were inside at once, if more than may be.
    most: AtomicU64,
    entries: AtomicU64,
}

/// A worker.
struct Visitor<S> {
    semaphore: Arc<(S, Inside)>,
    params: Params,
    visits: fn(&Visitor<S>, u64),
}

impl<S: Semaphore> WorkerLoop for Visitor<S> {
    fn work(&mut self, operations: u64) {
        (self.visits)(self, operations);
    }
}

/// The timed loop: enters and leaves `count` times.
#[inline(never)]
fn visits<S: Semaphore, const COPY: usize>(visitor: &Visitor<S>, count: u64) {
    black_box(COPY);
    let (semaphore, inside) = &*visitor.semaphore;
    for _ in 0..count {
        semaphore.enter(|| {
            let now = inside.now.fetch_add(1, Ordering::Relaxed) + 1;
            if now > visitor.params.permits {
                inside.most.fetch_max(now, Ordering::Relaxed);
            }
            busy_loop(visitor.params.iterations);
            inside.now.fetch_sub(1, Ordering::Relaxed);
        });
    }
    inside.entries.fetch_add(count, Ordering::Relaxed);
}

impl Inside {
    /// The oracle: never more than `permits` were inside, all have left, and each entry was made.
    fn check(&self, permits: u64, wanted: u64) -> Result<(), String> {
        let most = self.most.load(Ordering::Relaxed);
        if most > permits {
            return Err(format!("{most} were inside at once, but only {permits} may be"));
        }
        let left = self.now.load(Ordering::Relaxed);
        if left > 0 {
            return Err(format!("{left} are still inside after the window"));
        }
        let entries = self.entries.load(Ordering::Relaxed);
        if entries != wanted {
            return Err(format!("{entries} of {wanted} entries were counted"));
        }
        Ok(())
    }
}

fn measure<S: Semaphore>(
    params: Params,
    window: &mut Window<'_>,
    visits: fn(&Visitor<S>, u64),
) -> Result<Sample, WindowError> {
    let workers = S::workers(window.threads());
    let open = || {
        let semaphore = Arc::new((S::new(params.permits as usize), Inside::default()));
        handles(workers, |_| -> Box<dyn WorkerLoop> {
            Box::new(Visitor { semaphore: semaphore.clone(), params, visits })
        })
    };
    let close = |mut work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
        let visitor = downcast::<Visitor<S>>(work.pop().expect("there is a worker"));
        if S::CLASS == Class::Floor {
            return Ok(());
        }
        let inside = &visitor.semaphore.1;
        inside.check(params.permits, counts.iter().sum()).map_err(WindowError::Wrong)
    };
    window.measure(StopRule::Time, &open, &close)
}

strategy!(
    S: Semaphore, Several,
    |threads| S::workers(threads),
    |params, window| measure(params.0, window, visits::<S, COPY>),
    visits::<S, COPY>,
);

strategy!(
    S: Semaphore, One,
    |threads| S::workers(threads),
    |params, window| measure(params.0, window, visits::<S, COPY>),
    visits::<S, COPY>,
);

/// Adds a contender to all variants.
pub fn add<S: Semaphore>(suite: &mut Suite, info: &Info) {
    suite.add::<Several, S>(info.clone());
    suite.add::<One, S>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "At most K threads are inside at once",
        models: "Go's channel of K tokens: a goroutine sends one before it begins, and receives one at its end. So at \
                 most K run at once. golang.org/x/sync/semaphore and errgroup's SetLimit do the same. With one token \
                 the channel is a lock.",
        question: "How to bound what runs at once: by a channel of tokens, or a count under a lock? And is a channel \
                   a good lock?",
        timed: "Entries of all workers between two snapshots of their counts. Each worker is inside for about 1 µs \
                (`lock`: 100 ns), and has nothing to do outside. The time includes counting who is inside, for the \
                oracle.",
        oracle: "Never more than K threads are inside, as they count themselves. All have left at the end, and every \
                 entry was made.",
        operation: "entry",
    });
    let counts = [("2of5", 2, &[5], Tier::Standard), ("8of64", 8, &[64], Tier::Thorough)];
    for (name, permits, threads, tier) in counts {
        let title = format!("{permits} of {} workers may be inside", threads[0]);
        let parameters = [("permits", &*permits.to_string()), ("inside", "1 µs")];
        let prepare = move |settings: &BlockSettings| {
            Several(Params { permits, iterations: settings.iterations(INSIDE_NS) })
        };
        suite.variant(NAME, name, &title, &parameters, tier, prepare).at(ThreadCounts::Own(threads));
    }
    let (title, one) = ("one worker may be inside: a lock", [("permits", "1"), ("inside", "100 ns")]);
    suite.variant(NAME, "lock", title, &one, Tier::Standard, |settings| {
        One(Params { permits: 1, iterations: settings.iterations(LOCK_NS) })
    });
    add::<NoOp>(suite, &floor());
    add::<Serial>(suite, &serial());
}

#[cfg(test)]
mod tests;
