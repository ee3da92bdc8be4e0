//! What this process has used: CPU time, context switches, memory.

use std::time::Duration;

#[cfg(unix)]
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::{TimeVal, TimeValLike},
};

/// What the process, with all its threads, has used since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU time in user code and in the kernel, in nanoseconds.
    pub cpu_ns: u64,
    /// The part of it in user code. Many kernels divide the time by their timer's ticks, so only sums over many
    /// windows are exact.
    pub user_ns: u64,
    /// The part of it in the kernel.
    pub system_ns: u64,
    /// Voluntary context switches: a thread waited for something.
    pub switches_voluntary: u64,
    /// Involuntary context switches: the scheduler preempted a thread.
    pub switches_involuntary: u64,
}

impl Usage {
    /// The values as of now; `None` if the system does not report them. One system call, under a microsecond.
    #[cfg(unix)]
    pub fn now() -> Option<Self> {
        Self::of(UsageWho::RUSAGE_SELF)
    }

    #[cfg(unix)]
    fn of(who: UsageWho) -> Option<Self> {
        let usage = getrusage(who).ok()?;
        let nanos = |time: TimeVal| u64::try_from(time.num_nanoseconds()).ok();
        let (user_ns, system_ns) = (nanos(usage.user_time())?, nanos(usage.system_time())?);
        Some(Self {
            cpu_ns: user_ns + system_ns,
            user_ns,
            system_ns,
            switches_voluntary: usage.voluntary_context_switches().try_into().ok()?,
            switches_involuntary: usage.involuntary_context_switches().try_into().ok()?,
        })
    }

    /// The system does not report them.
    #[cfg(not(unix))]
    pub fn now() -> Option<Self> {
        None
    }

    /// CPU nanoseconds of this process and of its children that have ended and were waited for.
    #[cfg(unix)]
    pub fn with_ended_children() -> Option<u64> {
        let own = Self::of(UsageWho::RUSAGE_SELF)?.cpu_ns;
        Some(own.saturating_add(Self::of(UsageWho::RUSAGE_CHILDREN)?.cpu_ns))
    }

    /// The system does not report them.
    #[cfg(not(unix))]
    pub fn with_ended_children() -> Option<u64> {
        None
    }

    /// The difference to `earlier`; zero for values that did not grow.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            cpu_ns: self.cpu_ns.saturating_sub(earlier.cpu_ns),
            user_ns: self.user_ns.saturating_sub(earlier.user_ns),
            system_ns: self.system_ns.saturating_sub(earlier.system_ns),
            switches_voluntary: self.switches_voluntary.saturating_sub(earlier.switches_voluntary),
            switches_involuntary: self.switches_involuntary.saturating_sub(earlier.switches_involuntary),
        }
    }
}

/// CPU time of the calling thread, to the nanosecond; `None` if the system does not report it. It is exact at any
/// moment, and the parts in user code and in the kernel are not known.
#[cfg(target_os = "linux")]
pub fn thread_cpu_time() -> Option<Duration> {
    let now = nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID).ok()?;
    Some(now.into())
}

/// CPU time of the calling thread: it is not asked for here.
#[cfg(not(target_os = "linux"))]
pub fn thread_cpu_time() -> Option<Duration> {
    None
}

/// The peak memory of this process, in bytes; `None` if the system does not report it. On Linux it is the
/// peak since the program started. `getrusage` would include the program that ran in the process before,
/// such as `cargo`.
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok();
    let kib = status.and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    });
    kib.map(|kib| kib * 1024).or_else(peak_of_self)
}

/// The highest peak memory of a single child that has ended and was waited for, in bytes. 0 before there is
/// one; `None` if the system does not report it.
///
/// On Linux it is an upper bound: it includes what this process held when it started the child, and, after
/// `cargo run`, the compiler. A child's own [`peak_memory_bytes`] is exact.
pub fn peak_memory_bytes_of_children() -> Option<u64> {
    #[cfg(unix)]
    return peak(UsageWho::RUSAGE_CHILDREN);
    #[cfg(not(unix))]
    None
}

fn peak_of_self() -> Option<u64> {
    #[cfg(unix)]
    return peak(UsageWho::RUSAGE_SELF);
    #[cfg(not(unix))]
    None
}

#[cfg(unix)]
fn peak(who: UsageWho) -> Option<u64> {
    // Apple's systems count in bytes, the others in KiB.
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    let peak = getrusage(who).ok()?.max_rss();
    Some(u64::try_from(peak).ok()? * unit)
}

#[cfg(all(test, unix))]
mod tests {
    use std::{thread, time::Duration};

    use super::*;

    #[test]
    fn work_uses_cpu_time_and_waiting_switches() {
        let start = Usage::now().unwrap();
        let mut sum = 0_u64;
        while Usage::now().unwrap().since(start).cpu_ns < 5_000_000 {
            sum = std::hint::black_box(sum + 1);
        }
        thread::sleep(Duration::from_millis(1));
        let used = Usage::now().unwrap().since(start);
        assert!(used.cpu_ns >= 5_000_000, "{used:?} for {sum} steps");
        // Some systems do not count these.
        if cfg!(target_os = "linux") {
            assert!(used.switches_voluntary >= 1, "{used:?}");
        }
        assert_eq!(start.since(start), Usage::default());
        assert_eq!(used.cpu_ns, used.user_ns + used.system_ns, "{used:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_threads_own_time_does_not_count_sleep() {
        let start = thread_cpu_time().unwrap();
        thread::sleep(Duration::from_millis(20));
        assert!(thread_cpu_time().unwrap() - start < Duration::from_millis(15));
        while thread_cpu_time().unwrap() - start < Duration::from_millis(5) {
            std::hint::black_box(start);
        }
    }

    #[test]
    fn the_peak_covers_what_was_held() {
        let held = vec![1_u8; 32 << 20];
        std::hint::black_box(&held);
        assert!(peak_memory_bytes().unwrap() >= 32 << 20);
        assert!(peak_memory_bytes_of_children().is_some());
    }
}
