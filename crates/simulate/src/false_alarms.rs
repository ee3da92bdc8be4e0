//! The false alarms and the power of notes: two modes, drift over the run, drift within forks, and the split-half
//! check.

use contend_analysis::statistics::{Sorted, modes, trend_over, trend_within};
use contend_analysis::verdict::decision::{DecisionRule, decide};
use rand::rngs::Xoshiro256PlusPlus;

use super::THRESHOLD;
use super::noise_models::{NoiseModel, STEADY, value};
use super::pairs::ROUNDS;

/// One contender that may get notes.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub model: NoiseModel,
    /// The logarithm of the last fork's time over the first one's; the forks between change linearly.
    pub over_the_run: f64,
    pub forks: usize,
}

/// The share of repetitions with each note.
#[derive(Clone, Copy, Debug, Default)]
pub struct FalseAlarms {
    /// Two modes of a contender alone.
    pub modes: f64,
    /// Two modes of its ratio to a steady one.
    pub modes_of_pair: f64,
    pub over_the_run: f64,
    pub within_forks: f64,
    /// The split-half check found a difference.
    pub split_half: f64,
}

pub fn false_alarms(setting: Setting, repetitions: usize, rng: &mut Xoshiro256PlusPlus) -> FalseAlarms {
    let mut counts = [0_u32; 5];
    for _ in 0..repetitions {
        let forks = draw(setting.model, setting, rng);
        let steady = draw(STEADY, setting, rng);
        let values: Vec<f64> = forks.iter().map(|times| value(times)).collect();
        let ratios = values.iter().zip(&steady).map(|(ln, other)| ln - value(other));
        let rounds: Vec<Vec<f64>> =
            forks.iter().map(|times| times.iter().map(|time| time.ln()).collect()).collect();
        let least = THRESHOLD.ln();
        let found = [
            modes(&Sorted::new(values.clone()), least).is_some(),
            modes(&Sorted::new(ratios.collect()), least).is_some(),
            trend_over(&values, least).is_some(),
            trend_within(&rounds, least).is_some(),
            split_half_differs(&forks),
        ];
        for (count, found) in counts.iter_mut().zip(found) {
            *count += u32::from(found);
        }
    }
    let [modes, modes_of_pair, over_the_run, within_forks, split_half] =
        counts.map(|count| f64::from(count) / repetitions as f64);
    FalseAlarms { modes, modes_of_pair, over_the_run, within_forks, split_half }
}

/// The times of the rounds of each fork.
fn draw(model: NoiseModel, setting: Setting, rng: &mut Xoshiro256PlusPlus) -> Vec<[f64; ROUNDS]> {
    let last = (setting.forks - 1) as f64;
    let fork = |fork: usize| {
        let mut times = [0.0; ROUNDS];
        model.fork(&mut times, rng);
        times.map(|time| time * (setting.over_the_run * fork as f64 / last).exp())
    };
    (0..setting.forks).map(fork).collect()
}

fn split_half_differs(forks: &[[f64; ROUNDS]]) -> bool {
    let half = |times: &[f64], from: usize| {
        let half: Vec<f64> = times.iter().skip(from).step_by(2).copied().collect();
        value(&half)
    };
    let differences = forks.iter().map(|times| half(times, 0) - half(times, 1));
    let judged = decide(&Sorted::new(differences.collect()), DecisionRule::planned(THRESHOLD));
    judged.is_some_and(|judged| judged.outcome.differs())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::super::noise_models::{ALL_AT_ONCE, DRIFTING, HEAVY_TAILED, QUIET, SKEWED, TWO_PEAKED};
    use super::*;

    fn twelve(model: NoiseModel, over_the_run: f64) -> FalseAlarms {
        let setting = Setting { model, over_the_run, forks: 12 };
        false_alarms(setting, 1_000, &mut Xoshiro256PlusPlus::seed_from_u64(7))
    }

    #[test]
    fn false_alarms_are_rare() {
        for model in [QUIET, STEADY, SKEWED, HEAVY_TAILED] {
            let found = twelve(model, 0.0);
            let all = [found.modes, found.modes_of_pair, found.within_forks];
            assert!(all.iter().all(|share| *share <= 0.008), "{found:?}");
            assert!(found.over_the_run <= 0.012, "{found:?}"); // its error is 0.5 %
        }
    }

    #[test]
    fn halves_of_the_same_code_do_not_differ() {
        for model in [QUIET, SKEWED, TWO_PEAKED, ALL_AT_ONCE] {
            assert!(twelve(model, 0.0).split_half <= 0.002);
        }
    }

    #[test]
    fn notes_have_power() {
        assert!(twelve(TWO_PEAKED, 0.0).modes > 0.85);
        assert!(twelve(STEADY, 0.26).over_the_run > 0.85);
        assert!(twelve(DRIFTING, 0.0).within_forks > 0.1);
    }
}
