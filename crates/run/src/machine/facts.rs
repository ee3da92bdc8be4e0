//! The facts of machine and build as text, in the order of a page.

use std::{collections::BTreeSet, fmt::Display};

use contend_team::CpuTime;

use super::{
    Machine,
    build::Build,
    clock::{Clock, Turbo},
    cpu_limits::{Quota, cpus_in_words},
    host::{Aslr, Host, Virtualization},
    processor::{Cache, Processor, Smt},
};
use crate::record::Fact;

/// The value of a fact that cannot be read.
pub(super) const UNKNOWN: &str = "unknown";
/// Keys of facts that are known at the end of a run.
pub(super) const LOAD_AFTER: &str = "load_after";
pub(super) const STEAL_RUN: &str = "steal_run";

/// All facts, known or not. `now` is the time in UTC, RFC 3339.
pub(super) fn facts(machine: &Machine, build: &Build, now: &str) -> Vec<Fact> {
    let Machine { processor, cpu_limits, clock, host, .. } = machine;
    let cache = |name| caches(processor, name);
    let steal = machine.cpu_time.and_then(CpuTime::steal_share);
    [
        ("cpu_model", "CPU", known(processor.model.as_ref())),
        ("sockets", "Sockets", known(processor.sockets)),
        ("cores", "Physical cores", known(processor.cores)),
        ("cpus", "Logical CPUs", known(processor.cpus)),
        ("allowed_cpus", "CPUs allowed", known(cpu_limits.cpus.as_ref().map(count_and_list))),
        ("quota", "CPU quota", known(cpu_limits.quota.as_ref().map(quota))),
        ("smt", "SMT", known(smt(processor, host))),
        ("core_kinds", "Sorts of cores", known(processor.core_kinds.as_ref().map(|kinds| kinds.count))),
        ("numa", "NUMA nodes", known(processor.numa_nodes)),
        ("cache_l1d", "L1 data cache", cache("L1d")),
        ("cache_l1i", "L1 instruction cache", cache("L1i")),
        ("cache_l2", "L2 cache", cache("L2")),
        ("cache_l3", "L3 cache", cache("L3")),
        ("cache_line", "Cache line", known(processor.line_bytes.map(|bytes| format!("{bytes} B")))),
        ("governor", "Frequency governor", known(governor(clock))),
        ("turbo", "Turbo", known(clock.turbo.map(|Turbo { on, .. }| switch(on)))),
        ("frequency", "Frequency in the run", known(clock.current.then_some("read after each round"))),
        ("virtualization", "Virtualization", known(host.virtualization.as_ref().map(virtualization))),
        ("container", "Container", known(host.container.then_some("yes"))),
        ("kernel", "Kernel", known(host.kernel.as_ref())),
        ("clocksource", "Clock source", known(clock.source.as_ref())),
        ("memory", "Memory", known(memory(host))),
        ("huge_pages", "Transparent huge pages", known(host.huge_pages.as_ref())),
        ("aslr", "Address space randomization", known(host.aslr.map(aslr))),
        ("load_before", "Load before", known(machine.load)),
        (LOAD_AFTER, "Load after", UNKNOWN.to_owned()),
        ("steal", "Stolen since boot", percent(steal)),
        (STEAL_RUN, "Stolen during the run", UNKNOWN.to_owned()),
        ("rustc", "Compiler", known(build.rustc)),
        ("host", "Built on", known(build.host)),
        ("target", "Built for", known(build.target)),
        ("profile", "Profile", known(build.profile)),
        ("opt_level", "Optimization level", known(build.opt_level)),
        ("debug_assertions", "Debug assertions", switch(build.debug_assertions).to_owned()),
        ("flags", "Compiler flags", known(build.flags.map(or_none))),
        ("target_features", "Target features", known(build.target_features.map(or_none))),
        ("features", "Cargo features", known(build.features.map(or_none))),
        ("allocator", "Allocator", known(allocator())),
        ("hasher", "Hasher", UNKNOWN.to_owned()),
        ("commit", "Commit", known(build.commit.as_deref())),
        (
            "tree",
            "Sources",
            known(build.clean.map(|clean| if clean { "as committed" } else { "changed since the commit" })),
        ),
        ("utc", "Time (UTC)", now.to_owned()),
    ]
    .into_iter()
    .map(|(key, label, value)| Fact { key: key.to_owned(), label: label.to_owned(), value })
    .collect()
}

/// The value as text, or "unknown".
pub(super) fn known(value: Option<impl Display>) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), |value| value.to_string())
}

/// A share in percent: 0.015 is `1.50 %`.
pub(super) fn percent(share: Option<f64>) -> String {
    known(share.map(|share| format!("{:.2} %", share * 100.0)))
}

/// A set of CPUs in the kernel's list format: `0-3,8`.
pub(super) fn ranges(cpus: &BTreeSet<usize>) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &cpu in cpus {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == cpu => *last = cpu,
            _ => ranges.push((cpu, cpu)),
        }
    }
    let texts = ranges
        .into_iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    texts.collect::<Vec<_>>().join(",")
}

fn count_and_list(cpus: &BTreeSet<usize>) -> String {
    format!("{} ({})", cpus.len(), ranges(cpus))
}

fn quota(quota: &Quota) -> String {
    match quota {
        Quota::Unlimited => "none".to_owned(),
        Quota::Limited { cpus, .. } => cpus_in_words(*cpus),
    }
}

/// The SMT setting; `None` for a virtual machine that shows none, since its host may have it.
fn smt(processor: &Processor, host: &Host) -> Option<&'static str> {
    match (processor.smt?, &host.virtualization) {
        (Smt::On, _) => Some("on"),
        (Smt::Off, _) => Some("off"),
        (Smt::Absent, Some(Virtualization::None)) => Some("none"),
        (Smt::Absent, _) => None,
    }
}

pub(super) fn caches(processor: &Processor, name: &str) -> String {
    let text = |cache: &Cache| {
        let size = match cache.kib {
            kib if kib >= 1024 && kib % 256 == 0 => format!("{} MiB", kib as f64 / 1024.0),
            kib => format!("{kib} KiB"),
        };
        let Cache { count, sharers, .. } = cache;
        match sharers {
            1 => format!("{count} × {size}"),
            _ => format!("{count} × {size}, each for {sharers} CPUs"),
        }
    };
    let sizes = processor.caches.get(name);
    known(sizes.map(|sizes| sizes.iter().map(text).collect::<Vec<_>>().join("; ")))
}

fn governor(clock: &Clock) -> Option<String> {
    let governors = clock.governors.as_ref()?;
    let names: Vec<_> = governors.iter().map(String::as_str).collect();
    let driver = clock.driver.as_ref().map(|name| format!(" ({name})"));
    Some(names.join(", ") + &driver.unwrap_or_default())
}

pub(super) fn virtualization(virtualization: &Virtualization) -> &str {
    match virtualization {
        Virtualization::None => "none",
        Virtualization::Machine(Some(name)) => name,
        Virtualization::Machine(None) => "a hypervisor without a name",
    }
}

fn memory(host: &Host) -> Option<String> {
    let gib = |kib| kib as f64 / f64::from(1 << 20);
    let total = gib(host.memory_kib?);
    Some(match host.available_kib {
        Some(available) => format!("{total:.1} GiB, {:.1} GiB available", gib(available)),
        None => format!("{total:.1} GiB"),
    })
}

fn aslr(aslr: Aslr) -> &'static str {
    match aslr {
        Aslr::Thorough => "on",
        Aslr::Partial => "on, without the heap",
        Aslr::Off => "off",
        Aslr::OffHere => "off for this process",
    }
}

/// The platform's default allocator. A library cannot see whether its program sets another, which
/// [`super::add_fact`] records.
fn allocator() -> Option<&'static str> {
    match () {
        () if cfg!(all(target_os = "linux", target_env = "gnu")) => Some("system (glibc)"),
        () if cfg!(all(target_os = "linux", target_env = "musl")) => Some("system (musl)"),
        () => Some("system"),
    }
}

fn switch(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
