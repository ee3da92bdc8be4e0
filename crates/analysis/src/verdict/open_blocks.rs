//! What is still undecided at an interim analysis: where more forks may find what to take. Knows the analysis of a run,
//! and not how it is measured.

use std::collections::HashSet;

use contend_record::{BlockId, BlockPlan, CellId, Record, Run, RunStatus, Status};

use super::interim;
use super::threshold::Threshold;
use super::{BlockAnalysis, Class, ContenderDecision, Guarantee, analyse};

/// A block with a class of which no contender is proven to be within the threshold of the best.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenBlock {
    /// The block.
    pub block: BlockId,
    /// The names of the cells that more forks may say something of, in the order of the plan: contenders that are not
    /// proven to be behind the best by more than the threshold, the baseline of these, a control of them, and the
    /// floor.
    pub cells: Vec<String>,
}

impl OpenBlock {
    /// The part of its plan that more forks measure.
    pub fn of(&self, plan: &BlockPlan) -> BlockPlan {
        let mut plan = plan.clone();
        plan.cells.retain(|cell| self.cells.contains(&cell.contender));
        plan
    }
}

/// The undecided blocks of those that have reached the interim analysis at `forks` and may get more. Later forks, which
/// an interrupted run may have, change nothing of it. All forks up to `forks` are taken as done.
pub fn open_blocks(run: &Run, records: &[Record], forks: u32) -> Vec<OpenBlock> {
    let run = &Run { status: RunStatus::Complete, ..run.clone() };
    let known = |of: &&Record| of.fork <= forks || of.status == Status::Failed;
    let records: Vec<Record> = records.iter().filter(known).cloned().collect();
    let analysis = analyse(run, &records);
    let of_plan = run.plan.blocks.iter().zip(interim::reached(run, &records));
    analysis
        .blocks
        .iter()
        .zip(of_plan)
        .filter(|(_, (plan, reached))| plan.forks.is_none() && reached.block.forks == forks)
        .filter_map(|(block, (plan, reached))| {
            let cells = plan.cells.iter().zip(&reached.cells);
            let left_behind = cells.filter(|(_, of)| of.forks < forks).map(|(cell, _)| &cell.contender[..]);
            open_block(block, plan, &left_behind.collect(), run.plan.threshold)
        })
        .collect()
}

/// What is open in a block. What was left behind at an earlier analysis stays behind, even if a wider bound between two
/// rivals lowers its own. Otherwise it would have a gap in its forks, and one more analysis than the plan has.
fn open_block(
    block: &BlockAnalysis,
    plan: &BlockPlan,
    left_behind: &HashSet<&str>,
    threshold: f64,
) -> Option<OpenBlock> {
    let limit = Threshold::new(threshold).ratio();
    let may_be_best = |decision: &ContenderDecision| {
        let went_on = !left_behind.contains(&decision.contender[..]);
        went_on && decision.at_least.is_none_or(|least| least <= limit)
    };
    // A rival without a ratio in some fork leaves all others of its class without a bound, however many forks follow.
    let can_be_decided = |class: &Class| {
        let mut of_class = block.decisions.iter().filter(|decision| decision.class == *class);
        of_class.any(|decision| may_be_best(decision) && decision.at_most.is_some())
    };
    let open: Vec<Class> = block
        .choices
        .iter()
        .filter(|choice| matches!(choice.guarantee, Guarantee::Behind { .. } | Guarantee::Open))
        .map(|choice| choice.class)
        .filter(can_be_decided)
        .collect();
    let decisions = || block.decisions.iter().filter(|decision| open.contains(&decision.class));
    let is_open = |name: &str| {
        let as_baseline = || decisions().any(|decision| decision.baseline.as_deref() == Some(name));
        decisions().any(|of| of.contender == name && (may_be_best(of) || as_baseline()))
    };
    let wanted = |cell: &CellId| match cell.control_of() {
        Some(original) => is_open(original),
        None => cell.is_floor() || is_open(&cell.contender),
    };
    let cells = plan.cells.iter().map(|cell| block.block.cell(&cell.contender)).filter(wanted);
    let cells: Vec<String> = cells.map(|cell| cell.contender).collect();
    (!open.is_empty()).then(|| OpenBlock { block: block.block.clone(), cells })
}
