//! Restricts this process to some of its CPUs, for `--cpus`. Threads and processes that it starts later inherit
//! the restriction, so a fork sees no other CPUs from its first instruction on.

use std::collections::BTreeSet;

use super::cpu_limits::{CpuLimits, cpus_in_words};
use super::sysfs::{Sysfs, cpu_list};

/// Why this process cannot be restricted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AffinityError {
    /// It may not use that many.
    #[error("cannot use {}: this process may use {allowed}; try `--cpus {allowed}`", cpus_in_words(*.wanted as f64))]
    TooMany {
        /// The number that was asked for.
        wanted: usize,
        /// The number that there is.
        allowed: usize,
    },
    /// The system has no affinity, or refused it.
    #[error("cannot restrict this process to {}: {reason}; try it without `--cpus`", cpus_in_words(*.wanted as f64))]
    Refused {
        /// The number that was asked for.
        wanted: usize,
        /// The system's reason.
        reason: String,
    },
}

/// Restricts the calling thread, and what it starts from now on, to `wanted` of the CPUs that this process may
/// use. They are on different cores as far as possible, in the order of their numbers.
///
/// # Errors
/// If there are not as many, or the system refuses. Every system except Linux does.
pub fn restrict_to_cpus(wanted: usize) -> Result<(), AffinityError> {
    let sysfs = Sysfs::system();
    let limits = CpuLimits::read(&sysfs);
    let refused = |reason: String| AffinityError::Refused { wanted, reason };
    let allowed = limits.cpus.as_ref().ok_or_else(|| refused("its CPUs are unknown".to_owned()))?;
    let most = limits.usable().unwrap_or(allowed.len());
    if wanted == 0 || wanted > most {
        return Err(AffinityError::TooMany { wanted, allowed: most });
    }
    set(&spread(&sysfs, allowed, wanted)).map_err(refused)
}

/// The first `wanted` of `allowed`: one of each physical core, then a second one of each.
pub(super) fn spread(sysfs: &Sysfs, allowed: &BTreeSet<usize>, wanted: usize) -> BTreeSet<usize> {
    let siblings = |cpu: &usize| {
        let path = format!("sys/devices/system/cpu/cpu{cpu}/topology/core_cpus_list");
        sysfs.text(&path).and_then(|text| cpu_list(&text)).unwrap_or_default()
    };
    // How many allowed CPUs of its core come before it: none for the first one.
    let place = |cpu: &usize| siblings(cpu).intersection(allowed).filter(|other| *other < cpu).count();
    let mut order: Vec<usize> = allowed.iter().copied().collect();
    order.sort_by_key(place);
    order.into_iter().take(wanted).collect()
}

#[cfg(target_os = "linux")]
fn set(cpus: &BTreeSet<usize>) -> Result<(), String> {
    use nix::sched::{CpuSet, sched_setaffinity};

    let mut set = CpuSet::new();
    for cpu in cpus {
        set.set(*cpu).map_err(|error| error.to_string())?;
    }
    sched_setaffinity(nix::unistd::Pid::from_raw(0), &set).map_err(|error| error.to_string())
}

#[cfg(not(target_os = "linux"))]
fn set(_: &BTreeSet<usize>) -> Result<(), String> {
    Err("only Linux can do that".to_owned())
}
