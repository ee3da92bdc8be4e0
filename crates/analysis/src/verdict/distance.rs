//! Distances from the best: how much longer each contender of a class takes than the best of it, as bounds that hold
//! together. Knows pairs of cells and the error, and not what is done with the bounds.
//!
//! A contender's distance is the largest of its medians over all rivals. An upper bound on every one of these medians
//! bounds it, and is wrong only where the bound on that one median is: an intersection-union test (R. L. Berger,
//! Multiparameter hypothesis testing and acceptance sampling, Technometrics 24, 1982). So rivals need no correction,
//! and contenders do.
//!
//! A lower bound needs the best, which is not known. It is among those that no rival is proven to be ahead of, so the
//! least of the lower bounds over these holds (D. G. Edwards and J. C. Hsu, Multiple comparisons with the best
//! treatment, JASA 78, 1983).

use crate::statistics::{FAMILY_ERROR, OrderStatistic, Sorted};

use super::pair::Paired;
use super::windows::Windows;

/// The bounds of one contender's distance, as ratios of times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Distance {
    /// Its time over the best's is at most this. None where there are too few forks.
    pub(super) at_most: Option<f64>,
    /// Its time over the best's is at least this. None where it is not proven to be slower.
    pub(super) at_least: Option<f64>,
}

/// The distances of `ranked`, which are all contenders of a class, in their order. `share` is the share of the error
/// that their block's interim analysis spends.
pub(super) fn distances(ranked: &[&Windows], share: f64) -> Vec<Distance> {
    let rivals = ranked.len().saturating_sub(1);
    if rivals == 0 {
        return vec![Distance { at_most: (share > 0.0).then_some(1.0), at_least: None }; ranked.len()];
    }
    // Half of the error for each of both kinds of bounds.
    let error = share * FAMILY_ERROR / 2.0 / ranked.len() as f64;
    let bounds: Vec<Vec<Option<(f64, f64)>>> =
        ranked.iter().map(|one| ranked.iter().map(|rival| bounds(one, rival, error)).collect()).collect();
    let others = |one: usize| (0..ranked.len()).filter(move |rival| *rival != one);
    let low = |one: usize, rival: usize| bounds[one][rival].map(|(low, _)| low);
    let may_be_best = |one: &usize| others(*one).all(|rival| low(*one, rival).is_none_or(|low| low <= 0.0));
    let best: Vec<usize> = (0..ranked.len()).filter(may_be_best).collect();
    let distance = |one: usize| {
        let highest = others(one).map(|rival| bounds[one][rival].map(|(_, high)| high));
        let at_most = highest.collect::<Option<Vec<f64>>>().map(|all| all.into_iter().fold(0.0, f64::max));
        let lowest = best.iter().filter(|rival| **rival != one).map(|rival| low(one, *rival));
        let at_least = lowest.collect::<Option<Vec<f64>>>().and_then(|all| all.into_iter().reduce(f64::min));
        Distance { at_most: at_most.map(f64::exp), at_least: at_least.filter(|ln| *ln > 0.0).map(f64::exp) }
    };
    (0..ranked.len()).map(distance).collect()
}

/// One-sided bounds on the logarithm of the time of `one` over that of `rival`, each with this error. None where there
/// are too few forks, or where a fork has no ratio.
fn bounds(one: &Windows, rival: &Windows, error: f64) -> Option<(f64, f64)> {
    let paired = Paired::new(one, rival).filter(|paired| paired.without_ratio == 0)?;
    let typical = paired.windows;
    let forks = Sorted::new(paired.forks);
    let (low, high) = forks.interval(OrderStatistic::within(forks.len(), 2.0 * error)?)?;
    // Where the typical window says more than the sums, both bounds give way to it.
    Some((low.min(typical), high.max(typical)))
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::windows::by_block;
    use super::*;

    /// The distances of contenders with these times in each fork.
    fn of(times: &[(&str, &[f64])], share: f64) -> Vec<Distance> {
        let names: Vec<&str> = times.iter().map(|(name, _)| *name).collect();
        let run = run(&names);
        let of_one = |(name, forks): &(&str, &[f64])| {
            (1..).zip(*forks).map(|(fork, ns)| record(name, fork, 1, *ns)).collect::<Vec<Record>>()
        };
        let records: Vec<Record> = times.iter().flat_map(of_one).collect();
        let blocks = by_block(&run, &records);
        distances(&blocks[0].iter().collect::<Vec<_>>(), share)
    }

    fn about(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found - wanted).abs() < 1e-9)
    }

    #[test]
    fn the_best_is_at_no_distance_and_the_others_are_at_theirs() {
        let found = of(&[("a", &[100.0; 12]), ("b", &[150.0; 12]), ("c", &[300.0; 12])], 1.0);
        assert_eq!((found[0].at_most, found[0].at_least), (Some(1.0), None));
        assert!(about(found[1].at_most, 1.5) && about(found[1].at_least, 1.5), "{found:?}");
        assert!(about(found[2].at_most, 3.0) && about(found[2].at_least, 3.0), "{found:?}");
    }

    #[test]
    fn equals_may_each_be_the_best() {
        let odd: Vec<f64> = (0..12).map(|fork| [100.0, 102.0][fork % 2]).collect();
        let even: Vec<f64> = (0..12).map(|fork| [102.0, 100.0][fork % 2]).collect();
        let found = of(&[("a", &odd), ("b", &even)], 1.0);
        assert!(found.iter().all(|one| about(one.at_most, 1.02) && one.at_least.is_none()), "{found:?}");
    }

    #[test]
    fn too_few_forks_bound_nothing() {
        let found = of(&[("a", &[100.0; 5]), ("b", &[150.0; 5])], 1.0);
        assert_eq!(found, [Distance::default(); 2]);
        assert_eq!(of(&[("a", &[100.0; 12]), ("b", &[150.0; 12])], 0.0), [Distance::default(); 2]);
    }

    #[test]
    fn a_fork_without_a_ratio_bounds_nothing() {
        let mut stalled = [100.0; 13];
        stalled[4] = 0.0;
        assert_eq!(of(&[("a", &[200.0; 13]), ("b", &stalled)], 1.0), [Distance::default(); 2]);
    }
}
