//! What the records say: summaries of cells, comparisons of pairs, who leads a block. Pure functions
//! of recorded data; nothing in here knows a workload's code or a contender's.
//!
//! The way of a number: `windows` sorts a run's records by cell and keeps the valid ones, `summary`
//! says what a cell came to, `compare` pairs two of them, `judge` gives the verdict with an interval
//! from `interval`, `winner` whether one is ahead of all, `standing` says who leads a class, and `analyse` puts them together. `looks` knows
//! when a block may be judged, and at which part of the error; `lengths` whether winners are ones in
//! longer windows too. `halves` checks the method on a contender alone; `modes` and `drift` find what a median hides, `notes`
//! says it. `across` compares what `analyse` does not, by order: two classes, two blocks, two runs,
//! with `independent` where forks are no pairs. The crate `contend-simulate` shows how often all of this is right.

mod analyse;
mod common_shift;
pub mod decision;
mod interim;
mod leader;
mod notes;
mod pair;
mod planned_comparison;
mod split_half;
mod summary;
mod threshold;
mod window_check;
mod windows;
mod winner;

pub use analyse::{analyse, undecided};
pub use common_shift::{CommonShifts, common_shifts};
pub use interim::{FIRST_INTERIM_SHARE, interim_analyses};
pub use planned_comparison::{Comparison, paired, unpaired, unpaired_pairs};
pub use threshold::{Outcome, Threshold};
pub use window_check::{
    WindowLengthCheck, analyse_run, max_window_check_forks, window_check_blocks,
};

pub use crate::statistics::{FAMILY_ERROR, PAIR_ERROR, forks_needed, forks_needed_at};

use contend_record::{BlockId, CellId, Class};
use serde::{Deserialize, Serialize};

/// One comparison: a line of `verdicts.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The block that both stand in.
    pub block: BlockId,
    /// The one with the lower estimate (with the better one, where a unit says higher is better).
    pub a: String,
    /// The other.
    pub b: String,
    /// The class that both are of.
    pub class: Class,
    /// Time of `a` over time of `b`: the median over forks. Where the unit is a rate, the rate of
    /// `b` over the rate of `a`, so that less than 1 is always in favour of `a`.
    pub ratio: f64,
    /// Where the ratio may be as low as.
    pub low: f64,
    /// Where it may be as high as.
    pub high: f64,
    /// What follows.
    pub verdict: Outcome,
    /// Whether `a` and `b` are the same code, entered twice.
    pub control: bool,
    /// Forks that have both.
    pub forks: u32,
    /// The same ratio from the medians over single windows, shown beside: opposite signs mean
    /// `unresolved`.
    pub ratio_of_windows: f64,
    /// Whether `a` is told from `b` as the winner of their class, by the test of a winner: `high` then
    /// ends at the threshold, since that is all that the test says.
    #[serde(default, skip_serializing_if = "is_not")]
    pub as_winner: bool,
    /// What the reader must know of this comparison, a sentence each: two modes, drift.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Verdict {
    /// How many times as fast `a` is as `b`: estimate, low, high.
    pub fn speedup(&self) -> (f64, f64, f64) {
        (1.0 / self.ratio, 1.0 / self.high, 1.0 / self.low)
    }
}

fn is_not(it: &bool) -> bool {
    !it
}

/// What became of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "reason")]
pub enum CellState {
    /// It has numbers.
    Measured,
    /// It has none, and must not have: its check failed, or it did not end.
    Failed(String),
    /// It has none: no valid window.
    Missing(String),
}

/// A fork's value of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForkValue {
    /// The fork.
    pub fork: u32,
    /// Sum of time over sum of operations, over the fork's valid rounds: ns per operation (or the
    /// mean of `value`, where the unit is another).
    pub value: f64,
}

/// Quantiles over a cell's valid windows, in the cell's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// How many windows these are of.
    pub windows: u32,
    /// The least.
    pub min: f64,
    /// One in twenty is lower.
    pub p05: f64,
    /// One in four is lower.
    pub p25: f64,
    /// The median.
    pub p50: f64,
    /// Three in four are lower.
    pub p75: f64,
    /// 19 in twenty are lower.
    pub p95: f64,
    /// The greatest.
    pub max: f64,
}

/// What a cell came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellSummary {
    /// Its id.
    pub cell: CellId,
    /// What it promises.
    pub class: Class,
    /// Threads that may run at once, helpers included.
    pub runnable: u32,
    /// Whether these are more than the CPUs allowed.
    pub oversubscribed: bool,
    /// What became of it.
    pub state: CellState,
    /// The share of the allowed error that its block's look spends; 0 where the block has not come to
    /// a look, and nothing may be concluded.
    #[serde(default = "whole")]
    pub share: f64,
    /// `ns/op`, or the records' own unit.
    pub unit: String,
    /// A value for each fork.
    pub forks: Vec<ForkValue>,
    /// The median over forks; none where there is no fork.
    pub median: Option<f64>,
    /// The interval of that median; none below the forks that an interval needs.
    pub interval: Option<(f64, f64)>,
    /// What single windows did.
    pub windows: Option<Quantiles>,
    /// Windows that were voided.
    pub voided: u32,
    /// CPU nanoseconds an operation, as a median over windows.
    pub cpu_ns_per_op: Option<f64>,
    /// Context switches for a thousand operations, as a median over windows.
    pub switches_per_1000: Option<f64>,
    /// Least share of the operations that a worker got, over its fair share: 1 is fair; the median
    /// over windows.
    pub least_share: Option<f64>,
    /// What the reader must know of this cell, a sentence each: two modes, drift.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Its valid windows, for comparisons that are asked for later.
    #[serde(skip)]
    samples: Vec<windows::Sample>,
}

/// All of the error: that of a single look.
fn whole() -> f64 {
    1.0
}

/// Who leads a class of a block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Standing {
    /// One contender clears the threshold against every other of its class.
    Winner {
        /// Which.
        contender: String,
        /// The best of the others.
        runner_up: String,
        /// Its verdict against that one.
        verdict: Box<Verdict>,
    },
    /// The best ones are level: each ties with the leader, and all others are slower.
    Tied {
        /// Which.
        contenders: Vec<String>,
    },
    /// The data do not tell the leader from these.
    Unresolved {
        /// The leader by estimate first, then those not told from it.
        contenders: Vec<String>,
    },
    /// There is nothing to compare it with.
    Alone {
        /// Which.
        contender: String,
    },
    /// Nothing was measured.
    #[serde(rename = "nobody")]
    NotMeasured,
}

/// One class of a block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassStanding {
    /// Which.
    pub class: Class,
    /// Who leads it.
    pub standing: Standing,
    /// Its measured contenders from best to worst by estimate. An order, not a verdict.
    pub order: Vec<String>,
}

/// What a block came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockAnalysis {
    /// Its id.
    pub block: BlockId,
    /// Whether the workers alone are more than the CPUs allowed.
    pub oversubscribed: bool,
    /// Its cells in the plan's order, the control and the floor among them.
    pub cells: Vec<CellSummary>,
    /// Every pair of a class, and the control.
    pub verdicts: Vec<Verdict>,
    /// Who leads, by class.
    pub standings: Vec<ClassStanding>,
    /// The verdict on the control; none where it has no numbers.
    pub control: Option<Verdict>,
    /// The control's half-width as a share: 0.04 is ±4 %. What is closer than that cannot be told
    /// apart in this block. None where there is no control with forks enough for a verdict.
    pub resolution: Option<f64>,
}

impl BlockAnalysis {
    /// Whether identical code was told apart here.
    pub fn control_failed(&self) -> bool {
        self.control
            .as_ref()
            .is_some_and(|control| control.verdict == Outcome::Faster)
    }

    /// The verdict on a pair, whichever way round it stands.
    pub fn between(&self, one: &str, other: &str) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| {
            (verdict.a == one && verdict.b == other) || (verdict.a == other && verdict.b == one)
        })
    }

    /// The summary of `contender`'s cell.
    pub fn cell(&self, contender: &str) -> Option<&CellSummary> {
        self.cells
            .iter()
            .find(|cell| cell.cell.contender == contender)
    }
}

/// What a whole run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The threshold of every verdict: 0.03 is 3 %.
    pub threshold: f64,
    /// The blocks in the plan's order.
    pub blocks: Vec<BlockAnalysis>,
    /// Comparisons of different contenders.
    pub comparisons: u32,
    /// At most how many of them are expected to be wrong, by the method's error rate.
    pub expected_wrong: f64,
    /// Controls with numbers.
    pub controls: u32,
    /// Controls told apart.
    pub controls_failed: u32,
    /// Cells whose odd rounds were compared with their even ones: the same code, so a control of
    /// the method for every contender.
    pub split_half_checks: u32,
    /// Those whose halves were told apart.
    pub split_half_failures: u32,
    /// Winners and their runners-up in longer windows. See [`analyse_run`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub window_checks: Vec<WindowLengthCheck>,
}
