//! A run that is interrupted or killed.

use super::*;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Starts a run of minutes, and waits for its first records.
fn start_long_run(reports: &Path, mark: &str) -> Child {
    let child = Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(["run", "counter/hot/std::sync::Mutex", "--threads", "2", "--forks", "40", "--rounds", "20"])
        .args(["--window", "5ms", "--reports"])
        .arg(reports)
        .env("CONTEND_MARK", mark)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("contend starts");
    let records = || {
        let runs = runs(reports);
        let samples = runs.first().map(|run| fs::read_to_string(run.join("samples.jsonl")));
        samples.and_then(Result::ok).map_or(0, |text| text.lines().count())
    };
    wait_for("the first records", || records() > 0);
    child
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "timeout while waiting for {what}");
        sleep(Duration::from_millis(20));
    }
}

/// The number of processes with `mark` in their environment.
fn processes_with_mark(mark: &str) -> usize {
    let mark = format!("CONTEND_MARK={mark}");
    let processes = fs::read_dir("/proc").expect("processes");
    let environments = processes.filter_map(|entry| fs::read(entry.ok()?.path().join("environ")).ok());
    environments
        .filter(|environment| environment.split(|byte| *byte == 0).any(|v| v == mark.as_bytes()))
        .count()
}

#[test]
fn an_interrupted_run_keeps_its_rounds_and_resume_completes_it() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let mut child = start_long_run(reports.path(), "interrupt");
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(processes_with_mark("interrupt"), 0, "a fork outlives its parent");
    let run = runs(reports.path()).remove(0);
    assert!(run.join("index.html").is_file());
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    assert!(text.contains(r#""status": "interrupted""#));

    // A smaller plan, so that the rest does not take minutes.
    let plan = text.replacen(r#""forks": 40"#, r#""forks": 2"#, 1);
    fs::write(run.join("run.json"), plan).expect("it can be written");
    let output = contend(&["run", "--resume"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    assert!(text.contains(r#""status": "complete""#));
    let journal = contend::record::read(&run).expect("it can be read");
    for block in &journal.run.plan.blocks {
        for cell in &block.cells {
            let cell = block.block.cell(&cell.contender);
            let valid = journal.records.iter().filter(|r| r.cell == cell && r.valid);
            let rounds: Vec<_> = valid.map(|r| (r.fork, r.round)).collect();
            let distinct: BTreeSet<_> = rounds.iter().collect();
            assert_eq!(distinct.len(), rounds.len(), "{cell} has a round twice");
            let all = journal.records.iter().filter(|r| r.cell == cell);
            let all: BTreeSet<_> = all.map(|r| (r.fork, r.round)).collect();
            assert_eq!(all.len(), 2 * 20, "{cell}");
        }
    }
}

#[test]
fn no_fork_outlives_a_parent_that_is_killed() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let mut child = start_long_run(reports.path(), "kill");
    assert!(processes_with_mark("kill") >= 2);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    wait_for("the forks to end", || processes_with_mark("kill") == 0);
}
