//! `counter`: all workers increment one number, the smallest state that can be shared. So it measures the
//! cost of sharing itself.

pub mod atomics;
mod held;
mod locks;
mod maps;
mod probe;
mod read90;

use crate::capability::{Channel, ConcurrentMap, Lock};
use crate::model::applied::{WATCHED, count_watched_write};
use crate::model::{Actor, Locked, Merge, Model, Shared};
use crate::registry::{Description, Info, Suite, Tier};
use crate::workload::open::{self, OpenWorkload, Probe};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;

pub use held::HeldCount;
use held::{HELD_NS, Held};
use locks::{Array, Spread};
pub use locks::{Counts, digest};
use maps::{KeyForEach, OneKey};
use read90::Read90;

/// The name in ids.
pub const NAME: &str = "counter";

/// Nanoseconds of a worker's own work between two increments in `spaced`.
const GAP_NS: u64 = 100;

/// The oracle's answer: nothing, or what was lost.
type Check = Result<(), String>;

/// The state: a number.
#[derive(Clone, Debug, Default)]
pub struct Count(u64);

impl Model for Count {
    type Write = ();
    type Read = ();
    type Answer = u64;

    #[inline(always)]
    fn write(&mut self, (): ()) {
        self.0 = self.0.wrapping_add(1);
        if self.0 > WATCHED {
            count_watched_write();
        }
    }

    #[inline(always)]
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

impl OpenWorkload for Hot {
    const PER_TURN: u64 = 4;

    type Model = Count;
    type Worker = ();

    fn model(&self) -> Count {
        Count(0)
    }

    fn worker(&self, _: usize) {}

    #[inline(always)]
    fn operation<S: Shared<Count>>(&self, (): &mut (), shared: &mut S) {
        shared.write(());
    }

    fn probe<S: Shared<Count>>(&self, workers: &[((), u64)], handles: &mut [S], thorough: bool) -> Probe {
        probe::probe::<Count, S>(workers.iter().map(|(_, count)| count).sum(), handles, thorough)
    }

    fn watched(&self) -> Option<(Count, ())> {
        Some((Count(WATCHED), ()))
    }

    fn check(&self, _: Class, workers: &[((), u64)], digest: u64) -> Check {
        check(workers.iter().map(|(_, count)| count).sum(), digest)
    }
}

/// Own work of the worker between increments.
pub struct Spaced {
    iterations: u64,
}

impl OpenWorkload for Spaced {
    type Model = Count;
    type Worker = ();

    fn model(&self) -> Count {
        Count(0)
    }

    fn worker(&self, _: usize) {}

    #[inline(always)]
    fn operation<S: Shared<Count>>(&self, (): &mut (), shared: &mut S) {
        shared.write(());
        busy_loop(self.iterations);
    }

    fn probe<S: Shared<Count>>(&self, workers: &[((), u64)], handles: &mut [S], thorough: bool) -> Probe {
        probe::probe::<Count, S>(workers.iter().map(|(_, count)| count).sum(), handles, thorough)
    }

    fn watched(&self) -> Option<(Count, ())> {
        Some((Count(WATCHED), ()))
    }

    fn check(&self, _: Class, workers: &[((), u64)], digest: u64) -> Check {
        check(workers.iter().map(|(_, count)| count).sum(), digest)
    }
}

/// Checks that no increment is lost and none counts twice.
fn check(wanted: u64, digest: u64) -> Check {
    let difference = i128::from(digest) - i128::from(wanted);
    match difference {
        0 => Ok(()),
        lost if lost < 0 => Err(format!("{} of {wanted} increments were lost", -lost)),
        gained => Err(format!("{gained} more than {wanted} increments were counted")),
    }
}

/// Adds a contender that holds one number to the variants with one number.
pub fn contender<S: Shared<Count>>(suite: &mut Suite, info: &Info) {
    suite.add::<Hot, S>(info.clone());
    suite.add::<Spaced, S>(info.clone());
    suite.add::<Read90, S>(info.clone());
}

/// Adds a contender whose increment may take long, to `held`.
pub fn held<S: Shared<HeldCount>>(suite: &mut Suite, info: &Info) {
    suite.add::<Held, S>(info.clone());
}

/// Adds a contender that holds several numbers to the variants with as many locks.
pub fn several<S: Shared<Counts>>(suite: &mut Suite, info: &Info) {
    suite.add::<Spread, S>(info.clone());
}

/// Adds a lock to every variant.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    contender::<Locked<L::WithState<Count>>>(suite, info);
    held::<Locked<L::WithState<HeldCount>>>(suite, info);
    several::<Array<L::WithState<Count>>>(suite, info);
}

/// Adds a channel with an owner at its end to every variant where that makes sense.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let owner = "A thread behind it owns the number. Whether it keeps pace with the senders decides the time: the same \
                 channel in another build may take a third of it, or three times as long.";
    let info = &info.in_role("", owner);
    contender::<Actor<C, Count>>(suite, info);
    held::<Actor<C, HeldCount>>(suite, info);
    let reason = "one owner of all counters does what it does for one, see `hot`; an owner for each would add as \
                  many threads";
    exclude(suite, &SEVERAL, &info.name, reason);
}

/// Adds a concurrent map with an entry for each number.
pub fn register_map<M: ConcurrentMap>(suite: &mut Suite, info: &Info) {
    let info = info.in_role(
        "",
        "An entry for each number, one in most variants. Its part of the map is locked meanwhile.",
    );
    contender::<OneKey<M, Count>>(suite, &info);
    held::<OneKey<M, HeldCount>>(suite, &info);
    several::<KeyForEach<M>>(suite, &info);
}

/// The variants with several counters.
pub const SEVERAL: [&str; 2] = ["locks8", "locks64"];

/// Says why a contender is missing from some variants.
pub fn exclude(suite: &mut Suite, variants: &[&str], contender: &str, reason: &str) {
    for variant in variants {
        suite.exclude(&format!("{NAME}/{variant}"), contender, reason);
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Core,
        title: "All workers increment one shared number",
        models: "Request counters, id generators, statistics. It is the smallest state that threads share, so what \
                 remains is the cost of sharing. In Go: an int behind sync.Mutex or sync.RWMutex, sync/atomic's \
                 atomic.Int64 or AddInt64, a goroutine that owns the number behind a channel, or a channel as a lock.",
        question: "A counter that several threads update: a lock, an atomic, a count for each thread, or an owner?",
        timed: "Increments of all workers, with the work between them in `spaced`, the work within them in `held`, \
                and the reads in `read90`. Immediate contenders: between two snapshots of the workers' counts. \
                Deferred and partitioned ones: a fixed number of increments, until the owner has applied the last \
                one, or the workers have merged it.",
        oracle: "The number equals the increments of all workers, before, in and after the window; in `locks8` and \
                 `locks64` each number does. No read decreases, or misses an increment that its reader made before. \
                 After the window every worker of a contender that promises it reads the whole number, and \
                 increments one by one are read back.",
        operation: "increment",
    });
    suite.variant(NAME, "hot", "nothing but increments", &[], Tier::Quick, |_| Hot);
    suite.variant(
        NAME,
        "spaced",
        "about 100 ns of own work after each increment",
        &[("own work", "100 ns")],
        Tier::Standard,
        |setting| Spaced { iterations: setting.iterations(GAP_NS) },
    );
    suite.variant(
        NAME,
        "held",
        "about 200 ns of work inside the lock at each increment",
        &[("work inside", "200 ns")],
        Tier::Thorough,
        |setting| Held { iterations: setting.iterations(HELD_NS) },
    );
    suite.variant(
        NAME,
        "read90",
        "nine reads of the number for each increment",
        &[("reads", "90 %")],
        Tier::Thorough,
        |_| Read90,
    );
    suite.variant(
        NAME,
        "locks8",
        "8 numbers with a lock each, increments spread over them",
        &[("numbers", "8, on cache lines of their own"), ("drawn", "uniformly")],
        Tier::Thorough,
        |setting| Spread::new(setting, 8),
    );
    suite.variant(
        NAME,
        "locks64",
        "64 numbers with a lock each, increments spread over them",
        &[("numbers", "64, on cache lines of their own"), ("drawn", "uniformly")],
        Tier::Thorough,
        |setting| Spread::new(setting, 64),
    );
    open::register::<Hot>(suite);
    open::register::<Spaced>(suite);
    open::register::<Held>(suite);
    open::register::<Read90>(suite);
    open::register::<Spread>(suite);
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    let spawn = "a thread for each increment would measure starting threads, which `fan-out` and `spawn` do";
    suite.exclude(NAME, "std::thread::spawn", spawn);
}

#[cfg(test)]
mod tests;
