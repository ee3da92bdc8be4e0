//! Measuring: what is planned, the child processes that time it, and the journal that keeps what they
//! yield. Knows no workload and no contender: they come to it as a
//! [`Suite`](contend_workloads::Suite), a table of plain data and function pointers.

mod filter;
mod fork;
mod fork_handle;
mod order;
mod plan;
mod run_writer;
mod runner;
mod validity;

pub use plan::{PlanError, Preset, Selection, list, memory, most_threads, plan};

pub(crate) use filter::Filter;
pub(crate) use fork::{live, serve};
pub(crate) use fork_handle::FORK;
pub(crate) use plan::{estimate, fork_takes, left_out};
pub(crate) use run_writer::{RunWriter, truncate_partial_lines};
pub(crate) use runner::{Pass, RoundObserver, RunError, Runner};
