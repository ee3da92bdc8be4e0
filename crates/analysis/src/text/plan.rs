//! The forks of a plan in words.

use contend_record::{BlockId, Plan};

use super::number;

/// The conditions of a run that differ from the usual ones, a phrase each: fewer CPUs than allowed, pinned workers,
/// one process.
pub fn conditions(plan: &Plan) -> Vec<String> {
    let cpus = plan.cpus.map(|cpus| {
        let restricted = number::plural(cpus, "CPU", "CPUs");
        format!("restricted to {restricted} (--cpus {cpus})")
    });
    let pinned = plan.pinned.then(|| "each worker pinned to a CPU (--pin)".to_owned());
    let in_process =
        plan.in_process.then(|| "all forks in one process (--in-process), so no verdicts".to_owned());
    cpus.into_iter().chain(pinned).chain(in_process).collect()
}

/// The forks of a plan's blocks: `12 forks`, `12 to 24 forks`.
pub fn forks(plan: &Plan) -> String {
    forks_where(plan, |_| true)
}

/// The forks of the plan's blocks that `wanted` selects.
pub fn forks_where(plan: &Plan, wanted: impl Fn(&BlockId) -> bool) -> String {
    let blocks = plan.blocks.iter().filter(|plan| wanted(&plan.block));
    let of_blocks = || blocks.clone().map(|block| plan.forks_of(block));
    let interim = plan.more.iter().flat_map(|more| &more.looks);
    let most = interim.map(|of| of.forks).chain(of_blocks()).max();
    let least = of_blocks().min().unwrap_or(plan.forks);
    match most.filter(|most| *most > least) {
        Some(most) => format!("{least} to {most} forks"),
        None => number::plural(least as usize, "fork", "forks"),
    }
}
