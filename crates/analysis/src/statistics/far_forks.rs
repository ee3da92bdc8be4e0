//! Forks far outside: a few processes that differ from the others by far more than noise. A median does not move for
//! them, so the statement that two contenders are equal must look at them.

use super::Sorted;

/// The least distance from the median, as a multiple of the threshold. With a threshold of 3 % that is a factor of
/// 1.16.
const THRESHOLDS: f64 = 5.0;

/// The least distance from the median, as a multiple of the spread of the forks.
const SPREADS: f64 = 5.0;

/// The standard deviation of normal values over the median of their distances from the median.
const NORMAL: f64 = 1.4826;

/// Forks far outside the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FarForks {
    /// How many there are.
    pub forks: usize,
    /// The logarithm of the farthest one.
    pub farthest: f64,
}

/// The forks that lie far outside: five thresholds from the median, and five times the spread of the forks. `threshold`
/// is a logarithm. None where there are none.
pub fn far_forks(forks: &Sorted, threshold: f64) -> Option<FarForks> {
    let median = forks.median()?;
    let distance = |fork: &f64| (fork - median).abs();
    let spread = NORMAL * Sorted::new(forks.values().iter().map(distance).collect()).median()?;
    let limit = (THRESHOLDS * threshold).max(SPREADS * spread);
    let far: Vec<f64> = forks.values().iter().copied().filter(|fork| distance(fork) > limit).collect();
    let farthest = far.iter().copied().max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    Some(FarForks { forks: far.len(), farthest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ratios: &[f64]) -> Option<FarForks> {
        far_forks(&Sorted::new(ratios.iter().map(|ratio| ratio.ln()).collect()), 1.03_f64.ln())
    }

    #[test]
    fn a_fork_is_far_by_the_threshold_and_by_the_spread() {
        let near = [0.99, 1.0, 1.01, 0.995, 1.005, 1.0, 0.99, 1.01, 1.0, 1.0];
        let with = |ratios: &[f64]| of(&[&near, ratios].concat());
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[1.15, 0.88]), None);
        assert_eq!(with(&[1.2]), Some(FarForks { forks: 1, farthest: 1.2_f64.ln() }));
        assert_eq!(with(&[0.5, 1.3]), Some(FarForks { forks: 2, farthest: 0.5_f64.ln() }));
        // In forks that differ by 10 % anyway, the same fork is none.
        assert_eq!(of(&[0.9, 1.1, 1.0, 0.85, 1.12, 0.95, 1.06, 1.2]), None);
        assert_eq!(of(&[]), None);
    }
}
