//! Machines laid out in folders as their kernels would, and the facts and conditions read from them.

mod layout;
mod remedies;
mod watch;

use super::{
    Machine,
    affinity::spread,
    build::Build,
    cpu_limits,
    diagnostics::diagnostics,
    doctor::Doctor,
    facts::{UNKNOWN, facts},
    sysfs::Sysfs,
};
use std::sync::LazyLock;

use layout::{CPUS, Layout};

/// A release build of committed sources, which has no condition that weakens results.
static RELEASE: LazyLock<Build> = LazyLock::new(|| Build {
    rustc: Some("rustc 1.95.0 (59807616e 2026-04-14)"),
    host: Some("x86_64-unknown-linux-gnu"),
    target: Some("x86_64-unknown-linux-gnu"),
    profile: Some("release"),
    opt_level: Some("3"),
    debug_assertions: false,
    flags: Some(""),
    target_features: Some("fxsr,sse,sse2"),
    features: Some("contenders,patterns"),
    commit: Some("0123456789abcdef".to_owned()),
    clean: Some(true),
    sources: None,
    locked: None,
});

fn value(machine: &Machine, key: &str) -> String {
    let facts = facts(machine, &RELEASE, "2026-11-21T08:40:00Z");
    let fact = facts.iter().find(|fact| fact.key == key);
    fact.unwrap_or_else(|| panic!("no fact `{key}`")).value.clone()
}

fn assert_values(machine: &Machine, expected: &[(&str, &str)]) {
    for (key, expected) in expected {
        assert_eq!(value(machine, key), *expected, "{key}");
    }
}

fn found(machine: &Machine) -> Vec<String> {
    let diagnostics = diagnostics(machine, &RELEASE);
    diagnostics.into_iter().map(|diagnostics| diagnostics.problem).collect()
}

fn laptop() -> Layout {
    let layout = Layout::new();
    layout.processors("Intel(R) Core(TM) i7-1165G7", "fpu vme sse2 avx2", [1, 4, 2]);
    layout.governor(8, "powersave", "intel_pstate");
    layout
        .write(&format!("{CPUS}/smt/control"), "on")
        .write(&format!("{CPUS}/smt/active"), "1")
        .write(&format!("{CPUS}/intel_pstate/no_turbo"), "0");
    layout
}

#[test]
fn a_laptop_with_smt_and_turbo() {
    let machine = laptop().machine();
    assert_values(
        &machine,
        &[
            ("cpu_model", "Intel(R) Core(TM) i7-1165G7"),
            ("sockets", "1"),
            ("cores", "4"),
            ("cpus", "8"),
            ("allowed_cpus", "8 (0-7)"),
            ("quota", "none"),
            ("smt", "on"),
            ("core_kinds", "1"),
            ("cache_l1d", "4 × 48 KiB, each for 2 CPUs"),
            ("cache_l2", "4 × 1.25 MiB, each for 2 CPUs"),
            ("cache_l3", "1 × 32 MiB, each for 8 CPUs"),
            ("cache_line", "64 B"),
            ("governor", "powersave (intel_pstate)"),
            ("turbo", "on"),
            ("virtualization", "none"),
            ("kernel", "Linux 6.12.4-amd64"),
            ("memory", "15.6 GiB, 8.0 GiB available"),
            ("aslr", "on"),
            ("load_before", "0.08"),
            ("steal", "0.00 %"),
            ("commit", "0123456789abcdef"),
            ("utc", "2026-11-21T08:40:00Z"),
        ],
    );
    let expected = ["The frequency governor is `powersave`", "Turbo is on"];
    assert_eq!(found(&machine), expected);
    assert_eq!(machine.cpu_limits.usable(), Some(8));
}

#[test]
fn a_server_of_two_sockets_is_publishable() {
    let layout = Layout::new();
    layout.processors("AMD EPYC 9124 16-Core Processor", "fpu sse2", [2, 16, 2]);
    layout.governor(64, "performance", "acpi-cpufreq");
    layout
        .write(&format!("{CPUS}/smt/control"), "on")
        .write(&format!("{CPUS}/cpufreq/boost"), "0")
        .write("sys/devices/system/node/has_cpu", "0-1")
        .write("proc/loadavg", "1.50 1.00 1.00 1/900 6789");
    let machine = layout.machine();
    assert_values(
        &machine,
        &[
            ("sockets", "2"),
            ("cores", "32"),
            ("cpus", "64"),
            ("numa", "2"),
            ("smt", "on"),
            ("governor", "performance (acpi-cpufreq)"),
            ("turbo", "off"),
            ("cache_l3", "2 × 32 MiB, each for 32 CPUs"),
        ],
    );
    let doctor = Doctor::examine(&machine, &RELEASE);
    assert!(doctor.is_publishable(), "{doctor}");
    assert!(doctor.to_string().ends_with("\nPublishable conditions\n"));
    // A load of 1.5 is small on 64 CPUs; 4 is not.
    layout.write("proc/loadavg", "4.00 1.00 1.00 1/900 6789");
    let expected = ["The load average of the last minute is 4"];
    assert_eq!(found(&layout.machine()), expected);
}

#[test]
fn a_container_with_a_quota_of_one_and_a_half_cpus() {
    let layout = laptop();
    layout
        .write(".dockerenv", "")
        .write("proc/self/cgroup", "0::/")
        .write("sys/fs/cgroup/cpu.max", "150000 100000");
    let machine = layout.machine();
    assert_values(&machine, &[("quota", "1.5 CPUs"), ("container", "yes"), ("allowed_cpus", "8 (0-7)")]);
    assert_eq!(machine.cpu_limits.usable(), Some(1), "whole CPUs that it pays for");
    let found = found(&machine);
    assert_eq!(found[0], "This process can use 1 CPU");
    assert_eq!(found[1], "A control group limits this process to 1.5 CPUs");
}

#[test]
fn the_smallest_quota_above_a_group_counts_in_both_versions() {
    let layout = laptop();
    layout
        .write("sys/fs/cgroup/user.slice/cpu.max", "400000 100000")
        .write("sys/fs/cgroup/user.slice/shell.scope/cpu.max", "max 100000");
    assert_values(&layout.machine(), &[("quota", "4 CPUs")]);
    let text = Doctor::examine(&layout.machine(), &RELEASE).to_string();
    let command = "$ echo max | sudo tee /sys/fs/cgroup/user.slice/cpu.max\n";
    assert!(text.contains(command), "{text}");

    // Version 1, seen from a container whose mount shows its own group as the top.
    layout
        .write("proc/self/cgroup", "4:cpu,cpuacct:/docker/a1\n1:name=systemd:/docker/a1")
        .write(
            "proc/self/mountinfo",
            "31 23 0:28 /docker/a1 /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpuacct,cpu",
        )
        .write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000")
        .write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
    assert_values(&layout.machine(), &[("quota", "0.5 CPUs")]);
    assert_eq!(layout.machine().cpu_limits.usable(), Some(1));
    layout.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
    assert_values(&layout.machine(), &[("quota", "none")]);
}

#[test]
fn a_virtual_machine_hides_its_clock_and_its_siblings() {
    let layout = Layout::new();
    layout.processors("Intel(R) Xeon(R) Processor", "fpu sse2 hypervisor", [1, 2, 1]);
    layout
        .write(&format!("{CPUS}/smt/control"), "notsupported")
        .allowed("0-127")
        .write("sys/class/dmi/id/sys_vendor", "Amazon EC2")
        .write("proc/stat", "cpu  100 0 50 9750 0 0 0 100 0 0");
    let machine = layout.machine();
    assert_values(
        &machine,
        &[
            ("virtualization", "Amazon EC2"),
            ("allowed_cpus", "2 (0-1)"),
            ("smt", UNKNOWN),
            ("governor", UNKNOWN),
            ("turbo", UNKNOWN),
            ("steal", "1.00 %"),
        ],
    );
    let expected = [
        "This is a virtual machine (Amazon EC2)",
        "This process can use 2 CPUs",
        "1.00 % of the CPU time since boot was stolen",
        "Unknown facts (frequency governor, turbo)",
    ];
    assert_eq!(found(&machine), expected);
    let named = Machine::read(&Sysfs::at(layout.folder.path()), Some("KVM".to_owned()));
    assert_values(&named, &[("virtualization", "KVM")]);
}

#[test]
fn facts_that_cannot_be_read_are_unknown_and_reported() {
    let machine = Layout::new().machine();
    let facts = facts(&machine, &RELEASE, "");
    let of_machine = facts.iter().take_while(|fact| fact.key != "rustc");
    for fact in of_machine {
        assert_eq!(fact.value, UNKNOWN, "{}", fact.key);
    }
    let found = found(&machine);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0],
        "Unknown facts (virtualization, allowed CPUs, CPU quota, frequency governor, turbo, load, \
         steal, address space randomization)"
    );
    assert!(!Doctor::examine(&machine, &RELEASE).is_publishable());
}

#[test]
fn this_machine_has_every_fact_once_and_an_end() {
    let mut environment = super::environment();
    let keys: std::collections::BTreeSet<_> = environment.facts.iter().map(|f| &f.key).collect();
    assert_eq!(keys.len(), environment.facts.len());
    assert!(environment.facts.iter().all(|fact| !fact.value.is_empty()));
    assert!(super::allowed_cpus() >= 1);

    super::add_fact(&mut environment, "hasher", "SipHash-1-3");
    super::add_end_of_run_facts(&mut environment, None);
    let value = |key| {
        let fact = environment.facts.iter().find(|fact| fact.key == key);
        fact.map(|fact| fact.value.as_str())
    };
    assert_eq!(value("hasher"), Some("SipHash-1-3"));
    assert_eq!(value("steal_run"), Some(UNKNOWN));
    assert_eq!(value("load_after") == Some(UNKNOWN), !cfg!(target_os = "linux"));
}

#[test]
fn a_restriction_takes_a_cpu_of_each_core_first() {
    let layout = laptop(); // 4 cores: the CPUs n and n + 4 share one
    let sysfs = Sysfs::at(layout.folder.path());
    let of = |allowed: &[usize], wanted| {
        let chosen = spread(&sysfs, &allowed.iter().copied().collect(), wanted);
        chosen.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(of(&[0, 1, 2, 3, 4, 5, 6, 7], 1), [0]);
    assert_eq!(of(&[0, 1, 2, 3, 4, 5, 6, 7], 5), [0, 1, 2, 3, 4]);
    assert_eq!(of(&[0, 4, 5], 2), [0, 5], "not two of one core");
    assert_eq!(of(&[4, 5], 1), [4]);
    assert_eq!(of(&[8, 9], 2), [8, 9], "CPUs without a topology");
}

#[test]
fn one_cpu_is_no_plural() {
    let words = [1.0, 1.5, 2.0, 1000.0].map(cpu_limits::cpus_in_words);
    assert_eq!(words, ["1 CPU", "1.5 CPUs", "2 CPUs", "1000 CPUs"]);
}
