//! The test of a winner: whether one contender is ahead of every other of its class.
//!
//! The intervals of a class cover simultaneously, because a reader may look at any pair. That one contender is ahead
//! of all others is a single statement. It is wrong only if the contender fails to beat at least one rival, so only
//! that comparison must not err, however many others there are. Its tests may therefore have the error
//! [`winner_error`](crate::statistics::winner_error), which large classes reach with far fewer forks.
//!
//! The verdict still shows an interval that agrees with it. Where the class's interval reaches beyond the threshold
//! and the winner's test does not, the interval ends at the threshold. The test says no more (J. C. Hsu and
//! R. L. Berger, Stepwise confidence intervals without multiplicity adjustment, JASA 94, 1999).

use contend_record::InterimAnalysis;

use crate::statistics::Sorted;

use super::Verdict;
use super::decision::DecisionRule;
use super::interim::NOT_REACHED;
use super::pair::{Paired, windows_contradict};
use super::threshold::Outcome;
use super::windows::Windows;

/// How far beyond the threshold an interval ends that ends at it, so that rounding does not put it within.
const BEYOND: f64 = 1e-9;

/// Makes every verdict of the winner `faster`, where its tests find one that the intervals of `verdicts` do not. These
/// are all pairs of `ranked`. `rule` gives the rule of the class at an interim analysis.
pub(super) fn promote_winner(
    ranked: &[&Windows],
    verdicts: &mut [Verdict],
    rule: impl Fn(InterimAnalysis) -> DecisionRule,
) {
    let others = ranked.len().saturating_sub(1);
    let leads = |one: &&&Windows| {
        let led = verdicts.iter().filter(|v| v.a == one.cell.contender);
        others > 0 && led.count() == others
    };
    let Some(leader) = ranked.iter().find(leads) else {
        return;
    };
    let name = leader.cell.contender.clone();
    let cell = |name: &str| ranked.iter().find(|one| one.cell.contender == name);
    let passes = |verdict: &&mut Verdict| {
        let other = cell(&verdict.b);
        other.is_some_and(|other| is_ahead(leader, other, ranked.len(), rule(leader.interim_with(other))))
    };
    let threshold = rule(NOT_REACHED).threshold;
    let mut open: Vec<&mut Verdict> = verdicts
        .iter_mut()
        .filter(|verdict| verdict.a == name && verdict.verdict != Outcome::Faster)
        .collect();
    if open.is_empty() || !open.iter().all(passes) {
        return;
    }
    for verdict in &mut open {
        verdict.verdict = Outcome::Faster;
        verdict.not_slower = None;
        verdict.high = (1.0 - BEYOND) / threshold.ratio();
        verdict.as_winner = true;
    }
}

/// Whether a winner's test has `a` ahead of `b` by more than the threshold. Never where there are too few forks for
/// the intervals of the class, which then have no lower end.
fn is_ahead(a: &Windows, b: &Windows, contenders: usize, rule: DecisionRule) -> bool {
    let Some(paired) = Paired::new(a, b) else {
        return false;
    };
    let otherwise = windows_contradict(Outcome::Faster, paired.windows, rule.threshold);
    let forks = Sorted::new(paired.forks);
    let ends = rule.ends(forks.len()).and_then(|_| rule.winner_ends(forks.len(), contenders));
    let interval = ends.and_then(|ends| forks.interval(ends));
    let beyond = interval.is_some_and(|(_, high)| rule.threshold.is_faster(high));
    beyond && otherwise.is_none() && paired.without_ratio == 0
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::{Analysis, Standing, analyse};
    use super::*;

    /// Five contenders at 10,000, 15,000, … in twelve forks; the first takes 40,000 in the forks `outlying`.
    fn five(outlying: &[u32], change: fn(&mut Record)) -> Analysis {
        let names = ["a", "b", "c", "d", "e"];
        let of_fork = |fork| {
            names.iter().zip(2_u32..).map(move |(name, place)| {
                let slow = *name == "a" && outlying.contains(&fork);
                let time = if slow { 40_000 } else { 5_000 * place };
                record(name, fork, 1, f64::from(time))
            })
        };
        let mut records: Vec<Record> = (1..=12).flat_map(of_fork).collect();
        records.iter_mut().for_each(change);
        analyse(&run(&names), &records)
    }

    fn winner(analysis: &Analysis) -> bool {
        matches!(analysis.blocks[0].standings[0].standing, Standing::Winner { .. })
    }

    fn against<'a>(analysis: &'a Analysis, other: &str) -> &'a Verdict {
        let mut verdicts = analysis.blocks[0].verdicts.iter();
        let found = verdicts.find(|v| v.a == "a" && v.b == other);
        found.expect("a verdict of the leader")
    }

    #[test]
    fn a_winner_is_found_by_its_own_test() {
        // The interval of ten pairs ends halfway to the outlying fork; that of a winner among five ends before it.
        let found = five(&[3], |_| ());
        let verdict = against(&found, "b");
        assert!(winner(&found) && verdict.as_winner);
        assert_eq!(verdict.verdict, Outcome::Faster);
        let threshold = 1.0 / 1.03;
        assert!(verdict.high < threshold && verdict.high > 0.999_999 * threshold);
        assert!(verdict.low <= verdict.ratio && verdict.ratio <= verdict.high);
        // Verdicts that the intervals already show do not change.
        let far = against(&found, "e");
        assert!(!far.as_winner && far.high < 0.9, "{far:?}");
    }

    /// The test may err wherever it is made, and not only where it finds a winner that the intervals do not.
    #[test]
    fn the_error_of_the_test_is_expected_wherever_it_is_made() {
        let [found, plain] = [five(&[3], |_| ()), five(&[], |_| ())];
        assert!(against(&found, "b").as_winner && !against(&plain, "b").as_winner);
        assert_eq!(found.expected_wrong, plain.expected_wrong);
        // Ten pairs end halfway between the extreme and the second of twelve forks, and the test of five at the second.
        let (pairs, test) = (10.0 * 14.0 / 4096.0, 5.0 * 13.0 / 4096.0);
        assert!((found.expected_wrong - pairs - test).abs() < 1e-12, "{}", found.expected_wrong);
    }

    /// The interval of the pair ends level, which alone would prove that a is not slower.
    #[test]
    fn a_winner_is_not_also_not_slower() {
        let level = |record: &mut Record| {
            if record.cell.contender == "a" && record.fork == 3 {
                (record.ns_per_op, record.window_ns) = (Some(22_500.0), 22_500_000);
            }
        };
        let found = five(&[], level);
        let verdict = against(&found, "b");
        assert!(winner(&found) && verdict.as_winner, "the case that is meant: {verdict:?}");
        assert_eq!(verdict.not_slower, None);
    }

    #[test]
    fn two_outlying_forks_are_too_many() {
        let found = five(&[3, 7], |_| ());
        assert!(!winner(&found));
        assert_eq!(against(&found, "b").verdict, Outcome::Unresolved);
        assert!(!against(&found, "b").as_winner);
    }

    #[test]
    fn a_fork_without_a_ratio_prevents_a_winner() {
        let nothing = |record: &mut Record| {
            if record.cell.contender == "b" && record.fork == 5 {
                record.operations = vec![0, 0];
            }
        };
        assert!(!winner(&five(&[3], nothing)));
    }
}
