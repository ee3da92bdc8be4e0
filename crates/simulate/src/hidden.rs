//! What a median hides: stalls, two modes and drift, planted into windows as today's plans have them. How often the
//! notes find them, how often they find what is not there, and how many ties between equals survive the look at far
//! forks.

use contend_analysis::statistics::{Sorted, TimedWindow, far_forks, modes, stalls, trend_over};
use contend_analysis::verdict::Outcome;
use contend_analysis::verdict::decision::{DecisionRule, decide};
use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::markdown::{percent, row, titled, whole};
use super::noise_models::{HEAVY_TAILED, NOISY, NoiseModel, QUIET, SKEWED, STEADY, value};
use super::{Simulation, THRESHOLD};

/// A stall of 2 ms in every 40 ms.
const STALL_MS: f64 = 2.0;
const EVERY_MS: f64 = 40.0;

/// The forks of equals that are looked at for ties. Fewer of noisy ones hardly ever tie.
const MANY: usize = 60;

/// The share of forks in the slow one of two modes.
const SLOW: f64 = 0.5;

/// Forks and rounds of a plan, and the length of its windows.
#[derive(Clone, Copy, Debug)]
struct Plan {
    name: &'static str,
    forks: usize,
    rounds: usize,
    window_ms: f64,
}

/// The plans of the standard preset within the CPUs, and that of earlier ones.
const PLANS: [Plan; 3] = [
    Plan { name: "21 forks of 3 windows of 2 ms", forks: 21, rounds: 3, window_ms: 2.0 },
    Plan { name: "21 forks of 2 windows of 4 ms", forks: 21, rounds: 2, window_ms: 4.0 },
    Plan { name: "12 forks of 3 windows of 8 ms", forks: 12, rounds: 3, window_ms: 8.0 },
];

/// What is planted into a contender.
#[derive(Clone, Copy, Debug)]
enum Planted {
    Nothing,
    Stalls,
    /// Half of the forks are slower by this factor.
    Modes(f64),
    /// The last fork is slower by this factor, the ones between in proportion.
    Drift(f64),
}

/// The share of contenders with each note. `ties` are those of two equals, and `far` the ones among them that a far
/// fork takes away.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    stalls: f64,
    modes: f64,
    drift: f64,
    ties: f64,
    far: f64,
}

fn find(plan: Plan, model: NoiseModel, planted: Planted, n: usize, rng: &mut Xoshiro256PlusPlus) -> Found {
    let mut counts = [0_u32; 5];
    for _ in 0..n {
        let forks = draw(plan, model, planted, rng);
        let values: Vec<f64> = forks.iter().map(|times| value(times)).collect();
        let other = draw(plan, model, Planted::Nothing, rng);
        let ratios = Sorted::new(values.iter().zip(&other).map(|(ln, other)| ln - value(other)).collect());
        let window = |time: &f64| TimedWindow { ln: time.ln(), length: 1.0 };
        let windows: Vec<Vec<TimedWindow>> = forks.iter().map(|of| of.iter().map(window).collect()).collect();
        let judged = decide(&ratios, DecisionRule::planned(THRESHOLD));
        let tie = judged.is_some_and(|judged| judged.outcome == Outcome::Tie);
        let found = [
            stalls(&windows).is_some(),
            modes(&Sorted::new(values.clone()), THRESHOLD.ln()).is_some(),
            trend_over(&values, THRESHOLD.ln()).is_some(),
            tie,
            tie && far_forks(&ratios, THRESHOLD.ln()).is_some(),
        ];
        for (count, found) in counts.iter_mut().zip(found) {
            *count += u32::from(found);
        }
    }
    let [stalls, modes, drift, ties, far] = counts.map(|count| f64::from(count) / n as f64);
    Found { stalls, modes, drift, ties, far }
}

/// The times of the windows of each fork.
fn draw(plan: Plan, model: NoiseModel, planted: Planted, rng: &mut Xoshiro256PlusPlus) -> Vec<Vec<f64>> {
    let last = (plan.forks - 1) as f64;
    let mut forks = Vec::new();
    for fork in 0..plan.forks {
        let mut times = vec![0.0; plan.rounds];
        model.fork(&mut times, rng);
        let slower = match planted {
            Planted::Modes(factor) if rng.random_bool(SLOW) => factor,
            Planted::Drift(factor) => factor.powf(fork as f64 / last),
            _ => 1.0,
        };
        for time in &mut times {
            *time *= slower;
            if let Planted::Stalls = planted {
                *time *= stalled(plan.window_ms, rng.random_range(0.0..EVERY_MS));
            }
        }
        forks.push(times);
    }
    forks
}

/// How much longer an operation takes in a window that begins at this time of the stall's cycle. A window within a
/// stall does a thousandth of its work.
fn stalled(window_ms: f64, begin_ms: f64) -> f64 {
    let overlap = |from: f64| (begin_ms + window_ms).min(from + STALL_MS) - begin_ms.max(from);
    let lost = overlap(0.0).max(0.0) + overlap(EVERY_MS).max(0.0);
    window_ms / (window_ms - lost).max(window_ms / 1000.0)
}

pub fn table(simulation: Simulation) -> String {
    let models = [QUIET, STEADY, SKEWED, HEAVY_TAILED, NOISY];
    let settings: Vec<(Plan, NoiseModel)> =
        PLANS.into_iter().flat_map(|plan| models.into_iter().map(move |model| (plan, model))).collect();
    let rows = simulation.one_of(4).each(&settings, |(plan, model), n, rng| {
        let many = Plan { forks: MANY, ..*plan };
        let ties = find(many, *model, Planted::Nothing, n, rng);
        let lost = format!("{} of {}", percent(ties.far), percent(ties.ties));
        let mut of = |planted| find(*plan, *model, planted, n, rng);
        let nothing = of(Planted::Nothing);
        let false_alarms = [nothing.stalls, nothing.modes, nothing.drift].map(percent).join(", ");
        let planted = [
            of(Planted::Stalls).stalls,
            of(Planted::Modes(1.5)).modes,
            of(Planted::Modes(1.8)).modes,
            of(Planted::Drift(1.2)).drift,
            of(Planted::Drift(1.3)).drift,
        ];
        let figures = [false_alarms, lost].into_iter().chain(planted.map(whole));
        row(&format!("{}, {}", plan.name, model.name), figures)
    });
    titled(
        "What a median hides, in % of contenders: notes on nothing (stalls, two modes, drift), ties of equals that a \
         far fork takes away, and what is planted",
        "plan and noise",
        [
            "nothing",
            "ties lost, of 60 forks",
            "2 ms stalled in every 40",
            "two modes, 1.5×",
            "two modes, 1.8×",
            "drift of 20 %",
            "drift of 30 %",
        ],
        rows,
    )
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn found(plan: Plan, model: NoiseModel, planted: Planted) -> Found {
        find(plan, model, planted, 300, &mut Xoshiro256PlusPlus::seed_from_u64(11))
    }

    #[test]
    fn noise_alone_is_rarely_noted() {
        for plan in PLANS {
            for model in [QUIET, STEADY, SKEWED, HEAVY_TAILED] {
                let found = found(plan, model, Planted::Nothing);
                assert!(
                    found.stalls <= 0.02 && found.modes <= 0.02 && found.drift <= 0.02,
                    "{plan:?} {found:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_planted_is_found_at_one_thread_and_at_several() {
        let [one, several, earlier] = PLANS;
        assert!(found(one, QUIET, Planted::Stalls).stalls > 0.8);
        assert!(found(several, QUIET, Planted::Stalls).stalls > 0.8);
        assert!(found(several, STEADY, Planted::Stalls).stalls > 0.6);
        assert!(found(earlier, QUIET, Planted::Stalls).stalls > 0.9);
        for plan in [one, several] {
            assert!(found(plan, STEADY, Planted::Modes(1.8)).modes > 0.95);
            assert!(found(plan, STEADY, Planted::Modes(1.5)).modes > 0.85);
            assert!(found(plan, STEADY, Planted::Drift(1.2)).drift > 0.8);
        }
    }

    #[test]
    fn ties_between_equals_survive() {
        let plan = Plan { forks: MANY, ..PLANS[0] };
        let [quiet, steady] = [QUIET, STEADY].map(|model| found(plan, model, Planted::Nothing));
        assert!(quiet.ties > 0.99 && quiet.far == 0.0, "{quiet:?}");
        assert!(steady.ties > 0.1 && steady.far <= 0.01 * steady.ties, "{steady:?}");
    }

    #[test]
    fn a_stall_costs_what_it_overlaps() {
        assert_eq!(stalled(8.0, 10.0), 1.0);
        assert_eq!(stalled(8.0, 35.0), 8.0 / 6.0);
        assert_eq!(stalled(8.0, 1.0), 8.0 / 7.0);
        assert_eq!(stalled(2.0, 0.0), 1000.0);
    }
}
