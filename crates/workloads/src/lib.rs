//! What is measured: workloads, and the locks, channels, maps and pools that contend in them.

pub mod capability;
pub mod contenders;
pub mod model;
mod register;
pub mod registry;
pub mod scenario;
mod suite;
pub mod workload;

pub use rand; // its generators draw the operations of scenarios
pub use registry::{Contender, Info, Suite};
pub use suite::{FAMILIES, rank, suite, workloads};

/// The optimization level that measured code was compiled with, as cargo writes it: `3`, or `s`.
pub const OPT_LEVEL: &str = env!("CONTEND_OPT_LEVEL");
