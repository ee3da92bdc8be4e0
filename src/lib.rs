//! The evidence for choosing a synchronization strategy in Rust.

pub mod machine;
pub mod model;
pub mod primitive;
pub mod record;
pub mod run;
pub mod suite;
pub mod verdict;
pub mod workload;

pub use run::Team;
