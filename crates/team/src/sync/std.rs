//! What the [team](super::team) is made of: threads, channels, locks, atomics and the clock, all
//! std's, the CPUs, and how long it pays to wait for them.
//! It has them from here alone, so that a model checker can put its own in their place:
//! `crates/schedules` compiles the team's files with another `sync` beside them.

pub(crate) use std::hint::spin_loop;
pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::mpsc::{Receiver, Sender, channel};
pub(crate) use std::sync::{Arc, Mutex, OnceLock};
pub(crate) use std::thread::{Builder, JoinHandle, panicking, sleep, yield_now};
pub(crate) use std::time::Instant;

/// How long workers wait for cores of their own.
pub(crate) mod waits {
    use std::time::Duration;

    /// At most. Where a core is taken by another program they never part.
    pub const LIMIT: Duration = Duration::from_millis(10);
    /// Between two looks of one that is on the core of another.
    pub const BACKOFF: Duration = Duration::from_micros(50);
}

/// How many CPUs this process may use.
pub(crate) fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The CPU that the calling thread is on; none where the system does not say.
pub(crate) fn current_cpu() -> Option<usize> {
    #[cfg(target_os = "linux")]
    let cpu = nix::sched::sched_getcpu().ok();
    #[cfg(not(target_os = "linux"))]
    let cpu = None;
    cpu
}
