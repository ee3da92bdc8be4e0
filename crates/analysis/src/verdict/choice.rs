//! What to take in each class of a block, and what it costs not to. Knows distances and the order of simplicity.

use contend_record::{BlockId, Class, ContenderInfo};
use serde::{Deserialize, Serialize};

use super::distance::Distance;
use super::planned_comparison::paired;
use super::threshold::{Outcome, Threshold};
use super::{CellSummary, simplicity};

/// What follows for one contender of a class: a line of `decisions` in `verdicts.json`. All ratios are ratios of
/// times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContenderDecision {
    /// The block.
    pub block: BlockId,
    /// The class.
    pub class: Class,
    /// The contender.
    pub contender: String,
    /// Its time over that of the best of its class is at most this. All bounds of a block and class hold together
    /// with 95 %. None where there are too few forks for it.
    pub at_most: Option<f64>,
    /// Its time over that of the best is at least this. None where it is not proven to be slower.
    pub at_least: Option<f64>,
    /// Whether it is the one to take: the simplest of those within the threshold of the best. Where there are none,
    /// the one with the least `at_most`.
    pub pick: bool,
    /// The contender that it is compared with, as a planned comparison. None where the block has none.
    pub baseline: Option<String>,
    /// Its time over the baseline's.
    pub baseline_ratio: Option<f64>,
    /// The lower end of that ratio's interval.
    pub baseline_low: Option<f64>,
    /// The upper end.
    pub baseline_high: Option<f64>,
    /// What the interval says of it.
    pub baseline_verdict: Option<Outcome>,
}

/// A class of a block, for its decisions.
pub(super) struct Contest<'a> {
    pub(super) block: &'a BlockId,
    pub(super) class: Class,
    /// Its contenders with their distances, from best to worst by estimate.
    pub(super) contenders: &'a [(String, Distance)],
    /// All cells of the block.
    pub(super) cells: &'a [CellSummary],
    /// The descriptions of the run's contenders.
    pub(super) infos: &'a [ContenderInfo],
    pub(super) threshold: f64,
}

impl Contest<'_> {
    /// The decisions in the order of the contenders.
    pub(super) fn decisions(&self) -> Vec<ContenderDecision> {
        let pick = self.pick();
        let baseline = simplicity::baseline(self.cells);
        let decision = |(index, (name, distance)): (usize, &(String, Distance))| {
            let against = baseline.filter(|cell| cell.cell.contender != *name);
            let own = self.cells.iter().find(|cell| cell.cell.contender == *name);
            let compared = own.zip(against).and_then(|(own, other)| paired(own, other, self.threshold));
            let compared = compared.filter(|compared| compared.enough);
            ContenderDecision {
                block: self.block.clone(),
                class: self.class,
                contender: name.clone(),
                at_most: distance.at_most,
                at_least: distance.at_least,
                pick: pick == Some(index),
                baseline: baseline.map(|cell| cell.cell.contender.clone()),
                baseline_ratio: compared.as_ref().map(|compared| compared.ratio),
                baseline_low: compared.as_ref().map(|compared| compared.low),
                baseline_high: compared.as_ref().map(|compared| compared.high),
                baseline_verdict: compared.map(|compared| compared.outcome),
            }
        };
        self.contenders.iter().enumerate().map(decision).collect()
    }

    /// The one to take. None where no contender has a bound.
    fn pick(&self) -> Option<usize> {
        let bounded = self.contenders.iter().enumerate();
        let bounded: Vec<(usize, &String, f64)> =
            bounded.filter_map(|(at, (name, distance))| Some((at, name, distance.at_most?))).collect();
        let limit = Threshold::new(self.threshold).ratio();
        let within = bounded.iter().filter(|(.., at_most)| *at_most <= limit);
        let simplest = within.min_by_key(|(at, name, _)| (simplicity::rank(name, self.infos), *at));
        let nearest = || bounded.iter().min_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)));
        simplest.or_else(nearest).map(|(at, ..)| *at)
    }
}
