//! Many cells of two builds taken together. A single cell shows what it can in its own windows, and most changes that
//! a team looks for are in all of them: another compiler, another driver, another version of a crate. In each fork the
//! middle of the cells' ratios is one value; the noise of a cell moves it little, and what the machine does to a fork
//! is in all of them. So these values are as independent as forks are, and their median has the interval of any pair.

use contend_record::Run;
use serde::Serialize;

use crate::statistics::{OrderStatistic, PAIR_ERROR, Sorted};
use crate::verdict::{BlockAnalysis, CellState, CellSummary, Outcome, Threshold, higher_is_better};

/// The fewest cells that are taken together.
const FEWEST: usize = 8;

/// Cells taken together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Together {
    /// The workload; none for all cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// How many cells they are, without floors and controls.
    pub cells: usize,
    /// The time in the new build over that in the old one: the median over forks of the middle of the cells.
    pub ratio: f64,
    /// The lower end of its 99 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What the interval says of the new build.
    pub outcome: Outcome,
    /// Whether it is unresolved, and yet proven to be at most the threshold slower.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_slower: bool,
}

impl Together {
    /// The word for the new build.
    pub fn label(&self) -> &'static str {
        if self.not_slower { "not slower" } else { self.outcome.label() }
    }
}

/// The cells of each workload together, where there are several, and first those of all. Only the forks count that were
/// planned for all, since later ones have the cells that were still open.
pub(super) fn together(
    run: &Run,
    before: &[BlockAnalysis],
    after: &[BlockAnalysis],
    threshold: f64,
) -> Vec<Together> {
    let pairs = before.iter().zip(after).flat_map(|(before, after)| {
        after.cells.iter().filter_map(|cell| Some((cell, before.cell(&cell.cell.contender)?)))
    });
    let is_measured = |cell: &CellSummary| cell.state == CellState::Measured && cell.cell.is_contender();
    let pairs: Vec<Pair> = pairs
        .filter(|(new, old)| is_measured(new) && is_measured(old) && new.unit == old.unit && !new.in_process)
        .map(|(new, old)| Pair {
            workload: new.cell.workload.clone(),
            forks: ratios(new, old, run.plan.forks),
        })
        .collect();
    let mut workloads: Vec<&str> = pairs.iter().map(|pair| &*pair.workload).collect();
    workloads.dedup();
    let several = if workloads.len() > 1 { workloads } else { Vec::new() };
    let groups = std::iter::once(None).chain(several.into_iter().map(Some));
    groups.filter_map(|workload| of_group(&pairs, workload, run.plan.forks, threshold)).collect()
}

/// A cell of both builds.
struct Pair {
    workload: String,
    /// The logarithm of new over old for each planned fork; none where one of the two lacks it.
    forks: Vec<Option<f64>>,
}

fn ratios(new: &CellSummary, old: &CellSummary, forks: u32) -> Vec<Option<f64>> {
    let value = |of: &CellSummary, fork| of.forks.iter().find(|of| of.fork == fork).map(|of| of.value);
    let sign = if higher_is_better(&new.unit) { -1.0 } else { 1.0 };
    let ratio = |fork| Some(sign * (value(new, fork)? / value(old, fork)?).ln()).filter(|ln| ln.is_finite());
    (1..=forks).map(ratio).collect()
}

fn of_group(pairs: &[Pair], workload: Option<&str>, forks: u32, threshold: f64) -> Option<Together> {
    let is_there = |pair: &&Pair| workload.is_none_or(|name| pair.workload == name);
    let cells: Vec<&Pair> = pairs.iter().filter(is_there).collect();
    if cells.len() < FEWEST {
        return None;
    }
    let of_fork =
        |fork: usize| Sorted::new(cells.iter().filter_map(|cell| cell.forks[fork]).collect()).median();
    let values = Sorted::new((0..forks as usize).filter_map(of_fork).collect());
    let ends = OrderStatistic::within(values.len(), PAIR_ERROR)?;
    let (median, (low, high)) = (values.median()?, values.interval(ends)?);
    let threshold = Threshold::new(threshold);
    let outcome = threshold.outcome((low, high));
    Some(Together {
        workload: workload.map(str::to_owned),
        cells: cells.len(),
        ratio: median.exp(),
        low: low.exp(),
        high: high.exp(),
        outcome,
        not_slower: outcome == Outcome::Unresolved && !threshold.is_slower(high),
    })
}
