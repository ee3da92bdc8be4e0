//! The evidence for choosing a synchronization strategy in Rust.

pub mod record;
pub mod report;
pub mod verdict;
