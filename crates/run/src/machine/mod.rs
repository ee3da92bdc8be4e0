//! The machine and the build of a run, and the limits of this process. The facts come from files of the
//! Linux kernel and from the build script. A fact that cannot be read is "unknown", never "fine". This
//! module knows no workload and no run.

mod affinity;
mod build;
mod clock;
mod cpu_limits;
mod diagnostics;
mod doctor;
mod executable;
mod facts;
mod fingerprint;
mod host;
mod processor;
mod sysfs;
#[cfg(test)]
mod tests;
mod watch;

use std::{thread, time::SystemTime};

use crate::record::{Environment, Fact};
pub use affinity::{AffinityError, restrict_to_cpus};
use build::build;
pub use build::{Build, LockedPackage, other_versions, set_build, version_of};
use clock::Clock;
use contend_team::{CpuTime, STAT_HEAD};
use cpu_limits::CpuLimits;
pub(crate) use cpu_limits::cpus_in_words;
pub use doctor::{Doctor, doctor};
pub(crate) use executable::{Executable, Identity, sha256};
use facts::{LOAD_AFTER, STEAL_RUN};
pub(crate) use fingerprint::{fingerprint, host_name};
use host::Host;
use processor::Processor;
use sysfs::Sysfs;
pub(crate) use watch::{MachineWatch, RoundConditions};

/// The share of stolen CPU time that is a caution.
const STEAL_LIMIT: f64 = 0.005;

/// The facts of a machine at one moment.
#[derive(Clone, Debug, Default)]
struct Machine {
    processor: Processor,
    cpu_limits: CpuLimits,
    clock: Clock,
    host: Host,
    /// The load average over the last minute.
    load: Option<f64>,
    cpu_time: Option<CpuTime>,
}

/// Bytes of memory that programs can still have; none if the system does not tell.
pub(crate) fn available_memory() -> Option<u64> {
    let text = Sysfs::system().field("proc/meminfo", "MemAvailable")?;
    text.strip_suffix(" kB")?.trim().parse().ok().map(|kib: u64| kib << 10)
}

impl Machine {
    fn current() -> Self {
        Self::read(&Sysfs::system(), host::hypervisor_name())
    }

    fn read(sysfs: &Sysfs, hypervisor: Option<String>) -> Self {
        Self {
            processor: Processor::read(sysfs),
            cpu_limits: CpuLimits::read(sysfs),
            clock: Clock::read(sysfs),
            host: Host::read(sysfs, hypervisor),
            load: load_average(sysfs),
            cpu_time: sysfs.head("proc/stat", STAT_HEAD).and_then(|stat| CpuTime::parse(&stat)),
        }
    }
}

/// The machine now and this build: facts in the order of a page, and a sentence for each condition that
/// weakens results. Facts of the end of a run are "unknown" until [`add_end_of_run_facts`].
pub fn environment() -> Environment {
    let machine = Machine::current();
    Environment {
        facts: facts::facts(&machine, build(), &utc_now()),
        cautions: diagnostics::diagnostics(&machine, build()).iter().map(ToString::to_string).collect(),
    }
}

/// The time now: UTC, RFC 3339, in seconds.
pub fn utc_now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now().max(SystemTime::UNIX_EPOCH)).to_string()
}

/// The load average of the last minute.
fn load_average(sysfs: &Sysfs) -> Option<f64> {
    let text = sysfs.text("proc/loadavg")?;
    text.split(' ').next()?.parse().ok()
}

/// Adds the load after a run and the share of CPU time stolen since `start`, with a caution if the share
/// is large.
pub fn add_end_of_run_facts(environment: &mut Environment, start: Option<CpuTime>) {
    let load = facts::known(load_average(&Sysfs::system()));
    add_fact(environment, LOAD_AFTER, &load);
    let stolen = start.and_then(|start| CpuTime::now()?.steal_since(start));
    add_fact(environment, STEAL_RUN, &facts::percent(stolen));
    if stolen.is_some_and(|share| share > STEAL_LIMIT) {
        environment.cautions.push(format!(
            "During the run {} of the CPU time went to other machines on the same host, in some windows more than \
             in others.",
            facts::percent(stolen),
        ));
    }
}

/// Sets or adds a fact that the program knows: its `hasher`, or its own `allocator`.
pub fn add_fact(environment: &mut Environment, key: &str, value: &str) {
    match environment.facts.iter_mut().find(|fact| fact.key == key) {
        Some(fact) => value.clone_into(&mut fact.value),
        None => environment.facts.push(Fact {
            key: key.to_owned(),
            label: key.replace('_', " "),
            value: value.to_owned(),
        }),
    }
}

/// CPUs that this process can keep busy at once: the smaller of its affinity mask's size and its control
/// group's quota in whole CPUs, at least 1. The mask is that of the process's first thread, so pinned
/// workers get the same result. If neither can be read, it is [`thread::available_parallelism`].
pub fn allowed_cpus() -> usize {
    let usable = CpuLimits::read(&Sysfs::system()).usable();
    usable.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
}

/// CPUs of the machine, allowed to this process or not; [`allowed_cpus`] if they cannot be counted.
pub fn machine_cpus() -> usize {
    Processor::read(&Sysfs::system()).cpus.unwrap_or_else(allowed_cpus)
}

/// Physical cores of the machine over all sockets, allowed to this process or not; `None` if they cannot
/// be counted.
pub fn physical_cores() -> Option<usize> {
    Processor::read(&Sysfs::system()).cores
}
