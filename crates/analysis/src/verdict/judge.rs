//! The three verdicts, from the values of forks. The only place that turns numbers into a word.
//! Knows nothing of what was measured.

use super::Outcome;
use super::interval::{Depth, Sorted, allowed_error, forks_for, winner_error};
use super::looks::BEFORE_ITS_LOOK;

/// What all comparisons of a block and class have in common.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The least difference that matters, as a share.
    pub threshold: f64,
    /// The pairs that are judged together.
    pub pairs: usize,
    /// The share of the allowed error that their block's look spends: all of it where there is one
    /// look, none where the block has not come to its first.
    pub share: f64,
}

impl Rules {
    /// Where the interval of so many forks ends. None where these are too few for a verdict.
    pub fn depth(self, forks: u32) -> Option<Depth> {
        Depth::within(forks, self.error())
    }

    /// Where a winner's test ends among so many contenders.
    pub fn depth_of_winner(self, forks: u32, contenders: usize) -> Option<Depth> {
        Depth::within(forks, self.share * winner_error(contenders))
    }

    /// How often, at most, a class of so many contenders has a winner that is none, all looks together.
    pub fn false_winner(self, contenders: usize) -> f64 {
        contenders as f64 * winner_error(contenders) / 2.0
    }

    fn error(self) -> f64 {
        self.share * allowed_error(self.pairs)
    }
}

/// What was judged, in logarithms of the ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub median: f64,
    pub low: f64,
    pub high: f64,
    /// `Faster` says that the first of the two is.
    pub outcome: Outcome,
    /// The sentence that says so where there are too few forks for a verdict. Then the interval is
    /// all that was seen, and promises nothing.
    pub too_few: Option<String>,
}

/// Judges the logarithms of a ratio, one for each fork. None where there is none.
pub fn judge(forks: &Sorted, rules: Rules) -> Option<Judged> {
    let median = forks.median()?;
    let depth = rules.depth(forks.len());
    let (low, high) = forks.enclosed(depth.unwrap_or(Depth::EXTREMES))?;
    let outcome = match depth {
        Some(_) => outcome(low, high, rules.threshold),
        None => Outcome::Unresolved,
    };
    Some(Judged { median, low, high, outcome, too_few: depth.is_none().then(|| too_few(forks.len(), rules)) })
}

/// What an interval of logarithms says. A threshold of 3 % is a ratio of 1.03 or of 1 / 1.03.
fn outcome(low: f64, high: f64, threshold: f64) -> Outcome {
    let threshold = threshold.ln_1p();
    if high < -threshold {
        Outcome::Faster
    } else if -threshold <= low && high <= threshold {
        Outcome::Tie
    } else {
        Outcome::Unresolved
    }
}

fn too_few(forks: u32, rules: Rules) -> String {
    if rules.share == 0.0 {
        return BEFORE_ITS_LOOK.to_owned();
    }
    let needed = forks_for(rules.error());
    let forks = match forks {
        1 => "1 fork".to_owned(),
        n => format!("{n} forks"),
    };
    match rules.pairs {
        0 | 1 => format!("{forks} cannot decide: a verdict needs {needed}"),
        pairs => format!("{forks} cannot decide: verdicts on {pairs} pairs together need {needed}"),
    }
}
