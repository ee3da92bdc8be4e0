//! What this process has used: CPU time, context switches, memory.

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
    /// Times a thread gave up its CPU by itself: it waited for something.
    pub switches_voluntary: u64,
    /// Times a thread was made to give up its CPU.
    pub switches_involuntary: u64,
}

impl Usage {
    /// As of now; `None` where the system does not say. One system call, under a microsecond.
    #[cfg(unix)]
    pub fn now() -> Option<Self> {
        let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
        let cpu: TimeVal = usage.user_time() + usage.system_time();
        Some(Self {
            cpu_ns: cpu.num_nanoseconds().try_into().ok()?,
            switches_voluntary: usage.voluntary_context_switches().try_into().ok()?,
            switches_involuntary: usage.involuntary_context_switches().try_into().ok()?,
        })
    }

    /// As of now: the system does not say.
    #[cfg(not(unix))]
    pub fn now() -> Option<Self> {
        None
    }

    /// What was used between `earlier` and this; zero in what did not grow.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            cpu_ns: self.cpu_ns.saturating_sub(earlier.cpu_ns),
            switches_voluntary: self.switches_voluntary.saturating_sub(earlier.switches_voluntary),
            switches_involuntary: self.switches_involuntary.saturating_sub(earlier.switches_involuntary),
        }
    }
}

/// The most memory that this process ever held at once, in bytes; `None` where the system does not
/// say. Linux is asked for the peak since the program started: what `getrusage` says there includes
/// the peak of whatever ran in the process before, `cargo` for one.
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok();
    let kib = status.and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    });
    kib.map(|kib| kib * 1024).or_else(peak_of_self)
}

/// The most memory that a single child of this process ever held at once, in bytes, of those that
/// have ended and were waited for: 0 before there is one. `None` where the system does not say.
/// On Linux an upper bound: it is at least what this process held when it started the child, and
/// after `cargo run`, which becomes the program, it includes the compiler. A child that reports its
/// own [`peak_memory_bytes`] knows better.
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
        // Not every system counts these.
        if cfg!(target_os = "linux") {
            assert!(used.switches_voluntary >= 1, "{used:?}");
        }
        assert_eq!(start.since(start), Usage::default());
    }

    #[test]
    fn the_peak_covers_what_was_held() {
        let held = vec![1_u8; 32 << 20];
        std::hint::black_box(&held);
        assert!(peak_memory_bytes().unwrap() >= 32 << 20);
        assert!(peak_memory_bytes_of_children().is_some());
    }
}
