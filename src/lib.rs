//! Evidence for choosing a synchronization strategy in Rust. The same workloads run over locks, atomics, channels
//! and maps on your machine. Each window is checked, and each verdict has a confidence interval.
//!
//! Most users need only the command line: `cargo bench`, and README.md. This page says what is where.
//!
//! # The house
//!
//! A run has two halves, which meet in [`record`] alone. The measuring half writes records. The showing half
//! reads them, and knows no workload and no contender. Each part knows only parts in rows below it.
//!
//! | part | crate | |
//! | --- | --- | --- |
//! | `cli` | `contend-run` | the command lines [`bench()`] and [`command()`]: parses and prints |
//! | [`session`] | `contend-run` | **the measuring heart**: plan, forks, rounds, and the folder of the records |
//! | [`machine`] | `contend-run` | facts of machine and build, limits of the process, `contend doctor` |
//! | **measuring** | | |
//! | [`workload`] | `contend-workloads` | the operations, variants and oracle of each workload |
//! | [`contenders`] | `contend-workloads` | the locks, channels, maps and pools: one file per package |
//! | [`scenario`] | `contend-workloads` | a user's own operations and contenders, by closures |
//! | [`registry`] | `contend-workloads` | the suite: variants and contenders, as data and function pointers |
//! | [`capability`] | `contend-workloads` | capabilities as traits: [`Lock`], [`Channel`] and smaller ones |
//! | [`model`] | `contend-workloads` | the idea: a sequential [`Model`], which contenders share between threads |
//! | [`team`] | `contend-team` | threads, clocks and windows |
//! | **showing** | | |
//! | [`report`] | `contend-report` | page, charts, Markdown, terminal |
//! | [`verdict`] | `contend-analysis` | summaries, intervals, verdicts, controls |
//! | [`versus`] | `contend-analysis` | any two contenders of a run |
//! | [`compare`] | `contend-analysis` | two runs, cell by cell |
//! | [`claim`] | `contend-analysis` | design decisions as sentences that a run confirms or refutes |
//! | **both** | | |
//! | [`record`] | `contend-record` | what a window yields, `run.json`, ids: data, and reading it back |
//!
//! Three more crates are tools: `contend-simulate` computes the tables of `docs/validation.md`, `contend-schema`
//! writes the JSON Schema of a run's files, and `contend-compile-fail` tests that rustc rejects data races.
//!
//! # A window, from the plan to the page
//!
//! 1. `session::run_plan` plans cells, blocks, forks and rounds.
//! 2. `session::runner` starts a fork of each block in turn. It sends one request at a time, and waits for the
//!    response until a deadline.
//! 3. In the fork, `session::fork` calls the contender's function pointer from the [`registry`]. That makes fresh
//!    state, lets the [`Team`] time it, and asks the workload's oracle.
//! 4. `session::validity` makes a [`record::Record`] of the response, and `session::run_writer` appends it to the
//!    run's folder.
//! 5. When everything is measured, [`verdict::analyse`] reads the records, and [`report::write`] shows the result.
//!
//! # Your own lock
//!
//! A lock implements [`Lock`], and one line adds it to every workload that has locks:
//!
//! ```no_run
//! // benches/contend.rs of your project, with `harness = false`
//! # use contend::Lock;
//! struct MyLock<T>(std::sync::Mutex<T>);
//!
//! impl<T: Send + Sync + 'static> Lock for MyLock<T> {
//!     type State = T;
//!     type WithState<U: Send + Sync + 'static> = MyLock<U>;
//!
//!     fn new(state: T) -> Self {
//!         Self(std::sync::Mutex::new(state))
//!     }
//!
//!     #[inline(always)]
//!     fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
//!         f(&mut self.0.lock().unwrap())
//!     }
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     let mut suite = contend::suite();
//!     suite.lock::<MyLock<()>>(contend::Info::new("my::Lock"));
//!     contend::bench(suite)
//! }
//! ```
//!
//! A channel implements [`Channel`] and is added by [`Suite::channel`]; a map implements [`OwnMap`] and is added by
//! [`Suite::map`]. See [`capability`] for pools and what else a type can do. A strategy for one workload only is added
//! by [`Suite::add`].
//!
//! # Your own scenario
//!
//! What is no lock, channel or map is compared by closures: see [`scenario`] and [`Suite::compare`].
//!
//! # The team alone
//!
//! [`Team::fixed`] and [`Team::open`] time persistent threads in any benchmark of yours. With
//! `default-features = false` neither the contenders' crates nor criterion are built.

mod build_facts;
mod claims;
mod lockfile;
#[doc(hidden)] // public only for the build script, which uses more of it than this crate
pub mod sources;

use std::process::ExitCode;

pub use contend_analysis::{claim, compare, verdict, versus};
pub use contend_record as record;
pub use contend_report as report;
pub use contend_run::{machine, session};
pub use contend_team as team;
pub use contend_workloads::{capability, contenders, model, rand, registry, scenario, workload};

pub use claims::shipped_claims;
pub use contend_team::{Padded, Team};
pub use contend_workloads::capability::{Channel, Lock, OwnMap};
pub use contend_workloads::model::{Model, Shared};
pub use contend_workloads::{Info, Suite, suite, workloads};

/// The `main` of a bench target: parses the process's arguments, runs `suite` accordingly, and returns the
/// exit code. 0: success; 1: a cell failed its check; 2: wrong usage; 3: the run could not be completed; 130:
/// interrupted. Arguments that begin with a command's name are those of [`command()`].
///
/// ```no_run
/// // benches/contend.rs, with `harness = false`
/// fn main() -> std::process::ExitCode {
///     contend::bench(contend::suite())
/// }
/// ```
pub fn bench(suite: Suite) -> ExitCode {
    machine::set_build(build_facts::build_facts);
    contend_run::bench(suite, &claims::SHIPPED_CLAIMS)
}

/// The `main` of the `contend` command. Exit codes are those of [`bench()`].
pub fn command(suite: Suite) -> ExitCode {
    machine::set_build(build_facts::build_facts);
    contend_run::command(suite, &claims::SHIPPED_CLAIMS)
}
