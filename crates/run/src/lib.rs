//! The command line of contend, and the session that measures a run.
//!
//! [`session`] is the measuring heart: plan, forks, rounds, and the folder that keeps the records. [`machine`] has
//! the facts of machine and build. The command line on top of both parses and prints.
//!
//! No window runs code of this crate: a fork calls function pointers that a [`Suite`] keeps. So release builds do
//! not optimize it, and it compiles in a third of the time.

#![warn(clippy::print_stderr, clippy::print_stdout)] // they panic if nobody reads the output

mod claims;
mod cli;
pub mod machine;
mod message;
pub mod session;
mod text;

pub use claims::{ShippedClaims, parse_claims};
pub use cli::{bench, command};

pub(crate) use contend_analysis::{claim, compare, verdict};
pub(crate) use contend_record as record;
pub(crate) use contend_report as report;
#[cfg(doc)]
use contend_workloads::Suite;
