//! What no interval over forks can detect: forks that depend on the fork before, because the machine's state lasts
//! and favours one contender.

use contend_analysis::statistics::{OrderStatistic, PAIR_ERROR, Sorted};
use rand::Rng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, StandardNormal};

/// Standard deviation of a pair's ratio between forks.
const SPREAD: f64 = 0.06;

/// The coverage of a pair's interval when each fork's ratio has this correlation with the one before: a
/// first-order autoregressive process.
pub fn coverage(correlation: f64, forks: u32, repetitions: usize, rng: &mut Xoshiro256PlusPlus) -> f64 {
    let ends = OrderStatistic::within(forks, PAIR_ERROR).expect("enough forks for one pair");
    let covered = |_: &usize| {
        let ratios = Sorted::new(dependent_forks(correlation, forks, rng));
        let interval = ratios.interval(ends);
        interval.is_some_and(|(low, high)| low <= 0.0 && 0.0 <= high)
    };
    (0..repetitions).filter(covered).count() as f64 / repetitions as f64
}

fn dependent_forks(correlation: f64, forks: u32, rng: &mut impl Rng) -> Vec<f64> {
    let innovation = (1.0 - correlation * correlation).sqrt();
    let mut normal = || -> f64 { StandardNormal.sample(rng) };
    let mut state = normal();
    let next = |_| {
        let now = SPREAD * state;
        state = correlation * state + innovation * normal();
        now
    };
    (0..forks).map(next).collect()
}
