//! The phases of a run after its planned forks.

use super::*;

/// Eight forks never decide on four contenders at the first interim analysis, so the time left is spent. A run that is
/// stopped in that phase continues there.
#[test]
fn the_time_left_of_a_budget_goes_to_undecided_blocks() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(
        &[
            "run",
            "--exact",
            // Level, and noisy in such short windows. Few forks prove none of five to be within 3 % of the best.
            "map/write/parking_lot::Mutex+64-shards/2",
            "map/write/parking_lot::RwLock+64-shards/2",
            "map/write/std::sync::Mutex+64-shards/2",
            "map/write/std::sync::RwLock+64-shards/2",
            "map/write/dashmap::DashMap+256-shards/2",
            "--window=1ms",
            "--rounds=1",
            "--quick",
            "--threads=2",
            "--budget=30s",
        ],
        reports.path(),
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let errors = stderr(&output);
    assert!(errors.contains("interim analyses at 12, 18, 24 forks"), "{errors}");
    assert!(errors.contains("1 of 1 block "), "{errors}");

    let run = runs(reports.path()).remove(0);
    let read = || contend::record::read(&run).expect("it can be read");
    let last = |journal: &contend::record::RunData| journal.records.iter().map(|r| r.fork).max();
    assert!(last(&read()) >= Some(18));

    // The files of a run that is stopped before its 15th fork.
    let samples = fs::read_to_string(run.join("samples.jsonl")).expect("records");
    let kept: Vec<&str> =
        samples.lines().take_while(|line| !line.contains(r#""fork":15,"round":1"#)).collect();
    fs::write(run.join("samples.jsonl"), kept.join("\n") + "\n").expect("it can be written");
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    let text = text.replacen(r#""status": "complete""#, r#""status": "interrupted""#, 1);
    fs::write(run.join("run.json"), text).expect("it can be written");

    let output = contend(&["run", "--resume"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let journal = read();
    assert!(last(&journal) >= Some(18));
    // Records of a race that was stopped and continued: what it left behind has the forks of an analysis.
    for cell in &journal.run.plan.blocks[0].cells {
        let records = journal.records.iter().filter(|r| r.cell.contender == cell.contender);
        let forks = records.map(|r| r.fork).max();
        assert!([Some(12), Some(18), Some(24)].contains(&forks), "{}: {forks:?}", cell.contender);
        let is_of = |r: &&contend::record::Record| r.cell.contender == cell.contender && r.valid;
        let valid = journal.records.iter().filter(is_of);
        let rounds: Vec<_> = valid.map(|r| (r.fork, r.round)).collect();
        let distinct: BTreeSet<_> = rounds.iter().collect();
        assert_eq!(distinct.len(), rounds.len(), "a round twice");
    }
}

/// A serial loop against one thread per job: a winner in windows of any length. A run that is stopped during the
/// check continues it.
#[test]
fn winners_are_checked_in_longer_windows_that_no_verdict_uses() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(
        &[
            "run",
            "fan-out/nothing/serial",
            "fan-out/nothing/std::thread::spawn",
            "--threads=1",
            "--window=2ms",
            "--rounds=1",
            "--forks=8",
        ],
        reports.path(),
    );
    let errors = stderr(&output);
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("last: winners"), "{errors}");
    assert!(errors.contains("1 block in windows of 40 ms"), "{errors}");
    assert!(!errors.contains("fork 2 of at most 7"), "{errors}");

    let run = runs(reports.path()).remove(0);
    let read = || contend::record::read(&run).expect("it can be read");
    let journal = read();
    let check = journal.run.plan.window_check.expect("it is in the plan");
    assert_eq!((check.window_ns, check.forks), (40_000_000, 7));
    let verdicts = fs::read_to_string(run.join("verdicts.json")).expect("verdicts");
    let verdicts: serde_json::Value = serde_json::from_str(&verdicts).expect("JSON");
    let lengths = verdicts["lengths"].as_array().expect("a list");
    assert_eq!(lengths.len(), 1);
    assert_eq!(lengths[0]["a"], "serial");
    assert_eq!(lengths[0]["turned"], false);
    // The verdict has the planned forks, and the longer windows are in neither it nor its cells.
    assert_eq!(verdicts["verdicts"][0]["forks"], 8);
    assert_eq!(verdicts["cells"][0]["windows"]["windows"], 8);
    let cells: BTreeSet<_> = journal.long.iter().map(|r| r.cell.to_string()).collect();
    assert_eq!(cells.len(), 2, "winner and runner-up only: {cells:?}");
    assert!(journal.long.iter().all(|record| record.fork == 1));

    let samples = fs::read(run.join("samples.jsonl")).expect("records");
    let long = fs::read_to_string(run.join("window-check.jsonl")).expect("records");
    fs::write(run.join("window-check.jsonl"), &long[..long.len() / 2]).expect("it can be written");
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    let text = text.replacen(r#""status": "complete""#, r#""status": "interrupted""#, 1);
    fs::write(run.join("run.json"), text).expect("it can be written");
    let output = contend(&["run", "--resume"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(samples, fs::read(run.join("samples.jsonl")).expect("records"));
    assert!(read().long.len() >= 2 && !read().cut_off);

    fs::write(run.join("window-check.jsonl"), "{}\n").expect("it can be written");
    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("window-check.jsonl:1:"), "{}", stderr(&output));
}
