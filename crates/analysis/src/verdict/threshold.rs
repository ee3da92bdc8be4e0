//! The least difference that counts, and what an interval says of it. The only place that compares with it.

use serde::{Deserialize, Serialize};

/// What a comparison says of the first of two.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The whole interval of the time ratio lies below the threshold.
    Faster,
    /// The whole interval lies above the threshold.
    Slower,
    /// The whole interval lies within the threshold.
    Tie,
    /// None of these: the data do not decide.
    Unresolved,
}

impl Outcome {
    /// Its JSON value.
    pub fn label(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::Tie => "tie",
            Self::Unresolved => "unresolved",
        }
    }

    /// Whether the two differ by more than the threshold.
    pub fn differs(self) -> bool {
        matches!(self, Self::Faster | Self::Slower)
    }

    /// The same comparison, as seen from the second.
    pub fn reversed(self) -> Self {
        match self {
            Self::Faster => Self::Slower,
            Self::Slower => Self::Faster,
            Self::Tie | Self::Unresolved => self,
        }
    }
}

/// The least difference that counts, δ: a time ratio of 1 + δ, or its inverse. Fixed before a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold(f64);

impl Threshold {
    /// A threshold of this share: 0.03 is 3 %.
    pub const fn new(share: f64) -> Self {
        Self(share)
    }

    /// The ratio of the slower one: 1 + δ.
    pub fn ratio(self) -> f64 {
        1.0 + self.0
    }

    /// The logarithm of that ratio.
    pub fn ln(self) -> f64 {
        self.0.ln_1p()
    }

    /// What the interval of a time ratio's logarithm says of the first.
    pub fn outcome(self, (low, high): (f64, f64)) -> Outcome {
        let delta = self.ln();
        if high < -delta {
            Outcome::Faster
        } else if low > delta {
            Outcome::Slower
        } else if -delta <= low && high <= delta {
            Outcome::Tie
        } else {
            Outcome::Unresolved
        }
    }

    /// What the interval of a time ratio says of the first.
    pub fn outcome_of_ratios(self, (low, high): (f64, f64)) -> Outcome {
        self.outcome((low.ln(), high.ln()))
    }

    /// Whether a time ratio's logarithm is beyond the threshold in favour of the first.
    pub fn is_faster(self, ln: f64) -> bool {
        ln < -self.ln()
    }

    /// Whether a time ratio's logarithm is beyond the threshold in favour of the second.
    pub fn is_slower(self, ln: f64) -> bool {
        ln > self.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_a_factor_in_both_directions() {
        let outcome = |low: f64, high: f64| Threshold::new(0.03).outcome_of_ratios((low, high));
        assert_eq!(outcome(1.04, 1.10), Outcome::Slower);
        assert_eq!(outcome(0.90, 0.96), Outcome::Faster);
        assert_eq!(outcome(0.98, 1.029_999), Outcome::Tie);
        assert_eq!(outcome(1.02, 1.10), Outcome::Unresolved);
        assert_eq!(outcome(0.90, 1.10), Outcome::Unresolved);
    }

    #[test]
    fn the_second_sees_the_opposite() {
        for (low, high) in [(0.90, 0.96), (1.04, 1.10), (0.99, 1.01), (0.90, 1.10)] {
            let threshold = Threshold::new(0.03);
            let seen = threshold.outcome_of_ratios((1.0 / high, 1.0 / low));
            assert_eq!(seen, threshold.outcome_of_ratios((low, high)).reversed());
        }
    }
}
