//! What the [team](super::team) is made of: threads, channels, locks, atomics and the clock, all std's.
//! It has them from here alone, so that a model checker can put its own in their place:
//! `crates/schedules` compiles the team's files with another `sync` beside them.

pub(super) use std::hint::spin_loop;
pub(super) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(super) use std::sync::mpsc::{Receiver, Sender, channel};
pub(super) use std::sync::{Arc, Mutex, OnceLock};
pub(super) use std::thread::{Builder, JoinHandle, panicking, yield_now};
pub(super) use std::time::Instant;
