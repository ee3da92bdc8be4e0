//! What is done. One file a workload: its operations, its variants, its oracle, what it stands for,
//! and the contenders that exist only there.
//!
//! An open workload is a [`Model`](crate::model::Model) and a stream of operations on it
//! ([`open::Open`]); all locks and channels do it without knowing. A closed one has a small trait of
//! its own in its file.

pub mod closed;
pub mod counter;
pub mod fan_out;
pub mod handoff;
pub mod join;
pub mod map;
pub mod once;
pub mod open;
pub mod queue;
pub mod ring;
pub mod select;
pub mod semaphore;
pub mod slots;
pub mod snapshot;
