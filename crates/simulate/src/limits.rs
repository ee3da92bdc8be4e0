//! What no interval over forks can know: forks that resemble the ones before them, because the
//! machine has common_shifts that last and that treat contenders differently.

use contend_analysis::statistics::{OrderStatistic, PAIR_ERROR, Sorted};
use rand::Rng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, StandardNormal};

/// Standard deviation of a pair's ratio between forks.
const SPREAD: f64 = 0.06;

/// The share of a pair's intervals that have the truth in them when each fork's ratio has this
/// correlation with the one before.
pub fn coverage(
    correlation: f64,
    forks: u32,
    repetitions: usize,
    rng: &mut Xoshiro256PlusPlus,
) -> f64 {
    let ends = OrderStatistic::within(forks, PAIR_ERROR).expect("enough forks for one pair");
    let covered = |_: &usize| {
        let ratios = Sorted::new(moody(correlation, forks, rng));
        let interval = ratios.interval(ends);
        interval.is_some_and(|(low, high)| low <= 0.0 && 0.0 <= high)
    };
    (0..repetitions).filter(covered).count() as f64 / repetitions as f64
}

fn moody(correlation: f64, forks: u32, rng: &mut impl Rng) -> Vec<f64> {
    let fresh = (1.0 - correlation * correlation).sqrt();
    let mut normal = || -> f64 { StandardNormal.sample(rng) };
    let mut mood = normal();
    let next = |_| {
        let now = SPREAD * mood;
        mood = correlation * mood + fresh * normal();
        now
    };
    (0..forks).map(next).collect()
}
