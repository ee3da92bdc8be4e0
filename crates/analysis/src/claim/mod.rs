//! Claims: design decisions written as sentences that a run can confirm or refute. Knows records and
//! verdicts, no workload and no contender. `claims/README.md` describes the format.
//!
//! `file` reads `claims/*.toml` into the `statement`s that a claim may make, each at some `threads` and with a `reason`
//! for where it fails. It reports errors with file and line.
//! `condition` decides whether a claim is about the run's machine, and `run_view` finds its `cells` in the run.
//! `evaluate` decides, `render` writes the evidence in sentences, and `tables` lists the claims for a terminal or in
//! Markdown. Claims are planned comparisons, so each interval is uncorrected. Only intervals decide, never estimates.

mod cells;
mod condition;
mod evaluate;
mod file;
mod reason;
mod render;
mod run_view;
mod statement;
mod tables;
#[cfg(test)]
mod tests;
mod threads;
mod within;

use serde::{Deserialize, Serialize};

pub use cells::CellRef;
pub use condition::Condition;
pub use evaluate::evaluate;
pub use file::{ClaimError, ClaimFile, files_in};
pub use reason::Reason;
pub use statement::{Claim, Part, Statement};
pub use tables::{markdown, terminal};
pub use tables::{rows, split_testable, totals};
pub use threads::Threads;

/// The name of the folder with claims, in a project and in a run.
pub const FOLDER: &str = "claims";

/// What a run says of a claim. In the order of severity: a claim has the first status of its parts.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ClaimStatus {
    /// The run refutes it in at least one cell.
    #[serde(rename = "fails")]
    Fails,
    /// The run does not decide it.
    #[serde(rename = "unresolved")]
    Unresolved,
    /// The run or its machine does not have what the claim is about.
    #[serde(rename = "not testable here")]
    NotTestable,
    /// The run confirms every part of it, at every thread count that it names.
    #[serde(rename = "holds")]
    Holds,
}

impl ClaimStatus {
    /// Its name, as in JSON.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Unresolved => "unresolved",
            Self::NotTestable => "not testable here",
            Self::Holds => "holds",
        }
    }

    /// Its name after this number of claims: `1 holds`, `2 hold`.
    pub fn label_of(self, count: usize) -> &'static str {
        match self {
            Self::Holds if count != 1 => "hold",
            Self::Fails if count != 1 => "fail",
            other => other.label(),
        }
    }
}

/// A claim with its status in a run.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Its file, as it was named.
    pub file: String,
    /// Its line there, from 1.
    pub line: usize,
    /// The claim, a sentence.
    pub claim: String,
    /// Its source.
    pub source: String,
    /// Its status: the worst of its parts.
    pub outcome: ClaimStatus,
    /// The evidence, in the order of its parts.
    pub evidence: Vec<Evidence>,
}

/// The evidence of one block for one part of a claim.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The status of this part.
    pub outcome: ClaimStatus,
    /// The blocks that were compared; empty where none was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<String>,
    /// A sentence with the ratio and its interval, or the reason for having none.
    pub sentence: String,
    /// The author's explanation, where this comparison fails and the explanation is about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// The speed-up of the first cell over the second; none where nothing was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
    /// The lower end of its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times_low: Option<f64>,
    /// The upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times_high: Option<f64>,
}
