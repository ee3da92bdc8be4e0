//! Whether verdicts reach their nominal error rates. Runs are simulated whose truth is known, with forks as noisy as
//! measured ones, and analysed by the code that analyses real runs. Prints the tables of docs/validation.md; tests
//! check their bounds.
//!
//! A tool for changes to the method. No other crate uses it.

mod blocks;
mod dependence;
mod distance_tables;
mod distances;
mod false_alarms;
mod hidden;
mod interim;
mod markdown;
mod method;
mod noise_models;
mod normal_dist;
mod pairs;
mod race;
mod tables;

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Parser;
use contend_analysis::verdict::Threshold;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

/// The threshold of all simulated verdicts.
const THRESHOLD: Threshold = Threshold::new(0.03);

/// Prints how often verdicts are right in simulated runs: the tables of docs/validation.md, as Markdown.
#[derive(Parser)]
struct Args {
    /// Repetitions of each setting; the published tables have 20,000
    #[arg(value_name = "N", default_value_t = 20_000)]
    repetitions: usize,

    /// Random seed; the same seed prints the same tables
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

fn main() {
    let args = Args::parse();
    print!("{}", table(args.repetitions, args.seed));
}

/// The tables of all settings, as Markdown. 20,000 repetitions take about five minutes of one core. The same seed
/// gives the same tables.
fn table(repetitions: usize, seed: u64) -> String {
    let all = [
        tables::pair_by_model,
        tables::pair_by_forks,
        tables::blocks_by_model,
        tables::blocks_by_size,
        tables::blocks_by_method,
        tables::false_winners,
        tables::winners,
        distance_tables::coverage,
        distance_tables::power,
        distance_tables::forms,
        tables::interim_analyses,
        distance_tables::races,
        tables::notes,
        hidden::table,
        tables::dependence,
    ];
    let tables = all.map(|table| table(Simulation { repetitions, seed }));
    tables.join("\n")
}

/// The repetitions of each setting, and the seed.
#[derive(Clone, Copy, Debug)]
struct Simulation {
    repetitions: usize,
    seed: u64,
}

impl Simulation {
    /// One repetition of `every`, for settings that take long.
    fn one_of(self, every: usize) -> Self {
        Self { repetitions: (self.repetitions / every).max(20), ..self }
    }

    /// Simulates every setting, on all cores. A setting's random numbers depend only on the seed and its
    /// place.
    fn each<S: Sync, T: Send>(
        self,
        settings: &[S],
        simulate: impl Fn(&S, usize, &mut Xoshiro256PlusPlus) -> T + Sync,
    ) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(setting) = settings.get(place) else {
                    return done;
                };
                let seed = self.seed.wrapping_add(place as u64);
                let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
                done.push((place, simulate(setting, self.repetitions, &mut rng)));
            }
        };
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let mut done: Vec<(usize, T)> = thread::scope(|scope| {
            let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            let join = |thread: thread::ScopedJoinHandle<_>| thread.join().expect("no panic");
            threads.into_iter().flat_map(join).collect()
        });
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, result)| result).collect()
    }
}

#[cfg(test)]
mod tests {
    use contend_analysis::verdict::{Outcome, Standing, analyse};
    use contend_fixture::{record, run};
    use contend_record::Record;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    /// Blocks of equals through the public entry: records in, verdicts out.
    #[test]
    fn records_of_thirteen_equals_name_no_winner() {
        let names: Vec<String> = (0..13).map(|i| format!("equal{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let run = run(&names);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let (mut all_hold, blocks) = (0, 100);
        for _ in 0..blocks {
            let mut time = || {
                let normal: f64 = StandardNormal.sample(&mut rng);
                1e6 * (0.05 * normal).exp()
            };
            let mut records: Vec<Record> = Vec::new();
            for (fork, round) in (1..=12).flat_map(|fork| [(fork, 1), (fork, 2)]) {
                records.extend(names.iter().map(|name| record(name, fork, round, time())));
            }
            let analysis = analyse(&run, &records);
            let block = &analysis.blocks[0];
            assert_eq!((analysis.comparisons, block.verdicts.len()), (78, 78));
            assert!((analysis.expected_wrong - 78.0 * 14.0 / 4096.0).abs() < 1e-12);
            let holds = |low: f64, high: f64| low <= 1.0 && 1.0 <= high;
            all_hold += u32::from(block.verdicts.iter().all(|v| holds(v.low, v.high)));
            assert!(block.verdicts.iter().all(|v| v.verdict != Outcome::Faster));
            assert!(!matches!(block.standings[0].standing, Standing::Winner { .. }));
        }
        assert!(all_hold >= 90, "{all_hold} of {blocks}");
    }

    #[test]
    fn the_same_seed_gives_the_same_figures_on_any_number_of_cores() {
        let simulation = Simulation { repetitions: 50, seed: 3 };
        let settings = [0.0, 0.5, 0.9];
        let draw = |correlation: &f64, n, rng: &mut _| dependence::coverage(*correlation, 12, n, rng);
        let once = simulation.each(&settings, draw);
        assert_eq!(once, simulation.each(&settings, draw));
        assert!(once[0] > once[2]);
    }
}
