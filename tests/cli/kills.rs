//! Kills of runs and of their forks at moments all over their time, each run continued until it is complete.

use super::*;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use contend::record::{RunData, RunStatus, Status, read};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// A run of about three seconds.
const BEGIN: &[&str] = &[
    "run",
    "counter/hot/std::sync",
    "--threads",
    "1,2",
    "--forks",
    "12",
    "--rounds",
    "2",
    "--window",
    "3ms",
];

/// The rounds of each of its cells.
const ROUNDS: usize = 12 * 2;

/// Each kind of kill in turn: a signal, and whether a fork gets it instead of the run.
const KINDS: [(Signal, bool); 6] = [
    (Signal::SIGKILL, false),
    (Signal::SIGTERM, false),
    (Signal::SIGKILL, true),
    (Signal::SIGINT, false),
    (Signal::SIGTERM, true),
    (Signal::SIGINT, true),
];

/// How often something was killed.
#[derive(Debug, Default)]
struct Kills {
    of_runs: u64,
    of_forks: u64,
    complete_runs: u64,
}

/// `KILLS=200` tries as many.
#[test]
fn kills_lose_nothing_and_double_nothing() {
    let wanted: u64 = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12);
    let mut kills = Kills::default();
    let mut turn = 0;
    while kills.of_runs + kills.of_forks < wanted {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let mut killed_since = 0;
        let mut was_killed_late = false;
        loop {
            turn += 1;
            let is_last = killed_since >= 20 || kills.of_runs + kills.of_forks >= wanted;
            let mut child = start(reports.path());
            if !is_last {
                // A run of the machine's slowest moments has not begun after the shortest of these.
                sleep(Duration::from_millis(60 + turn * 271 % 1_400));
                let (signal, is_fork) = KINDS[turn as usize % KINDS.len()];
                if is_fork {
                    let was_hit = forks_of(child.id()).into_iter().any(|fork| kill(fork, signal).is_ok());
                    kills.of_forks += u64::from(was_hit);
                } else if child.try_wait().expect("it is a child").is_none() {
                    kill(Pid::from_raw(child.id() as i32), signal).expect("it runs");
                    kills.of_runs += 1;
                    killed_since += 1;
                }
            }
            let ended = child.wait().expect("it ends");
            let errors = fs::read_to_string(reports.path().join("errors")).unwrap_or_default();
            match ended.code() {
                Some(0) => break,
                None | Some(130) => {}
                // It was killed after all was measured, while it wrote its page.
                Some(2) if errors.contains("there is no interrupted run") => {
                    let output = contend(&["report"], reports.path());
                    assert!(output.status.success(), "{}", stderr(&output));
                    was_killed_late = true;
                    break;
                }
                _ => panic!("{ended}, after {kills:?}: {errors}"),
            }
        }
        assert_whole(reports.path(), was_killed_late);
        kills.complete_runs += 1;
    }
    println!("{kills:?}");
}

/// Begins a run, or continues the one that was killed.
fn start(reports: &Path) -> Child {
    let is_begun = runs(reports).iter().any(|run| run.join("run.json").exists());
    let errors = fs::File::create(reports.join("errors")).expect("a file");
    Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(if is_begun { &["run", "--resume"] } else { BEGIN })
        .arg("--reports")
        .arg(reports)
        .stdout(Stdio::null())
        .stderr(errors)
        .spawn()
        .expect("contend starts")
}

/// The forks of the run with this process id.
fn forks_of(run: u32) -> Vec<Pid> {
    let threads = fs::read_dir(format!("/proc/{run}/task")).into_iter().flatten().flatten();
    let children =
        threads.map(|thread| fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    let ids: Vec<i32> =
        children.flat_map(|ids| ids.split_whitespace().flat_map(str::parse).collect::<Vec<_>>()).collect();
    let is_fork = |id: &i32| {
        fs::read(format!("/proc/{id}/cmdline"))
            .is_ok_and(|line| line.split(|byte| *byte == 0).any(|argument| argument == b"__fork"))
    };
    ids.into_iter().filter(is_fork).map(Pid::from_raw).collect()
}

/// Whether the one run has each planned round once, no failed cell, its page, and nothing that a killed process left.
/// What is left by one that was killed while it wrote its page is removed by the next run.
fn assert_whole(reports: &Path, was_killed_late: bool) {
    let runs = runs(reports);
    assert_eq!(runs.len(), 1, "a folder without a run, or a second run: {runs:?}");
    let RunData { run, records, cut_off, problems, .. } = read(&runs[0]).expect("it can be read");
    assert!(run.status == RunStatus::Complete && problems.is_empty() && !cut_off, "{problems:?}");
    for block in &run.plan.blocks {
        for cell in &block.cells {
            let cell = block.block.cell(&cell.contender);
            let of_cell = || records.iter().filter(|record| record.cell == cell);
            let rounds: BTreeSet<_> = of_cell().map(|record| (record.fork, record.round)).collect();
            assert_eq!(rounds.len(), ROUNDS, "{cell}");
            let valid: Vec<_> = of_cell().filter(|r| r.valid).map(|r| (r.fork, r.round)).collect();
            assert_eq!(valid.iter().collect::<BTreeSet<_>>().len(), valid.len(), "{cell} has a round twice");
            assert!(of_cell().all(|record| record.status != Status::Failed), "{cell} failed");
        }
    }
    let page = fs::read_to_string(runs[0].join("index.html")).expect("a page");
    assert!(page.trim_end().ends_with("</html>") && page.contains("std::sync::Mutex"));
    for folder in [reports, &runs[0], &runs[0].join("charts")] {
        let left = fs::read_dir(folder).expect("a folder").flatten();
        let left = left.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let parts: Vec<String> = left.filter(|name| name.ends_with(".part")).collect();
        assert!(was_killed_late || parts.is_empty(), "{parts:?}");
    }
}
