//! Noise models: how a contender's time varies in a simulated run, with parameters like those of measured forks.
//! Numbers are logarithms unless a comment says otherwise: 0.05 is 5 %.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, StandardNormal, StudentT};

/// How a contender's time varies from fork to fork and from window to window.
#[derive(Clone, Copy, Debug)]
pub struct NoiseModel {
    pub name: &'static str,
    /// Standard deviation between forks.
    forks: f64,
    /// Mean of a fork's exponential delay: most forks are quick, some are slow.
    skew: f64,
    /// Scale of a Student's t with two degrees of freedom, the heaviest tail with a mean.
    tail: f64,
    /// Share of forks in the slow mode, and how much slower it is.
    slow: (f64, f64),
    /// Standard deviation between the windows of a fork.
    windows: f64,
    /// Mean slow-down from one round of a fork to the next; each fork draws its own.
    drift: f64,
    /// Share of windows that take ten times as long.
    stalls: f64,
}

pub const STEADY: NoiseModel = NoiseModel {
    name: "steady",
    forks: 0.03,
    skew: 0.0,
    tail: 0.0,
    slow: (0.0, 0.0),
    windows: 0.05,
    drift: 0.0,
    stalls: 0.0,
};

/// Like one thread on an idle machine.
pub const QUIET: NoiseModel = NoiseModel { name: "quiet", forks: 0.01, windows: 0.02, ..STEADY };

/// Like two threads that contend for one line on a virtual machine.
pub const NOISY: NoiseModel = NoiseModel { name: "noisy", forks: 0.05, windows: 0.09, ..STEADY };

pub const SKEWED: NoiseModel = NoiseModel { name: "skewed", forks: 0.01, skew: 0.08, ..STEADY };

pub const HEAVY_TAILED: NoiseModel = NoiseModel { name: "heavy-tailed", forks: 0.0, tail: 0.03, ..STEADY };

pub const TWO_PEAKED: NoiseModel =
    NoiseModel { name: "two-peaked: 1.8× in 40 % of forks", slow: (0.4, 0.588), ..STEADY };

pub const RARELY_SLOW: NoiseModel =
    NoiseModel { name: "two-peaked: 3× in 10 % of forks", slow: (0.1, 1.099), ..STEADY };

pub const DRIFTING: NoiseModel = NoiseModel { name: "drifting within a fork", drift: 0.05, ..STEADY };

pub const STALLING: NoiseModel =
    NoiseModel { name: "outliers: 10× in 5 % of windows", stalls: 0.05, ..STEADY };

pub const ALL_AT_ONCE: NoiseModel = NoiseModel {
    name: "all of these together",
    skew: 0.04,
    tail: 0.01,
    slow: (0.3, 0.588),
    drift: 0.02,
    stalls: 0.02,
    ..STEADY
};

/// All models but [`QUIET`].
pub const ALL: [NoiseModel; 8] =
    [STEADY, SKEWED, HEAVY_TAILED, TWO_PEAKED, RARELY_SLOW, DRIFTING, STALLING, ALL_AT_ONCE];

impl NoiseModel {
    /// Draws the times of one fork's rounds, relative to the contender's own speed.
    pub fn fork(&self, times: &mut [f64], rng: &mut impl Rng) {
        let mut ln = self.forks * normal(rng);
        if self.skew > 0.0 {
            ln += self.skew * exponential(rng);
        }
        if self.tail > 0.0 {
            let t: StudentT<f64> = StudentT::new(2.0).expect("two is positive");
            ln += self.tail * t.sample(rng);
        }
        if self.slow.0 > 0.0 && rng.random_bool(self.slow.0) {
            ln += self.slow.1;
        }
        let drift = match self.drift > 0.0 {
            true => self.drift * exponential(rng),
            false => 0.0,
        };
        for (round, time) in times.iter_mut().enumerate() {
            *time = (ln + drift * round as f64 + self.windows * normal(rng)).exp();
            if self.stalls > 0.0 && rng.random_bool(self.stalls) {
                *time *= 10.0;
            }
        }
    }
}

/// The logarithm of a fork's value: the mean time of its rounds, which do the same work.
pub fn value(times: &[f64]) -> f64 {
    (times.iter().sum::<f64>() / times.len() as f64).ln()
}

fn normal(rng: &mut impl Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn exponential(rng: &mut impl Rng) -> f64 {
    Exp1.sample(rng)
}
