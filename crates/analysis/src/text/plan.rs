//! The forks of a plan in words.

use contend_record::{BlockId, Plan};

use super::number;

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
