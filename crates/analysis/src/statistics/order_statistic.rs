//! A distribution-free interval for the median over forks.
//!
//! Each fork is as likely to lie above the median as below it. So the number of forks below it is
//! binomial. The k-th least and the k-th greatest fork enclose the median except with probability
//! 2 P(Bin(n, 1/2) < k). This is the inverted sign test (David & Nagaraja, Order Statistics,
//! 3rd ed., section 7.1). Ends halfway to the next fork inwards miss with the mean of the two
//! probabilities, for every distribution (Guilbaud, Interval estimation of the median of a
//! general distribution, Scandinavian Journal of Statistics 6, 1979).

/// The order statistics that an interval ends at, in half ranks. 2 is the least and the greatest
/// fork, 4 the second least and the second greatest, and 3 is halfway between these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderStatistic(u32);

impl OrderStatistic {
    /// The least and the greatest fork.
    pub const EXTREMES: Self = Self::rank(1);

    /// The `rank`-th least and the `rank`-th greatest fork.
    pub const fn rank(rank: u32) -> Self {
        Self(2 * rank)
    }

    /// The innermost one whose interval misses with a probability of at most `error`, which makes the
    /// narrowest interval that reaches the nominal coverage. None where even the extremes do not.
    pub fn within(forks: u32, error: f64) -> Option<Self> {
        (Self::EXTREMES.0..=forks).map(Self).take_while(|ends| ends.miss(forks) <= error).last()
    }

    /// The greatest probability that the interval of this many forks misses the median of their distribution.
    pub fn miss(self, forks: u32) -> f64 {
        let (outer, inner) = self.ranks();
        (miss(forks, outer) + miss(forks, inner)) / 2.0
    }

    /// The two ranks that the interval ends halfway between; equal where it ends at a fork.
    fn ranks(self) -> (u32, u32) {
        (self.0 / 2, self.0.div_ceil(2))
    }
}

/// The probability that the `rank`-th least and the `rank`-th greatest of `forks` values miss the median of their
/// distribution. 1 where there are no such two.
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
/// values would be a wrong number.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted(Vec<f64>);

impl Sorted {
    /// Sorts `values`, and leaves out what is not a number.
    pub fn new(mut values: Vec<f64>) -> Self {
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f64::total_cmp);
        Self(values)
    }

    /// The values with the other sign.
    pub fn reversed(&self) -> Self {
        Self(self.0.iter().rev().map(|value| -value).collect())
    }

    /// The values, ascending.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.0.len() as u32
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The median; the mean of the middle two of an even number. None where there are no values.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// The quantile `q`, interpolated between neighbours (type 7 of Hyndman & Fan 1996, the default of R and NumPy).
    /// None where there are no values.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let last = self.0.len().checked_sub(1)?;
        let at = q * last as f64;
        let (low, high) = (self.0[at.floor() as usize], self.0[at.ceil() as usize]);
        Some(low + (high - low) * at.fract())
    }

    /// The interval between these order statistics; the single value where there is only one. None where there are
    /// too few values.
    pub fn interval(&self, ends: OrderStatistic) -> Option<(f64, f64)> {
        let (outer, inner) = ends.ranks();
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
    fn errors_are_those_of_the_sign_test() {
        // Of 2^12 = 4096 outcomes, 1 + 12 = 13 have fewer than two below.
        assert_eq!(OrderStatistic(2).miss(12), 2.0 / 4096.0);
        assert_eq!(OrderStatistic(3).miss(12), 14.0 / 4096.0);
        assert_eq!(OrderStatistic(4).miss(12), 26.0 / 4096.0);
        assert_eq!(OrderStatistic(6).miss(12), 2.0 * (1.0 + 12.0 + 66.0) / 4096.0);
        assert_eq!(OrderStatistic(2).miss(1), 1.0);
        assert_eq!(OrderStatistic(4).miss(2), 1.0);
    }

    #[test]
    fn an_interval_ends_at_a_fork_or_halfway_to_the_next() {
        let sorted = Sorted::new(vec![8.0, 1.0, f64::NAN, 4.0, 2.0]);
        assert_eq!(sorted.len(), 4);
        assert_eq!(sorted.interval(OrderStatistic(2)), Some((1.0, 8.0)));
        assert_eq!(sorted.interval(OrderStatistic(3)), Some((1.5, 6.0)));
        assert_eq!(sorted.interval(OrderStatistic(4)), Some((2.0, 4.0)));
        assert_eq!(sorted.interval(OrderStatistic(5)), None);
        let one = Sorted::new(vec![3.0]);
        assert_eq!(one.interval(OrderStatistic::EXTREMES), Some((3.0, 3.0)));
        assert_eq!(Sorted::new(Vec::new()).interval(OrderStatistic::EXTREMES), None);
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
