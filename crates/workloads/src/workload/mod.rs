//! What is done. One file a workload: its operations, its variants, its oracle, what it stands for,
//! and the contenders that exist only there.
//!
//! An open workload is a [`Model`](crate::model::Model) and a stream of operations on it
//! ([`open::OpenWorkload`]); all locks and channels do it without knowing. A closed one has a small trait of
//! its own in its file.

#[cfg(feature = "patterns")]
pub mod cancel;
pub mod closed;
pub mod counter;
pub mod fan_out;
#[cfg(feature = "patterns")]
pub mod fetch;
#[cfg(feature = "patterns")]
pub mod first_error;
#[cfg(feature = "patterns")]
pub mod handoff;
#[cfg(feature = "patterns")]
pub mod join;
pub mod map;
#[cfg(feature = "patterns")]
pub mod once;
pub mod open;
#[cfg(feature = "patterns")]
pub mod pipeline;
#[cfg(feature = "patterns")]
pub mod queue;
pub mod ring;
mod runs;
#[cfg(feature = "patterns")]
pub mod select;
#[cfg(feature = "patterns")]
pub mod semaphore;
#[cfg(feature = "patterns")]
pub mod slots;
#[cfg(feature = "patterns")]
pub mod snapshot;
#[cfg(feature = "patterns")]
pub mod spawn;
#[cfg(feature = "extra")]
pub mod task_lock;
pub mod worker_counts;

#[cfg(test)]
mod broken;
