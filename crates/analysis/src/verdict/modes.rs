//! Forks that fall into two modes: a contender that is in one of two states for the life of a
//! process. Their median is then a state that no process was in, so both are said. Knows the values
//! of forks and nothing else.

use super::interval::Sorted;

/// Forks that a mode needs. Fewer are outliers, and are not called anything.
const LEAST_FORKS: usize = 3;

/// Two groups of forks with nothing between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modes {
    pub lower: Mode,
    pub upper: Mode,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mode {
    /// The median of its forks.
    pub ln: f64,
    pub forks: usize,
}

/// The two modes of forks' logarithms, where there are two: the gap between them takes up more than
/// half of the whole spread, and is wider than a threshold that matters. So plain a rule misses modes
/// that are close to each other, but seldom sees what is not there; the simulation says how seldom.
pub fn modes(forks: &Sorted, threshold: f64) -> Option<Modes> {
    let values = forks.values();
    let last_split = values.len().checked_sub(LEAST_FORKS)?;
    (LEAST_FORKS..=last_split)
        .map(|split| values.split_at(split))
        .find(|(lower, upper)| {
            let gap = upper[0] - lower[lower.len() - 1];
            gap > (range(lower) + range(upper)).max(threshold.ln_1p())
        })
        .map(|(lower, upper)| Modes { lower: mode(lower), upper: mode(upper) })
}

fn range(sorted: &[f64]) -> f64 {
    sorted[sorted.len() - 1] - sorted[0]
}

fn mode(sorted: &[f64]) -> Mode {
    let middle = sorted.len() / 2;
    let ln = match sorted.len() % 2 {
        1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    };
    Mode { ln, forks: sorted.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ratios: &[f64]) -> Option<Modes> {
        modes(&Sorted::new(ratios.iter().map(|x| x.ln()).collect()), 0.03)
    }

    #[test]
    fn two_modes_are_found_with_their_forks() {
        let found = of(&[3.4, 1.7, 1.6, 3.6, 1.8, 1.7, 3.5, 1.65, 1.75, 3.5]).unwrap();
        assert_eq!((found.lower.forks, found.upper.forks), (6, 4));
        assert!((found.lower.ln.exp() - 1.7).abs() < 1e-12);
        assert!((found.upper.ln.exp() - 3.5).abs() < 1e-12);
    }

    #[test]
    fn a_spread_an_outlier_and_a_trifle_are_no_modes() {
        assert_eq!(of(&[1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]), None);
        assert_eq!(of(&[1.0, 1.01, 1.02, 1.0, 1.01, 1.02, 9.0, 9.0]), None);
        assert_eq!(of(&[1.0, 1.0, 1.0, 1.0, 1.02, 1.02, 1.02, 1.02]), None);
        assert_eq!(of(&[1.0, 2.0]), None);
        assert_eq!(of(&[]), None);
    }
}
