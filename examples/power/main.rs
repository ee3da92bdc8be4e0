//! How often three ways of measuring are right about pairs whose truth is known: locks that differ in
//! the work they hold, or in nothing. Prints the table of docs/validation.md.
//!
//! ```text
//! cargo run --release --example power -- 20 10
//! ```
//!
//! The numbers say how many times a pair is measured with one thread and with two. Criterion, which takes
//! most of a minute for a pair and its twin, measures half as many. `class 4` measures the suite alone: a class of 26,
//! four times with each number of threads.

mod by_contend;
mod by_criterion;
mod in_class;
mod in_sequence;
mod locks;

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What is found out about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// The first is faster.
    First,
    /// The second is.
    Second,
    /// They are not distinguished.
    Neither,
}

impl Found {
    /// By the interval of the second's time over the first's, where more than 3 % is a difference:
    /// the suite's rule, put to all three.
    fn by(ratio: f64, low: f64, high: f64) -> Self {
        match ratio {
            _ if low > 1.0 && ratio > 1.03 => Found::First,
            _ if high < 1.0 && ratio < 1.0 / 1.03 => Found::Second,
            _ => Found::Neither,
        }
    }
}

/// One way of measuring: what it found about a pair that differs, and about one that does not.
type Way = fn(threads: usize) -> (Found, Found);

/// A line of the table.
#[derive(Default)]
struct Tally {
    times: u32,
    right: u32,
    wrong: u32,
    apart: u32,
    took: Duration,
}

fn measure(way: Way, threads: usize, times: u32) -> Tally {
    let mut tally = Tally::default();
    for _ in 0..times {
        let start = Instant::now();
        let (differing, same) = way(threads);
        tally.took += start.elapsed();
        tally.times += 1;
        tally.right += u32::from(differing == Found::First);
        tally.wrong += u32::from(differing == Found::Second);
        tally.apart += u32::from(same != Found::Neither);
    }
    tally
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, runs] = &arguments[..]
        && word == "class"
    {
        let Ok(runs) = runs.parse() else {
            eprintln!("after `class` comes a number of runs");
            return ExitCode::from(2);
        };
        in_class::print(runs);
        return ExitCode::SUCCESS;
    }
    let times: Option<Vec<u32>> = arguments.iter().map(|text| text.parse().ok()).collect();
    let Some(&[one, two]) = times.as_deref() else {
        // Not for people: the forks of the runs below.
        return by_contend::bench();
    };
    println!(
        "| method | threads, gap | gaps found | wrong way round | identical pairs distinguished | time per pair |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    let ways: [(&str, Way, u32); 3] = [
        ("contend, standard settings", by_contend::found, 1),
        ("the same windows, one after the other", in_sequence::found, 1),
        ("criterion, its defaults", by_criterion::found, 2),
    ];
    for (name, way, part) in ways {
        for (threads, gap, times) in [(1, "10 %", one), (2, "30 %", two)] {
            let tally = measure(way, threads, times.div_ceil(part));
            println!(
                "| {name} | {threads}, {gap} | {} of {} | {} | {} of {} | {:.1} s |",
                tally.right,
                tally.times,
                tally.wrong,
                tally.apart,
                tally.times,
                tally.took.as_secs_f64() / f64::from(tally.times.max(1)),
            );
        }
    }
    ExitCode::SUCCESS
}
