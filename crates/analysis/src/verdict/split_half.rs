//! The split-half check: the odd rounds of a contender against its even ones. Both are the same code in the same
//! process, so the method must find no difference. It needs no second copy of the contender. Knows one cell.

use crate::statistics::Sorted;

use super::decision::{DecisionRule, decide};
use super::samples::{Sample, mean};
use super::windows::Windows;

/// Whether the odd rounds of a cell come out as different from its even ones. None where too few forks have both
/// for a verdict.
pub(super) fn differs(windows: &Windows, rule: DecisionRule) -> Option<bool> {
    let forks = windows.samples.chunk_by(|a, b| a.fork == b.fork);
    let differences = forks.filter_map(difference).collect();
    let judged = decide(&Sorted::new(differences), rule)?;
    judged.too_few.is_none().then(|| judged.outcome.differs())
}

/// The logarithm of a fork's odd rounds over its even ones.
fn difference(fork: &[Sample]) -> Option<f64> {
    let half = |rest: u32| mean(fork.iter().filter(|sample| sample.round % 2 == rest));
    let ln = (half(1)? / half(0)?).ln();
    ln.is_finite().then_some(ln)
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};

    use super::super::threshold::Threshold;
    use super::super::windows::by_block;
    use super::*;

    fn odd_and_even(odd: f64, even: f64, forks: u32) -> Option<bool> {
        let run = run(&["a"]);
        let of = |fork| [(1, odd), (2, even), (3, odd)].map(|(r, x)| record("a", fork, r, x));
        let records: Vec<_> = (1..=forks).flat_map(of).collect();
        let rule = DecisionRule::planned(Threshold::new(0.03));
        differs(&by_block(&run, &records)[0][0], rule)
    }

    #[test]
    fn halves_differ_beyond_the_threshold_only() {
        assert_eq!(odd_and_even(100.0, 102.0, 12), Some(false));
        assert_eq!(odd_and_even(100.0, 104.0, 12), Some(true));
        assert_eq!(odd_and_even(104.0, 100.0, 12), Some(true));
        assert_eq!(odd_and_even(100.0, 104.0, 7), None);
    }
}
