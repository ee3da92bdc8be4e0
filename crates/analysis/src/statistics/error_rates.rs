//! How often an interval or a test may err: alone, and together with the others of its block and class.

use super::OrderStatistic;

/// How often, at most, the interval of one pair may miss.
pub const PAIR_ERROR: f64 = 0.01;

/// How often, at most, any interval of a block and class may miss: the family-wise error. The leader was
/// selected as the best of many, so the intervals of its class must hold simultaneously.
pub const FAMILY_ERROR: f64 = 0.05;

/// The error that each of `comparisons` intervals may have. One then keeps [`PAIR_ERROR`], and all together keep
/// [`FAMILY_ERROR`] (Bonferroni, which holds for dependent pairs too).
pub fn allowed_error(comparisons: usize) -> f64 {
    PAIR_ERROR.min(FAMILY_ERROR / comparisons.max(1) as f64)
}

/// The two-sided error of the test that one of `contenders` is ahead of another. A contender is the winner where
/// it passes this test against all others.
///
/// A contender that is not the winner fails to beat at least one rival by the threshold. It is named winner
/// only where the test against that rival errs, which is one-sided: half of this error. Over all contenders that
/// is [`FAMILY_ERROR`]. The other tests need no correction (an intersection-union test: R. L. Berger,
/// Multiparameter hypothesis testing and acceptance sampling, Technometrics 24, 1982).
pub fn winner_error(contenders: usize) -> f64 {
    PAIR_ERROR.min(2.0 * FAMILY_ERROR / contenders.max(1) as f64)
}

/// The forks that a verdict needs in a block and class of `contenders`: 8 for two, 12 for up to 14,
/// 13 for up to 20. A plan with fewer gives that block no verdicts at all.
pub fn forks_needed(contenders: usize) -> u32 {
    forks_needed_at(contenders, 1.0)
}

/// The forks that a verdict needs at an interim analysis that spends this share of the error.
pub fn forks_needed_at(contenders: usize, share: f64) -> u32 {
    forks_for_error(share * allowed_error(pair_count(contenders)))
}

/// How many pairs there are of `contenders`.
pub fn pair_count(contenders: usize) -> usize {
    contenders * contenders.saturating_sub(1) / 2
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
    fn the_more_pairs_are_compared_together_the_wider_the_interval() {
        let within = |contenders| OrderStatistic::within(12, allowed_error(pair_count(contenders)));
        assert_eq!(within(2), Some(OrderStatistic::rank(2))); // the 2nd to the 11th
        assert_eq!(within(4), Some(OrderStatistic::rank(2)));
        assert!(within(5) < within(4) && within(5) > within(6)); // halfway
        assert_eq!(within(6), Some(OrderStatistic::EXTREMES));
        assert_eq!(within(14), Some(OrderStatistic::EXTREMES));
        assert_eq!(within(15), None);
    }

    #[test]
    fn seven_forks_never_reach_ninety_nine_percent() {
        assert_eq!(OrderStatistic::within(7, PAIR_ERROR), None);
        assert_eq!(OrderStatistic::within(8, PAIR_ERROR), Some(OrderStatistic::EXTREMES));
        assert_eq!(forks_needed(2), 8);
        assert_eq!(forks_needed(13), 12);
        assert_eq!(forks_needed(14), 12);
        assert_eq!(forks_needed(15), 13);
        assert_eq!(forks_needed(20), 13);
        assert_eq!(forks_needed(21), 14);
    }
}
