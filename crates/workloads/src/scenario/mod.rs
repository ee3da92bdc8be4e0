//! A scenario of your own, for what is no lock, channel or map: a cache, a pool, a whole service object.
//!
//! A scenario has operations, which are drawn from a seeded generator, and a check. Its contenders are closures: one
//! makes the shared state, one does an operation, and one takes the end that the check looks at. Windows, forks,
//! controls, verdicts and page are those of every other workload. A contender's closures are types, so the timed loop
//! calls nothing through a pointer. Ids are `scenario/variant/contender/threads`.
//!
//! ```
//! use std::collections::HashMap;
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//!
//! use contend_workloads::rand::RngExt;
//! use contend_workloads::scenario::{Done, expect};
//!
//! /// An operation of the service.
//! enum Op {
//!     Get(u32),
//!     Put(u32),
//! }
//!
//! /// The struct without a lock: how often each key was put.
//! #[derive(Default)]
//! struct Cache(HashMap<u32, u64>);
//!
//! impl Cache {
//!     fn put(&mut self, key: u32) {
//!         *self.0.entry(key).or_insert(0) += 1;
//!     }
//! }
//!
//! let mut suite = contend_workloads::suite();
//! suite
//!     .compare("session-cache")
//!     .title("Sessions are looked up and refreshed")
//!     .variant("read90", "nine gets for each put", |rng| match rng.random_range(0..10) {
//!         0 => Op::Put(rng.random_range(0..1_000)),
//!         _ => Op::Get(rng.random_range(0..1_000)),
//!     })
//!     .check(|puts: u64, done: &Done<Op, u64>| expect("puts", puts, done.count(|op| matches!(op, Op::Put(_)))))
//!     .contender(
//!         "own::Slots",
//!         || (0..1_000).map(|_| AtomicU64::new(0)).collect::<Vec<_>>(),
//!         |slots, op, hits| match op {
//!             Op::Get(key) => *hits += u64::from(slots[*key as usize].load(Relaxed) > 0),
//!             Op::Put(key) => drop(slots[*key as usize].fetch_add(1, Relaxed)),
//!         },
//!         |slots| slots.iter().map(|slot| slot.load(Relaxed)).sum(),
//!     )
//!     .plain(
//!         Cache::default,
//!         |cache, op, hits| match op {
//!             Op::Get(key) => *hits += u64::from(cache.0.contains_key(key)),
//!             Op::Put(key) => cache.put(*key),
//!         },
//!         |cache| cache.0.values().sum(),
//!     )
//!     .shipped_locks();
//!
//! let variant = suite.variants.last().unwrap();
//! assert_eq!(variant.info.id.to_string(), "session-cache/read90");
//! assert!(variant.contenders.iter().any(|contender| contender.info.name == "std::sync::Mutex"));
//! ```
//!
//! What the tally counts is timed, and is the same for every contender: keep it small. It is also what keeps the
//! compiler from dropping a read whose result is not used.

mod compared;
mod drawn;
mod maps;
mod measure;
mod plain;

use rand::rngs::StdRng;

use crate::registry::{BlockSettings, Suite, Tier, assert_name};
use contend_record::{WorkloadGroup, WorkloadInfo};

pub use compared::Compared;
pub use drawn::{Done, Drawn, expect};
pub use maps::{Entries, MapOperation, Maps};
pub use measure::{Operation, Tally};
pub use plain::{NoReads, Plain, Reads, ReadsBy};

/// Operations that are drawn, unless a scenario says otherwise.
const OPERATIONS: usize = 1 << 16;

/// Most operations that are drawn where cells are checked and not timed.
const CHECKED: usize = 1 << 12;

impl Suite {
    /// Begins a scenario of your own: see [`scenario`](crate::scenario).
    ///
    /// # Panics
    /// Where `name` cannot be part of an id, or names a workload of this suite, ignoring case.
    #[track_caller]
    pub fn compare<Op: Operation>(&mut self, name: &str) -> Scenario<'_, Op> {
        assert_name("scenario", name);
        let known = self.workloads.iter().find(|known| known.name.eq_ignore_ascii_case(name));
        if let Some(known) = known {
            panic!(
                "this suite has a workload `{}` already: choose another name for the scenario",
                known.name
            );
        }
        let text = |text: &str| text.to_owned();
        let info = WorkloadInfo {
            name: text(name),
            group: WorkloadGroup::Own,
            title: text("A scenario of this project"),
            models: text("This project's own code."),
            question: text("Which of these should this project use?"),
            timed: text(
                "Operations of all workers, drawn before, between two snapshots of the workers' counts. What \
                         is applied later or merged does a fixed number of them, until the last one is applied.",
            ),
            oracle: text(
                "The project's own check, over the final state, the workers' tallies, and the operations \
                          that they did before, in and after the window.",
            ),
            operation: text("operation"),
            variants: Vec::new(),
        };
        Scenario { suite: self, info, variants: Vec::new() }
    }
}

/// A scenario in words, with its variants. [`check`](Scenario::check) makes it part of the suite.
#[must_use = "a scenario is part of the suite once it has a check: call `check`"]
pub struct Scenario<'s, Op> {
    suite: &'s mut Suite,
    info: WorkloadInfo,
    variants: Vec<NamedVariant<Op>>,
}

struct NamedVariant<Op> {
    name: String,
    title: String,
    parameter: String,
    draw: Box<DrawFn<Op>>,
}

/// Draws all operations of a fork.
type DrawFn<Op> = dyn Fn(&BlockSettings) -> Vec<Op> + Send + Sync;

impl<'s, Op: Operation> Scenario<'s, Op> {
    /// Sets what is done, in one line.
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.info.title);
        self
    }

    /// Sets the question that the comparison answers.
    pub fn question(mut self, question: &str) -> Self {
        question.clone_into(&mut self.info.question);
        self
    }

    /// Sets what an operation is called: `request`.
    pub fn operation(mut self, operation: &str) -> Self {
        operation.clone_into(&mut self.info.operation);
        self
    }

    /// Adds a variant: `draw` draws one operation. It is called 65,536 times in each fork, before any window, with a
    /// generator whose seed is the fork's. All contenders and all workers of the fork do these operations, each
    /// worker from its own place on.
    ///
    /// # Panics
    /// Where `name` cannot be part of an id, or names a variant of this scenario, ignoring case.
    #[track_caller]
    pub fn variant(
        self,
        name: &str,
        title: &str,
        draw: impl Fn(&mut StdRng) -> Op + Send + Sync + 'static,
    ) -> Self {
        self.variant_of(OPERATIONS, name, title, draw)
    }

    /// As [`variant`](Scenario::variant), with another number of operations: fewer where they are large, so that they
    /// stay in the cache.
    ///
    /// # Panics
    /// As [`variant`](Scenario::variant), or where `operations` is 0.
    #[track_caller]
    pub fn variant_of(
        self,
        operations: usize,
        name: &str,
        title: &str,
        draw: impl Fn(&mut StdRng) -> Op + Send + Sync + 'static,
    ) -> Self {
        assert!(operations > 0, "`{}/{name}` draws no operations: let it draw one or more", self.info.name);
        let parameter = format!("{operations}, drawn once a fork, shared by all workers");
        self.add_variant(name, title, parameter, move |settings| {
            let mut rng = settings.rng();
            let count = if settings.check_only { operations.min(CHECKED) } else { operations };
            (0..count).map(|_| draw(&mut rng)).collect()
        })
    }

    /// Adds a variant whose operations are drawn together, by all that a fork knows: where one depends on another, on
    /// the number of threads, or on [`BlockSettings::iterations`] of calibrated work. Draw fewer where
    /// [`BlockSettings::check_only`] is set.
    ///
    /// # Panics
    /// Where `name` cannot be part of an id, or names a variant of this scenario, ignoring case. In the fork, where
    /// there are no operations.
    #[track_caller]
    pub fn stream(
        self,
        name: &str,
        title: &str,
        draw: impl Fn(&BlockSettings) -> Vec<Op> + Send + Sync + 'static,
    ) -> Self {
        self.add_variant(name, title, "drawn once a fork, shared by all workers".to_owned(), draw)
    }

    #[track_caller]
    fn add_variant(
        mut self,
        name: &str,
        title: &str,
        parameter: String,
        draw: impl Fn(&BlockSettings) -> Vec<Op> + Send + Sync + 'static,
    ) -> Self {
        assert_name("variant", name);
        let scenario = &self.info.name;
        let known = self.variants.iter().any(|known| known.name.eq_ignore_ascii_case(name));
        assert!(!known, "`{scenario}` has a variant `{name}` already: choose another name");
        let (name, title, draw) = (name.to_owned(), title.to_owned(), Box::new(draw));
        self.variants.push(NamedVariant { name, title, parameter, draw });
        self
    }

    /// Sets the check, and adds the scenario to the suite. After each window `check` gets a contender's end and what
    /// the workers did. It says in one sentence what is wrong: [`expect`] is the usual one.
    ///
    /// # Panics
    /// Where there is no variant.
    #[track_caller]
    pub fn check<E: 'static, T: Tally>(
        self,
        check: impl Fn(E, &Done<'_, Op, T>) -> Result<(), String> + Send + Sync + 'static,
    ) -> Compared<'s, Op, T, E> {
        let Self { suite, info, variants } = self;
        let name = info.name.clone();
        assert!(!variants.is_empty(), "`{name}` has no operations: add a variant before its check");
        suite.workloads.push(info);
        for (place, NamedVariant { name: variant, title, parameter, draw }) in
            variants.into_iter().enumerate()
        {
            let tier = if place == 0 { Tier::Quick } else { Tier::Standard };
            let id = format!("{name}/{variant}");
            suite.variant(&name, &variant, &title, &[("operations", &parameter)], tier, move |settings| {
                let operations = draw(settings);
                assert!(!operations.is_empty(), "`{id}` draws no operations: let it draw one or more");
                Drawn::new(operations)
            });
        }
        Compared::new(suite, name, check)
    }
}

#[cfg(test)]
mod tests;
