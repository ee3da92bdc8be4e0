//! What the parent notices of the machine between two readings of its files.

use std::time::Duration;

use contend_team::CpuTime;

use super::super::sysfs::Sysfs;
use super::super::watch::{MachineCounters, MachineWatch, disturbed};
use super::layout::{CPUS, Layout};
use crate::record::DisturbanceKind::{self, ClockBackwards, Load, Steal, Suspend, Throttling};

fn watch(layout: &Layout, cpus: usize) -> MachineWatch {
    MachineWatch::of(Sysfs::at(layout.folder.path()), cpus)
}

/// A second of a machine with two CPUs, 500 ms busy with the run's own work.
fn second() -> (MachineCounters, MachineCounters) {
    let at = |seconds, busy_ms, own_ms| MachineCounters {
        monotonic: Duration::from_secs(seconds),
        with_suspend: Some(Duration::from_secs(seconds + 7)),
        cpu_time: Some(CpuTime { total_ms: 2_000 * seconds, steal_ms: 0, busy_ms }),
        own_ms: Some(own_ms),
        throttled: Some((3, Duration::from_secs(1))),
    };
    (at(100, 9_000, 400), at(101, 9_500, 900))
}

fn kinds(change: impl FnOnce(&mut MachineCounters)) -> Vec<(DisturbanceKind, f64)> {
    let (before, mut after) = second();
    change(&mut after);
    disturbed(&before, &after, 2).into_iter().map(|of| (of.kind, (of.share * 1e3).round() / 1e3)).collect()
}

#[test]
fn a_quiet_second_has_no_disturbance() {
    assert_eq!(kinds(|_| ()), []);
    assert_eq!(kinds(|end| *end = MachineCounters { monotonic: end.monotonic, ..Default::default() }), []);
}

#[test]
fn each_kind_is_noticed_with_its_share() {
    assert_eq!(kinds(|end| end.with_suspend = Some(Duration::from_secs(111))), [(Suspend, 0.75)]);
    assert_eq!(kinds(|end| end.monotonic = Duration::from_secs(99)), [(ClockBackwards, 1.0)]);
    let steal = |ms| kinds(move |end| end.cpu_time.as_mut().expect("a time").steal_ms = ms);
    assert_eq!(steal(30), [], "1.5 %");
    assert_eq!(steal(100), [(Steal, 0.05)]);
    assert_eq!(kinds(|end| end.throttled = Some((4, Duration::from_millis(1_500)))), [(Throttling, 0.25)]);
    let busy = |ms| kinds(move |end| end.cpu_time.as_mut().expect("a time").busy_ms += ms);
    assert_eq!(busy(90), [], "the kernel's own work, and ticks");
    assert_eq!(busy(500), [(Load, 0.25)]);
}

#[test]
fn another_program_on_one_of_128_cpus_is_noticed() {
    let (before, mut after) = second();
    after.cpu_time.as_mut().expect("a time").busy_ms += 900;
    assert_eq!(disturbed(&before, &after, 128).len(), 1);
    after.cpu_time.as_mut().expect("a time").busy_ms -= 600;
    assert_eq!(disturbed(&before, &after, 128), []);
}

#[test]
fn counters_come_from_the_kernels_files() {
    let layout = Layout::new();
    layout.processors("a model", "fpu", [1, 2, 1]);
    layout
        .write("proc/stat", "cpu  100 0 50 9850 10 2 3 40 0 0\ncpu0 1")
        .write("proc/77/stat", "77 (a) name) (x) S 1 77 77 0 -1 0 1 0 0 0 30 12 5 3 20 0 9 0 1")
        .write(
            "sys/fs/cgroup/user.slice/cpu.stat",
            "usage_usec 9\nnr_periods 10\nnr_throttled 4\nthrottled_usec 2500",
        )
        .write("sys/fs/cgroup/user.slice/shell.scope/cpu.stat", "nr_throttled 1\nthrottled_usec 500");
    let watch = watch(&layout, 2);
    let now = watch.read(None);
    let cpu_time = now.cpu_time.expect("a time");
    assert_eq!((cpu_time.steal_ms, cpu_time.busy_ms), (400, 1_550));
    assert_eq!(now.throttled, Some((5, Duration::from_millis(3))));
    assert_eq!(watch.process_ms(77), Some(500));
    assert_eq!(watch.process_ms(78), None);
    assert_eq!(watch.read(Some(78)).own_ms, None, "unknown, not 0");
    assert_eq!(watch.since(&now, None).frequency_mhz, None, "a virtual machine");
}

#[test]
fn version_1_of_control_groups_counts_nanoseconds() {
    let layout = Layout::new();
    layout
        .write("proc/self/cgroup", "4:cpu,cpuacct:/job")
        .write("proc/self/mountinfo", "30 25 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct")
        .write("sys/fs/cgroup/cpu/job/cpu.stat", "nr_periods 8\nnr_throttled 2\nthrottled_time 7000000");
    assert_eq!(watch(&layout, 2).read(None).throttled, Some((2, Duration::from_millis(7))));
}

#[test]
fn the_highest_frequency_of_a_few_cpus_is_kept() {
    let layout = Layout::new();
    layout.processors("a model", "fpu", [1, 64, 2]);
    for cpu in 0..128 {
        let khz = 2_000_000 + cpu * 1_000;
        layout.write(&format!("{CPUS}/cpu{cpu}/cpufreq/scaling_cur_freq"), &khz.to_string());
    }
    let watch = watch(&layout, 128);
    let now = watch.read(None);
    assert_eq!(watch.since(&now, None).frequency_mhz, Some(2_112), "every 16th CPU is read");
}
