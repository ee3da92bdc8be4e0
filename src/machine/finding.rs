//! What stands against citing numbers from a machine, and what changes it.

use std::fmt;

use contend_team::CpuTime;

use super::{
    Machine, STEAL_LIMIT,
    allowance::Quota,
    build::Build,
    clock::Turbo,
    fact::{percent, ranges, virtualization},
    host::{Aslr, Virtualization},
};

/// Fewer CPUs than this show little of how a strategy scales.
const FEW_CPUS: usize = 4;
/// A load of this much, or of this part of the CPUs if that is more, is somebody else's work.
const LOAD_LIMIT: f64 = 0.5;
const LOAD_SHARE: f64 = 0.05;

/// One thing that stands against citing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    /// What was found: half a sentence.
    pub what: String,
    /// Why it matters: the other half.
    pub why: &'static str,
    /// What changes it.
    pub remedy: Remedy,
}

/// What changes a thing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Remedy {
    /// A command for a shell.
    Command(String),
    /// No command on this machine does. What does, in words.
    NotFromHere(&'static str),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}.", self.what, self.why)
    }
}

/// Everything that stands against citing numbers that this build takes on this machine.
pub(super) fn findings(machine: &Machine, build: &Build) -> Vec<Finding> {
    let of_machine = [
        virtual_machine(machine),
        few_cpus(machine),
        quota(machine),
        kinds(machine),
        governor(machine),
        turbo(machine),
        load(machine),
        steal(machine),
        clock_source(machine),
        aslr(machine),
    ];
    let of_build = [debug_build(build), changed_sources(build)];
    let found = of_machine.into_iter().chain(of_build);
    found.chain([unknown(machine, build)]).flatten().collect()
}

fn virtual_machine(machine: &Machine) -> Option<Finding> {
    let found = machine.host.virtualization.as_ref()?;
    (*found != Virtualization::None).then(|| Finding {
        what: format!("This is a virtual machine ({})", virtualization(found)),
        why: "its host may run others on the same cores, and hides how they are clocked and shared",
        remedy: Remedy::NotFromHere("take the numbers on a machine without a hypervisor"),
    })
}

fn few_cpus(machine: &Machine) -> Option<Finding> {
    let usable = machine.allowance.usable()?;
    let mask = machine.allowance.cpus.as_ref()?;
    let online = machine.processor.cpus?;
    let remedy = if mask.len() >= FEW_CPUS {
        Remedy::NotFromHere("raise the quota of CPU time")
    } else if online > mask.len() {
        let all = (0..online).collect();
        Remedy::Command(format!("taskset --cpu-list {} cargo bench", ranges(&all)))
    } else {
        Remedy::NotFromHere("take the numbers on a machine with more CPUs")
    };
    let noun = if usable == 1 { "CPU" } else { "CPUs" };
    (usable < FEW_CPUS).then(|| Finding {
        what: format!("This process can use {usable} {noun}"),
        why: "contention among more threads than that is the scheduler's doing, and how a strategy \
              scales does not show",
        remedy,
    })
}

fn quota(machine: &Machine) -> Option<Finding> {
    let Some(Quota::Limited { cpus, file }) = &machine.allowance.quota else {
        return None;
    };
    let none = if file.ends_with("cpu.max") { "max" } else { "-1" };
    Some(Finding {
        what: format!("A control group limits this process to {cpus} CPUs' time"),
        why: "once it is used up all threads stop until the next period begins, in the middle of \
              whatever they hold",
        remedy: if machine.host.container {
            Remedy::NotFromHere("start the container without a limit on CPUs")
        } else {
            Remedy::Command(format!("echo {none} | sudo tee {file}"))
        },
    })
}

fn kinds(machine: &Machine) -> Option<Finding> {
    let kinds = machine.processor.kinds.as_ref()?;
    (kinds.count > 1).then(|| Finding {
        what: format!("There are {} sorts of cores", kinds.count),
        why: "a number depends on which of them the threads happened to run on",
        remedy: Remedy::Command(format!("taskset --cpu-list {} cargo bench", ranges(&kinds.fastest))),
    })
}

fn governor(machine: &Machine) -> Option<Finding> {
    let governors = machine.clock.governors.as_ref()?;
    let mut others = governors.iter().filter(|name| *name != "performance");
    let other = others.next()?;
    Some(Finding {
        what: format!("The frequency governor is `{other}`"),
        why: "cores change their clock while a window runs, and a strategy that waits gets a slower one",
        remedy: Remedy::Command("sudo cpupower frequency-set --governor performance".to_owned()),
    })
}

fn turbo(machine: &Machine) -> Option<Finding> {
    let Turbo { file, off, .. } = machine.clock.turbo.filter(|turbo| turbo.on)?;
    Some(Finding {
        what: "Turbo is on".to_owned(),
        why: "the clock falls with the number of busy cores and with their heat, which looks like \
              bad scaling",
        remedy: Remedy::Command(format!("echo {off} | sudo tee /{file}")),
    })
}

fn load(machine: &Machine) -> Option<Finding> {
    let load = machine.load?;
    let limit = LOAD_LIMIT.max(LOAD_SHARE * machine.processor.cpus.unwrap_or(0) as f64);
    (load > limit).then(|| Finding {
        what: format!("The load over the last minute is {load}"),
        why: "something else used the cores, and may still do so; a build that has just ended \
              counts as well",
        remedy: Remedy::Command("top -b -n 1 -o %CPU | head -15; sleep 60".to_owned()),
    })
}

fn steal(machine: &Machine) -> Option<Finding> {
    let share = machine.cpu_time.and_then(CpuTime::steal_share);
    (share? > STEAL_LIMIT).then(|| Finding {
        what: format!("{} of the CPU time since boot was stolen", percent(share)),
        why: "the host gave this machine's cores to others, at moments that nobody here sees",
        remedy: Remedy::NotFromHere("take the numbers on a dedicated host"),
    })
}

fn clock_source(machine: &Machine) -> Option<Finding> {
    let source = machine.clock.source.as_ref()?;
    let slow = ["hpet", "acpi_pm", "jiffies", "xen", "refined-jiffies"].contains(&source.as_str());
    let tsc = machine.clock.sources.iter().any(|name| name == "tsc");
    slow.then(|| Finding {
        what: format!("The clock source is `{source}`"),
        why: "every look at the clock is a slow system call, which short operations pay for",
        remedy: if tsc {
            Remedy::Command(
                "echo tsc | sudo tee \
                 /sys/devices/system/clocksource/clocksource0/current_clocksource"
                    .to_owned(),
            )
        } else {
            Remedy::NotFromHere("the kernel holds no faster one to be reliable here")
        },
    })
}

fn aslr(machine: &Machine) -> Option<Finding> {
    let (what, remedy) = match machine.host.aslr? {
        Aslr::Thorough | Aslr::Partial => return None,
        Aslr::Off => (
            "Address space randomization is off",
            Remedy::Command("echo 2 | sudo tee /proc/sys/kernel/randomize_va_space".to_owned()),
        ),
        Aslr::OffHere => (
            "Address space randomization is off for this process",
            Remedy::NotFromHere("start it without `setarch -R` or a debugger"),
        ),
    };
    Some(Finding {
        what: what.to_owned(),
        why: "forks share one layout of memory, so that intervals leave out what layout does",
        remedy,
    })
}

fn debug_build(build: &Build) -> Option<Finding> {
    let level = build.opt_level.unwrap_or("3");
    (level != "3" || build.debug_assertions).then(|| Finding {
        what: format!(
            "This executable was built with optimization level {level}{}",
            if build.debug_assertions { " and debug assertions" } else { "" }
        ),
        why: "its code is not what a program in production runs",
        remedy: Remedy::Command("cargo bench".to_owned()),
    })
}

fn changed_sources(build: &Build) -> Option<Finding> {
    (build.clean == Some(false)).then(|| Finding {
        what: "The sources were changed since the commit".to_owned(),
        why: "nobody else can build what was measured",
        remedy: Remedy::Command("git commit --all && cargo bench".to_owned()),
    })
}

/// The facts that would be held against a number, if they were known.
fn unknown(machine: &Machine, build: &Build) -> Option<Finding> {
    let Machine { allowance, clock, host, .. } = machine;
    let facts = [
        ("virtualization", host.virtualization.is_none()),
        ("allowed CPUs", allowance.cpus.is_none()),
        ("CPU quota", allowance.quota.is_none()),
        ("frequency governor", clock.governors.is_none()),
        ("turbo", clock.turbo.is_none()),
        ("load", machine.load.is_none()),
        ("steal", machine.cpu_time.is_none()),
        ("address space randomization", host.aslr.is_none()),
        ("optimization level", build.opt_level.is_none()),
        ("commit", build.commit.is_none()),
    ];
    let missing: Vec<_> = facts.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
    (!missing.is_empty()).then(|| Finding {
        what: format!("Unknown facts ({})", missing.join(", ")),
        why: "what cannot be read may stand against these numbers as well",
        remedy: Remedy::NotFromHere("this system does not tell; state what you know of it"),
    })
}
