//! `snapshot`: all workers read a configuration that one of them sometimes replaces. Go's `RWMutex` around a
//! struct.
//!
//! A window is fixed work: every worker does the same number of operations, and the first of them replaces the
//! configuration at every Nth of its own. So all contenders do the same reads and the same replacements. In a window
//! that ends by time, a lock that keeps its writer waiting does fewer replacements. It then looks fast for the work
//! that it left out: one lock did 34 times as many replacements as another, in a block that called them level. Here
//! such a lock pays with the time until its writer is done.

mod contenders;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::model::applied::{WATCHED, count_watched_write};
use crate::model::{Model, Shared};
use crate::registry::{Description, Info, Suite, Tier};
use crate::workload::open::{self, OpenWorkload};
use contend_record::{Class, WorkloadGroup};
use contend_team::Timing;
use contend_team::busy_loop::busy_loop;

pub use contenders::{register_exclusions, register_lock, register_lock_of_arc};

/// The name in ids.
pub const NAME: &str = "snapshot";

/// Nanoseconds of a read in the variants with long reads.
const LONG_NS: u64 = 1_000;

/// Fields of the configuration.
const FIELDS: usize = 8;

/// The configuration.
#[derive(Clone)]
pub struct Config {
    version: u64,
    /// Derived from the version, so that a mixture of two configurations shows.
    fields: [u64; FIELDS],
    /// The length of a read.
    iterations: u64,
}

/// What a read saw.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    version: u64,
    torn: bool,
}

impl Config {
    fn new(version: u64, iterations: u64) -> Self {
        Self { version, fields: Self::fields(version), iterations }
    }

    fn fields(version: u64) -> [u64; FIELDS] {
        std::array::from_fn(|index| version.wrapping_mul(index as u64 + 3))
    }
}

impl Model for Config {
    type Write = ();
    type Read = ();
    type Answer = Reading;

    #[inline(always)]
    fn write(&mut self, (): ()) {
        self.version += 1;
        self.fields = Self::fields(self.version);
        if self.version > WATCHED {
            count_watched_write();
        }
    }

    #[inline(always)]
    fn read(&self, (): ()) -> Reading {
        busy_loop(self.iterations);
        Reading { version: self.version, torn: self.fields != Self::fields(self.version) }
    }

    fn digest(&self) -> u64 {
        self.version
    }
}

/// What a variant measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Wall time for each operation, until the last worker is done.
    All,
    /// The time of a read, by what all workers read in a second while they are at work.
    Reads,
    /// The time of a replacement, by those that the first worker makes in a second until it is done.
    Writes,
}

impl Measure {
    /// Each with the end of its variants' names.
    const WITH_SUFFIX: [(Self, &str); 3] =
        [(Self::All, ""), (Self::Reads, "-reads"), (Self::Writes, "-writes")];

    /// The value of a window and its unit, if it is not that of all operations.
    fn value(self, every: u64, timing: &Timing) -> Option<(f64, &'static str)> {
        let writes = |worker: usize, done: u64| if worker == 0 { done / every } else { 0 };
        let rate = |count: &dyn Fn(usize, u64) -> u64| {
            let workers = timing.operations.iter().zip(&timing.ends).enumerate();
            let rates = workers
                .map(|(worker, (done, end))| count(worker, *done) as f64 / end.as_nanos().max(1) as f64);
            rates.sum::<f64>()
        };
        match self {
            Self::All => None,
            Self::Reads => Some((1.0 / rate(&|worker, done| done - writes(worker, done)), "ns/read")),
            Self::Writes => Some((1.0 / rate(&writes), "ns/replacement")),
        }
    }
}

/// How often the first worker replaces the configuration, how long reads are, and what is measured.
pub struct Params {
    every: u64,
    iterations: u64,
    measure: Measure,
    /// Replacements that have returned in the current window. A read that starts now must see at least this
    /// version. Each window has a new one.
    completed: Mutex<Arc<AtomicU64>>,
}

impl Params {
    fn new(every: u64, iterations: u64, measure: Measure) -> Self {
        Self { every, iterations, measure, completed: Mutex::default() }
    }
}

/// A worker's place in its stream, and the errors that it saw.
pub struct Worker {
    /// Operations until its next replacement. `None` for workers that only read.
    until: Option<u64>,
    completed: Arc<AtomicU64>,
    writes: u64,
    torn: u64,
    stale: u64,
    /// The newest version that it saw.
    newest: u64,
}

impl OpenWorkload for Params {
    type Model = Config;
    type Worker = Worker;

    fn model(&self) -> Config {
        *self.completed.lock().expect("no holder panics") = Arc::default();
        Config::new(0, self.iterations)
    }

    fn worker(&self, index: usize) -> Worker {
        Worker {
            until: (index == 0).then_some(self.every),
            completed: self.completed.lock().expect("no holder panics").clone(),
            writes: 0,
            torn: 0,
            stale: 0,
            newest: 0,
        }
    }

    fn cycle(&self) -> Option<u64> {
        Some(self.every)
    }

    fn metric(&self, timing: &Timing) -> Option<(f64, &'static str)> {
        self.measure.value(self.every, timing)
    }

    fn watched(&self) -> Option<(Config, ())> {
        Some((Config::new(WATCHED, self.iterations), ()))
    }

    #[inline(always)]
    fn operation<S: Shared<Config>>(&self, worker: &mut Worker, shared: &mut S) {
        if let Some(until) = &mut worker.until {
            *until -= 1;
            if *until == 0 {
                *until = self.every;
                shared.write(());
                worker.writes += 1;
                worker.completed.store(worker.writes, Ordering::Release);
                return;
            }
        }
        let least = worker.completed.load(Ordering::Acquire).max(worker.newest);
        let reading = shared.read(());
        worker.torn += u64::from(reading.torn);
        worker.stale += u64::from(reading.version < least);
        worker.newest = reading.version;
    }

    fn check(&self, _: Class, workers: &[(Worker, u64)], digest: u64) -> Result<(), String> {
        let sum = |of: fn(&Worker) -> u64| workers.iter().map(|(worker, _)| of(worker)).sum::<u64>();
        let torn = sum(|worker| worker.torn);
        if torn > 0 {
            return Err(format!("{torn} reads saw a mixture of two configurations"));
        }
        let stale = sum(|worker| worker.stale);
        if stale > 0 {
            return Err(format!(
                "{stale} reads saw a configuration older than one that was in force, or seen, before they started"
            ));
        }
        let writes = sum(|worker| worker.writes);
        if digest != writes {
            return Err(format!("version {digest} is left after {writes} replacements"));
        }
        Ok(())
    }
}

/// Adds a contender that holds a configuration to every variant.
pub fn add<S: Shared<Config>>(suite: &mut Suite, info: &Info) {
    suite.add::<Params, S>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "All workers read a configuration that one sometimes replaces",
        models: "Go's sync.RWMutex around a struct, or an atomic.Pointer to it: goroutines that serve requests read \
                 the configuration, and one reloads it.",
        question: "State that is read almost always: a read-write lock, or a mutex around an Arc that readers clone?",
        timed: "A fixed number of operations of each worker, until the last one is done. The first worker replaces \
                the configuration at every 10th or 1,000th of its operations, and otherwise reads, as all others do. \
                So the reads and the replacements are the same for every contender, and a lock that starves its \
                writer pays until it is done. A read looks at all eight fields. `-1us`: a read then works for about \
                1 µs. `-reads` and `-writes` have the same operations, and two measures of them. The first is the \
                time of a read: 1 over the sum of what each worker reads in a second until it is done. The second is \
                the time of a replacement: 1 over the replacements in a second, until the first worker is done.",
        oracle: "No read sees a mixture of two configurations. No read sees one older than a configuration that was \
                 in force before the read started. Every replacement counts.",
        operation: "read or replacement",
    });
    for (every, number, tier) in [(1_000, "1,000th", Tier::Standard), (10, "10th", Tier::Thorough)] {
        for (suffix, reads, work, ns) in
            [("", "short reads", "nothing", 0), ("-1us", "reads of 1 µs", "1 µs", LONG_NS)]
        {
            for (measure, measured) in Measure::WITH_SUFFIX {
                let of = match measure {
                    Measure::All => "",
                    // Where replacements are rare, reads are what all operations are.
                    _ if every > 10 => continue,
                    Measure::Reads => ": the time of a read",
                    Measure::Writes => ": the time of a replacement",
                };
                let name = format!("every{every}{suffix}{measured}");
                let title = format!("{reads}; each {number} operation of one worker replaces it{of}");
                let share = format!("each {every}th of one worker");
                let parameters = [("replacement", &*share), ("work of a read", work)];
                suite.variant(NAME, &name, &title, &parameters, tier, move |settings| {
                    Params::new(every, if ns > 0 { settings.iterations(ns) } else { 0 }, measure)
                });
            }
        }
    }
    open::register::<Params>(suite);
}

#[cfg(test)]
mod tests;
