//! What a plan says of its time and memory, against runs that were measured on two CPUs.

use super::*;

/// The planned seconds and MB of a selection on two CPUs.
fn planned(args: &[&str]) -> (f64, f64) {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&[&["run", "--plan-for", "2"], args].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    let line = text.lines().next().expect("a plan");
    let (_, cost) = line.split_once("; about ").expect("a cost");
    let (time, memory) = cost.split_once(" and ").expect("memory");
    let words: Vec<&str> = time.split(' ').collect();
    let seconds = words.chunks(2).map(|pair| {
        let factor = match pair[1] {
            "h" => 3600.0,
            "min" => 60.0,
            _ => 1.0,
        };
        pair[0].parse::<f64>().expect("a number") * factor
    });
    (seconds.sum(), memory.split(' ').next().expect("MB").parse().expect("a number"))
}

/// `counter/hot --forks 3` with two rounds of 40 ms took 22 s with 64 threads and 61 s with 512.
#[test]
fn threads_beyond_the_cores_take_their_time() {
    let seconds = |threads: &str| {
        planned(&["counter/hot", "--forks=3", "--rounds=2", "--window=40ms", "--threads", threads]).0
    };
    for (threads, took) in [("64", 22.0), ("512", 61.0)] {
        let planned = seconds(threads);
        assert!((planned / took - 1.0).abs() < 0.2, "{threads} threads: {planned} s planned, {took} s taken");
    }
    assert!(seconds("4") < 10.0, "{}", seconds("4"));
    // The jobs of fan-out run on threads of the contender, and 64 workers took as long as 4.
    let fan_out = |threads: &str| planned(&["fan-out/1us", "--forks=3", "--threads", threads]).0;
    assert_eq!(fan_out("64"), fan_out("4"));
}

/// A standard run of 31,000 records needed 180 MB at most, in spawn/100000. One of counter/hot needed
/// 39 to 47 MB with 64 threads.
#[test]
#[cfg(feature = "patterns")]
fn memory_is_that_of_the_largest_block() {
    let near = |planned: f64, measured: f64| (planned / measured - 1.0).abs() < 0.2;
    let standard = planned(&["--forks=12", "--rounds=3"]).1;
    assert!(near(standard, 180.0), "{standard} MB");
    let oversubscribed = planned(&["counter/hot", "--threads=64"]).1;
    assert!(near(oversubscribed, 43.0) || near(oversubscribed, 47.0), "{oversubscribed} MB");
}
