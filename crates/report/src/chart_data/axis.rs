//! The unit of drawn values, and the range of an axis.

use contend_record::NS_PER_OP;

/// A contender this many times above the next of its class leaves the axis, with its number beside it. On the axis it
/// would flatten all others.
const BEYOND: f64 = 5.0;

/// Other classes may extend the first one's axis by at most this factor.
const STRETCH: f64 = 2.0;

/// How a cell's values are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    unit: &'a str,
}

impl<'a> Measure<'a> {
    /// The measure of a unit.
    pub fn of(unit: &'a str) -> Self {
        Self { unit }
    }

    /// Whether values are times per operation, which are drawn as throughput.
    pub fn is_time(self) -> bool {
        self.unit == NS_PER_OP
    }

    /// The drawn unit.
    pub fn unit(self) -> &'a str {
        if self.is_time() { "Mops/s" } else { self.unit }
    }

    /// A value as drawn.
    pub fn value(self, value: f64) -> f64 {
        if self.is_time() { 1000.0 / value } else { value }
    }

    /// An interval as drawn.
    pub fn interval(self, (low, high): (f64, f64)) -> (f64, f64) {
        let (one, other) = (self.value(low), self.value(high));
        (one.min(other), one.max(other))
    }
}

/// The end of an axis, from the greatest values of the contenders of the first class, and of the other classes.
pub fn end(first: Vec<f64>, others: Vec<f64>) -> f64 {
    let own = of_class(first);
    let others = of_class(others).unwrap_or(0.0);
    match own {
        Some(own) if others <= own * STRETCH => own.max(others),
        Some(own) => own,
        None if others > 0.0 => others,
        None => 1.0,
    }
}

/// The greatest value, without the few that are far above all others.
fn of_class(mut tops: Vec<f64>) -> Option<f64> {
    tops.retain(|top| top.is_finite() && *top > 0.0);
    tops.sort_by(|a, b| b.total_cmp(a));
    let most = tops.len() / 3;
    let left_out = tops.windows(2).take(most).take_while(|pair| pair[0] > pair[1] * BEYOND).count();
    tops.get(left_out).copied()
}

/// The greatest of a cell's numbers.
pub fn top(value: f64, interval: Option<(f64, f64)>, forks: &[f64]) -> f64 {
    let ends = forks.iter().copied().chain(interval.map(|(_, high)| high));
    ends.filter(|end| end.is_finite()).fold(value, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlier_does_not_set_the_axis() {
        let alone = |tops: &[f64]| end(tops.to_vec(), Vec::new());
        assert_eq!(alone(&[2000.0, 40.0, 30.0, 20.0]), 40.0);
        assert_eq!(alone(&[150.0, 40.0, 30.0, 20.0]), 150.0);
        assert_eq!(alone(&[2000.0, 40.0]), 2000.0, "of two, both count");
        assert_eq!(alone(&[f64::NAN, f64::INFINITY]), 1.0);
        assert_eq!(alone(&[]), 1.0);
    }

    #[test]
    fn another_class_extends_the_axis_by_at_most_two() {
        assert_eq!(end(vec![100.0, 50.0], vec![180.0]), 180.0);
        assert_eq!(end(vec![100.0, 50.0], vec![780.0]), 100.0);
        assert_eq!(end(vec![], vec![780.0]), 780.0);
    }

    #[test]
    fn time_is_drawn_as_throughput_and_its_interval_is_inverted() {
        let time = Measure::of("ns/op");
        assert_eq!(time.value(20.0), 50.0);
        assert_eq!(time.interval((10.0, 20.0)), (50.0, 100.0));
        let other = Measure::of("µs");
        assert_eq!((other.value(20.0), other.unit()), (20.0, "µs"));
    }
}
