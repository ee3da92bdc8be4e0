//! The threads, channels, locks, atomics and the clock of the [team](super::team), all from std, and the
//! limits of its waits. The team imports them from here alone: under `cfg(shuttle)`, `shuttle.rs` replaces
//! them with a checker's.

pub(crate) use std::hint::spin_loop;
pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
pub(crate) use std::sync::{Arc, Mutex, OnceLock};
pub(crate) use std::thread::{Builder, JoinHandle, panicking, sleep, yield_now};
pub(crate) use std::time::Instant;

/// How long workers wait for cores of their own.
pub(crate) mod waits {
    use std::time::Duration;

    /// The limit. While another program has a core, the workers never get cores of their own.
    pub const LIMIT: Duration = Duration::from_millis(10);
    /// The sleep of a worker that shares a core, before it looks again.
    pub const BACKOFF: Duration = Duration::from_micros(50);
    /// How long a worker stays awake after a window: longer than what is between most windows.
    pub const AWAKE: Duration = Duration::from_millis(20);
}

/// How many CPUs this process may use.
pub(crate) fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// One more than the greatest number of a CPU of this machine.
pub(crate) fn cpu_numbers() -> usize {
    static NUMBERS: OnceLock<usize> = OnceLock::new();
    *NUMBERS.get_or_init(|| {
        // A list such as `0-127`.
        let possible = std::fs::read_to_string("/sys/devices/system/cpu/possible").unwrap_or_default();
        let last = possible.trim().rsplit([',', '-']).next().and_then(|last| last.parse::<usize>().ok());
        last.map_or_else(cpus, |last| last.min(MOST_CPUS) + 1)
    })
}

/// More CPUs than any machine has, in case the file says something odd.
const MOST_CPUS: usize = 1 << 14;

/// The CPU that the calling thread is on; `None` if the system does not report it.
pub(crate) fn current_cpu() -> Option<usize> {
    #[cfg(target_os = "linux")]
    let cpu = nix::sched::sched_getcpu().ok();
    #[cfg(not(target_os = "linux"))]
    let cpu = None;
    cpu
}
