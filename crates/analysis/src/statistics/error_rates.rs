//! How often an interval or a test may err: alone, and together with the others of its block and class.

use super::{OrderStatistic, PairBounds};

/// How often, at most, the interval of a pair may miss.
pub const PAIR_ERROR: f64 = 0.01;

/// How often, at most, the winner of a class may be wrong, or any distance of its contenders from the best, or any
/// comparison of one named contender with the others.
pub const FAMILY_ERROR: f64 = 0.05;

/// How often, at most, the interval of a pair may miss in a class of `contenders`: [`PAIR_ERROR`], and so rarely that
/// the comparisons of one contender with all others keep [`FAMILY_ERROR`] together (Bonferroni, which holds for
/// dependent pairs too).
///
/// A winner is ahead of every other. A contender that is not the winner fails to beat at least one rival by the
/// threshold, and is named only where the interval of that pair misses on one side, which is half of this error. Over
/// all contenders that is less than [`FAMILY_ERROR`]. The other pairs need no correction (an intersection-union test:
/// R. L. Berger, Multiparameter hypothesis testing and acceptance sampling, Technometrics 24, 1982).
pub fn pair_error(contenders: usize) -> f64 {
    PAIR_ERROR.min(FAMILY_ERROR / contenders.saturating_sub(1).max(1) as f64)
}

/// The forks that all statements on a class of `contenders` need: 8 for two, 11 for thirteen. A plan with fewer leaves
/// some of them open.
pub fn forks_needed(contenders: usize) -> u32 {
    forks_needed_at(contenders, 1.0)
}

/// The forks that they need at an interim analysis that spends this share of the error.
pub fn forks_needed_at(contenders: usize, share: f64) -> u32 {
    let (_, lower) = PairBounds::errors(contenders);
    // A bound is one-sided, and misses half as often as an interval.
    forks_for_error(share * pair_error(contenders).min(2.0 * lower))
}

/// The least number of forks whose extremes miss the median with a probability of at most `error`.
pub fn forks_for_error(error: f64) -> u32 {
    (1..)
        .find(|&forks| OrderStatistic::EXTREMES.miss(forks) <= error)
        .expect("the error halves with each fork")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_contenders_a_class_has_the_wider_are_the_intervals_of_its_pairs() {
        let within = |contenders| OrderStatistic::within(12, pair_error(contenders));
        assert_eq!(within(2), Some(OrderStatistic::rank(2))); // the 2nd to the 11th
        assert_eq!(within(8), Some(OrderStatistic::rank(2)));
        assert!(within(9) < within(8) && within(9) > within(60)); // halfway
        assert_eq!(within(60), Some(OrderStatistic::EXTREMES));
        assert_eq!(pair_error(6), 0.01);
        assert!((pair_error(13) - 0.05 / 12.0).abs() < 1e-15);
    }

    #[test]
    fn a_winner_is_wrong_in_less_than_one_of_twenty_classes() {
        for contenders in 2..1_000 {
            assert!(contenders as f64 * pair_error(contenders) / 2.0 <= FAMILY_ERROR, "{contenders}");
        }
    }

    #[test]
    fn seven_forks_never_reach_ninety_nine_percent() {
        assert_eq!(OrderStatistic::within(7, PAIR_ERROR), None);
        assert_eq!(OrderStatistic::within(8, PAIR_ERROR), Some(OrderStatistic::EXTREMES));
        let needed = |contenders: [usize; 6]| contenders.map(forks_needed);
        assert_eq!(needed([2, 3, 5, 8, 13, 26]), [8, 8, 9, 10, 11, 12]);
        // At the first interim analysis.
        assert_eq!([2, 8, 13].map(|contenders| forks_needed_at(contenders, 0.25)), [10, 12, 13]);
    }
}
