//! Drift: whether values rise or fall over time, rounds within forks or forks over the run. Intervals assume that
//! forks are independent draws from one distribution, so a reader must know where they are not.
//!
//! Kendall's test, summed over groups (Hirsch, Slack & Smith 1982: the seasonal Kendall test). It
//! counts the pairs of a group that rise and those that fall. Without drift every order of a group
//! is equally likely, whatever its distribution, so the probabilities are exact. Only for hundreds of values is the
//! normal distribution taken, with Kendall's variance and a correction for continuity.

use std::sync::OnceLock;

use super::Sorted;

/// How often a test may find a drift where there is none.
#[derive(Clone, Copy)]
struct Allowed {
    error: f64,
    /// The standard deviations that a normal value exceeds as often, to either side.
    deviations: f64,
}

/// The error of the test within forks, which adds up what all forks say. A page has a thousand cells.
const WITHIN_FORKS: Allowed = Allowed { error: 0.001, deviations: 3.290_527 };

/// The error of the test over the run. It has one value for each fork, and would miss most drifts with less.
const OVER_THE_RUN: Allowed = Allowed { error: 0.005, deviations: 2.807_034 };

/// Values times pairs, up to which the probabilities are exact. They are computed in as many steps, for each cell.
const EXACT: usize = 100_000;

/// [`falls_by_chance`] of a single group, by its length: each pair of contenders has one value for each fork.
static OF_ONE: [OnceLock<Vec<f64>>; 64] = [const { OnceLock::new() }; 64];

/// The medians of the first and the last third of `values`, in the order of time. None where these differ by no
/// more than `least`, or by no more than chance explains.
pub fn trend_over(values: &[f64], least: f64) -> Option<(f64, f64)> {
    let third = values.len().div_ceil(3);
    let median = |values: &[f64]| Sorted::new(values.to_vec()).median();
    let first = median(&values[..third])?;
    let last = median(&values[values.len() - third..])?;
    let matters = (last - first).abs() > least;
    (matters && drifts(std::iter::once(values), OVER_THE_RUN)).then_some((first, last))
}

/// The median difference of the last and the first value of a group, each in the order of time. None where it is
/// no more than `least`, or no more than chance explains.
pub fn trend_within(groups: &[Vec<f64>], least: f64) -> Option<f64> {
    let change = |group: &Vec<f64>| Some(group.last()? - group.first()?);
    let change = Sorted::new(groups.iter().filter_map(change).collect()).median()?;
    let matters = change.abs() > least;
    (matters && drifts(groups.iter().map(Vec::as_slice), WITHIN_FORKS)).then_some(change)
}

/// Whether the groups, each in the order of time, rise or fall together more than chance explains, except with a
/// probability of the `allowed` error.
fn drifts<'a>(groups: impl Iterator<Item = &'a [f64]> + Clone, allowed: Allowed) -> bool {
    let score: i64 = groups.clone().map(rises).sum();
    let lengths = || groups.clone().map(<[f64]>::len);
    let pairs: usize = lengths().map(pairs).sum();
    if pairs.saturating_mul(lengths().sum()) > EXACT {
        return drifts_normally(score, lengths(), allowed);
    }
    // The number of rising pairs at the upper of the two tails that are as extreme.
    let rising = (pairs as i64 + score.abs()) / 2;
    let tail = |ways: &[f64]| 2.0 * ways[..pairs + 1 - rising as usize].iter().sum::<f64>();
    let mut lengths = lengths();
    match (lengths.next(), lengths.next()) {
        (Some(one), None) if one < OF_ONE.len() => {
            tail(OF_ONE[one].get_or_init(|| falls_by_chance(std::iter::once(one)))) <= allowed.error
        }
        (first, second) => {
            tail(&falls_by_chance(first.into_iter().chain(second).chain(lengths))) <= allowed.error
        }
    }
}

/// The same by the normal distribution. Without drift the score of a group of n has the variance n(n − 1)(2n + 5)/18
/// (Kendall 1948).
fn drifts_normally(score: i64, lengths: impl Iterator<Item = usize>, allowed: Allowed) -> bool {
    let variance = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
    let variance: f64 = lengths.map(|length| variance(length as f64)).sum();
    score.abs() as f64 - 1.0 >= allowed.deviations * variance.sqrt()
}

/// The pairs that rise, less those that fall.
fn rises(group: &[f64]) -> i64 {
    let after = |i: usize| group[i + 1..].iter().map(move |later| sign(later - group[i]));
    (0..group.len()).flat_map(after).sum()
}

fn sign(x: f64) -> i64 {
    i64::from(x > 0.0) - i64::from(x < 0.0)
}

fn pairs(of: usize) -> usize {
    of * of.saturating_sub(1) / 2
}

/// The probability of each number of falling pairs when every order is equally likely. The number
/// in an order of n values is a sum of independent uniform draws from 0..1, 0..2, … 0..n.
fn falls_by_chance(groups: impl Iterator<Item = usize>) -> Vec<f64> {
    let mut ways = vec![1.0];
    for choices in groups.flat_map(|len| 2..=len) {
        // The sum of the last `choices` ways moves along. Its terms are positive, so where it loses digits the
        // chance is far below any error that is allowed.
        let mut sum = 0.0;
        let next = (0..ways.len() + choices - 1).map(|falls| {
            sum += ways.get(falls).unwrap_or(&0.0);
            if falls >= choices {
                sum -= ways[falls - choices];
            }
            sum / choices as f64
        });
        ways = next.collect();
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(groups: &[&[f64]]) -> bool {
        drifts(groups.iter().copied(), WITHIN_FORKS)
    }

    #[test]
    fn the_chances_are_kendalls() {
        // Of the six orders of three values, 1, 2, 2 and 1 have 0, 1, 2 and 3 falling pairs.
        let ways = falls_by_chance([3].into_iter());
        let wanted = [1.0, 2.0, 2.0, 1.0].map(|ways| ways / 6.0);
        assert!(ways.iter().zip(wanted).all(|(x, y)| (x - y).abs() < 1e-15));
        let two = falls_by_chance([2, 2].into_iter());
        assert_eq!(two, [0.25, 0.5, 0.25]);
    }

    #[test]
    fn steady_rise_is_drift_and_a_few_values_never_are() {
        let rising: Vec<f64> = (0..8).map(f64::from).collect();
        assert!(found(&[&rising]));
        assert!(!found(&[&rising[..6]])); // 2 / 6! is more than one in a thousand
        assert!(drifts([&rising[..6]].into_iter(), OVER_THE_RUN)); // and less than one in two hundred
        assert!(!drifts([&rising[..5]].into_iter(), OVER_THE_RUN));
        let falling: Vec<f64> = rising.iter().map(|x| -x).collect();
        assert!(found(&[&falling]));
        assert!(!found(&[&rising, &falling]));
        assert!(!found(&[&[1.0; 12]]));
        assert!(!found(&[]));
    }

    /// The least score that counts, by both ways.
    #[test]
    fn the_normal_distribution_agrees_with_the_exact_one() {
        for lengths in [vec![40], vec![100], vec![3; 60], vec![20; 12]] {
            let pairs: usize = lengths.iter().copied().map(pairs).sum();
            let ways = falls_by_chance(lengths.iter().copied());
            for allowed in [WITHIN_FORKS, OVER_THE_RUN] {
                let mut tail = 0.0;
                let counts = ways.iter().take_while(|way| {
                    tail += 2.0 * **way;
                    tail <= allowed.error
                });
                let exact = pairs as i64 + 2 - 2 * counts.count() as i64;
                // A score differs from the number of pairs by an even number.
                let normal = (0..=pairs as i64)
                    .filter(|score| (pairs as i64 - score) % 2 == 0)
                    .find(|score| drifts_normally(*score, lengths.iter().copied(), allowed))
                    .expect("all pairs rise");
                let apart = (normal - exact).abs() as f64 / exact as f64;
                assert!(apart < 0.02, "{lengths:?}: {normal} and {exact}");
            }
        }
    }

    /// A hundred windows in each of ten forks, whose exact probabilities took half a second for each cell.
    #[test]
    fn thousands_of_values_have_a_trend_too() {
        let fork = |slope: f64| (0..100).map(|i| slope * f64::from(i) + f64::from(i * 37 % 101)).collect();
        let forks = |slope| vec![fork(slope); 10];
        assert!(trend_within(&forks(0.0), 0.0).is_none());
        assert!(trend_within(&forks(0.1), 0.0).is_some());
    }

    #[test]
    fn many_short_groups_add_up() {
        let fork = [1.0, 1.1, 1.2];
        assert!(found(&[&fork[..]; 12]));
        assert!(!found(&[&fork[..]; 3]));
    }
}
