//! The author's reasons for comparisons that fail. A reason belongs to one `[[claim.says]]`. It may be narrowed to
//! thread counts and to what the comparison found, so that it stands only beside comparisons that it explains.

use contend_record::Run;

use crate::verdict::Outcome;

use super::threads::{RawThreads, Threads};

/// An explanation with its conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The explanation.
    pub because: String,
    /// What the comparison found for its first cell; none: anything.
    pub found: Option<Outcome>,
    /// The thread counts that it is about.
    pub at: Threads,
}

impl Reason {
    /// Whether it explains a failed comparison at this thread count. `found` is none for a check, which compares
    /// nothing.
    pub(super) fn explains(&self, run: &Run, threads: usize, found: Option<Outcome>) -> bool {
        self.at.include(threads, run.plan.cores) && (self.found.is_none() || self.found == found)
    }
}

/// The value of `why-not`.
#[derive(serde::Deserialize)]
#[serde(
    untagged,
    expecting = "expected a reason, or a list of `{ because = \"…\", found = \"slower\", at = 1 }`"
)]
pub(super) enum RawReasons {
    One(String),
    Several(Vec<RawReason>),
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReason {
    because: String,
    found: Option<Outcome>,
    at: Option<RawThreads>,
}

impl RawReasons {
    /// The reasons, or the message of what is wrong with them.
    pub(super) fn checked(self) -> Result<Vec<Reason>, String> {
        let raw = match self {
            Self::One(because) => vec![RawReason { because, found: None, at: None }],
            Self::Several(reasons) => reasons,
        };
        raw.into_iter().map(RawReason::checked).collect()
    }
}

impl RawReason {
    fn checked(self) -> Result<Reason, String> {
        if self.because.trim().is_empty() {
            return Err("`why-not` is empty".to_owned());
        }
        let at = self.at.map_or(Ok(Threads::All), RawThreads::checked)?;
        Ok(Reason { because: self.because, found: self.found, at })
    }
}
