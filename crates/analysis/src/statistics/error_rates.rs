//! How often an interval or a test may err: alone, and together with the others of its block and class.

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

#[cfg(test)]
mod tests {
    use super::super::OrderStatistic;
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
}
