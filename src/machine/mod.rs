//! The machine and the build that a run's numbers belong to, and what this process uses of them.
//! Read from the files in which a Linux kernel tells it, and from what the build embedded; what
//! cannot be read is "unknown", never "fine". Knows nothing of workloads and runs.

mod allowance;
mod build;
mod clock;
mod doctor;
mod fact;
mod finding;
mod host;
#[cfg(test)]
mod lockfile;
mod processor;
pub mod sources;
#[cfg(test)]
mod tests;
mod tree;

use std::{thread, time::SystemTime};

use crate::record::{Environment, Fact};
use allowance::Allowance;
use build::BUILD;
pub use build::version_of;
use clock::Clock;
use contend_team::CpuTime;
pub use doctor::{Doctor, doctor};
use fact::{LOAD_AFTER, STEAL_RUN};
use host::Host;
use processor::Processor;
use tree::Tree;

/// More than this part of the CPU time gone to other machines is a caution.
const STEAL_LIMIT: f64 = 0.005;

/// All that was read of a machine, at one moment.
#[derive(Clone, Debug, Default)]
struct Machine {
    processor: Processor,
    allowance: Allowance,
    clock: Clock,
    host: Host,
    /// The load average over the last minute.
    load: Option<f64>,
    cpu_time: Option<CpuTime>,
}

impl Machine {
    fn here() -> Self {
        Self::read(&Tree::system(), host::hypervisor_name())
    }

    fn read(tree: &Tree, hypervisor: Option<String>) -> Self {
        Self {
            processor: Processor::read(tree),
            allowance: Allowance::read(tree),
            clock: Clock::read(tree),
            host: Host::read(tree, hypervisor),
            load: load_average(tree),
            cpu_time: tree.text("proc/stat").and_then(|stat| CpuTime::parse(&stat)),
        }
    }
}

/// The machine as it is now, and this build: facts in the order in which a page shows them, and a
/// sentence for each thing that speaks against citing numbers from here. What only the end of a run
/// tells is "unknown" until [`conclude`].
pub fn environment() -> Environment {
    let machine = Machine::here();
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    Environment {
        facts: fact::facts(&machine, &BUILD, &now),
        cautions: finding::findings(&machine, &BUILD).iter().map(ToString::to_string).collect(),
    }
}

/// Tasks that ran or waited to, averaged over the last minute.
fn load_average(tree: &Tree) -> Option<f64> {
    let text = tree.text("proc/loadavg")?;
    text.split(' ').next()?.parse().ok()
}

/// Adds what only the end of a run tells: the load after it, and the share of CPU time that was
/// stolen since `start`, with a caution where that is too much.
pub fn conclude(environment: &mut Environment, start: Option<CpuTime>) {
    let load = fact::known(load_average(&Tree::system()));
    state(environment, LOAD_AFTER, &load);
    let stolen = start.and_then(|start| CpuTime::now()?.steal_since(start));
    state(environment, STEAL_RUN, &fact::percent(stolen));
    if stolen.is_some_and(|share| share > STEAL_LIMIT) {
        environment.cautions.push(format!(
            "During the run {} of the CPU time went to other machines on the same host: windows \
             were cut short in ways that differ from run to run.",
            fact::percent(stolen),
        ));
    }
}

/// Sets a fact that the program knows better: its `hasher`, or an `allocator` of its own.
pub fn state(environment: &mut Environment, key: &str, value: &str) {
    match environment.facts.iter_mut().find(|fact| fact.key == key) {
        Some(fact) => value.clone_into(&mut fact.value),
        None => environment.facts.push(Fact {
            key: key.to_owned(),
            label: key.replace('_', " "),
            value: value.to_owned(),
        }),
    }
}

/// CPUs that this process can keep busy at once: those of its affinity mask, or as many whole ones
/// as its control group's quota pays for, if that is less; at least one. The mask is that of the
/// process's first thread: a pinned worker gets the same answer. Where neither can be read, it is
/// the standard library's answer for the calling thread.
pub fn allowed_cpus() -> usize {
    let usable = Allowance::read(&Tree::system()).usable();
    usable.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
}

/// CPUs of the machine, whether this process may use them or not; where they cannot be counted, those
/// that it may.
pub fn machine_cpus() -> usize {
    Processor::read(&Tree::system()).cpus.unwrap_or_else(allowed_cpus)
}

/// Physical cores of the machine, over all sockets, whether this process may use them or not;
/// `None` where they cannot be counted.
pub fn physical_cores() -> Option<usize> {
    Processor::read(&Tree::system()).cores
}
