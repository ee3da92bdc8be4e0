//! The evidence for choosing a synchronization strategy in Rust.

pub mod claim;
mod cli;
pub mod compare;
pub mod machine;
pub mod model;
pub mod primitive;
pub mod record;
pub mod report;
pub mod run;
mod suite;
pub mod verdict;
pub mod workload;

pub use cli::{bench, command};
pub use model::{Channel, Lock, Model, Shared};
pub use run::{Suite, Team, about};
pub use suite::{suite, workloads};
