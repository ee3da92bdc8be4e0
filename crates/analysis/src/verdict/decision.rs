//! The verdict on a pair, from the values of forks. Knows nothing of what was measured.

use crate::statistics::{OrderStatistic, Sorted, forks_for_error, pair_error};

use super::threshold::{Outcome, Threshold};

/// The note instead of a verdict on a block that has not reached its first interim analysis.
pub(super) const BEFORE_FIRST_INTERIM: &str =
    "the run stopped before the planned forks, so there is no verdict yet: `--resume` continues it";

/// The note instead of a verdict on a run in one process.
pub(super) const IN_ONE_PROCESS: &str =
    "one process measured all forks (`--in-process`), so they are no independent units: no verdict";

/// Why a block may not be judged at all.
pub(super) fn why_not_judged(in_process: bool) -> &'static str {
    if in_process { IN_ONE_PROCESS } else { BEFORE_FIRST_INTERIM }
}

/// The rule that all comparisons of a block and class share.
#[derive(Clone, Copy, Debug)]
pub struct DecisionRule {
    /// The least difference that counts.
    pub threshold: Threshold,
    /// The number of contenders of the class.
    pub contenders: usize,
    /// The share of the allowed error that their block's interim analysis spends. All of it where there is only one
    /// analysis; none where the block has not reached its first.
    pub share: f64,
    /// Whether one process measured all forks, and so nothing is judged.
    pub in_process: bool,
}

impl DecisionRule {
    /// The rule of one planned comparison, with all of the error of a pair.
    pub const fn planned(threshold: Threshold) -> Self {
        Self { threshold, contenders: 2, share: 1.0, in_process: false }
    }

    /// Where the interval of this many forks ends. None where these are too few for a verdict.
    pub fn ends(self, forks: u32) -> Option<OrderStatistic> {
        OrderStatistic::within(forks, self.error())
    }

    fn error(self) -> f64 {
        self.share * pair_error(self.contenders)
    }
}

/// The decision on a pair, in logarithms of the time ratio.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The median over forks.
    pub median: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What follows for the first of the two.
    pub outcome: Outcome,
    /// Why nothing follows, where there are too few forks for a verdict. The interval is then the range of the
    /// forks, and has no nominal coverage.
    pub too_few: Option<String>,
}

/// Decides from the logarithms of a time ratio, one for each fork. None where there are none.
pub fn decide(forks: &Sorted, rule: DecisionRule) -> Option<Decision> {
    let median = forks.median()?;
    let ends = rule.ends(forks.len());
    let (low, high) = forks.interval(ends.unwrap_or(OrderStatistic::EXTREMES))?;
    let outcome = match ends {
        Some(_) => rule.threshold.outcome((low, high)),
        None => Outcome::Unresolved,
    };
    Some(Decision { median, low, high, outcome, too_few: ends.is_none().then(|| too_few(forks.len(), rule)) })
}

fn too_few(forks: u32, rule: DecisionRule) -> String {
    if rule.share == 0.0 {
        return why_not_judged(rule.in_process).to_owned();
    }
    let needed = forks_for_error(rule.error());
    let forks = match forks {
        1 => "1 fork".to_owned(),
        n => format!("{n} forks"),
    };
    match rule.contenders {
        0..=2 => format!("{forks} cannot decide: a verdict needs {needed}"),
        contenders => {
            format!("{forks} cannot decide: a verdict among {contenders} contenders needs {needed}")
        }
    }
}
