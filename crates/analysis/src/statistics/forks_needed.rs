//! How many forks the statements on a class need.

use super::{OrderStatistic, PairBounds, pair_error};

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
    use super::super::PAIR_ERROR;
    use super::*;

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
