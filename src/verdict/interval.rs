//! An interval for the median over forks that assumes nothing of how forks are distributed.
//!
//! Each fork is as likely to lie above the median as below it. So the number of forks below it is
//! binomial, and the k-th least and k-th greatest fork enclose the median except with probability
//! 2 P(Bin(n, 1/2) < k): the sign test, turned into an interval (David & Nagaraja, Order Statistics,
//! 3rd ed., section 7.1). Knows numbers only: no records, no names.

/// How often, at most, the interval of one pair may miss.
pub const PAIR_ERROR: f64 = 0.01;

/// How often, at most, any interval of a block and class may miss. Whoever leads was selected as the
/// best of many, so its intervals must hold all at once.
pub const FAMILY_ERROR: f64 = 0.05;

/// The error that each of `comparisons` intervals may have, so that one keeps [`PAIR_ERROR`] and all
/// together keep [`FAMILY_ERROR`] (Bonferroni: it holds however the pairs depend on each other).
pub(super) fn allowed_error(comparisons: usize) -> f64 {
    PAIR_ERROR.min(FAMILY_ERROR / comparisons.max(1) as f64)
}

/// The forks that a verdict needs in a block and class of `contenders`.
pub fn forks_needed(contenders: usize) -> u32 {
    forks_for(allowed_error(pairs(contenders)))
}

/// How many pairs there are of `contenders`.
pub(super) fn pairs(contenders: usize) -> usize {
    contenders * contenders.saturating_sub(1) / 2
}

/// The least number of forks whose extremes miss the median with a probability of at most `error`.
pub(super) fn forks_for(error: f64) -> u32 {
    (1..).find(|&forks| miss(forks, 1) <= error).unwrap_or(1)
}

/// The probability that the `rank`-th least and the `rank`-th greatest of `forks` values do not
/// enclose the median of what they are drawn from. 1 where there are no such two.
pub(super) fn miss(forks: u32, rank: u32) -> f64 {
    if rank == 0 || 2 * rank > forks {
        return 1.0;
    }
    let mut term = 0.5_f64.powi(forks as i32);
    let mut below = term;
    for i in 1..rank {
        term *= f64::from(forks - i + 1) / f64::from(i);
        below += term;
    }
    2.0 * below
}

/// The greatest rank whose interval misses with a probability of at most `error`: the narrowest one
/// that keeps its word. None where even the extremes do not.
pub(super) fn rank(forks: u32, error: f64) -> Option<u32> {
    (1..=forks / 2)
        .take_while(|&rank| miss(forks, rank) <= error)
        .last()
}

/// Values in ascending order, none of them a NaN. A type of its own, because a rank in unsorted
/// values is a wrong number that looks right.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sorted(Vec<f64>);

impl Sorted {
    pub(super) fn new(mut values: Vec<f64>) -> Self {
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f64::total_cmp);
        Self(values)
    }

    pub(super) fn len(&self) -> u32 {
        self.0.len() as u32
    }

    pub(super) fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// The value that the share `q` is below, interpolated between neighbours (type 7 of Hyndman &
    /// Fan 1996, the default of R and NumPy).
    pub(super) fn quantile(&self, q: f64) -> Option<f64> {
        let last = self.0.len().checked_sub(1)?;
        let at = q * last as f64;
        let (low, high) = (self.0[at.floor() as usize], self.0[at.ceil() as usize]);
        Some(low + (high - low) * at.fract())
    }

    /// The `rank`-th least value and the `rank`-th greatest.
    pub(super) fn enclosed(&self, rank: u32) -> Option<(f64, f64)> {
        let low = (rank as usize).checked_sub(1)?;
        let high = self.0.len().checked_sub(rank as usize)?;
        (low <= high).then(|| (self.0[low], self.0[high]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_tests_errors_are_the_tables() {
        // Of 2^12 = 4096 ways to fall, 1 + 12 = 13 have fewer than two below.
        assert_eq!(miss(12, 1), 2.0 / 4096.0);
        assert_eq!(miss(12, 2), 26.0 / 4096.0);
        assert_eq!(miss(12, 3), 2.0 * (1.0 + 12.0 + 66.0) / 4096.0);
        assert_eq!(miss(2, 2), 1.0);
        assert_eq!(miss(0, 1), 1.0);
    }

    #[test]
    fn twelve_forks_give_the_second_to_the_eleventh_to_one_pair_and_the_extremes_to_thirteen() {
        assert_eq!(rank(12, allowed_error(pairs(2))), Some(2));
        assert_eq!(rank(12, allowed_error(pairs(4))), Some(2));
        assert_eq!(rank(12, allowed_error(pairs(5))), Some(1));
        assert_eq!(rank(12, allowed_error(pairs(14))), Some(1));
        assert_eq!(rank(12, allowed_error(pairs(15))), None);
    }

    #[test]
    fn seven_forks_never_reach_ninety_nine_percent() {
        assert_eq!(rank(7, PAIR_ERROR), None);
        assert_eq!(rank(8, PAIR_ERROR), Some(1));
        assert_eq!(forks_needed(2), 8);
        assert_eq!(forks_needed(13), 12);
        assert_eq!(forks_needed(15), 13);
    }

    #[test]
    fn quantiles_interpolate_and_intervals_do_not() {
        let sorted = Sorted::new(vec![4.0, 1.0, f64::NAN, 3.0, 2.0]);
        assert_eq!(sorted.len(), 4);
        assert_eq!(sorted.median(), Some(2.5));
        assert_eq!(sorted.quantile(0.25), Some(1.75));
        assert_eq!(sorted.quantile(1.0), Some(4.0));
        assert_eq!(sorted.enclosed(1), Some((1.0, 4.0)));
        assert_eq!(sorted.enclosed(2), Some((2.0, 3.0)));
        assert_eq!(sorted.enclosed(3), None);
        assert_eq!(sorted.enclosed(0), None);
        assert_eq!(Sorted::new(Vec::new()).median(), None);
    }
}
