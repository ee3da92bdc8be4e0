//! CPU time of the whole machine, and the part of it that its hypervisor gave to others.

#[cfg(target_os = "linux")]
use std::{fs::File, os::unix::fs::FileExt, sync::OnceLock};

/// Milliseconds in a tick of `/proc/stat`. The kernel reports 100 ticks a second to programs, whatever its
/// own timer does.
const TICK_MS: u64 = 10;

/// CPU time of the whole machine since it started, over all its CPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuTime {
    /// All of it, idle time included, in milliseconds.
    pub total_ms: u64,
    /// The part that the hypervisor gave to other machines, in milliseconds.
    pub steal_ms: u64,
}

impl CpuTime {
    /// As of now; `None` where it cannot be read.
    pub fn now() -> Option<Self> {
        Self::parse(&std::fs::read_to_string("/proc/stat").ok()?)
    }

    /// The share of the time since `earlier` that was stolen: 0.01 is 1 %. `None` if no time has passed.
    pub fn steal_since(self, earlier: Self) -> Option<f64> {
        let total = self.total_ms.checked_sub(earlier.total_ms)?;
        let steal = self.steal_ms.checked_sub(earlier.steal_ms)?;
        (total > 0).then(|| steal as f64 / total as f64)
    }

    /// The share of the time since the machine started that was stolen.
    pub fn steal_share(self) -> Option<f64> {
        self.steal_since(Self { total_ms: 0, steal_ms: 0 })
    }

    /// Parses the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Two more
    /// columns are for guests, and are counted under user and nice as well.
    pub fn parse(stat: &str) -> Option<Self> {
        let ticks = stat.lines().next()?.strip_prefix("cpu ")?;
        let ticks: Vec<u64> =
            ticks.split_ascii_whitespace().take(8).map_while(|ticks| ticks.parse().ok()).collect();
        Some(Self { total_ms: ticks.iter().sum::<u64>() * TICK_MS, steal_ms: ticks.get(7)? * TICK_MS })
    }
}

/// CPU time that the hypervisor gave to others since the machine started, in milliseconds over all CPUs.
/// `None` if it cannot be read. It grows in steps of 10 ms a CPU.
///
/// The file stays open, so a call is one read. The kernel writes a line for each CPU to answer it. That takes
/// microseconds on a small machine and more on a large one: call it outside of what is timed.
#[cfg(target_os = "linux")]
pub fn steal_ms() -> Option<u64> {
    static STAT: OnceLock<Option<File>> = OnceLock::new();
    let stat = STAT.get_or_init(|| File::open("/proc/stat").ok()).as_ref()?;
    let mut line = [0; 256];
    let length = stat.read_at(&mut line, 0).ok()?;
    let text = std::str::from_utf8(&line[..length]).ok()?;
    Some(CpuTime::parse(text)?.steal_ms)
}

/// CPU time that the hypervisor gave to others, in milliseconds: it cannot be read here.
#[cfg(not(target_os = "linux"))]
pub fn steal_ms() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steal_is_the_eighth_column() {
        let earlier = CpuTime::parse("cpu  100 0 50 800 10 0 5 35 7 0\ncpu0 1").unwrap();
        assert_eq!((earlier.total_ms, earlier.steal_ms), (10_000, 350));
        let later = CpuTime::parse("cpu  140 0 50 845 10 0 5 50 7 0").unwrap();
        assert_eq!(later.steal_since(earlier), Some(0.15));
        assert_eq!(earlier.steal_since(later), None, "time does not run back");
        assert_eq!(earlier.steal_since(earlier), None);
        assert_eq!(CpuTime::parse("cpu  1 2 3 4"), None, "an old kernel");
        assert_eq!(CpuTime::parse("intr 1"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn steal_is_cheap_and_does_not_fall() {
        let first = steal_ms().expect("every Linux counts it");
        let start = std::time::Instant::now();
        for _ in 0..100 {
            assert!(steal_ms() >= Some(first));
        }
        // Twenty times what it takes on a small machine: this catches a reopened file, not noise.
        assert!(start.elapsed().as_millis() < 100);
    }
}
