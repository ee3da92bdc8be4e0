//! CPU time of the whole machine, and the part of it that its hypervisor gave to others.

#[cfg(target_os = "linux")]
use std::{fs::File, os::unix::fs::FileExt, sync::OnceLock, time::Duration, time::Instant};

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
    /// The part in which its programs and its kernel worked, in milliseconds.
    pub busy_ms: u64,
}

/// Bytes of `/proc/stat` that are read. Its first line has at most ten numbers of 20 digits.
pub const STAT_HEAD: usize = 256;

impl CpuTime {
    /// As of now; `None` where it cannot be read.
    pub fn now() -> Option<Self> {
        let mut line = Vec::with_capacity(STAT_HEAD);
        let stat = std::fs::File::open("/proc/stat").ok()?;
        std::io::Read::read_to_end(&mut std::io::Read::take(stat, STAT_HEAD as u64), &mut line).ok()?;
        Self::parse(&String::from_utf8_lossy(&line))
    }

    /// The share of the time since `earlier` that was stolen: 0.01 is 1 %. `None` if no time has passed.
    pub fn steal_since(self, earlier: Self) -> Option<f64> {
        let total = self.total_ms.checked_sub(earlier.total_ms)?;
        let steal = self.steal_ms.checked_sub(earlier.steal_ms)?;
        (total > 0).then(|| steal as f64 / total as f64)
    }

    /// The share of the time since the machine started that was stolen.
    pub fn steal_share(self) -> Option<f64> {
        self.steal_since(Self { total_ms: 0, steal_ms: 0, busy_ms: 0 })
    }

    /// Parses the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Two more
    /// columns are for guests, and are counted under user and nice as well.
    pub fn parse(stat: &str) -> Option<Self> {
        let mut columns = stat.lines().next()?.strip_prefix("cpu ")?.split_ascii_whitespace();
        let mut next = || columns.next()?.parse::<u64>().ok()?.checked_mul(TICK_MS);
        let [user, nice, system, idle, iowait, irq, softirq, steal] =
            [next()?, next()?, next()?, next()?, next()?, next()?, next()?, next()?];
        let sum = |parts: &[u64]| parts.iter().fold(0, |sum: u64, part| sum.saturating_add(*part));
        let busy_ms = sum(&[user, nice, system, irq, softirq]);
        Some(Self { total_ms: sum(&[busy_ms, idle, iowait, steal]), steal_ms: steal, busy_ms })
    }
}

/// The longest that [`steal_ms`] may take: with two calls a window, 1 % of a window of 8 ms.
#[cfg(target_os = "linux")]
const COST_LIMIT: Duration = Duration::from_micros(40);

/// CPU time that the hypervisor gave to others since the machine started, in milliseconds over all CPUs.
/// `None` if it cannot be read, or not cheaply. It grows in steps of 10 ms a CPU.
///
/// The file stays open, so a call is one short read. The kernel makes the whole file for it, a line for each CPU and a
/// number for each interrupt. Where that takes more than 40 µs, as on machines of many CPUs, this function reads no
/// more. A caller that needs the value then calls [`CpuTime::now`] less often.
#[cfg(target_os = "linux")]
pub fn steal_ms() -> Option<u64> {
    static STAT: OnceLock<Option<File>> = OnceLock::new();
    let open = || {
        let stat = File::open("/proc/stat").ok()?;
        let time = || {
            let start = Instant::now();
            read_steal(&stat).map(|_| start.elapsed())
        };
        is_cheap([time()?, time()?, time()?]).then_some(stat)
    };
    read_steal(STAT.get_or_init(open).as_ref()?)
}

/// Whether reads that took these times are cheap. The least time is that of a read that nothing interrupted.
#[cfg(target_os = "linux")]
fn is_cheap(times: [Duration; 3]) -> bool {
    times.iter().min().is_some_and(|least| *least <= COST_LIMIT)
}

#[cfg(target_os = "linux")]
fn read_steal(stat: &File) -> Option<u64> {
    let mut line = [0; STAT_HEAD];
    let length = stat.read_at(&mut line, 0).ok()?;
    // A number that the end of the buffer cut off is after the eighth column.
    Some(CpuTime::parse(&String::from_utf8_lossy(&line[..length]))?.steal_ms)
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
        assert_eq!((earlier.total_ms, earlier.steal_ms, earlier.busy_ms), (10_000, 350, 1_550));
        let later = CpuTime::parse("cpu  140 0 50 845 10 0 5 50 7 0").unwrap();
        assert_eq!(later.steal_since(earlier), Some(0.15));
        assert_eq!(earlier.steal_since(later), None, "time does not run back");
        assert_eq!(earlier.steal_since(earlier), None);
        assert_eq!(CpuTime::parse("cpu  1 2 3 4"), None, "an old kernel");
        assert_eq!(CpuTime::parse("intr 1"), None);
    }

    #[test]
    fn only_the_first_line_of_a_machine_of_128_cpus_is_read() {
        let line = |name: &str, factor: u64| {
            let columns = [40_000_000_u64, 2_000, 900_000, 7_000_000_000, 30_000, 0, 800, 12_345, 0, 0];
            let columns = columns.map(|ticks| (ticks * factor).to_string());
            format!("{name} {}\n", columns.join(" "))
        };
        let mut stat = line("cpu ", 128);
        for cpu in 0..128 {
            stat += &line(&format!("cpu{cpu}"), 1);
        }
        stat += &format!("intr 99{}\n", " 7".repeat(4_096));
        assert!(stat.len() > 10_000, "{}", stat.len());
        let whole = CpuTime::parse(&stat).expect("a kernel's file");
        assert_eq!(whole.steal_ms, 128 * 12_345 * TICK_MS);
        let head = stat.get(..STAT_HEAD).expect("it is longer");
        assert_eq!(CpuTime::parse(head), Some(whole));
        // The most that ten numbers need.
        let widest = format!("cpu  {}", format!("{} ", u64::MAX).repeat(10));
        assert!(widest.len() <= STAT_HEAD, "{}", widest.len());
        assert_eq!(CpuTime::parse(&widest), None, "no sum of these is a time");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_slow_file_is_not_read_in_windows() {
        let micros = |times: [u64; 3]| times.map(Duration::from_micros);
        assert!(is_cheap(micros([900, 8, 9])), "something interrupted one read");
        assert!(!is_cheap(micros([300, 280, 310])));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn steal_is_cheap_and_does_not_fall() {
        let Some(first) = steal_ms() else {
            return; // a machine of many CPUs
        };
        let start = std::time::Instant::now();
        for _ in 0..100 {
            assert!(steal_ms() >= Some(first));
        }
        // Twenty times what it takes on a small machine: this catches a reopened file, not noise.
        assert!(start.elapsed().as_millis() < 100);
    }
}
