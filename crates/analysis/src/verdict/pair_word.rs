//! The words for a pair, in one place: what an interval says of two contenders.

use serde::{Deserialize, Serialize};

use super::threshold::Outcome;
use super::{Comparison, Side, Verdict};

/// What a comparison says of two contenders.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PairWord {
    /// One is faster by more than the threshold.
    Faster,
    /// Neither is faster by more than the threshold.
    Tie,
    /// One is at most the threshold slower. Whether it is faster, the data do not decide.
    NotSlower,
    /// The data do not decide.
    Unresolved,
}

impl PairWord {
    /// The word in sentences.
    pub fn label(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Tie => "tie",
            Self::NotSlower => "not slower",
            Self::Unresolved => "unresolved",
        }
    }
}

impl Verdict {
    /// The word, and the contender that it is about. None where it is about both.
    pub fn word(&self) -> (PairWord, Option<&str>) {
        let (word, side) = word(self.verdict, self.not_slower);
        let name = side.map(|side| match side {
            Side::A => &*self.a,
            Side::B => &*self.b,
        });
        (word, name)
    }
}

impl Comparison {
    /// The word, and whether it is about the first. None where it is about both.
    pub fn word(&self) -> (PairWord, Option<bool>) {
        let (word, side) = word(self.outcome, self.not_slower);
        (word, side.map(|side| side == Side::A))
    }
}

/// What a pair's interval says of the first, in a word: `slower` where the second is faster.
pub fn label(outcome: Outcome, not_slower: Option<Side>) -> &'static str {
    match word(outcome, not_slower) {
        (PairWord::Faster, Some(Side::B)) => "slower",
        (PairWord::NotSlower, Some(Side::B)) => "not faster",
        (word, _) => word.label(),
    }
}

fn word(outcome: Outcome, not_slower: Option<Side>) -> (PairWord, Option<Side>) {
    match (outcome, not_slower) {
        (Outcome::Faster, _) => (PairWord::Faster, Some(Side::A)),
        (Outcome::Slower, _) => (PairWord::Faster, Some(Side::B)),
        (Outcome::Tie, _) => (PairWord::Tie, None),
        (Outcome::Unresolved, Some(side)) => (PairWord::NotSlower, Some(side)),
        (Outcome::Unresolved, None) => (PairWord::Unresolved, None),
    }
}
