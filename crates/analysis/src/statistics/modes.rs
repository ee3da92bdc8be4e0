//! Forks that fall into two modes: a contender is in one of two states for the life of a process. No process was
//! in the state that their median describes, so a note reports both.

use super::Sorted;

/// Forks that a mode needs. Fewer are outliers.
const LEAST_FORKS: usize = 3;

/// The forks of which a mode has at least one in each. Fewer are a tail.
const ONE_IN: usize = 5;

/// The least gap between two modes, as a multiple of the spread within them.
const GAP: f64 = 1.0;

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

/// How far apart the means of two modes are, at least, as a multiple of the spread within them. A single mode can be
/// split into two parts as well, and the parts of few forks may then be farther apart.
fn separation(forks: usize) -> f64 {
    4.5 + 30.0 / forks as f64
}

/// The two modes of forks' logarithms, if there are two. Each has a fifth of the forks. Their means are far apart for
/// the spread within them, nothing lies in a gap as wide as that spread, and the gap is wider than `least_gap`. The
/// simulation measures how often this rule finds modes that exist, and modes that do not.
pub fn modes(forks: &Sorted, least_gap: f64) -> Option<Modes> {
    let values = forks.values();
    let least = LEAST_FORKS.max(values.len().div_ceil(ONE_IN));
    let last_split = values.len().checked_sub(least)?;
    let splits = (least..=last_split).map(|split| values.split_at(split));
    let gap = |split: &(&[f64], &[f64])| split.1[0] - split.0[split.0.len() - 1];
    let apart = |split: &(&[f64], &[f64])| {
        let (lower, upper) = split;
        let spread = spread(lower, upper);
        let far = mean(upper) - mean(lower) > separation(values.len()) * spread;
        far && gap(split) > GAP * spread
    };
    let widest = splits
        .filter(|split| gap(split) > least_gap)
        .filter(apart)
        .max_by(|one, other| gap(one).total_cmp(&gap(other)));
    widest.map(|(lower, upper)| Modes { lower: mode(lower), upper: mode(upper) })
}

/// The standard deviation of both sides from their own means.
fn spread(lower: &[f64], upper: &[f64]) -> f64 {
    let squares = |side: &[f64]| {
        let mean = mean(side);
        side.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
    };
    let free = (lower.len() + upper.len()).saturating_sub(2).max(1);
    ((squares(lower) + squares(upper)) / free as f64).sqrt()
}

fn mean(side: &[f64]) -> f64 {
    side.iter().sum::<f64>() / side.len() as f64
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

    /// The modes are 1.5 times apart and have 6 % of noise each, so that their ranges together are wider than the gap.
    #[test]
    fn noisy_modes_of_many_forks_are_found() {
        let noise = [-0.1, -0.06, -0.03, 0.0, 0.02, 0.03, 0.05, 0.07, 0.1, -0.08];
        let forks = noise.iter().flat_map(|noise: &f64| [noise.exp(), 1.5 * noise.exp()]);
        let found = of(&forks.collect::<Vec<f64>>()).unwrap();
        assert_eq!((found.lower.forks, found.upper.forks), (10, 10));
    }

    #[test]
    fn a_spread_an_outlier_and_a_trifle_are_no_modes() {
        assert_eq!(of(&[1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]), None);
        assert_eq!(of(&[1.0, 1.01, 1.02, 1.0, 1.01, 1.02, 9.0, 9.0]), None);
        assert_eq!(of(&[1.0, 1.0, 1.0, 1.0, 1.02, 1.02, 1.02, 1.02]), None);
        assert_eq!(of(&[1.0, 2.0]), None);
        let tail = [vec![1.0; 20], vec![2.0; 3]].concat();
        assert_eq!(of(&tail), None);
        assert_eq!(of(&[]), None);
    }
}
