//! Criterion as its book has it: one benchmark after the other, 3 s of warming up and 5 s of measuring
//! each, and intervals that overlap or do not.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contend::Lock;
use criterion::Criterion;
use serde_json::Value;

use super::Found;
use super::locks::{LONG, LONG_AND_THREE_TENTHS, SHORT, SHORT_AND_A_TENTH, Working};

/// What is found.
pub fn found(threads: usize) -> (Found, Found) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let criterion = Criterion::default().without_plots();
    let mut criterion = criterion.output_directory(folder.path());
    match threads {
        1 => {
            one::<Working<u64, SHORT>>(&mut criterion, "first");
            one::<Working<u64, SHORT_AND_A_TENTH>>(&mut criterion, "slower");
            one::<Working<u64, SHORT, true>>(&mut criterion, "twin");
        }
        _ => {
            many::<Working<u64, LONG>>(&mut criterion, "first", threads);
            many::<Working<u64, LONG_AND_THREE_TENTHS>>(&mut criterion, "slower", threads);
            many::<Working<u64, LONG, true>>(&mut criterion, "twin", threads);
        }
    }
    let [first, slower, twin] = ["first", "slower", "twin"].map(|name| estimate(folder.path(), name));
    (judge(first, slower), judge(first, twin))
}

fn one<L: Lock<State = u64>>(criterion: &mut Criterion, name: &str) {
    let lock = L::new(0);
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| lock.with_mut(|count| *count += 1));
    });
}

/// Threads that are spawned for each sample, with the clock around them: what people write.
fn many<L: Lock<State = u64>>(criterion: &mut Criterion, name: &str, threads: usize) {
    let lock = Arc::new(L::new(0));
    criterion.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| -> Duration {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| {
                        for _ in 0..iterations / threads as u64 + 1 {
                            lock.with_mut(|count| *count += 1);
                        }
                    });
                }
            });
            start.elapsed()
        });
    });
}

/// The estimate that criterion prints, with its 95 % interval.
fn estimate(folder: &Path, name: &str) -> [f64; 3] {
    let path = folder.join(name).join("new/estimates.json");
    let text = std::fs::read_to_string(path).expect("criterion saved its estimates");
    let estimates: Value = serde_json::from_str(&text).expect("it saves JSON");
    let slope = &estimates["slope"];
    let typical = if slope.is_null() { &estimates["mean"] } else { slope };
    let bound = |name: &str| typical["confidence_interval"][name].as_f64();
    let number = |value: Option<f64>| value.expect("an estimate is a number");
    [number(bound("lower_bound")), number(typical["point_estimate"].as_f64()), number(bound("upper_bound"))]
}

fn judge(first: [f64; 3], second: [f64; 3]) -> Found {
    Found::by(second[1] / first[1], second[0] / first[2], second[2] / first[0])
}
