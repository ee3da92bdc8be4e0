//! Extra forks from the time that a budget leaves after the planned forks: a race. They go to blocks in which nothing
//! is proven to be within the threshold of the best, one interim analysis after the other, and there to the contenders
//! that may still be. What gets forks follows from the records; the interim analyses are fixed in the plan. A block
//! gets all forks up to its next interim analysis, or none.

use std::collections::HashSet;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::observer::{Phase, RoundObserver};
use super::plan::fork_estimate;
use super::recorder::Recorder;
use super::resume::{RoundsDone, failed_cells};
use super::runner::{Pass, RunError, Runner, windows_left};
use super::window_check;
use crate::record::{self, BlockPlan, CellId, ExtraForks, Plan};
use crate::verdict::open_blocks;

/// Spends what is left of the budget of `plan`, whose planned forks are done and took `planned_took`.
///
/// # Errors
/// As [`Runner::run`], and if the records cannot be read back.
pub(super) fn run_phase(
    runner: &Runner<'_>,
    plan: &Plan,
    planned_took: Duration,
    failed: &mut HashSet<CellId>,
    recorder: &mut Recorder<'_>,
) -> Result<(), RunError> {
    let Some(more) = &plan.more else {
        return Ok(());
    };
    let budget = budget(more, planned_took);
    // If the planned forks took longer than estimated, so will these.
    let slowdown = (planned_took.as_secs_f64() / plan.estimate_s).max(1.0);
    for looks in more.looks.windows(2) {
        let (from, to) = (looks[0].forks, looks[1].forks);
        let journal = record::read(recorder.folder())?;
        failed.extend(failed_cells(&journal.records));
        let open = open_blocks(&journal.run, &journal.records, from);
        let part = |block: &BlockPlan| Some(open.iter().find(|open| open.block == block.block)?.of(block));
        let parts: Vec<BlockPlan> = plan.blocks.iter().filter_map(part).collect();
        let done = RoundsDone::from_records(&parts, &journal.records);
        let mut blocks: Vec<&BlockPlan> = parts.iter().collect();
        blocks.shuffle(&mut StdRng::seed_from_u64(runner.seed ^ u64::from(to)));
        // Blocks that an interrupted run began come first.
        blocks.sort_by_key(|block| done.of(block, from + 1) == 0);
        let estimate = |block: &BlockPlan| {
            (fork_estimate(block) * missing_forks(block, from, to, &done)).mul_f64(slowdown)
        };
        let check = window_check::estimate(plan).mul_f64(slowdown);
        let left = budget.saturating_sub(recorder.took() + check);
        let (chosen, estimate) = affordable(&blocks, left, estimate);
        if chosen.is_empty() {
            continue;
        }
        let phase = Phase::ExtraForks { blocks: chosen.len(), undecided: blocks.len(), from, to, estimate };
        let passes: Vec<Pass> = (from + 1..=to).map(|fork| (fork, chosen.clone())).collect();
        recorder.phase_started(&phase, windows_left(&passes, &done));
        runner.run(&passes, &done, failed, recorder)?;
    }
    Ok(())
}

/// How long a run may take whose planned forks took `planned_took`.
fn budget(more: &ExtraForks, planned_took: Duration) -> Duration {
    let of_planned = more.budget_of_planned.map(|times| planned_took.mul_f64(times));
    Duration::from_secs_f64(more.budget_s).max(of_planned.unwrap_or_default())
}

/// The number of forks after `from` and up to `to` that `block` lacks.
fn missing_forks(block: &BlockPlan, from: u32, to: u32, done: &RoundsDone) -> u32 {
    let is_missing = |fork: &u32| done.of(block, *fork) < block.rounds;
    (from + 1..=to).filter(is_missing).count() as u32
}

/// Those of `blocks`, in their order, for which time is left, and the time that they take.
fn affordable<'a>(
    blocks: &[&'a BlockPlan],
    left: Duration,
    estimate: impl Fn(&BlockPlan) -> Duration,
) -> (Vec<&'a BlockPlan>, Duration) {
    let mut spent = Duration::ZERO;
    let mut chosen = blocks.to_vec();
    chosen.retain(|block| {
        let with = spent + estimate(block);
        let fits = with <= left;
        if fits {
            spent = with;
        }
        fits
    });
    (chosen, spent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn block(threads: usize, rounds: u32) -> BlockPlan {
        BlockPlan {
            block: format!("counter/hot/{threads}").parse().expect("an id"),
            forks: None,
            rounds,
            window_ns: 8_000_000,
            frame_ns: 0,
            cells: Vec::new(),
        }
    }

    #[test]
    fn a_block_that_does_not_fit_leaves_its_time_to_later_ones() {
        let blocks = [block(1, 3), block(2, 9), block(4, 3)];
        let all: Vec<&BlockPlan> = blocks.iter().collect();
        let estimate = |block: &BlockPlan| Duration::from_secs(block.rounds.into());
        let threads = |left| {
            let (chosen, spent) = affordable(&all, Duration::from_secs(left), estimate);
            let threads: Vec<usize> = chosen.iter().map(|block| block.block.threads).collect();
            (threads, spent.as_secs())
        };
        assert_eq!(threads(15), (vec![1, 2, 4], 15));
        assert_eq!(threads(14), (vec![1, 2], 12));
        assert_eq!(threads(8), (vec![1, 4], 6));
        assert_eq!(threads(2), (vec![], 0));
    }

    #[test]
    fn the_time_of_the_planned_forks_alone_stretches_a_budget() {
        let more = |budget_of_planned| ExtraForks { budget_s: 130.0, budget_of_planned, looks: Vec::new() };
        let of = |budget_of_planned, planned| {
            budget(&more(budget_of_planned), Duration::from_secs(planned)).as_secs_f64()
        };
        assert_eq!([of(Some(1.3), 90), of(Some(1.3), 200), of(None, 200)], [130.0, 260.0, 130.0]);
    }

    #[test]
    fn finished_forks_cost_nothing() {
        let block = block(2, 3);
        let plan = contend_fixture::run_of(vec![block.clone()]).plan;
        let done = |forks: &[(u32, u32)]| {
            let record = |fork, round| Record::blank(block.block.cell("floor"), fork, round);
            let rounds =
                forks.iter().flat_map(|(fork, rounds)| (1..=*rounds).map(|round| record(*fork, round)));
            RoundsDone::from_records(&plan.blocks, &rounds.collect::<Vec<_>>())
        };
        assert_eq!(missing_forks(&block, 12, 18, &done(&[(12, 3)])), 6);
        assert_eq!(missing_forks(&block, 12, 18, &done(&[(13, 3), (14, 2)])), 5);
    }
}
