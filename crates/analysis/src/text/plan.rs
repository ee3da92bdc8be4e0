//! A plan in words.

use contend_record::{BlockId, Plan};

use super::number;

/// How many forks the blocks of a plan have.
pub fn forks(plan: &Plan) -> String {
    forks_where(plan, |_| true)
}

/// How many forks those blocks of a plan have that are `wanted`.
pub fn forks_where(plan: &Plan, wanted: impl Fn(&BlockId) -> bool) -> String {
    let blocks = plan.blocks.iter().filter(|plan| wanted(&plan.block));
    let of_blocks = || blocks.clone().map(|block| plan.forks_of(block));
    let looks = plan.more.iter().flat_map(|more| &more.looks);
    let most = looks.map(|look| look.forks).chain(of_blocks()).max();
    let least = of_blocks().min().unwrap_or(plan.forks);
    match most.filter(|most| *most > least) {
        Some(most) => format!("{least} to {most} forks"),
        None => number::of(least as usize, "fork", "forks"),
    }
}
