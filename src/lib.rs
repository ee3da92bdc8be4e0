//! The evidence for choosing a synchronization strategy in Rust.

pub mod machine;
pub mod record;
pub mod verdict;
