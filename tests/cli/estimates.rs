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

/// `counter/hot --forks 3` with two rounds of 40 ms took 11 s with 4 threads, 17 and 20 s with 64, and 72 s with 512.
#[test]
fn threads_beyond_the_cores_take_their_time() {
    let seconds = |threads: &str| {
        planned(&["counter/hot", "--forks=3", "--rounds=2", "--window=40ms", "--threads", threads]).0
    };
    for (threads, took) in [("4", 11.0), ("64", 18.5), ("512", 72.0)] {
        let planned = seconds(threads);
        assert!((planned / took - 1.0).abs() < 0.2, "{threads} threads: {planned} s planned, {took} s taken");
    }
    // The jobs of fan-out run on threads of the contender, and 64 workers took as long as 4.
    let fan_out = |threads: &str| planned(&["fan-out/1us", "--forks=3", "--threads", threads]).0;
    assert_eq!(fan_out("64"), fan_out("4"));
}

/// A standard run of 31,000 records needed 135 MB more than a run of a few, in spawn/100000.
#[test]
#[cfg(feature = "patterns")]
fn memory_is_that_of_the_largest_block() {
    let least = planned(&["counter/hot/std::sync::Mutex", "--threads=1", "--forks=1"]).1;
    let standard = planned(&["--forks=12", "--rounds=3"]).1 - least;
    assert!((standard / 135.0 - 1.0).abs() < 0.2, "{standard} MB more than {least} MB");
}

/// The executable itself, workers, and large state: of each, what a run says before and after.
#[test]
#[cfg(all(target_os = "linux", feature = "contenders"))]
fn runs_need_the_memory_that_was_planned() {
    for (cells, threads) in [
        ("counter/hot/std::sync::Mutex", "1"),
        ("counter/hot/std::sync", "64"),
        ("map/read90-256B/std::sync::Mutex", "2"),
        ("map/read90-1KiB/parking_lot", "1"),
        ("counter/hot/std::sync::mpsc::channel", "8"),
        ("counter/hot/std::sync::Mutex", "512"),
    ] {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let run = ["run", cells, "--threads", threads, "--forks=2", "--rounds=1", "--window=5ms"];
        let errors = stderr(&contend(&run, reports.path()));
        let megabytes = |before: &str, after: &str| {
            let (_, rest) = errors.split_once(before).expect(&errors);
            let (number, _) = rest.split_once(after).expect(&errors);
            let number = number.rsplit(' ').next().unwrap_or_default();
            number.parse::<f64>().expect("a number")
        };
        let (planned, needed) =
            (megabytes("; about", " MB of memory"), megabytes("with at most", " MB of memory"));
        assert!((planned / needed - 1.0).abs() < 0.2, "{cells}: {planned} MB planned, {needed} MB needed");
    }
}
