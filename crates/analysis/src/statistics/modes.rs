//! Forks that fall into two modes: a contender is in one of two states for the life of a process. No process was
//! in the state that their median describes, so a note reports both.

use super::Sorted;

/// Forks that a mode needs. Fewer are outliers.
const LEAST_FORKS: usize = 3;

/// Two groups of forks with nothing between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modes {
    /// The group of lower values.
    pub lower: Mode,
    /// The group of higher values.
    pub upper: Mode,
}

/// One of two modes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mode {
    /// The median of its forks, a logarithm.
    pub ln: f64,
    /// How many forks it has.
    pub forks: usize,
}

/// The two modes of forks' logarithms, if there are two. The gap between them must be wider than half of the whole
/// range, and wider than `least_gap`. So simple a rule misses modes that are close to each other, and rarely finds
/// modes that do not exist; the simulation measures how rarely.
pub fn modes(forks: &Sorted, least_gap: f64) -> Option<Modes> {
    let values = forks.values();
    let last_split = values.len().checked_sub(LEAST_FORKS)?;
    (LEAST_FORKS..=last_split)
        .map(|split| values.split_at(split))
        .find(|(lower, upper)| {
            let gap = upper[0] - lower[lower.len() - 1];
            gap > (range(lower) + range(upper)).max(least_gap)
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
        let logarithms = ratios.iter().map(|x| x.ln()).collect();
        modes(&Sorted::new(logarithms), 0.03_f64.ln_1p())
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
