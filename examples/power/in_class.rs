//! The suite alone, with a class of 26: two locks that differ by 10 %, under 13 names each. So a block has 169 pairs
//! that differ, and 156 of identical code.

use std::time::{Duration, Instant};

use contend::verdict::Outcome;
use contend::{Info, Suite};

use super::by_contend::analysed;
use super::locks::{BRIEF, BRIEF_AND_A_TENTH, Working};

/// The names of each of the two locks.
const NAMES: usize = 13;

fn names(kind: &str) -> impl Iterator<Item = String> {
    (1..=NAMES).map(move |number| format!("{kind}::{number}"))
}

/// Adds the class to the suite.
pub fn register(suite: &mut Suite) {
    for name in names("class") {
        suite.lock::<Working<(), BRIEF>>(Info::new(name));
    }
    for name in names("class-slower") {
        suite.lock::<Working<(), BRIEF_AND_A_TENTH>>(Info::new(name));
    }
}

/// What the runs of a class found.
#[derive(Default)]
struct Tally {
    differing: usize,
    found: usize,
    wrong: usize,
    identical: usize,
    distinguished: usize,
    level: usize,
    half_widths: Vec<f64>,
    took: Duration,
}

/// Measures the class `runs` times with one thread and with two, and prints a table.
pub fn print(runs: u32) {
    println!(
        "| threads | pairs 10 % apart | found | wrong way round | identical pairs | distinguished | tie or not slower \
         | control's half-width, median | time of a run |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for threads in [1, 2] {
        let mut tally = Tally::default();
        for _ in 0..runs {
            tally.run(threads);
        }
        tally.half_widths.sort_by(f64::total_cmp);
        let half_width = tally.half_widths.get(tally.half_widths.len() / 2);
        println!(
            "| {threads} | {} | {:.0} % | {} | {} | {} | {:.0} % | {} | {:.1} s |",
            tally.differing,
            percent(tally.found, tally.differing),
            tally.wrong,
            tally.identical,
            tally.distinguished,
            percent(tally.level, tally.identical),
            half_width.map_or("–".to_owned(), |of| format!("{:.1} %", 100.0 * of)),
            tally.took.as_secs_f64() / f64::from(runs.max(1)),
        );
    }
}

fn percent(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

impl Tally {
    fn run(&mut self, threads: usize) {
        let start = Instant::now();
        let all: Vec<String> = names("class").chain(names("class-slower")).collect();
        let analysis = analysed(&all, threads);
        self.took += start.elapsed();
        let block = &analysis.blocks[0];
        self.half_widths.extend(block.control_resolution);
        let is_slow = |name: &str| name.starts_with("class-slower::");
        for verdict in &block.verdicts {
            let faster = verdict.verdict == Outcome::Faster;
            if verdict.control || is_slow(&verdict.a) == is_slow(&verdict.b) {
                self.identical += 1;
                self.distinguished += usize::from(faster);
                self.level += usize::from(verdict.verdict == Outcome::Tie || verdict.not_slower.is_some());
            } else {
                self.differing += 1;
                self.found += usize::from(faster && is_slow(&verdict.b));
                self.wrong += usize::from(faster && is_slow(&verdict.a));
            }
        }
    }
}
