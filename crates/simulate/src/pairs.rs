//! One pair at a time: the coverage of each method's interval, its width, and its power.

use contend_analysis::statistics::Sorted;
use rand::rngs::Xoshiro256PlusPlus;

use super::THRESHOLD;
use super::method::{Estimand, Method, Prepared};
use super::noise_models::{NoiseModel, STEADY, value};

/// Rounds of a fork, as the standard preset has them.
pub const ROUNDS: usize = 3;

/// The ways to resample a fork's rounds, all equally likely.
const WAYS: usize = ROUNDS.pow(ROUNDS as u32);

/// One in this many repetitions is spent on a bootstrap.
const BOOTSTRAP_EVERY: usize = 10;

/// Forks that a true value is estimated from, for each repetition; within bounds.
const FORKS_OF_A_TRUTH: usize = 20;

/// The performance of one method in one setting.
#[derive(Clone, Copy, Debug)]
pub struct Performance {
    /// Share of intervals that contained the true value.
    pub coverage: f64,
    /// The median half-width, a logarithm.
    pub half_width: f64,
    /// Share of pairs with the setting's gap that the method calls different.
    pub power: f64,
}

/// A setting: one contender has this noise model, the other is steady.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub model: NoiseModel,
    pub forks: usize,
    /// The allowed error of an interval.
    pub error: f64,
    /// The gap for which the power is measured: 0.1 is 10 %.
    pub gap: f64,
}

/// The true values of the estimands, for the difference of two noise models.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    median: f64,
    mean: f64,
    pseudo_median: f64,
}

impl Truth {
    /// Draws very many forks, more for more repetitions.
    pub fn of(a: NoiseModel, b: NoiseModel, repetitions: usize, rng: &mut Xoshiro256PlusPlus) -> Self {
        let count = (FORKS_OF_A_TRUTH * repetitions).clamp(20_000, 400_000);
        let mut times = [0.0; ROUNDS];
        let mut draw = |model: NoiseModel| {
            model.fork(&mut times, rng);
            value(&times)
        };
        let forks: Vec<f64> = (0..count).map(|_| draw(a) - draw(b)).collect();
        let means = forks.chunks_exact(2).map(|two| (two[0] + two[1]) / 2.0);
        let median = |values| Sorted::new(values).median().expect("there are forks");
        Self {
            pseudo_median: median(means.collect()),
            mean: forks.iter().sum::<f64>() / forks.len() as f64,
            median: median(forks),
        }
    }

    pub fn median(self) -> f64 {
        self.median
    }

    pub fn of_estimand(self, estimand: Estimand) -> f64 {
        match estimand {
            Estimand::Median => self.median,
            Estimand::Mean => self.mean,
            Estimand::PseudoMedian => self.pseudo_median,
        }
    }
}

/// One contender's forks in one repetition.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The logarithm of each fork's value.
    pub values: Vec<f64>,
    /// The logarithms for every way to resample each fork's rounds.
    pub resamples: Vec<f64>,
}

impl Measured {
    pub fn draw(&mut self, model: NoiseModel, forks: usize, resample: bool, rng: &mut Xoshiro256PlusPlus) {
        self.values.clear();
        self.resamples.clear();
        let mut times = [0.0; ROUNDS];
        for _ in 0..forks {
            model.fork(&mut times, rng);
            self.values.push(value(&times));
            if resample {
                self.resamples.extend((0..WAYS).map(|way| {
                    let chosen = |place: usize| way / ROUNDS.pow(place as u32) % ROUNDS;
                    value(&std::array::from_fn::<_, ROUNDS, _>(|place| times[chosen(place)]))
                }));
            }
        }
    }
}

/// The differences of two contenders in the same forks and rounds.
pub fn differences(a: &[f64], b: &[f64], into: &mut Vec<f64>) {
    into.clear();
    into.extend(a.iter().zip(b).map(|(a, b)| a - b));
}

/// The performance of each method in one setting. None where it has no interval for so few forks.
pub fn perform(
    setting: Setting,
    methods: &[Method],
    repetitions: usize,
    rng: &mut Xoshiro256PlusPlus,
) -> Vec<Option<Performance>> {
    let truth = Truth::of(setting.model, STEADY, repetitions, rng);
    let mut tallies: Vec<Option<Tally>> =
        methods.iter().map(|&method| Tally::new(method, setting, truth)).collect();
    let bootstraps = methods.iter().any(|method| method.is_bootstrap());
    let (mut a, mut b) = (Measured::default(), Measured::default());
    let (mut forks, mut resamples) = (Vec::new(), Vec::new());
    for repetition in 0..repetitions {
        let resample = bootstraps && repetition % BOOTSTRAP_EVERY == 0;
        a.draw(setting.model, setting.forks, resample, rng);
        b.draw(STEADY, setting.forks, resample, rng);
        differences(&a.values, &b.values, &mut forks);
        differences(&a.resamples, &b.resamples, &mut resamples);
        for tally in tallies.iter_mut().flatten() {
            if resample || !tally.bootstrap {
                tally.add(tally.method.interval(&forks, &resamples, rng));
            }
        }
    }
    let finish = |tally: Option<Tally>| tally.map(Tally::finish);
    tallies.into_iter().map(finish).collect()
}

struct Tally {
    method: Prepared,
    bootstrap: bool,
    truth: f64,
    /// An interval whose upper end is below this shows a difference of the setting's gap.
    decided_below: f64,
    covered: u32,
    powerful: u32,
    half_widths: Vec<f64>,
}

impl Tally {
    fn new(method: Method, setting: Setting, truth: Truth) -> Option<Self> {
        let truth = truth.of_estimand(method.estimand());
        Some(Self {
            method: method.prepare(setting.forks, setting.error)?,
            bootstrap: method.is_bootstrap(),
            truth,
            decided_below: truth + setting.gap.ln_1p() - THRESHOLD.ln(),
            covered: 0,
            powerful: 0,
            half_widths: Vec::new(),
        })
    }

    fn add(&mut self, (low, high): (f64, f64)) {
        self.covered += u32::from(low <= self.truth && self.truth <= high);
        self.powerful += u32::from(high < self.decided_below);
        self.half_widths.push((high - low) / 2.0);
    }

    fn finish(self) -> Performance {
        let of_all = |count: u32| f64::from(count) / self.half_widths.len() as f64;
        Performance {
            coverage: of_all(self.covered),
            power: of_all(self.powerful),
            half_width: Sorted::new(self.half_widths).median().unwrap_or(f64::NAN),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::super::noise_models::{ALL, RARELY_SLOW};
    use super::*;

    fn perform_all(model: NoiseModel, forks: usize, methods: &[Method]) -> Vec<Option<Performance>> {
        let setting = Setting { model, forks, error: 0.01, gap: 0.3 };
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(forks as u64);
        perform(setting, methods, 1_000, &mut rng)
    }

    #[test]
    fn the_interval_of_a_pair_covers_for_all_noise_models() {
        for model in ALL {
            for forks in [8, 12, 18] {
                let found = perform_all(model, forks, &[Method::OrderStatistics]);
                let order = found[0].expect("enough forks");
                // 99 %, minus three standard errors of a thousand repetitions
                assert!(order.coverage >= 0.98, "{} {order:?}", model.name);
            }
        }
    }

    #[test]
    fn a_mean_over_forks_does_not_cover_where_few_are_slow() {
        let means = [Method::Student, Method::BootstrapMean];
        for mean in perform_all(RARELY_SLOW, 12, &means) {
            assert!(mean.is_some_and(|mean| mean.coverage < 0.8), "{mean:?}");
        }
    }

    #[test]
    fn six_forks_have_no_such_interval() {
        let found = perform_all(STEADY, 6, &[Method::OrderStatistics, Method::Student]);
        assert!(found[0].is_none() && found[1].is_some());
    }
}
