//! Distances from the best: how far each of several contenders is behind the best of them, as bounds that hold
//! together.
//!
//! A contender's distance is the largest of its medians over all rivals, and 0 for the best. An upper bound on every
//! one of these medians bounds it, and is wrong only where the bound on that one median is: an intersection-union test
//! (R. L. Berger, Multiparameter hypothesis testing and acceptance sampling, Technometrics 24, 1982). So rivals need no
//! correction, and contenders do.
//!
//! A lower bound needs the best, which is not known. It is among those that no rival is proven to be ahead of, so the
//! least of the lower bounds against these holds (D. G. Edwards and J. C. Hsu, Multiple comparisons with the best
//! treatment, JASA 78, 1983). It needs the bound against the one best alone.
//!
//! The best cannot be further from itself than a bound says, so the other contenders share the error.

use super::{FAMILY_ERROR, OrderStatistic, Sorted};

/// The share of the family-wise error that all upper bounds together have. They say what may be taken. The lower
/// bounds have the rest.
const UPPER: f64 = 0.8;

/// One-sided bounds on the median of one contender over one rival, logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairBounds {
    /// The lower and the upper one with the error of upper bounds.
    upper: (f64, f64),
    /// The same with the error of lower bounds. None where there are too few forks.
    lower: Option<(f64, f64)>,
}

/// The bounds of one contender's distance, logarithms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Distance {
    /// The upper bound. None where a rival has too few forks.
    pub at_most: Option<f64>,
    /// The lower bound. None where the contender is not proven to be behind.
    pub at_least: Option<f64>,
}

impl PairBounds {
    /// Bounds by any other method: an interval with the error of upper bounds on each side, and one with that of lower
    /// bounds.
    pub fn new(upper: (f64, f64), lower: Option<(f64, f64)>) -> Self {
        Self { upper, lower }
    }

    /// The errors that an upper and a lower bound may have in a class of `contenders`.
    pub fn errors(contenders: usize) -> (f64, f64) {
        let error = FAMILY_ERROR / contenders.saturating_sub(1).max(1) as f64;
        (UPPER * error, (1.0 - UPPER) * error)
    }

    /// The bounds from the logarithms of a time ratio, one for each fork. There are `contenders` of the class, and
    /// `share` is the share of the error that the interim analysis spends. None where there are too few forks.
    pub fn of(forks: &Sorted, contenders: usize, share: f64) -> Option<Self> {
        let (upper, lower) = Self::errors(contenders);
        // The interval with twice the error has this error on each side.
        let ends = |error: f64| OrderStatistic::within(forks.len(), 2.0 * share * error);
        Some(Self {
            upper: forks.interval(ends(upper)?)?,
            lower: ends(lower).and_then(|ends| forks.interval(ends)),
        })
    }

    /// The same bounds, as seen from the rival.
    pub fn reversed(self) -> Self {
        let reversed = |(low, high): (f64, f64)| (-high, -low);
        Self { upper: reversed(self.upper), lower: self.lower.map(reversed) }
    }

    /// Bounds that contain `value` too.
    pub fn including(self, value: f64) -> Self {
        let wider = |(low, high): (f64, f64)| (low.min(value), high.max(value));
        Self { upper: wider(self.upper), lower: self.lower.map(wider) }
    }
}

/// The distances of all contenders from the best. `bounds[a][b]` are the bounds of a over b; none where they cannot be
/// compared.
pub fn distances(bounds: &[Vec<Option<PairBounds>>]) -> Vec<Distance> {
    let all = 0..bounds.len();
    let rivals = |one: usize| all.clone().filter(move |rival| *rival != one);
    let is_behind = |one: usize, rival: usize| bounds[one][rival].is_some_and(|of| of.upper.0 > 0.0);
    let may_be_best = |one: &usize| !rivals(*one).any(|rival| is_behind(*one, rival));
    let best: Vec<usize> = all.clone().filter(may_be_best).collect();
    let distance = |one: usize| {
        let highest = rivals(one).map(|rival| Some(bounds[one][rival]?.upper.1));
        let lowest = best.iter().filter(|rival| **rival != one);
        let lowest = lowest.map(|rival| Some(bounds[one][*rival]?.lower?.0));
        let least: Option<Vec<f64>> = lowest.collect();
        Distance {
            at_most: highest.collect::<Option<Vec<f64>>>().map(|all| all.into_iter().fold(0.0, f64::max)),
            at_least: least.and_then(|all| all.into_iter().reduce(f64::min)).filter(|ln| *ln > 0.0),
        }
    };
    all.clone().map(distance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distances of contenders with these values in each fork, with all of the error.
    fn of(values: &[Vec<f64>]) -> Vec<Distance> {
        let pair = |a: &Vec<f64>, b: &Vec<f64>| {
            let forks = Sorted::new(a.iter().zip(b).map(|(a, b)| a - b).collect());
            PairBounds::of(&forks, values.len(), 1.0)
        };
        let row = |a: &Vec<f64>| values.iter().map(|b| pair(a, b)).collect();
        distances(&values.iter().map(row).collect::<Vec<_>>())
    }

    fn at(value: f64) -> Vec<f64> {
        vec![value; 12]
    }

    #[test]
    fn the_best_is_at_no_distance_and_the_others_are_at_theirs() {
        let found = of(&[at(0.5), at(0.0), at(2.0)]);
        assert_eq!(found[0], Distance { at_most: Some(0.5), at_least: Some(0.5) });
        assert_eq!(found[1], Distance { at_most: Some(0.0), at_least: None });
        assert_eq!(found[2], Distance { at_most: Some(2.0), at_least: Some(2.0) });
    }

    #[test]
    fn equals_may_each_be_the_best() {
        let value = |fork: usize, of: usize| [0.0, 0.02][(fork + of) % 2];
        let equal = |of| (0..12).map(|fork| value(fork, of)).collect::<Vec<f64>>();
        let third = at(0.5);
        let found = of(&[equal(0), equal(1), third]);
        for one in &found[..2] {
            assert_eq!((one.at_most, one.at_least), (Some(0.02), None));
        }
        // The third is behind both. Whichever is the best, it is behind by at least 0.48.
        assert_eq!(found[2], Distance { at_most: Some(0.5), at_least: Some(0.48) });
    }

    #[test]
    fn each_bound_has_its_part_of_the_error() {
        // One fork in twelve is astray. Of two contenders, the upper bound may miss in 4 %: the third greatest and
        // further in. The lower one has 1 %.
        let mut astray = at(0.5);
        (astray[0], astray[1]) = (3.0, -1.0);
        let found = of(&[astray.clone(), at(0.0)]);
        assert_eq!(found[0], Distance { at_most: Some(0.5), at_least: Some(0.5) });
        // Among twenty, the same error leaves the extremes.
        let mut twenty = vec![at(0.0); 20];
        twenty[0] = astray;
        let found = of(&twenty);
        assert_eq!(found[0].at_least, None);
        assert!(found[0].at_most.is_some_and(|most| most > 0.5), "{:?}", found[0]);
    }

    #[test]
    fn too_few_forks_bound_nothing() {
        assert_eq!(of(&[vec![0.0; 4], vec![1.0; 4]]), [Distance::default(); 2]);
        let forks = Sorted::new(at(1.0));
        assert_eq!(PairBounds::of(&forks, 2, 0.0), None);
        // Five forks have an upper bound for two contenders, and no lower one.
        let found = of(&[vec![0.0; 5], vec![1.0; 5]]);
        assert_eq!(found[1], Distance { at_most: Some(1.0), at_least: None });
    }

    #[test]
    fn a_rival_that_cannot_be_compared_leaves_no_upper_bound() {
        let known = PairBounds::of(&Sorted::new(at(1.0)), 3, 1.0);
        let back = known.map(PairBounds::reversed);
        let bounds = [vec![None, known, None], vec![back, None, known], vec![None, back, None]];
        let found = distances(&bounds);
        assert_eq!(found.iter().map(|of| of.at_most).collect::<Vec<_>>(), [None, Some(1.0), None]);
    }

    #[test]
    fn bounds_may_be_widened() {
        let bounds = PairBounds::of(&Sorted::new(at(0.1)), 2, 1.0).unwrap().including(0.3);
        assert_eq!((bounds.upper, bounds.lower), ((0.1, 0.3), Some((0.1, 0.3))));
        assert_eq!(bounds.reversed().upper, (-0.3, -0.1));
    }
}
