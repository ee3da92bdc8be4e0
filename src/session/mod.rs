//! Measuring: what is planned, the child processes that time it, and the journal that keeps what they
//! yield. Knows no workload and no contender: they come to it as a
//! [`Suite`](contend_workloads::Suite), a table of plain data and function pointers.

mod child;
mod conduct;
mod filter;
mod fork;
mod journal;
mod order;
mod plan;
mod taken;

pub use plan::{Choice, PlanError, Preset, list, memory, most_threads, plan};

pub(crate) use child::FORK;
pub(crate) use conduct::{Audience, Conductor, Halt, Pass};
pub(crate) use filter::Filter;
pub(crate) use fork::{live, serve};
pub(crate) use journal::{Journal, mend};
pub(crate) use plan::{estimate, fork_takes, left_out};
