//! What the machine does while a round is measured: suspend, theft, throttling, other programs, the CPUs' frequency.
//! The parent reads the sources before and after a round, never in a window.

use std::time::Duration;

use contend_team::{CpuTime, STAT_HEAD, Usage};

use super::cpu_limits::control_groups;
use super::sysfs::Sysfs;
use crate::record::{DisturbanceKind, Disturbed};

/// The least time without the machine that is a suspend. The two clocks are read one after the other.
const SUSPEND_LIMIT: Duration = Duration::from_millis(5);

/// The stolen share of a round's CPU time that is noted.
const STEAL_LIMIT: f64 = 0.02;

/// The CPUs that other programs may use: a share of all, and no more than half of one.
const LOAD_LIMIT: (f64, f64) = (0.05, 0.5);

/// Other programs' time that is noted. Three sources count in ticks of 10 ms.
const LEAST_LOAD_MS: f64 = 50.0;

/// The CPUs whose frequency is read. A read interrupts the CPU.
const MOST_FREQUENCIES: usize = 8;

/// A tick of `/proc/PID/stat`, in milliseconds.
const TICK_MS: u64 = 10;

const CPUS: &str = "sys/devices/system/cpu";

/// The sources of one machine.
pub(crate) struct MachineWatch {
    sysfs: Sysfs,
    cpus: usize,
    /// Files with the number and time of stops by a quota.
    throttling: Vec<String>,
    /// Files with a CPU's frequency.
    frequencies: Vec<String>,
}

/// The counters at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct MachineCounters {
    pub(super) monotonic: Duration,
    /// As `monotonic`, and it goes on while the machine is suspended.
    pub(super) with_suspend: Option<Duration>,
    pub(super) cpu_time: Option<CpuTime>,
    /// CPU time of this process, its children that have ended, and the fork.
    pub(super) own_ms: Option<u64>,
    /// How often a quota stopped the run's processes, and for how long in total.
    pub(super) throttled: Option<(u64, Duration)>,
}

/// What happened between two readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RoundConditions {
    /// What was beyond its limit.
    pub disturbed: Vec<Disturbed>,
    /// The highest of the frequencies at the end, in MHz.
    pub frequency_mhz: Option<u32>,
}

impl MachineWatch {
    /// The sources of this machine, which has `cpus` CPUs.
    pub(crate) fn new(cpus: usize) -> Self {
        Self::of(Sysfs::system(), cpus)
    }

    pub(super) fn of(sysfs: Sysfs, cpus: usize) -> Self {
        let groups = control_groups(&sysfs).unwrap_or_default();
        let throttling = groups.into_iter().map(|group| format!("{}/cpu.stat", group.folder));
        Self { cpus, throttling: throttling.collect(), frequencies: frequency_files(&sysfs), sysfs }
    }

    /// The counters now. `fork` is the process of the fork that lives.
    pub(crate) fn read(&self, fork: Option<u32>) -> MachineCounters {
        let (monotonic, with_suspend) = clocks();
        let stat = self.sysfs.head("proc/stat", STAT_HEAD);
        let fork_ms = match fork {
            Some(id) => self.process_ms(id),
            None => Some(0),
        };
        let own = Usage::with_ended_children().zip(fork_ms);
        MachineCounters {
            monotonic,
            with_suspend,
            cpu_time: stat.and_then(|stat| CpuTime::parse(&stat)),
            own_ms: own.map(|(own, fork)| own / 1_000_000 + fork),
            throttled: self.throttled(),
        }
    }

    /// What happened from `start` to now.
    pub(crate) fn since(&self, start: &MachineCounters, fork: Option<u32>) -> RoundConditions {
        let frequency_mhz = self.frequency_mhz(); // first, while the CPUs are still at work
        RoundConditions { disturbed: disturbed(start, &self.read(fork), self.cpus), frequency_mhz }
    }

    /// CPU time of a process and its children that have ended: columns 14 to 17 of its `stat`, after a name in
    /// parentheses.
    pub(super) fn process_ms(&self, id: u32) -> Option<u64> {
        let stat = self.sysfs.text(&format!("proc/{id}/stat"))?;
        let columns = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11).take(4);
        let ticks: Vec<u64> = columns.map_while(|ticks| ticks.parse().ok()).collect();
        (ticks.len() == 4).then(|| ticks.iter().fold(0, |sum: u64, t| sum.saturating_add(*t)) * TICK_MS)
    }

    /// The sums over the process's group and its ancestors. A stop of any of them stops the process.
    fn throttled(&self) -> Option<(u64, Duration)> {
        let files = self.throttling.iter().filter_map(|file| self.sysfs.text(file));
        let read = |text: String| {
            let value = |name: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
                line.and_then(|number| number.trim().parse::<u64>().ok())
            };
            // Version 1 has nanoseconds under another name.
            let micros = value("throttled_usec").map(Duration::from_micros);
            let time = micros.or_else(|| value("throttled_time").map(Duration::from_nanos));
            Some((value("nr_throttled")?, time.unwrap_or_default()))
        };
        files.filter_map(read).reduce(|a, b| (a.0.saturating_add(b.0), a.1.saturating_add(b.1)))
    }

    fn frequency_mhz(&self) -> Option<u32> {
        let khz = self.frequencies.iter().filter_map(|file| self.sysfs.number::<u64>(file));
        khz.max().and_then(|khz| u32::try_from(khz / 1_000).ok())
    }
}

/// The frequency files of a few CPUs, evenly over all.
fn frequency_files(sysfs: &Sysfs) -> Vec<String> {
    let cpus = sysfs.cpus(&format!("{CPUS}/online")).unwrap_or_default();
    let step = cpus.len().div_ceil(MOST_FREQUENCIES).max(1);
    let files = cpus.into_iter().step_by(step).map(|cpu| format!("{CPUS}/cpu{cpu}/cpufreq/scaling_cur_freq"));
    files.filter(|file| sysfs.has(file)).collect()
}

/// What happened between two readings on a machine of `cpus` CPUs.
pub(super) fn disturbed(start: &MachineCounters, end: &MachineCounters, cpus: usize) -> Vec<Disturbed> {
    let mut found = Vec::new();
    let mut add = |kind, share: f64| found.push(Disturbed { kind, share: share.clamp(0.0, 1.0) });
    let Some(awake) = end.monotonic.checked_sub(start.monotonic) else {
        add(DisturbanceKind::ClockBackwards, 1.0);
        return found;
    };
    if let (Some(before), Some(after)) = (start.with_suspend, end.with_suspend) {
        let all = after.saturating_sub(before);
        let asleep = all.saturating_sub(awake);
        if asleep >= SUSPEND_LIMIT {
            add(DisturbanceKind::Suspend, asleep.as_secs_f64() / all.as_secs_f64());
        }
    }
    let cpus = cpus.max(1) as f64;
    let awake_ms = awake.as_secs_f64() * 1e3;
    let times = start.cpu_time.zip(end.cpu_time);
    if let Some(share) = times.and_then(|(before, after)| after.steal_since(before)) {
        // One tick is no share of a short round.
        let stolen = share * awake_ms * cpus;
        if share >= STEAL_LIMIT && stolen >= 2.0 * TICK_MS as f64 {
            add(DisturbanceKind::Steal, share);
        }
    }
    if let (Some(before), Some(after)) = (start.throttled, end.throttled)
        && after.0 > before.0
    {
        let stopped = after.1.saturating_sub(before.1).as_secs_f64() * 1e3;
        add(DisturbanceKind::Throttling, stopped / (awake_ms * cpus).max(1.0));
    }
    if let (Some((before, after)), Some(own_before), Some(own_after)) = (times, start.own_ms, end.own_ms) {
        let busy = after.busy_ms.saturating_sub(before.busy_ms);
        let others = busy.saturating_sub(own_after.saturating_sub(own_before)) as f64;
        let (share, most) = LOAD_LIMIT;
        if others >= LEAST_LOAD_MS && others >= (share * cpus).min(most) * awake_ms {
            add(DisturbanceKind::Load, others / (awake_ms * cpus).max(1.0));
        }
    }
    found
}

/// The time since the machine started without suspended time, and with it.
#[cfg(target_os = "linux")]
fn clocks() -> (Duration, Option<Duration>) {
    use nix::time::{ClockId, clock_gettime};
    let read = |clock| clock_gettime(clock).ok().map(Duration::from);
    (read(ClockId::CLOCK_MONOTONIC).unwrap_or_default(), read(ClockId::CLOCK_BOOTTIME))
}

/// The time since the first call. Other systems do not tell suspended time in the same way.
#[cfg(not(target_os = "linux"))]
fn clocks() -> (Duration, Option<Duration>) {
    static BASE: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    (BASE.get_or_init(std::time::Instant::now).elapsed(), None)
}
