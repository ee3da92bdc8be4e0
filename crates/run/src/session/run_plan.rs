//! The plan of a run: as many forks as its verdicts need, a window check, and a size that fits the budget.

use std::collections::BTreeMap;
use std::time::Duration;

use super::budget::{self, FittedPlan};
use super::plan::{self, PlanError, Selection, estimate};
use super::window_check;
use crate::record::{BlockPlan, CONTROL, CellPlan, Class, Plan, ShardInfo};
use crate::verdict::{FIRST_INTERIM_SHARE, forks_needed_at};
use contend_workloads::registry::Suite;

/// A plan, and what it leaves out to fit its budget.
pub(crate) struct RunPlan {
    /// The plan.
    pub plan: Plan,
    /// With a budget: what was left out to fit it, as phrases.
    pub left_out: Option<Vec<&'static str>>,
    /// The shard that the plan is; none where it is whole.
    pub shard: Option<ShardInfo>,
}

/// Plans a run of `selection` on a machine with `cores` CPUs. `seed` decides which contender is the first
/// block's control.
///
/// # Errors
/// If a filter matches nothing, or nothing fits the budget.
pub(crate) fn plan_run(
    suite: &Suite,
    selection: Selection,
    cores: usize,
    budget: Option<Duration>,
    seed: u64,
) -> Result<RunPlan, PlanError> {
    // The control rotates over the contenders from block to block, and starts anywhere.
    let first_control = (seed % 1_000) as usize;
    let make = |selection: &Selection| complete(suite, selection.clone(), cores, first_control);
    let (plan, selection, left_out) = match budget {
        None => (make(&selection)?, selection, None),
        Some(budget) => {
            let FittedPlan { plan, selection, left_out } = budget::fit(selection, cores, budget, make)?;
            (plan, selection, Some(left_out))
        }
    };
    let shard = match selection.shard {
        None => None,
        Some(shard) => {
            let whole = plan::plan(suite, &Selection { shard: None, ..selection }, cores, first_control)?;
            Some(shard.info(whole.blocks.into_iter().map(|block| block.block).collect()))
        }
    };
    Ok(RunPlan { plan, left_out, shard })
}

/// The plan of `selection` with enough forks and a window check. If the selection gives no number of forks,
/// each block has as many as its largest class needs for verdicts. With interim analyses all blocks have as
/// many as the largest class of all blocks needs.
fn complete(
    suite: &Suite,
    mut selection: Selection,
    cores: usize,
    first_control: usize,
) -> Result<Plan, PlanError> {
    let mut made = plan::plan(suite, &selection, cores, first_control)?;
    if selection.forks.is_none() {
        let needed = |block: &BlockPlan, share| forks_needed_at(largest_class(block), share);
        if selection.interim {
            let of_blocks = made.blocks.iter().map(|block| needed(block, FIRST_INTERIM_SHARE));
            selection.forks = Some(of_blocks.fold(made.forks, u32::max));
            made = plan::plan(suite, &selection, cores, first_control)?;
        } else {
            for block in &mut made.blocks {
                let forks = needed(block, 1.0).max(block.forks.unwrap_or(made.forks));
                block.forks = Some(forks).filter(|forks| *forks != made.forks);
            }
            made.estimate_s = estimate(&made).as_secs_f64();
        }
    }
    window_check::add_to_plan(&mut made, selection.preset);
    Ok(made)
}

/// The number of contenders in the largest class of `block`.
fn largest_class(block: &BlockPlan) -> usize {
    let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
    let competes = |cell: &&CellPlan| !cell.contender.ends_with(CONTROL);
    for cell in block.cells.iter().filter(competes) {
        *classes.entry(cell.class).or_default() += 1;
    }
    classes.into_values().max().unwrap_or(0)
}

#[cfg(all(test, feature = "patterns"))]
mod tests {
    use super::*;

    /// The forks of spawn/100000, whose class of five needs nine, and of all blocks.
    fn forks_of(selection: Selection) -> (Option<u32>, u32) {
        let plan = complete(&contend_workloads::suite(), selection, 2, 0).expect("a plan");
        let mut blocks = plan.blocks.iter();
        let subset = blocks.find(|plan| plan.block.variant == "100000");
        (subset.expect("its standard subset").forks, plan.forks)
    }

    #[test]
    fn a_block_has_the_forks_that_its_classes_need_or_that_were_given() {
        let any = Selection::default;
        assert_eq!(forks_of(any()), (Some(10), 12));
        let forks = Some(8);
        assert_eq!(forks_of(Selection { forks, ..any() }), (None, 8));
        let interim = true;
        let (own, all) = forks_of(Selection { interim, ..any() });
        assert!(own.is_none() && all > 12, "interim analyses are the same for all: {all}");
    }
}
