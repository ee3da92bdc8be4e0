//! What records say: summaries of cells, verdicts on pairs, and the leader of each class. Pure functions of recorded
//! data; nothing in here knows a workload's code or a contender's.
//!
//! The data flow through these modules:
//!
//! | module | what it does |
//! | --- | --- |
//! | `windows` | sorts a run's records by cell and keeps the valid ones |
//! | `summary` | summarises a cell: a value for each fork, their median and its interval |
//! | `not_slower` | proves that one of an unresolved pair is at most the threshold slower |
//! | `pair_word` | the words for a pair: faster, tie, not slower, unresolved |
//! | `pair`, [`decision`] | compares two cells fork by fork, and decides between the three verdicts |
//! | `threshold` | the least difference that counts, and what an interval says of it |
//! | `leader` | concludes from the pairs who leads a class |
//! | `distance` | bounds how far each contender is from the best of its class |
//! | `contender_decision`, `baseline` | puts a contender's distances from the best and from the baseline together |
//! | `choice`, `simplicity` | chooses which contender to take, and says why |
//! | `analyse` | puts these together for a whole run |
//! | `interim` | when a block may be judged, and which share of the error that spends |
//! | `open_blocks` | what is undecided at an interim analysis, and which contenders are proven to be behind |
//! | `split_half` | checks the method on each contender: odd rounds against even ones |
//! | `common_shift` | finds forks in which most contenders of a block were slower or faster |
//! | `window_check` | checks whether winners also win in longer windows |
//! | `aging` | notes cells that take another time in longer windows |
//! | `refutation` | makes winners that lose in longer windows unresolved |
//! | `resolution` | the half-widths of a block's intervals |
//! | `disturbances` | counts what the machine did to a block's windows |
//! | `collapses` | counts windows that are ten times slower than the others |
//! | `run_resolution` | the median of these by thread count |
//! | `notes` | describes what a median hides: collapses, stalls, two modes, drift |
//! | `planned_comparison` | compares pairs that were named in advance: across classes, blocks and runs |
//!
//! The crate `contend-simulate` measures the error rates of all this.

mod aging;
mod analyse;
mod baseline;
mod choice;
mod collapses;
mod common_shift;
mod contender_decision;
pub mod decision;
mod distance;
mod disturbances;
mod interim;
mod leader;
mod not_slower;
mod notes;
mod open_blocks;
mod pair;
mod pair_word;
mod planned_comparison;
mod refutation;
mod resolution;
mod run_resolution;
mod samples;
mod simplicity;
mod split_half;
mod summary;
mod threshold;
mod window_check;
mod windows;

pub use analyse::analyse;
pub use baseline::BASELINE;
pub use choice::{ClassChoice, Guarantee};
pub use collapses::Collapses;
pub use common_shift::{CommonShifts, common_shifts};
pub use contender_decision::ContenderDecision;
pub use disturbances::BlockDisturbance;
pub use interim::{FIRST_INTERIM_SHARE, analyses_until_decided, interim_analyses};
pub use open_blocks::{OpenBlock, open_blocks};
pub use pair_word::{PairWord, label as pair_label};
pub use planned_comparison::{Comparison, paired, paired_as, unpaired, unpaired_pairs};
pub use refutation::analyse_run;
pub use run_resolution::ThreadResolution;
pub use threshold::{Outcome, Threshold};
pub use window_check::{WindowLengthCheck, max_window_check_forks, window_check_blocks};
pub use windows::higher_is_better;

pub use crate::statistics::{FAMILY_ERROR, PAIR_ERROR, forks_needed, forks_needed_at};

use contend_record::{BlockId, CellId, Class};
use serde::{Deserialize, Serialize};

/// One comparison: a line of `verdicts.json`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The block of both.
    pub block: BlockId,
    /// The contender with the better estimate.
    pub a: String,
    /// The other contender.
    pub b: String,
    /// The class of both.
    pub class: Class,
    /// The time of `a` over the time of `b`: the median over forks. For rates the inverse, so that less than 1 always
    /// favours `a`.
    pub ratio: f64,
    /// The lower end of the ratio's interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The verdict. Never `slower`, because `a` has the better estimate.
    pub verdict: Outcome,
    /// Of an unresolved pair the one that is proven to be at most the threshold slower. None where neither is, and
    /// where the verdict says more.
    #[serde(default)]
    pub not_slower: Option<Side>,
    /// Whether `a` and `b` are one contender and its control.
    pub control: bool,
    /// The number of forks that have both.
    pub forks: u32,
    /// The ratio of the medians over single windows. If it favours the other contender, the verdict is
    /// `unresolved`.
    pub ratio_of_windows: f64,
    /// Notes on this comparison, a sentence each: two modes, drift.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Verdict {
    /// The speed-up of `a` over `b`: estimate, lower and upper end.
    pub fn speedup(&self) -> (f64, f64, f64) {
        (1.0 / self.ratio, 1.0 / self.high, 1.0 / self.low)
    }
}

/// One of the two contenders of a verdict.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The one with the better estimate.
    A,
    /// The other.
    B,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// Whether a cell has numbers.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "reason")]
pub enum CellState {
    /// It has numbers.
    Measured,
    /// It has none, because its check failed or it did not finish.
    Failed(String),
    /// It has none, because it has no valid window.
    Missing(String),
}

/// A cell's value in one fork.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForkValue {
    /// The fork, from 1.
    pub fork: u32,
    /// The mean over the fork's valid windows.
    pub value: f64,
}

/// Quantiles over a cell's valid windows, in the cell's unit.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// The number of windows.
    pub windows: u32,
    /// The minimum.
    pub min: f64,
    /// The 5 % quantile.
    pub p05: f64,
    /// The 25 % quantile.
    pub p25: f64,
    /// The median.
    pub p50: f64,
    /// The 75 % quantile.
    pub p75: f64,
    /// The 95 % quantile.
    pub p95: f64,
    /// The maximum.
    pub max: f64,
}

/// The summary of a cell.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellSummary {
    /// Its id.
    pub cell: CellId,
    /// Its class.
    pub class: Class,
    /// The number of threads that may run at once, with helpers.
    pub runnable: u32,
    /// Whether these are more than the allowed CPUs.
    pub oversubscribed: bool,
    /// Whether it has numbers, and why not.
    pub state: CellState,
    /// The share of the allowed error that its block's interim analysis spends. 0 where the block has not reached
    /// one, and no verdict is allowed.
    #[serde(default = "whole")]
    pub share: f64,
    /// `ns/op`, or the records' own unit.
    pub unit: String,
    /// A value for each fork.
    pub forks: Vec<ForkValue>,
    /// The median over forks; none where there is no fork.
    pub median: Option<f64>,
    /// The mean over all valid windows, which a program gets that meets them all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// How often its windows collapse. None where no window has a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collapses: Option<Collapses>,
    /// The interval of that median; none where there are too few forks.
    pub interval: Option<(f64, f64)>,
    /// The quantiles over single windows.
    pub windows: Option<Quantiles>,
    /// The number of voided windows.
    pub voided: u32,
    /// CPU nanoseconds per operation, the median over windows.
    pub cpu_ns_per_op: Option<f64>,
    /// The part of it in user code, divided as the sums over all windows are. None in records without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_ns_per_op: Option<f64>,
    /// The part of it in the kernel, divided as the sums over all windows are. None in records without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_ns_per_op: Option<f64>,
    /// Context switches per 1,000 operations, the median over windows.
    pub switches_per_1000: Option<f64>,
    /// The operations of the slowest worker over its fair share, the median over windows. 1 is fair. None where the
    /// windows have one total, or where each worker was given its operations.
    pub least_share: Option<f64>,
    /// Notes on this cell, a sentence each: collapses, stalls, two modes, drift.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Whether its forks were one process.
    #[serde(skip)]
    pub(crate) in_process: bool,
    /// Its valid windows, for planned comparisons.
    #[serde(skip)]
    samples: samples::Samples,
}

/// All of the error, as a single analysis spends it.
fn whole() -> f64 {
    1.0
}

/// The leader of a class of a block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Standing {
    /// One contender is ahead of every other of its class by more than the threshold.
    Winner {
        /// The winner.
        contender: String,
        /// The best of the others.
        runner_up: String,
        /// The verdict on these two.
        verdict: Box<Verdict>,
    },
    /// Several contenders tie with the leader, and all others are slower.
    Tied {
        /// The leader by estimate first, then those that tie with it.
        contenders: Vec<String>,
    },
    /// The data do not decide between these.
    Unresolved {
        /// The leader by estimate first, then those that may be ahead of it.
        contenders: Vec<String>,
        /// Why a contender that was ahead is no winner, because longer windows reverse the order; or why those that
        /// are level do not share the lead, because forks lie far outside. None where the intervals of the pairs say
        /// enough.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The class has one measured contender.
    Alone {
        /// That contender.
        contender: String,
    },
    /// Nothing was measured.
    #[serde(rename = "nobody")]
    NotMeasured,
}

/// The standing in one class of a block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassStanding {
    /// The class.
    pub class: Class,
    /// Its leader.
    pub standing: Standing,
    /// Its measured contenders from best to worst by estimate. This order is no verdict.
    pub order: Vec<String>,
}

/// The analysis of a block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockAnalysis {
    /// Its id.
    pub block: BlockId,
    /// Whether the workers alone are more than the allowed CPUs.
    pub oversubscribed: bool,
    /// Its cells in the plan's order, with the control and the floor.
    pub cells: Vec<CellSummary>,
    /// The verdicts on every pair of a class, and on the control.
    pub verdicts: Vec<Verdict>,
    /// The standings, one for each class.
    pub standings: Vec<ClassStanding>,
    /// A decision for each ranked contender, class by class, in the order of its standing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<ContenderDecision>,
    /// What to take, one for each measured class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ClassChoice>,
    /// The verdict on the control; none where it was not measured.
    pub control: Option<Verdict>,
    /// The median half-width of the intervals of its pairs, a share: 0.04 is ±4 %. None where no pair has enough forks
    /// for a verdict.
    pub resolution: Option<f64>,
    /// The half-width of the control's interval. It is the noise of one contender. None where the control has too few
    /// forks for a verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_resolution: Option<f64>,
    /// What the machine did while it was measured, by kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disturbed: Vec<BlockDisturbance>,
    /// The forks that were taken again because the floor was far off.
    #[serde(default)]
    pub retaken_forks: u32,
}

impl BlockAnalysis {
    /// Whether the control differs from its contender, which is identical code.
    pub fn control_failed(&self) -> bool {
        self.control.as_ref().is_some_and(|control| control.verdict == Outcome::Faster)
    }

    /// The verdict on a pair, in either order.
    pub fn between(&self, one: &str, other: &str) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| {
            (verdict.a == one && verdict.b == other) || (verdict.a == other && verdict.b == one)
        })
    }

    /// The least share of the floor, which shares nothing: what the scheduler alone does to the slowest worker.
    pub fn floor_share(&self) -> Option<f64> {
        self.cells.iter().find(|cell| cell.cell.is_floor())?.least_share
    }

    /// What to take of a class.
    pub fn choice(&self, class: Class) -> Option<&ClassChoice> {
        self.choices.iter().find(|choice| choice.class == class)
    }

    /// The decision on `contender`.
    pub fn decision(&self, contender: &str) -> Option<&ContenderDecision> {
        self.decisions.iter().find(|decision| decision.contender == contender)
    }

    /// The summary of `contender`'s cell.
    pub fn cell(&self, contender: &str) -> Option<&CellSummary> {
        self.cells.iter().find(|cell| cell.cell.contender == contender)
    }
}

/// The analysis of a whole run.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The least difference that counts: 0.03 is 3 %.
    pub threshold: f64,
    /// The blocks in the plan's order.
    pub blocks: Vec<BlockAnalysis>,
    /// The number of comparisons of different contenders.
    pub comparisons: u32,
    /// The greatest expected number of wrong ones, by the method's error rates.
    pub expected_wrong: f64,
    /// The number of measured controls.
    pub controls: u32,
    /// The number of controls that differ from their contender.
    pub controls_failed: u32,
    /// The number of cells with a split-half check: odd rounds against even ones, which are the same code.
    pub split_half_checks: u32,
    /// The number of those checks that found a difference.
    pub split_half_failures: u32,
    /// The checks of winners in longer windows. See [`analyse_run`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub window_checks: Vec<WindowLengthCheck>,
}

impl Analysis {
    /// The check that refuted a verdict on this pair of a block, in either order.
    pub fn refuted(&self, block: &BlockId, one: &str, other: &str) -> Option<&WindowLengthCheck> {
        let mut checks = self.window_checks.iter().filter(|check| check.reversed && check.block == *block);
        checks.find(|of| (of.a == one && of.b == other) || (of.a == other && of.b == one))
    }

    /// The planned comparison of two cells of one block, unresolved where longer windows refute the pair. None where
    /// they have no round in common, or where their units differ.
    pub fn planned(&self, a: &CellSummary, b: &CellSummary) -> Option<Comparison> {
        let mut compared = paired(a, b, self.threshold)?;
        let refuted = || self.refuted(&a.cell.block(), &a.cell.contender, &b.cell.contender);
        if let Some(check) = (!self.window_checks.is_empty()).then(refuted).flatten() {
            compared.refute(check);
        }
        Some(compared)
    }
}

#[cfg(test)]
mod tests;
