//! An interval for the median over forks that assumes nothing of how forks are distributed.
//!
//! Each fork is as likely to lie above the median as below it. So the number of forks below it is
//! binomial, and the k-th least and the k-th greatest fork enclose the median except with probability
//! 2 P(Bin(n, 1/2) < k): the sign test, turned into an interval (David & Nagaraja, Order Statistics,
//! 3rd ed., section 7.1). Ends halfway to the next fork inwards miss with the mean of the two
//! probabilities, again for every distribution (Guilbaud, Interval estimation of the median of a
//! general distribution, Scandinavian Journal of Statistics 6, 1979). Knows numbers only: no
//! records, no names.

/// How often, at most, the interval of one pair may miss.
pub const PAIR_ERROR: f64 = 0.01;

/// How often, at most, any interval of a block and class may miss. Whoever leads was selected as the
/// best of many, so its intervals must hold all at once.
pub const FAMILY_ERROR: f64 = 0.05;

/// The error that each of `comparisons` intervals may have, so that one keeps [`PAIR_ERROR`] and all
/// together keep [`FAMILY_ERROR`] (Bonferroni: it holds however the pairs depend on each other).
pub fn allowed_error(comparisons: usize) -> f64 {
    PAIR_ERROR.min(FAMILY_ERROR / comparisons.max(1) as f64)
}

/// The error of the test that says of one of `contenders` that it is ahead of another, so that it is the
/// winner where it passes against all others. As for an interval, both ways round together.
///
/// Whoever is no winner has somebody that it is not ahead of, and is named only where just that test
/// errs: that is half of this error, one way round, for each of the contenders, [`FAMILY_ERROR`] in all.
/// The other tests of a winner cost nothing (an intersection-union test: R. L. Berger, Multiparameter
/// hypothesis testing and acceptance sampling, Technometrics 24, 1982).
pub fn winner_error(contenders: usize) -> f64 {
    PAIR_ERROR.min(2.0 * FAMILY_ERROR / contenders.max(1) as f64)
}

/// The forks that a verdict needs in a block and class of `contenders`: 8 for two, 12 for up to 14,
/// 13 for up to 20. A plan with fewer gives that block no verdicts at all.
pub fn forks_needed(contenders: usize) -> u32 {
    forks_needed_at(contenders, 1.0)
}

/// The same at a look that spends this share of the error.
pub fn forks_needed_at(contenders: usize, share: f64) -> u32 {
    forks_for(share * allowed_error(pairs(contenders)))
}

/// How many pairs there are of `contenders`.
pub fn pairs(contenders: usize) -> usize {
    contenders * contenders.saturating_sub(1) / 2
}

/// The least number of forks whose extremes miss the median with a probability of at most `error`.
pub fn forks_for(error: f64) -> u32 {
    (1..).find(|&forks| Depth::EXTREMES.miss(forks) <= error).expect("the error halves with each fork")
}

/// How far inside the extremes an interval ends, in half ranks: 2 is the least and the greatest
/// fork, 3 is halfway to their neighbours, 4 is the second least and the second greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Depth(u32);

impl Depth {
    /// The least and the greatest fork.
    pub const EXTREMES: Self = Self::rank(1);

    /// The `rank`-th least and the `rank`-th greatest fork.
    pub const fn rank(rank: u32) -> Self {
        Self(2 * rank)
    }

    /// The greatest depth whose interval misses with a probability of at most `error`: the narrowest
    /// one that keeps its word. None where even the extremes do not.
    pub fn within(forks: u32, error: f64) -> Option<Self> {
        (Self::EXTREMES.0..=forks).map(Self).take_while(|depth| depth.miss(forks) <= error).last()
    }

    /// The probability that the interval of so many forks does not enclose the median of what they
    /// are drawn from, at most.
    pub fn miss(self, forks: u32) -> f64 {
        let (outer, inner) = self.ranks();
        (miss(forks, outer) + miss(forks, inner)) / 2.0
    }

    /// The ranks that the interval ends halfway between; the same one twice where it ends at one.
    fn ranks(self) -> (u32, u32) {
        (self.0 / 2, self.0.div_ceil(2))
    }
}

/// The probability that the `rank`-th least and the `rank`-th greatest of `forks` values do not
/// enclose the median of what they are drawn from. 1 where there are no such two.
fn miss(forks: u32, rank: u32) -> f64 {
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

/// Values in ascending order, none of them a NaN. A type of its own, because a rank in unsorted
/// values is a wrong number that looks right.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted(Vec<f64>);

impl Sorted {
    pub fn new(mut values: Vec<f64>) -> Self {
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f64::total_cmp);
        Self(values)
    }

    pub fn values(&self) -> &[f64] {
        &self.0
    }

    pub fn len(&self) -> u32 {
        self.0.len() as u32
    }

    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// The value that the share `q` is below, interpolated between neighbours (type 7 of Hyndman &
    /// Fan 1996, the default of R and NumPy).
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let last = self.0.len().checked_sub(1)?;
        let at = q * last as f64;
        let (low, high) = (self.0[at.floor() as usize], self.0[at.ceil() as usize]);
        Some(low + (high - low) * at.fract())
    }

    /// The interval of this depth; the single value where there is but one. None where there are
    /// too few values.
    pub fn enclosed(&self, depth: Depth) -> Option<(f64, f64)> {
        let (outer, inner) = depth.ranks();
        let last = self.0.len().checked_sub(1)?;
        let (outer, inner) = (outer as usize - 1, inner as usize - 1);
        let halfway = |from: usize, to: usize| self.0[from] + (self.0[to] - self.0[from]) / 2.0;
        (2 * inner <= last).then(|| (halfway(outer, inner), halfway(last - outer, last - inner)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_tests_errors_are_the_tables() {
        // Of 2^12 = 4096 ways to fall, 1 + 12 = 13 have fewer than two below.
        assert_eq!(Depth(2).miss(12), 2.0 / 4096.0);
        assert_eq!(Depth(3).miss(12), 14.0 / 4096.0);
        assert_eq!(Depth(4).miss(12), 26.0 / 4096.0);
        assert_eq!(Depth(6).miss(12), 2.0 * (1.0 + 12.0 + 66.0) / 4096.0);
        assert_eq!(Depth(2).miss(1), 1.0);
        assert_eq!(Depth(4).miss(2), 1.0);
    }

    #[test]
    fn the_more_pairs_are_judged_together_the_wider_the_interval() {
        let depth = |contenders| Depth::within(12, allowed_error(pairs(contenders)));
        assert_eq!(depth(2), Some(Depth(4))); // the 2nd to the 11th
        assert_eq!(depth(4), Some(Depth(4)));
        assert_eq!(depth(5), Some(Depth(3)));
        assert_eq!(depth(6), Some(Depth(2)));
        assert_eq!(depth(14), Some(Depth(2)));
        assert_eq!(depth(15), None);
    }

    #[test]
    fn seven_forks_never_reach_ninety_nine_percent() {
        assert_eq!(Depth::within(7, PAIR_ERROR), None);
        assert_eq!(Depth::within(8, PAIR_ERROR), Some(Depth::EXTREMES));
        assert_eq!(forks_needed(2), 8);
        assert_eq!(forks_needed(13), 12);
        assert_eq!(forks_needed(14), 12);
        assert_eq!(forks_needed(15), 13);
        assert_eq!(forks_needed(20), 13);
        assert_eq!(forks_needed(21), 14);
    }

    #[test]
    fn an_interval_ends_at_a_fork_or_halfway_to_the_next() {
        let sorted = Sorted::new(vec![8.0, 1.0, f64::NAN, 4.0, 2.0]);
        assert_eq!(sorted.len(), 4);
        assert_eq!(sorted.enclosed(Depth(2)), Some((1.0, 8.0)));
        assert_eq!(sorted.enclosed(Depth(3)), Some((1.5, 6.0)));
        assert_eq!(sorted.enclosed(Depth(4)), Some((2.0, 4.0)));
        assert_eq!(sorted.enclosed(Depth(5)), None);
        let one = Sorted::new(vec![3.0]);
        assert_eq!(one.enclosed(Depth::EXTREMES), Some((3.0, 3.0)));
        assert_eq!(Sorted::new(Vec::new()).enclosed(Depth::EXTREMES), None);
    }

    #[test]
    fn quantiles_interpolate() {
        let sorted = Sorted::new(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!(sorted.median(), Some(2.5));
        assert_eq!(sorted.quantile(0.25), Some(1.75));
        assert_eq!(sorted.quantile(1.0), Some(4.0));
        assert_eq!(Sorted::new(Vec::new()).median(), None);
    }
}
