//! The evidence for choosing a synchronization strategy in Rust: the same workloads over locks,
//! atomics, channels and maps, on the machine at hand, each window checked, each verdict with its
//! interval.
//!
//! Most people want the command line: `cargo bench`, and README.md. This page says what is where.
//!
//! # The house
//!
//! Two halves meet in [`record`] alone. The measuring half writes records; the showing half reads
//! them, and knows no workload's code and no contender's. Each part knows only those below it.
//! [`record`] and the showing half are crates of their own below `crates`, which this one publishes
//! again.
//!
//! | part | what it is |
//! | --- | --- |
//! | `cli` | the two command lines: [`bench()`], and [`command()`], whose `run` is the same |
//! | `suite` | the table of all that ships: one line a primitive, one line a workload |
//! | **measuring** | |
//! | [`model`] | the idea: an open workload is a sequential [`Model`]; the two adapters that make a [`Lock`] or a [`Channel`] around it a contender |
//! | [`primitive`] | the locks and channels, one file a crate |
//! | [`workload`] | what is done, one file a workload: operations, variants, oracle, and the contenders that exist only there |
//! | [`run`] | [`Team`] and clocks, window, fork (a child process), plan, journal |
//! | **both** | |
//! | [`record`] | what a window yields, what is true of a run, and reading both back |
//! | [`machine`] | what machine this is, and what the process uses of it |
//! | **showing** | |
//! | [`verdict`] | summaries, intervals, verdicts, controls: pure functions of records |
//! | [`report`] | charts, page, Markdown, terminal |
//! | [`compare`] | two runs, cell by cell: before and after, two machines |
//! | [`claim`] | design decisions as sentences that a run confirms or refutes |
//!
//! # A window, from the plan to the page
//!
//! `run::plan` chooses cells. `run::conduct` starts a fork of each block in turn, hands it one task
//! after the other, and waits for each reply with a deadline. In the fork, `run::fork` calls the
//! contender's function pointer from the table, which is `workload::open::take` or
//! `workload::closed::take` for the contender's type. That makes fresh state, has the [`Team`] time
//! it, and asks the workload's oracle. The parent makes a [`record::Record`] of the reply and appends
//! it to the journal. When all is measured, [`verdict::analyse`] reads the journal, and
//! [`report::write`] shows what it found.
//!
//! # Your own lock
//!
//! A lock implements [`Lock`], and one line puts it on the page beside all that ships:
//!
//! ```no_run
//! // benches/contend.rs of your project, with `harness = false`
//! # use contend::Lock;
//! struct MyLock<T>(std::sync::Mutex<T>);
//!
//! impl<T: Send + Sync + 'static> Lock for MyLock<T> {
//!     type State = T;
//!     type Around<U: Send + Sync + 'static> = MyLock<U>;
//!
//!     fn new(state: T) -> Self {
//!         Self(std::sync::Mutex::new(state))
//!     }
//!
//!     fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
//!         f(&mut self.0.lock().unwrap())
//!     }
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     let mut suite = contend::suite();
//!     suite.lock::<MyLock<()>>(contend::about("my::Lock"));
//!     contend::bench(suite)
//! }
//! ```
//!
//! A channel implements [`Channel`] and is added by [`Suite::channel`]; a structure of its own kind
//! implements [`Shared`] and is added by [`workload::counter::contender`] or
//! [`workload::map::contender`].
//!
//! # The team alone
//!
//! [`Team::fixed`] and [`Team::open`] time threads that live on, inside any benchmark of yours. With
//! `default-features = false` the crates that are compared, and criterion, are not built.

mod claims;
mod cli;
pub mod machine;
pub mod session;
mod text;

pub use contend_analysis::{claim, compare, verdict};
pub use contend_record as record;
pub use contend_report as report;
pub use contend_team as team;
pub use contend_workloads::{capability, contenders, model, registry, workload};

pub use claims::shipped_claims;
pub use cli::{bench, command};
pub use contend_team::{Padded, Team};
pub use contend_workloads::capability::{Channel, Lock};
pub use contend_workloads::model::{Model, Shared};
pub use contend_workloads::{Info, Suite, suite, workloads};
