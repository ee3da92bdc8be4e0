//! The plan of a run: as many forks as its verdicts need, a window check, and a size that fits the budget.

use std::collections::BTreeMap;
use std::time::Duration;

use super::budget::{self, FittedPlan};
use super::plan::{self, PlanError, Preset, Selection, fork_estimate};
use super::window_check;
use crate::record::{BlockPlan, CONTROL, CellPlan, Class, ExtraForks, Plan, ShardInfo};
use crate::verdict::{FIRST_INTERIM_SHARE, analyses_until_decided, forks_needed_at, interim_analyses};
use contend_workloads::registry::Suite;

/// How long a run may take.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeLimit {
    /// The most time. None: what the preset needs.
    pub budget: Option<Duration>,
    /// Whether extra forks go on until all is decided, or the budget is spent.
    pub until_decided: bool,
}

/// The time of a run without a budget, extra forks included, as a multiple of that of its planned forks.
const WITH_EXTRA_FORKS: f64 = 1.3;

/// The time in seconds of a run that goes on until all is decided, which its last interim analysis ends long before.
const A_DAY: f64 = 86_400.0;

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
/// block's control. Without a number of forks, undecided blocks get extra ones, except in the quick preset.
///
/// # Errors
/// If a filter matches nothing, or nothing fits the budget.
pub(crate) fn plan_run(
    suite: &Suite,
    mut selection: Selection,
    cores: usize,
    limit: TimeLimit,
    seed: u64,
) -> Result<RunPlan, PlanError> {
    // The control rotates over the contenders from block to block, and starts anywhere.
    let first_control = (seed % 1_000) as usize;
    // The whole plan is made and fitted, and a shard cut from it. So all shards have the same forks and interim
    // analyses, and leave out the same: others could not be merged.
    let shard = selection.shard.take();
    let assignment = shard.map(|shard| plan::assignment(suite, shard)).transpose()?;
    let builds = if selection.against { 2 } else { 1 };
    let time = |plan: &Plan| match &assignment {
        None => planned_time(plan, builds),
        Some(assignment) => assignment.longest(plan, |block| time_of(plan, block, builds)),
    };
    let make = |selection: &Selection| complete(suite, selection.clone(), cores, first_control);
    // Pairs of two builds are judged once, at the planned forks, and what one process measured never.
    let fixed = selection.forks.is_some()
        || selection.against
        || selection.in_process
        || selection.preset == Preset::Quick && !limit.until_decided;
    let (mut plan, left_out) = match limit.budget {
        None => {
            selection.interim = !fixed;
            let mut plan = make(&selection)?;
            let looks = interim_analyses(plan.forks);
            let more = ExtraForks { budget_s: 0.0, budget_of_planned: Some(WITH_EXTRA_FORKS), looks };
            plan.more = Some(more).filter(|_| !fixed);
            (plan, None)
        }
        Some(budget) => {
            let FittedPlan { plan, left_out } = budget::fit(selection, cores, budget, make, time)?;
            (plan, Some(left_out))
        }
    };
    if let Some(more) = plan.more.as_mut().filter(|_| limit.until_decided) {
        more.looks = analyses_until_decided(plan.forks);
        more.budget_of_planned = None;
        more.budget_s = limit.budget.map_or(A_DAY, |budget| budget.as_secs_f64());
    }
    let shard = assignment.map(|assignment| assignment.cut(&mut plan));
    plan.estimate_s = planned_time(&plan, builds).as_secs_f64();
    if let Some(more) = &mut plan.more
        && let Some(times) = more.budget_of_planned
    {
        more.budget_s = plan.estimate_s * times;
    }
    Ok(RunPlan { plan, left_out, shard })
}

/// How long the planned forks of `plan`, by this many builds, and its window check will take.
fn planned_time(plan: &Plan, builds: u32) -> Duration {
    plan.blocks.iter().map(|block| time_of(plan, block, builds)).sum()
}

/// The same for a block of `plan`.
fn time_of(plan: &Plan, block: &BlockPlan, builds: u32) -> Duration {
    fork_estimate(block) * plan.forks_of(block) * builds + window_check::estimate_of(plan, block)
}

/// The whole plan of `selection` with enough forks and a window check. If the selection gives no number of forks, each
/// block has as many as its largest class needs for verdicts. With interim analyses all blocks have as many as the
/// largest class of all blocks needs, except those that have a number of their own and get no extra ones.
fn complete(
    suite: &Suite,
    selection: Selection,
    cores: usize,
    first_control: usize,
) -> Result<Plan, PlanError> {
    let mut made = plan::plan(suite, &selection, cores, first_control)?;
    if selection.forks.is_none() {
        let needed = |block: &BlockPlan, share| forks_needed_at(largest_class(block), share);
        if selection.interim {
            let raced = made.blocks.iter().filter(|block| block.forks.is_none());
            made.forks = raced.map(|block| needed(block, FIRST_INTERIM_SHARE)).fold(made.forks, u32::max);
        }
        for block in made.blocks.iter_mut().filter(|block| !selection.interim || block.forks.is_some()) {
            let forks = needed(block, 1.0).max(block.forks.unwrap_or(made.forks));
            block.forks = Some(forks).filter(|forks| selection.interim || *forks != made.forks);
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

    fn planned(selection: Selection, limit: TimeLimit) -> Plan {
        plan_run(&contend_workloads::suite(), selection, 2, limit, 7).expect("a plan").plan
    }

    fn looks(plan: &Plan) -> Vec<u32> {
        plan.more.iter().flat_map(|more| more.looks.iter().map(|look| look.forks)).collect()
    }

    #[test]
    fn forks_that_are_given_are_all_and_otherwise_what_is_undecided_gets_more() {
        let none = TimeLimit::default();
        let flat = planned(Selection { forks: Some(12), ..Selection::default() }, none);
        assert_eq!((looks(&flat), flat.forks), (vec![], 12));
        let quick = Selection { preset: Preset::Quick, ..Selection::default() };
        assert!(looks(&planned(quick.clone(), none)).is_empty());
        let standard = planned(Selection::default(), none);
        let more = standard.more.as_ref().expect("extra forks");
        assert_eq!(looks(&standard)[0], standard.forks);
        assert!((more.budget_s / standard.estimate_s - 1.3).abs() < 1e-9);
        let until_decided = TimeLimit { until_decided: true, ..none };
        let far = looks(&planned(quick, until_decided));
        assert!(far.len() > 3 && far.last() >= Some(&(8 * far[0])), "{far:?}");
        let budget = Some(Duration::from_secs(3_600));
        let limited = planned(Selection::default(), TimeLimit { budget, until_decided: true });
        assert_eq!(limited.more.as_ref().map(|more| more.budget_s), Some(3_600.0));
        assert_eq!(looks(&limited).len(), far.len());
    }

    #[test]
    fn all_shards_have_the_interim_analyses_of_the_whole_plan() {
        let until_decided = TimeLimit { until_decided: true, ..TimeLimit::default() };
        let of = |shard| {
            planned(Selection { preset: Preset::Quick, shard, ..Selection::default() }, until_decided)
        };
        let whole = of(None);
        for index in 1..=8 {
            let shard = of(Some(format!("{index}/8").parse().expect("a shard")));
            assert_eq!((shard.forks, looks(&shard)), (whole.forks, looks(&whole)), "{index}/8");
        }
    }

    /// Shards that left out other things, or had other interim analyses, could not be merged.
    #[test]
    fn with_a_budget_all_shards_are_parts_of_one_plan_and_fit_it() {
        let budget = |seconds| TimeLimit { budget: Some(Duration::from_secs(seconds)), until_decided: false };
        let against = |against| Selection { against, ..Selection::default() };
        for (seconds, selection) in
            [(20, against(false)), (90, against(false)), (900, against(false)), (300, against(true))]
        {
            let of = |index: usize| {
                let shard = Some(format!("{index}/4").parse().expect("a shard"));
                let selection = Selection { shard, ..selection.clone() };
                plan_run(&contend_workloads::suite(), selection, 2, budget(seconds), 7).expect("a plan")
            };
            let first = of(1);
            let all = &first.shard.as_ref().expect("a shard").blocks;
            let mut found = 0;
            for index in 1..=4 {
                let RunPlan { plan, left_out, shard } = of(index);
                assert_eq!(
                    (plan.forks, &left_out, looks(&plan)),
                    (first.plan.forks, &first.left_out, looks(&first.plan))
                );
                assert_eq!(plan.window_check, first.plan.window_check);
                assert!(
                    plan.estimate_s <= seconds as f64,
                    "{index}/4 takes {} s of {seconds}",
                    plan.estimate_s
                );
                assert_eq!(&shard.expect("a shard").blocks, all);
                found += plan.blocks.len();
            }
            assert_eq!(found, all.len());
        }
    }

    #[test]
    fn a_plan_of_two_builds_takes_twice_the_time_and_has_no_extra_forks() {
        let none = TimeLimit::default();
        let one = planned(Selection { forks: Some(20), ..Selection::default() }, none);
        let two = planned(Selection { forks: Some(20), against: true, ..Selection::default() }, none);
        let check = window_check::estimate(&one).as_secs_f64();
        assert!((two.estimate_s - 2.0 * one.estimate_s + check).abs() < 1e-6);
        let pairs = Selection { against: true, ..Selection::default() };
        assert!(looks(&planned(pairs, none)).is_empty());
    }

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
        assert_eq!(forks_of(any()), (Some(10), 21));
        assert_eq!(forks_of(Selection { fewer_forks: true, ..any() }), (Some(10), 12));
        let forks = Some(8);
        assert_eq!(forks_of(Selection { forks, ..any() }), (None, 8));
        let interim = true;
        let (own, all) = forks_of(Selection { interim, fewer_forks: true, ..any() });
        assert!(own == Some(10) && all > 12, "interim analyses are the same for all others: {all}");
    }
}
