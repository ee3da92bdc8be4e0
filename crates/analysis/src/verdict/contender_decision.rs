//! What follows for one contender of a class: how far it is from the best, and from the baseline.

use contend_record::{BlockId, Class};
use serde::{Deserialize, Serialize};

use crate::statistics::Distance;

use super::pair_word::label;
use super::planned_comparison::paired;
use super::threshold::Outcome;
use super::{CellSummary, Side};

/// What follows for one contender of a class: a line of `decisions` in `verdicts.json`. All ratios are ratios of
/// times.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContenderDecision {
    /// The block.
    pub block: BlockId,
    /// The class.
    pub class: Class,
    /// The contender.
    pub contender: String,
    /// Its time over that of the best of its class is at most this. All bounds of a block and class hold together
    /// with 95 %. None where there are too few forks for it.
    pub at_most: Option<f64>,
    /// Its time over that of the best is at least this. None where the bounds of the block, which hold together, do not
    /// prove that it is slower. The verdict of a single pair may.
    pub at_least: Option<f64>,
    /// Whether it is the one to take: see [`ClassChoice`](super::ClassChoice).
    pub pick: bool,
    /// The contender that it is compared with, as a planned comparison. None where the block has none.
    pub baseline: Option<String>,
    /// Its time over the baseline's. None for the baseline itself, and where there are too few forks.
    pub baseline_ratio: Option<f64>,
    /// The lower end of that ratio's 99 % interval.
    pub baseline_low: Option<f64>,
    /// The upper end.
    pub baseline_high: Option<f64>,
    /// What the interval says of it.
    pub baseline_verdict: Option<Outcome>,
    /// Of an unresolved comparison the one that is proven to be at most the threshold slower: `a` for this contender,
    /// `b` for the baseline.
    #[serde(default)]
    pub baseline_not_slower: Option<Side>,
}

impl ContenderDecision {
    /// The decision on a cell, before one of its class is chosen.
    pub(super) fn new(
        cell: &CellSummary,
        distance: Distance,
        baseline: Option<&CellSummary>,
        threshold: f64,
    ) -> Self {
        let other = baseline.filter(|other| other.cell != cell.cell);
        let compared = other.and_then(|other| paired(cell, other, threshold)).filter(|seen| seen.enough);
        let seen = compared.as_ref();
        Self {
            block: cell.cell.block(),
            class: cell.class,
            contender: cell.cell.contender.clone(),
            at_most: distance.at_most.map(f64::exp),
            at_least: distance.at_least.map(f64::exp),
            pick: false,
            baseline: baseline.map(|other| other.cell.contender.clone()),
            baseline_ratio: seen.map(|seen| seen.ratio),
            baseline_low: seen.map(|seen| seen.low),
            baseline_high: seen.map(|seen| seen.high),
            baseline_verdict: seen.map(|seen| seen.outcome),
            baseline_not_slower: seen.and_then(|seen| seen.not_slower),
        }
    }

    /// What the comparison says of the baseline: `slower`, or `not faster` where that is all that is proven. None
    /// where there is no comparison.
    pub fn baseline_word(&self) -> Option<&'static str> {
        Some(label(self.baseline_verdict?.reversed(), self.baseline_not_slower.map(Side::other)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::{BlockAnalysis, analyse};
    use super::*;

    /// The analysis of a block of contenders with these times in each fork.
    pub(in super::super) fn analysed(times: &[(&str, [f64; 12])]) -> BlockAnalysis {
        let names: Vec<&str> = times.iter().map(|(name, _)| *name).collect();
        let of_one = |(name, forks): &(&str, [f64; 12])| {
            (1..).zip(*forks).map(|(fork, ns)| record(name, fork, 1, ns)).collect::<Vec<_>>()
        };
        let records: Vec<Record> = times.iter().flat_map(of_one).collect();
        analyse(&run(&names), &records).blocks.remove(0)
    }

    /// The same time in each fork.
    pub(in super::super) fn steady(ns: f64) -> [f64; 12] {
        [ns; 12]
    }

    /// A time that is `by` times as long in every other fork.
    pub(in super::super) fn swaying(ns: f64, by: f64) -> [f64; 12] {
        std::array::from_fn(|fork| if fork % 2 == 0 { ns } else { ns * by })
    }

    #[test]
    fn a_decision_has_the_ratio_to_the_baseline() {
        let block = analysed(&[("std::sync::Mutex", steady(100.0)), ("b", steady(150.0))]);
        let [mutex, b] = &block.decisions[..] else {
            panic!("two decisions");
        };
        assert!(b.baseline_ratio.is_some_and(|ratio| (ratio - 1.5).abs() < 1e-9));
        assert_eq!(
            (b.baseline.as_deref(), b.baseline_verdict),
            (Some("std::sync::Mutex"), Some(Outcome::Slower))
        );
        assert_eq!(b.baseline_word(), Some("faster"));
        assert_eq!((mutex.baseline_ratio, mutex.baseline_verdict), (None, None));
        assert!(b.at_most.is_some_and(|most| (most - 1.5).abs() < 1e-9));
        assert_eq!((mutex.at_most, mutex.at_least), (Some(1.0), None));
    }

    /// Half of the forks are level with the baseline, and half are 10 % slower: no tie, and never faster.
    #[test]
    fn an_unresolved_baseline_is_not_faster_or_not_slower() {
        let word = |mutex, other| {
            let block = analysed(&[("std::sync::Mutex", mutex), ("b", other)]);
            let b = block.decision("b").expect("a decision");
            assert_eq!(b.baseline_verdict, Some(Outcome::Unresolved));
            (b.baseline_not_slower, b.baseline_word())
        };
        assert_eq!(word(steady(100.0), swaying(100.0, 1.1)), (Some(Side::B), Some("not slower")));
        assert_eq!(word(swaying(100.0, 1.1), steady(100.0)), (Some(Side::A), Some("not faster")));
        assert_eq!(word(swaying(90.0, 1.2), steady(100.0)), (None, Some("unresolved")));
    }

    #[test]
    fn missing_bounds_are_null() {
        let block = analysed(&[("a", steady(100.0)), ("b", steady(150.0))]);
        let json = serde_json::to_value(&block.decisions[0]).unwrap();
        for field in ["at_least", "baseline", "baseline_ratio", "baseline_low", "baseline_high"] {
            assert!(json.get(field).is_some_and(serde_json::Value::is_null), "{field}: {json}");
        }
        assert_eq!(json["pick"], true);
    }
}
