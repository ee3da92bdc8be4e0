//! How often a note is there that should not be, and how often one is missing: two modes, drift over
//! the run, drift within forks, and halves told apart.

use contend_analysis::statistics::{Sorted, modes, trend_over, trend_within};
use contend_analysis::verdict::decision::{DecisionRule, decide};
use rand::rngs::Xoshiro256PlusPlus;

use super::THRESHOLD;
use super::behaviour::{Behaviour, STEADY, value};
use super::pairs::ROUNDS;

/// One contender, of which a note may be made.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub behaviour: Behaviour,
    /// What the last fork is slower than the first, as a logarithm; forks between them in a line.
    pub over_the_run: f64,
    pub forks: usize,
}

/// Shares of repetitions that had a note.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alarms {
    /// Two modes of a contender alone.
    pub modes: f64,
    /// Two modes of its ratio to a steady one.
    pub modes_of_pair: f64,
    pub over_the_run: f64,
    pub within_forks: f64,
    /// Odd rounds told from even ones.
    pub halves: f64,
}

pub fn alarms(setting: Setting, repetitions: usize, rng: &mut Xoshiro256PlusPlus) -> Alarms {
    let mut counts = [0_u32; 5];
    for _ in 0..repetitions {
        let forks = draw(setting.behaviour, setting, rng);
        let steady = draw(STEADY, setting, rng);
        let values: Vec<f64> = forks.iter().map(|times| value(times)).collect();
        let ratios = values
            .iter()
            .zip(&steady)
            .map(|(ln, other)| ln - value(other));
        let rounds: Vec<Vec<f64>> = forks
            .iter()
            .map(|times| times.iter().map(|time| time.ln()).collect())
            .collect();
        let least = THRESHOLD.ln();
        let found = [
            modes(&Sorted::new(values.clone()), least).is_some(),
            modes(&Sorted::new(ratios.collect()), least).is_some(),
            trend_over(&values, least).is_some(),
            trend_within(&rounds, least).is_some(),
            halves_told_apart(&forks),
        ];
        for (count, found) in counts.iter_mut().zip(found) {
            *count += u32::from(found);
        }
    }
    let [modes, modes_of_pair, over_the_run, within_forks, halves] =
        counts.map(|count| f64::from(count) / repetitions as f64);
    Alarms {
        modes,
        modes_of_pair,
        over_the_run,
        within_forks,
        halves,
    }
}

/// The times of the rounds of each fork.
fn draw(
    behaviour: Behaviour,
    setting: Setting,
    rng: &mut Xoshiro256PlusPlus,
) -> Vec<[f64; ROUNDS]> {
    let last = (setting.forks - 1) as f64;
    let fork = |fork: usize| {
        let mut times = [0.0; ROUNDS];
        behaviour.fork(&mut times, rng);
        times.map(|time| time * (setting.over_the_run * fork as f64 / last).exp())
    };
    (0..setting.forks).map(fork).collect()
}

fn halves_told_apart(forks: &[[f64; ROUNDS]]) -> bool {
    let half = |times: &[f64], from: usize| {
        let half: Vec<f64> = times.iter().skip(from).step_by(2).copied().collect();
        value(&half)
    };
    let differences = forks.iter().map(|times| half(times, 0) - half(times, 1));
    let judged = decide(
        &Sorted::new(differences.collect()),
        DecisionRule::planned(THRESHOLD),
    );
    judged.is_some_and(|judged| judged.outcome.differs())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::super::behaviour::{ALL_AT_ONCE, DRIFTING, HEAVY_TAILED, QUIET, SKEWED, TWO_PEAKED};
    use super::*;

    fn twelve(behaviour: Behaviour, over_the_run: f64) -> Alarms {
        let setting = Setting {
            behaviour,
            over_the_run,
            forks: 12,
        };
        alarms(setting, 1_000, &mut Xoshiro256PlusPlus::seed_from_u64(7))
    }

    #[test]
    fn notes_are_seldom_there_for_nothing() {
        for behaviour in [QUIET, STEADY, SKEWED, HEAVY_TAILED] {
            let found = twelve(behaviour, 0.0);
            let all = [
                found.modes,
                found.modes_of_pair,
                found.over_the_run,
                found.within_forks,
            ];
            assert!(all.iter().all(|share| *share <= 0.008), "{found:?}");
        }
    }

    #[test]
    fn halves_of_the_same_code_are_not_told_apart() {
        for behaviour in [QUIET, SKEWED, TWO_PEAKED, ALL_AT_ONCE] {
            assert!(twelve(behaviour, 0.0).halves <= 0.002);
        }
    }

    #[test]
    fn notes_are_there_for_something() {
        assert!(twelve(TWO_PEAKED, 0.0).modes > 0.85);
        assert!(twelve(STEADY, 0.26).over_the_run > 0.85);
        assert!(twelve(DRIFTING, 0.0).within_forks > 0.1);
    }
}
