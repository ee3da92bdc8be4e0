//! A check that needs no second copy: a contender's odd rounds against its even ones. They are the
//! same code in the same process, so the method must not tell them apart. Knows one cell.

use super::Outcome;
use super::interval::Sorted;
use super::judge::{Rules, judge};
use super::windows::{Sample, Windows, quotient};

/// Whether a cell's odd rounds are told from its even ones, by either being `faster`. None where it
/// has too few forks with both for a verdict.
pub(super) fn told_apart(windows: &Windows, rules: Rules) -> Option<bool> {
    let forks = windows.samples.chunk_by(|a, b| a.fork == b.fork);
    let differences: Vec<f64> = forks.filter_map(difference).collect();
    let faster = |forks: Vec<f64>| {
        let judged = judge(&Sorted::new(forks), rules)?;
        let decided = judged.too_few.is_none();
        decided.then_some(judged.outcome == Outcome::Faster)
    };
    let turned = differences.iter().map(|ln| -ln).collect();
    Some(faster(differences)? || faster(turned)?)
}

/// The logarithm of a fork's odd rounds over its even ones.
fn difference(fork: &[Sample]) -> Option<f64> {
    let half = |rest: u32| quotient(fork.iter().filter(|sample| sample.round % 2 == rest));
    let ln = (half(1)? / half(0)?).ln();
    ln.is_finite().then_some(ln)
}

#[cfg(test)]
mod tests {
    use super::super::windows::by_block;
    use super::*;
    use contend_fixture::{record, run};

    fn odd_and_even(odd: f64, even: f64, forks: u32) -> Option<bool> {
        let run = run(&["a"]);
        let of = |fork| [(1, odd), (2, even), (3, odd)].map(|(r, x)| record("a", fork, r, x));
        let records: Vec<_> = (1..=forks).flat_map(of).collect();
        let rules = Rules { threshold: 0.03, pairs: 1, share: 1.0 };
        told_apart(&by_block(&run, &records)[0][0], rules)
    }

    #[test]
    fn halves_are_told_apart_beyond_the_threshold_alone() {
        assert_eq!(odd_and_even(100.0, 102.0, 12), Some(false));
        assert_eq!(odd_and_even(100.0, 104.0, 12), Some(true));
        assert_eq!(odd_and_even(104.0, 100.0, 12), Some(true));
        assert_eq!(odd_and_even(100.0, 104.0, 7), None);
    }
}
