//! Measuring: what is planned, how a window is timed, the child processes that time it, and the
//! journal that keeps what they yield. Knows no workload and no contender: they come to it as a
//! [`Suite`], a table of plain data and function pointers.

mod child;
mod conduct;
mod filter;
mod fork;
mod journal;
mod meter;
mod order;
mod plan;
mod sync;
mod table;
mod taken;
mod team;
mod window;
pub mod work;

pub use meter::Used;
pub use plan::{Choice, PlanError, Preset, list, memory, most_threads, plan};
pub use table::{
    About, Contender, Counts, Member, Prepared, Setting, Sparing, Suite, Take, Variant, Weight,
    about,
};
pub use team::{Opening, Panic, Part, Team, Timing, Work};
pub use window::{Bound, Fault, Pilot, Sample, Window};

pub(crate) use child::FORK;
pub(crate) use conduct::{Audience, Conductor, Halt, Pass};
pub(crate) use filter::Filter;
pub(crate) use fork::{live, serve};
pub(crate) use journal::{Journal, mend};
pub(crate) use meter::Meter;
pub(crate) use plan::{estimate, fork_takes, left_out};
#[cfg(feature = "patterns")]
pub(crate) use team::Gate;
pub(crate) use team::message;
