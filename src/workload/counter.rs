//! `counter`: all workers increment one number. The least that can be shared, so the price of
//! sharing itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::{Merge, Merged, Model, Shared};
use crate::record::{Class, WorkloadInfo};
use crate::run::work::work;
use crate::run::{About, Suite, Weight, about};
use crate::workload::open::{self, Open};

/// The name in ids.
pub const NAME: &str = "counter";

/// Nanoseconds of a worker's own work between two increments in `spaced`.
const GAP_NS: u64 = 100;

/// The state: a number.
#[derive(Debug, Default)]
pub struct Count(u64);

impl Model for Count {
    type Write = ();
    type Read = ();
    type Answer = u64;

    #[inline]
    fn write(&mut self, (): ()) {
        self.0 = self.0.wrapping_add(1);
    }

    #[inline]
    fn read(&self, (): ()) -> u64 {
        self.0
    }

    fn digest(&self) -> u64 {
        self.0
    }
}

impl Merge for Count {
    fn part(&self) -> Self {
        Count(0)
    }

    fn merge(&mut self, part: Self) {
        self.0 = self.0.wrapping_add(part.0);
    }
}

/// Nothing but increments.
pub struct Hot;

impl Open for Hot {
    type Model = Count;
    type Worker = ();

    fn model(&self) -> Count {
        Count(0)
    }

    fn worker(&self, _: usize) {}

    #[inline]
    fn operation<S: Shared<Count>>(&self, (): &mut (), shared: &mut S) {
        shared.write(());
    }

    fn check(&self, _: Class, workers: &[((), u64)], digest: u64) -> Result<(), String> {
        check(workers, digest)
    }
}

/// Work of the worker's own between increments.
pub struct Spaced {
    iterations: u64,
}

impl Open for Spaced {
    type Model = Count;
    type Worker = ();

    fn model(&self) -> Count {
        Count(0)
    }

    fn worker(&self, _: usize) {}

    #[inline]
    fn operation<S: Shared<Count>>(&self, (): &mut (), shared: &mut S) {
        shared.write(());
        work(self.iterations);
    }

    fn check(&self, _: Class, workers: &[((), u64)], digest: u64) -> Result<(), String> {
        check(workers, digest)
    }
}

/// No increment is lost, none counts twice.
fn check(workers: &[((), u64)], digest: u64) -> Result<(), String> {
    let wanted: u64 = workers.iter().map(|(_, count)| count).sum();
    let difference = i128::from(digest) - i128::from(wanted);
    match difference {
        0 => Ok(()),
        lost if lost < 0 => Err(format!("{} of {wanted} increments were lost", -lost)),
        gained => Err(format!(
            "{gained} more than {wanted} increments were counted"
        )),
    }
}

/// Adds a contender that holds a number to every variant.
pub fn contender<S: Shared<Count>>(suite: &mut Suite, about: &About) {
    suite.contender(|| open::contender::<Hot, S>(about.clone()));
    suite.contender(|| open::contender::<Spaced, S>(about.clone()));
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(WorkloadInfo {
        name: NAME.to_owned(),
        title: "All workers increment one shared number".to_owned(),
        models: "Request counters, id generators, statistics: the smallest state that threads share, so what remains is the price of sharing itself.".to_owned(),
        question: "A counter that several threads update: a lock, an atomic, a count for each thread, or an owner?".to_owned(),
        timed: "Increments (and in `spaced` the work between them) of all workers. Immediate contenders: between two snapshots of the workers' counts. Deferred and partitioned ones: a fixed number of increments, until the owner has applied, or the workers have merged, the last.".to_owned(),
        oracle: "The number equals the increments of all workers, before, in and after the window.".to_owned(),
        operation: "increment".to_owned(),
        variants: Vec::new(),
    });
    suite.variant(
        NAME,
        "hot",
        "nothing but increments",
        &[],
        Weight::First,
        |_| Hot,
    );
    suite.variant(
        NAME,
        "spaced",
        "about 100 ns of own work after each increment",
        &[("own work", "100 ns")],
        Weight::Telling,
        |setting| Spaced {
            iterations: setting.iterations(GAP_NS),
        },
    );
    open::register::<Hot>(suite);
    open::register::<Spaced>(suite);
}

/// Adds the contenders that exist only here, in no crate.
pub fn specials(suite: &mut Suite) {
    let atomics = |name, notes| about(name).family("atomics").package("std").notes(notes);
    contender::<FetchAdd>(
        suite,
        &atomics(
            "std::sync::atomic+fetch_add",
            "One read-modify-write instruction. Wait-free.",
        ),
    );
    contender::<CompareExchange>(
        suite,
        &atomics(
            "std::sync::atomic+compare_exchange",
            "A loop that retries: lock-free, not wait-free. What any update that has no instruction of its own costs.",
        ),
    );
    contender::<Merged<Count>>(
        suite,
        &atomics(
            "per-thread+merged",
            "A plain number for each thread, added up when its work is done. Nobody sees the total before.",
        ),
    );
    #[cfg(feature = "contenders")]
    contender::<OneKey>(
        suite,
        &about("dashmap::DashMap+one-key")
            .family("dashmap")
            .package("dashmap")
            .notes("One entry of a DashMap: what a counter in a concurrent map costs."),
    );
    suite.absent(NAME, "std::thread::spawn", "a thread for each increment would measure starting threads, which `fan-out` and `spawn` do");
}

/// One `fetch_add`.
pub struct FetchAdd(Arc<AtomicU64>);

impl Shared<Count> for FetchAdd {
    fn open(model: Count, workers: usize) -> Vec<Self> {
        let count = Arc::new(AtomicU64::new(model.0));
        (0..workers).map(|_| Self(count.clone())).collect()
    }

    #[inline]
    fn write(&mut self, (): ()) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    #[inline]
    fn read(&mut self, (): ()) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn close(handles: Vec<Self>) -> u64 {
        handles[0].0.load(Ordering::Relaxed)
    }
}

/// A compare-exchange loop.
pub struct CompareExchange(Arc<AtomicU64>);

impl Shared<Count> for CompareExchange {
    fn open(model: Count, workers: usize) -> Vec<Self> {
        let count = Arc::new(AtomicU64::new(model.0));
        (0..workers).map(|_| Self(count.clone())).collect()
    }

    #[inline]
    fn write(&mut self, (): ()) {
        let mut seen = self.0.load(Ordering::Relaxed);
        while let Err(now) = self.0.compare_exchange_weak(
            seen,
            seen.wrapping_add(1),
            Ordering::Relaxed,
            Ordering::Relaxed,
        ) {
            seen = now;
        }
    }

    #[inline]
    fn read(&mut self, (): ()) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn close(handles: Vec<Self>) -> u64 {
        handles[0].0.load(Ordering::Relaxed)
    }
}

/// The one entry of a concurrent map.
#[cfg(feature = "contenders")]
pub struct OneKey(Arc<dashmap::DashMap<(), u64>>);

#[cfg(feature = "contenders")]
impl Shared<Count> for OneKey {
    fn open(model: Count, workers: usize) -> Vec<Self> {
        let map = Arc::new(dashmap::DashMap::new());
        map.insert((), model.0);
        (0..workers).map(|_| Self(map.clone())).collect()
    }

    #[inline]
    fn write(&mut self, (): ()) {
        *self.0.entry(()).or_insert(0) += 1;
    }

    #[inline]
    fn read(&mut self, (): ()) -> u64 {
        *self.0.get(&()).expect("it is there from the start")
    }

    fn close(mut handles: Vec<Self>) -> u64 {
        handles[0].read(())
    }
}
