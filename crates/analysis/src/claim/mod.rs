//! Claims: design decisions written as sentences that a run can confirm or refute. Knows records and
//! verdicts, no workload and no contender.
//!
//! `statement` is what a claim may say; `file` reads `claims/*.toml` and says what is wrong with one, with
//! file and line; `condition` reads
//! when a claim is meant to hold; `cells` finds what it speaks of in a run; `evaluate` decides. Claims
//! name their cells before the data are there, so each comparison answers for itself. Only intervals
//! decide, never estimates. `claims/README.md` has the format.

mod cells;
mod condition;
mod evaluate;
mod file;
mod render;
mod run_view;
mod statement;
mod tables;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use cells::CellRef;
pub use condition::Condition;
pub use evaluate::evaluate;
pub use file::{ClaimError, ClaimFile, files_in};
pub use statement::{Claim, Part, Statement, Threads};
pub use tables::{apart, rows, sum};
pub use tables::{markdown, terminal};

/// The folder of claims, in a project and in a run.
pub const FOLDER: &str = "claims";

/// What became of a claim in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClaimStatus {
    /// The run says otherwise of at least one cell.
    #[serde(rename = "fails")]
    Fails,
    /// The run does not decide it.
    #[serde(rename = "unresolved")]
    Unresolved,
    /// The run, or its machine, has not what the claim speaks of.
    #[serde(rename = "not testable here")]
    NotTestable,
    /// Every part of it holds, at every thread count that it names.
    #[serde(rename = "holds")]
    Holds,
}

impl ClaimStatus {
    /// The words for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Unresolved => "unresolved",
            Self::NotTestable => "not testable here",
            Self::Holds => "holds",
        }
    }

    /// Whether a reader asks why: a run that could test the claim did not confirm it.
    fn wants_a_reason(self) -> bool {
        matches!(self, Self::Fails | Self::Unresolved)
    }
}

/// A claim, and what a run says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// The file that it stands in, as it was named.
    pub file: String,
    /// Its line there, from 1.
    pub line: usize,
    /// The claim, a sentence.
    pub claim: String,
    /// Who says so.
    pub source: String,
    /// What became of it: the worst of what became of its parts.
    pub outcome: ClaimStatus,
    /// Where it fails or is unresolved: what its author knows of why that may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// What that rests on, in the order of its parts.
    pub evidence: Vec<Evidence>,
}

/// What one part of a claim comes to in one block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What became of this part.
    pub outcome: ClaimStatus,
    /// The block or blocks that it looked at; none where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<String>,
    /// What was seen there, a sentence with numbers and interval, or why nothing was.
    pub sentence: String,
    /// How many times as fast the first cell is as the second; none where nothing was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
    /// Where that may be as low as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times_low: Option<f64>,
    /// Where it may be as high as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times_high: Option<f64>,
}
