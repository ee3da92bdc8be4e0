//! Two runs, cell by cell: before and after a change, or two machines. Knows records and verdicts, no
//! workload and no contender.
//!
//! `likeness` says whether two runs may be compared at all: of one CPU and one toolchain. If not, they
//! are shown side by side: no ratio, no verdict. `drift` says what the cells of a block shifted by in
//! common: that is the machine's doing, or at least nobody can say that it is one cell's. A cell counts
//! as changed when it moved by more than the threshold **and** by more than the threshold beyond the
//! drift; it ties when both are within it; all else is unresolved. `sides` decides that, cell by cell;
//! `show` writes the result.
//!
//! Forks of two runs are no pairs: [`unpaired`](crate::verdict::unpaired) has the method. Each interval
//! answers for itself, so of a hundred cells one may be wrong; [`Compared::expected_wrong`] says how many.

mod comparability;
mod diff;
mod drift;
mod render;
#[cfg(test)]
mod tests;

use contend_record::{CellId, Class, RunData};
use serde::{Serialize, Serializer};

use crate::verdict::{Outcome, analyse};

pub use comparability::Difference;
pub use drift::Drift;
pub use render::{markdown, terminal};

use diff::RunPair;

/// What one run came to against another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The run that is compared with.
    pub first: Side,
    /// The run whose cells are faster or slower.
    pub second: Side,
    /// The least difference that counts: 0.03 is 3 %. The greater one of both runs.
    pub threshold: f64,
    /// Why the runs are shown side by side alone, a sentence each. Empty where they are compared.
    pub side_by_side: Vec<String>,
    /// What else differs between the runs, and may explain what changed.
    pub differences: Vec<Difference>,
    /// How many cells came to what.
    pub counts: Counts,
    /// At most how many of the verdicts are expected to be wrong, by the method's error rate.
    pub expected_wrong: f64,
    /// The blocks of both runs, in the order of the second; then those that it lacks.
    pub blocks: Vec<BlockChange>,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// Its name.
    pub run: String,
    /// When it began: UTC, RFC 3339.
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
    /// What its cells shifted by in common; none side by side, and where nothing can tell.
    pub drift: Option<Drift>,
    /// Who leads in each run, by class. Side by side alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<Leaders>,
    /// What the reader must know of it, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Its cells, those of both runs first.
    pub cells: Vec<CellChange>,
}

/// Who leads a class of a block in each run: several where they are level or not told apart.
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
pub struct CellChange {
    /// Its id.
    pub cell: CellId,
    /// What it came to in the first run.
    pub first: Reading,
    /// What it came to in the second.
    pub second: Reading,
    /// What follows for the second run; none side by side.
    pub verdict: Option<Change>,
    /// How far it moved; none where that cannot be said.
    #[serde(flatten)]
    pub shift: Option<Shift>,
    /// What the reader must know, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What a cell came to in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// The median over forks; none where it has no numbers.
    pub median: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// The interval of that median; none where there are too few forks.
    pub interval: Option<(f64, f64)>,
    /// Forks with numbers.
    pub forks: usize,
    /// Why there are no numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How far a cell moved: times of the second run over times of the first. For rates the other way
/// round, so that less than 1 is always in favour of the second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// The median over all pairs of a fork of one run and a fork of the other.
    pub ratio: f64,
    /// Where it may be as low as.
    pub low: f64,
    /// Where it may be as high as.
    pub high: f64,
    /// The same, beyond the drift of the other cells of its block.
    pub ratio_beyond_drift: Option<f64>,
    /// Where that may be as low as.
    pub low_beyond_drift: Option<f64>,
    /// Where that may be as high as.
    pub high_beyond_drift: Option<f64>,
}

/// What two runs say of a cell: a comparison of the second run with the first, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It has numbers in the first run, and failed its check in the second.
    Failed,
    /// One of the runs has no numbers, or the two did not do the same work.
    NotCompared,
    /// `Faster` and `Slower` are said of the second run: by more than the threshold, and by more than the
    /// threshold beyond the drift. A tie is one with the drift and without.
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

    /// The word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::NotCompared => "not compared",
            Self::Compared(outcome) => outcome.label(),
        }
    }
}

/// How many cells came to what. The floor is a reference, and not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; 6]);

impl Counts {
    /// Every kind of change, the ones that matter most first.
    pub const KINDS: [Change; 6] = [
        Change::Failed,
        Change::SLOWER,
        Change::FASTER,
        Change::UNRESOLVED,
        Change::TIE,
        Change::NotCompared,
    ];

    /// How many are of this kind.
    pub fn of(&self, change: Change) -> u32 {
        let kinds = Self::KINDS.iter().zip(self.0);
        kinds
            .filter(|(kind, _)| **kind == change)
            .map(|(_, count)| count)
            .sum()
    }

    /// How many verdicts there are: tie, faster, slower or unresolved.
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

/// Why two runs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// They have measured different things.
    #[error(
        "runs {first} and {second} have no cell in common: {first} has {first_has}, {second} has {second_has}"
    )]
    NothingInCommon {
        /// The first run.
        first: String,
        /// The second.
        second: String,
        /// Variants of the first.
        first_has: String,
        /// Variants of the second.
        second_has: String,
    },
}

/// Compares `second` with `first`. Facts of the machine that neither run knows are taken for the same
/// where `same_machine` says so; facts that differ never are. An error where the two have no cell in
/// common.
pub fn compare(
    first: &RunData,
    second: &RunData,
    same_machine: bool,
) -> Result<Compared, CompareError> {
    let pair = RunPair {
        first: &first.run,
        second: &second.run,
        threshold: f64::max(first.run.plan.threshold, second.run.plan.threshold),
        side_by_side: comparability::reasons_against(&first.run, &second.run, same_machine),
    };
    let of_first = analyse(&first.run, &first.records);
    let of_second = analyse(&second.run, &second.records);
    pair.compare(&of_first, &of_second)
}
