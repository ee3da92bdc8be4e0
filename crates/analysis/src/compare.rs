//! Two runs, cell by cell: before and after a change, or two machines. Knows records and verdicts, no
//! workload and no contender.
//!
//! `comparability` decides whether two runs may be compared: only with one toolchain, and one fingerprint of the
//! machine or, in old runs, one name and caches of the CPU. Otherwise they are shown side by side, without ratios and
//! verdicts. `drift` finds the common shift of a block's cells, which is due to the machine or to something that all
//! cells share. A cell counts as changed when it moved by more than the threshold **and** by more than the threshold
//! beyond the drift. It ties when both are within the threshold; anything else is unresolved. `diff` decides that for
//! each cell, and `render` writes the result.
//!
//! `builds` compares two builds that were measured in one run, whose forks are pairs. `together` takes all cells of
//! such a run as one.
//!
//! Forks of two runs are not pairs: [`unpaired`](crate::verdict::unpaired) describes the method. The intervals are
//! uncorrected, so about one of a hundred cells may be wrong; [`Compared::expected_wrong`] gives the number.

mod builds;
mod comparability;
mod diff;
mod drift;
mod markdown;
mod render;
#[cfg(test)]
mod tests;
mod together;

use contend_record::{CellId, Class, RunData};
use serde::{Serialize, Serializer};

use crate::verdict::{Outcome, analyse_run};

pub use builds::compare_builds;
pub use comparability::Difference;
pub use drift::Drift;
pub use markdown::{markdown, markdown_body};
pub use render::{changed, head, terminal, together_lines, totals};
pub use together::Together;

use diff::RunPair;

/// The comparison of two runs, or of the two builds of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The baseline run.
    pub first: Side,
    /// The run whose cells are called faster or slower.
    pub second: Side,
    /// Whether fork i of one and fork i of the other are a pair: two builds in one run.
    #[serde(skip_serializing_if = "is_not")]
    pub paired: bool,
    /// The least difference that counts: 0.03 is 3 %. The greater one of the two runs.
    pub threshold: f64,
    /// The reasons for showing the runs side by side only, a sentence each. Empty where they are compared.
    pub side_by_side: Vec<String>,
    /// Other differences between the runs, which may explain changes.
    pub differences: Vec<Difference>,
    /// The number of cells of each kind of change.
    pub counts: Counts,
    /// The cells of two builds taken together: all of them, and those of each workload.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<Together>,
    /// The greatest expected number of wrong verdicts, by the method's error rate.
    pub expected_wrong: f64,
    /// The blocks of the second run in its order, then those of the first that it lacks.
    pub blocks: Vec<BlockChange>,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// Its name.
    pub run: String,
    /// Its start: UTC, RFC 3339.
    pub started: String,
    /// The CPU's model, or "unknown".
    pub cpu: String,
    /// The compiler, or "unknown".
    pub toolchain: String,
}

/// One block of two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlockChange {
    /// Its id.
    pub block: String,
    /// The common shift of its cells; none side by side, and where it cannot be estimated.
    pub drift: Option<Drift>,
    /// The leaders in each run, by class. Only side by side.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<Leaders>,
    /// Notes, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Its cells, those of the second run first.
    pub cells: Vec<CellChange>,
}

/// The leaders of a class of a block in each run: several where they tie or are undecided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leaders {
    /// The class.
    pub class: Class,
    /// In the first run, in words.
    pub first: String,
    /// In the second.
    pub second: String,
}

/// One cell of two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CellChange {
    /// Its id.
    pub cell: CellId,
    /// Its result in the first run.
    pub first: Reading,
    /// Its result in the second run.
    pub second: Reading,
    /// The verdict on the second run; none side by side.
    pub verdict: Option<Change>,
    /// Of an unresolved cell of two builds the one that is proven to be at most the threshold slower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_slower: Option<Which>,
    /// The shift from the first run to the second; none where it cannot be estimated.
    #[serde(flatten)]
    pub shift: Option<Shift>,
    /// Notes, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One of the two that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// The older one.
    First,
    /// The newer one.
    Second,
}

impl CellChange {
    /// The word for the second: that of its verdict, or the weaker proof where that is unresolved.
    pub fn label(&self) -> &'static str {
        match (self.verdict, self.not_slower) {
            (None, _) => "",
            (Some(_), Some(Which::Second)) => "not slower",
            (Some(_), Some(Which::First)) => "not faster",
            (Some(verdict), None) => verdict.label(),
        }
    }
}

fn is_not(it: &bool) -> bool {
    !it
}

/// A cell's result in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reading {
    /// The median over forks; none where it has no numbers.
    pub median: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// The interval of that median; none where there are too few forks.
    pub interval: Option<(f64, f64)>,
    /// The number of forks with values.
    pub forks: usize,
    /// The reason for having no numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The shift of a cell: the time in the second run over the time in the first. For rates the inverse, so that less
/// than 1 always favours the second run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shift {
    /// The median over all pairs of a fork of one run and a fork of the other.
    pub ratio: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The ratio divided by the drift of the other cells of its block.
    pub ratio_beyond_drift: Option<f64>,
    /// The lower end of its interval.
    pub low_beyond_drift: Option<f64>,
    /// The upper end.
    pub high_beyond_drift: Option<f64>,
}

/// The change of a cell: a comparison of the second run with the first, or the reason for having none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It has numbers in the first run, and failed its check in the second.
    Failed,
    /// One of the runs has no numbers, or the two did not do the same work.
    NotCompared,
    /// The comparison. `Faster` and `Slower` are about the second run, and hold with the drift and without it. So
    /// does a tie.
    #[serde(untagged)]
    Compared(Outcome),
}

impl Change {
    /// The cell is slower in the second run.
    pub const SLOWER: Self = Self::Compared(Outcome::Slower);
    /// The cell is faster in the second run.
    pub const FASTER: Self = Self::Compared(Outcome::Faster);
    /// The cell did not change.
    pub const TIE: Self = Self::Compared(Outcome::Tie);
    /// The data do not say whether it changed.
    pub const UNRESOLVED: Self = Self::Compared(Outcome::Unresolved);

    /// Its name in tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::NotCompared => "not compared",
            Self::Compared(outcome) => outcome.label(),
        }
    }
}

/// The number of cells of each kind of change. The floor is a reference, and does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; 6]);

impl Counts {
    /// Every kind of change, the most important first.
    pub const KINDS: [Change; 6] = [
        Change::Failed,
        Change::SLOWER,
        Change::FASTER,
        Change::UNRESOLVED,
        Change::TIE,
        Change::NotCompared,
    ];

    /// The number of this kind.
    pub fn of(&self, change: Change) -> u32 {
        let kinds = Self::KINDS.iter().zip(self.0);
        kinds.filter(|(kind, _)| **kind == change).map(|(_, count)| count).sum()
    }

    /// The number of verdicts: tie, faster, slower or unresolved.
    pub fn verdicts(&self) -> u32 {
        let kinds = Self::KINDS.iter().zip(self.0);
        let verdicts = kinds.filter(|(kind, _)| matches!(kind, Change::Compared(_)));
        verdicts.map(|(_, count)| count).sum()
    }

    fn add(&mut self, change: Change) {
        for (kind, count) in Self::KINDS.iter().zip(&mut self.0) {
            *count += u32::from(*kind == change);
        }
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(Self::KINDS.map(|kind| (kind, self.of(kind))))
    }
}

/// The errors of comparing two runs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// They have cells in common, but none with numbers in both.
    #[error("cannot compare runs {first} and {second}: no cell has numbers in both; {cell}: {reason}")]
    NothingMeasured {
        /// The first run.
        first: String,
        /// The second.
        second: String,
        /// One of the common cells.
        cell: String,
        /// Why it has no numbers in one of them.
        reason: String,
    },
    /// They have no cell in common.
    #[error(
        "cannot compare runs {first} and {second}: they have no cell in common; {first} has {first_has}, \
         {second} has {second_has}"
    )]
    NothingInCommon {
        /// The first run.
        first: String,
        /// The second.
        second: String,
        /// The blocks of the first.
        first_has: String,
        /// The blocks of the second.
        second_has: String,
    },
}

/// Compares `second` with `first`. `same_machine` makes unknown facts of the machine count as equal; known facts that
/// differ never do.
///
/// # Errors
/// Where the two have no cell in common.
pub fn compare(first: &RunData, second: &RunData, same_machine: bool) -> Result<Compared, CompareError> {
    let pair = RunPair {
        first: &first.run,
        second: &second.run,
        threshold: f64::max(first.run.plan.threshold, second.run.plan.threshold),
        side_by_side: comparability::reasons_against(&first.run, &second.run, same_machine),
    };
    pair.compare(&analyse_run(first), &analyse_run(second))
}
