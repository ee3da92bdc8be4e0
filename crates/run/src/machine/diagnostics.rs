//! Conditions that weaken results from a machine or a build, each with its remedy.

use std::fmt;

use contend_team::CpuTime;

use super::{
    Machine, STEAL_LIMIT,
    build::Build,
    clock::Turbo,
    cpu_limits::{Quota, cpus_in_words},
    facts::{percent, ranges, virtualization},
    host::{Aslr, Virtualization},
};

/// With fewer CPUs than this, a run shows little of how a strategy scales.
const FEW_CPUS: usize = 4;
/// The load average from which other processes disturb a run: this value, or this share of the CPUs if larger.
const LOAD_LIMIT: f64 = 0.5;
const LOAD_SHARE: f64 = 0.05;

/// One condition that weakens results.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Diagnostic {
    /// The condition, as the first half of a sentence.
    pub problem: String,
    /// Why it matters, as the second half.
    pub reason: &'static str,
    /// How to change it.
    pub remedy: Remedy,
}

/// How to change a condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Remedy {
    /// A command for a shell.
    Command(String),
    /// Advice, where no command on this machine helps.
    Elsewhere(&'static str),
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}.", self.problem, self.reason)
    }
}

/// All conditions that weaken results of this build on this machine.
pub(super) fn diagnostics(machine: &Machine, build: &Build) -> Vec<Diagnostic> {
    let of_machine = [
        virtual_machine(machine),
        few_cpus(machine),
        quota(machine),
        core_kinds(machine),
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

fn virtual_machine(machine: &Machine) -> Option<Diagnostic> {
    let found = machine.host.virtualization.as_ref()?;
    (*found != Virtualization::None).then(|| Diagnostic {
        problem: format!("This is a virtual machine ({})", virtualization(found)),
        reason: "its host may run other machines on the same cores, and hides frequency and sharing",
        remedy: Remedy::Elsewhere("measure on a machine without a hypervisor"),
    })
}

fn few_cpus(machine: &Machine) -> Option<Diagnostic> {
    let usable = machine.cpu_limits.usable()?;
    let mask = machine.cpu_limits.cpus.as_ref()?;
    let online = machine.processor.cpus?;
    let remedy = if mask.len() >= FEW_CPUS {
        Remedy::Elsewhere("raise the quota of CPU time")
    } else if online > mask.len() {
        let all = (0..online).collect();
        Remedy::Command(format!("taskset --cpu-list {} cargo bench", ranges(&all)))
    } else {
        Remedy::Elsewhere("measure on a machine with more CPUs")
    };
    let noun = if usable == 1 { "CPU" } else { "CPUs" };
    (usable < FEW_CPUS).then(|| Diagnostic {
        problem: format!("This process can use {usable} {noun}"),
        reason: "with more threads than that the scheduler dominates, and scaling does not show",
        remedy,
    })
}

fn quota(machine: &Machine) -> Option<Diagnostic> {
    let Some(Quota::Limited { cpus, file }) = &machine.cpu_limits.quota else {
        return None;
    };
    let none = if file.ends_with("cpu.max") { "max" } else { "-1" };
    Some(Diagnostic {
        problem: format!("A control group limits this process to {}", cpus_in_words(*cpus)),
        reason: "when the quota is used up all threads stop until the next period, even while they hold a lock",
        remedy: if machine.host.container {
            Remedy::Elsewhere("start the container without a limit on CPUs")
        } else {
            Remedy::Command(format!("echo {none} | sudo tee {file}"))
        },
    })
}

fn core_kinds(machine: &Machine) -> Option<Diagnostic> {
    let kinds = machine.processor.core_kinds.as_ref()?;
    (kinds.count > 1).then(|| Diagnostic {
        problem: format!("The processor has {} kinds of cores", kinds.count),
        reason: "results depend on the kind of core that each thread ran on",
        remedy: Remedy::Command(format!("taskset --cpu-list {} cargo bench", ranges(&kinds.fastest))),
    })
}

fn governor(machine: &Machine) -> Option<Diagnostic> {
    let governors = machine.clock.governors.as_ref()?;
    let mut others = governors.iter().filter(|name| *name != "performance");
    let other = others.next()?;
    Some(Diagnostic {
        problem: format!("The frequency governor is `{other}`"),
        reason: "cores change frequency during a window, and a strategy that waits gets a lower one",
        remedy: Remedy::Command("sudo cpupower frequency-set --governor performance".to_owned()),
    })
}

fn turbo(machine: &Machine) -> Option<Diagnostic> {
    let Turbo { file, off, .. } = machine.clock.turbo.filter(|turbo| turbo.on)?;
    Some(Diagnostic {
        problem: "Turbo is on".to_owned(),
        reason: "the frequency falls as more cores get busy and warm, which looks like poor scaling",
        remedy: Remedy::Command(format!("echo {off} | sudo tee /{file}")),
    })
}

fn load(machine: &Machine) -> Option<Diagnostic> {
    let load = machine.load?;
    let limit = LOAD_LIMIT.max(LOAD_SHARE * machine.processor.cpus.unwrap_or(0) as f64);
    (load > limit).then(|| Diagnostic {
        problem: format!("The load average of the last minute is {load}"),
        reason: "other processes use the cores, or a build has just ended",
        remedy: Remedy::Command("top -b -n 1 -o %CPU | head -15; sleep 60".to_owned()),
    })
}

fn steal(machine: &Machine) -> Option<Diagnostic> {
    let share = machine.cpu_time.and_then(CpuTime::steal_share);
    (share? > STEAL_LIMIT).then(|| Diagnostic {
        problem: format!("{} of the CPU time since boot was stolen", percent(share)),
        reason: "the host gave this machine's cores to other machines, at times that cannot be seen here",
        remedy: Remedy::Elsewhere("measure on a dedicated host"),
    })
}

fn clock_source(machine: &Machine) -> Option<Diagnostic> {
    let source = machine.clock.source.as_ref()?;
    let slow = ["hpet", "acpi_pm", "jiffies", "xen", "refined-jiffies"].contains(&source.as_str());
    let tsc = machine.clock.sources.iter().any(|name| name == "tsc");
    slow.then(|| Diagnostic {
        problem: format!("The clock source is `{source}`"),
        reason: "each clock read is a slow system call, which inflates short operations",
        remedy: if tsc {
            Remedy::Command(
                "echo tsc | sudo tee \
                 /sys/devices/system/clocksource/clocksource0/current_clocksource"
                    .to_owned(),
            )
        } else {
            Remedy::Elsewhere("the kernel considers no faster source reliable here")
        },
    })
}

fn aslr(machine: &Machine) -> Option<Diagnostic> {
    let (problem, remedy) = match machine.host.aslr? {
        Aslr::Thorough | Aslr::Partial => return None,
        Aslr::Off => (
            "Address space randomization is off",
            Remedy::Command("echo 2 | sudo tee /proc/sys/kernel/randomize_va_space".to_owned()),
        ),
        Aslr::OffHere => (
            "Address space randomization is off for this process",
            Remedy::Elsewhere("start it without `setarch -R` or a debugger"),
        ),
    };
    Some(Diagnostic {
        problem: problem.to_owned(),
        reason: "all forks share one memory layout, so intervals leave out its effect",
        remedy,
    })
}

fn debug_build(build: &Build) -> Option<Diagnostic> {
    let level = build.opt_level.unwrap_or("3");
    (level != "3" || build.debug_assertions).then(|| Diagnostic {
        problem: format!(
            "This executable was built with optimization level {level}{}",
            if build.debug_assertions { " and debug assertions" } else { "" }
        ),
        reason: "a program in production runs other code",
        remedy: Remedy::Command("cargo bench".to_owned()),
    })
}

fn changed_sources(build: &Build) -> Option<Diagnostic> {
    (build.clean == Some(false)).then(|| Diagnostic {
        problem: "The sources were changed since the commit".to_owned(),
        reason: "others cannot rebuild what was measured",
        remedy: Remedy::Command("git commit --all && cargo bench".to_owned()),
    })
}

/// Facts that matter for results but cannot be read here.
fn unknown(machine: &Machine, build: &Build) -> Option<Diagnostic> {
    let Machine { cpu_limits, clock, host, .. } = machine;
    let facts = [
        ("virtualization", host.virtualization.is_none()),
        ("allowed CPUs", cpu_limits.cpus.is_none()),
        ("CPU quota", cpu_limits.quota.is_none()),
        ("frequency governor", clock.governors.is_none()),
        ("turbo", clock.turbo.is_none()),
        ("load", machine.load.is_none()),
        ("steal", machine.cpu_time.is_none()),
        ("address space randomization", host.aslr.is_none()),
        ("optimization level", build.opt_level.is_none()),
        ("commit", build.commit.is_none()),
    ];
    let missing: Vec<_> = facts.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
    (!missing.is_empty()).then(|| Diagnostic {
        problem: format!("Unknown facts ({})", missing.join(", ")),
        reason: "each of them may weaken these results too",
        remedy: Remedy::Elsewhere("this system does not report them; state what you know"),
    })
}
