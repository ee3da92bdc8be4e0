//! `once`: a value is made when it is first asked for, exactly once. Go's `sync.Once`.
//!
//! `hot` is an open workload: the value exists, and all workers ask for it. `race` is a closed one: all
//! workers ask, at the same time, for values that do not exist yet.

mod contenders;
mod hot;
mod race;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::model::NoOp;
use crate::registry::{Description, Info, Suite, Tier};
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;

pub use contenders::{
    Beside, RunOnce, register_exclusions, register_lock, register_rw_lock, register_upgradable_lock,
};
pub use hot::Hot;
pub use race::Race;

/// The name in ids.
pub const NAME: &str = "once";

/// Nanoseconds that making a value takes in a race.
const MAKING_NS: u64 = 200;

/// Room for the values of a window, and its end: longer than the window.
const MAKING_ROOM: Duration = Duration::from_millis(60);

/// The memory of a race: all values of a window, of which the floor makes the most.
const RACE_BYTES: u64 = 100 << 20;

/// Makes a value, and counts how often it does.
pub struct Initializer {
    runs: Arc<AtomicU64>,
    value: u64,
    iterations: u64,
}

impl Initializer {
    /// Makes the value.
    pub fn run(&self) -> u64 {
        self.runs.fetch_add(1, Ordering::Relaxed);
        busy_loop(self.iterations);
        self.value
    }
}

/// A value that is made when it is first asked for.
pub trait LazyValue: Send + Sync + 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;

    /// The value. Makes it, or waits for the thread that does.
    fn get(&self) -> u64;
}

/// A way to have such values. Their type may have no name, because it may hold the initializing closure
/// unboxed, as a static does.
pub trait Once: 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;

    /// A value that does not exist yet.
    fn lazy(initializer: Initializer) -> impl LazyValue;
}

/// A lazy value, and what the oracle knows of it.
struct Checked<V> {
    lazy: V,
    value: u64,
    runs: Arc<AtomicU64>,
}

impl<V: LazyValue> Checked<V> {
    fn new(value: u64, iterations: u64, lazy: fn(Initializer) -> V) -> Self {
        let runs = Arc::<AtomicU64>::default();
        let lazy = lazy(Initializer { runs: runs.clone(), value, iterations });
        Self { lazy, value, runs }
    }

    /// The oracle: the value was made once.
    fn check(&self) -> Result<(), String> {
        match self.runs.load(Ordering::Relaxed) {
            1 => Ok(()),
            runs => Err(format!("a value was made {runs} times")),
        }
    }
}

/// Adds a contender to both variants.
pub fn add<O: Once>(suite: &mut Suite, info: &Info) {
    suite.add::<Hot, O>(info.clone());
    suite.add::<Race, O>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "A value is made when it is first asked for, exactly once",
        models: "Go's sync.Once, or sync.OnceValue: goroutines call Do, the first runs the function, and the others \
                 wait for it. Later calls only check that it ran.",
        question: "A value that is made late and read often: Once, OnceLock, LazyLock, or a lock around an Option?",
        timed: "`hot`: calls of all workers between two snapshots of their counts, when the value exists. `race`: \
                from the release of all workers until the last has all values of a batch. None exists before, and \
                making one takes about 200 ns. Its value is wall time per value that all workers asked for.",
        oracle: "Each value was made exactly once, and every call got it.",
        operation: "call",
    });
    suite.variant(NAME, "hot", "the value exists", &[], Tier::Standard, |_| Hot);
    let title = "all workers race for values that do not exist yet";
    suite
        .variant(NAME, "race", title, &[("making a value", "200 ns")], Tier::Thorough, |settings| Race {
            iterations: settings.iterations(MAKING_NS),
        })
        .overhead(MAKING_ROOM)
        .memory(RACE_BYTES);
    add::<NoOp>(suite, &floor());
}

impl Once for NoOp {
    const CLASS: Class = Class::Floor;

    fn lazy(_: Initializer) -> impl LazyValue {
        NoOp
    }
}

impl LazyValue for NoOp {
    const CLASS: Class = Class::Floor;

    #[inline]
    fn get(&self) -> u64 {
        black_box(0)
    }
}

#[cfg(test)]
mod tests;
