//! The command line from outside: what is wrong is said in one sentence, with exit 2, before anything
//! is measured or written; what is right does what it says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A short run that measures something.
const SHORT: &[&str] = &[
    "run",
    "counter/hot/std::sync",
    "--threads",
    "1,2",
    "--forks",
    "3",
    "--rounds",
    "2",
    "--window",
    "1ms",
];

fn contend(args: &[&str], reports: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(args)
        .arg("--reports")
        .arg(reports)
        .output()
        .expect("contend starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// The folders of the runs in `reports`.
fn runs(reports: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(reports) else {
        return Vec::new();
    };
    let mut runs: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    runs.sort();
    runs
}

fn short_run() -> (TempDir, PathBuf) {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(SHORT, reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let run = runs(reports.path()).remove(0);
    (reports, run)
}

#[test]
fn what_is_wrong_is_said_in_a_sentence_before_anything_happens() {
    let wrong: [(&[&str], &[&str]); 26] = [
        (&["--frobnicate"], &["--frobnicate", "--help"]),
        (&["--fork", "3"], &["--fork", "--forks"]),
        (
            &["--preset", "huge"],
            &["huge", "quick, standard, thorough"],
        ),
        (&["--threads", "0"], &["--threads", "from 1 to"]),
        (&["--threads", "100000"], &["100000", "from 1 to"]),
        (&["--threads", "x"], &["`--threads x`", "from 1 to"]),
        (&["--threads", "1,,2"], &["--threads", "from 1 to"]),
        (&["--threads", "-1"], &["-1", "from 1 to"]),
        (&["--window", "0ms"], &["0ms", "100us to 10s"]),
        (&["--window", "-5ms"], &["-5ms", "100us to 10s"]),
        (&["--window", "soon"], &["soon", "100us to 10s"]),
        (&["--forks", "0"], &["--forks 0", "from 1 to"]),
        (&["--forks", "-3"], &["-3", "from 1 to"]),
        (&["--rounds", "0"], &["--rounds 0", "from 1 to"]),
        (&["--rounds", "-1"], &["-1", "from 1 to"]),
        (
            &["counter/hott"],
            &["counter/hott", "counter/hot/", "--list"],
        ),
        (&["--exact", "counter/hot"], &["matches no cell"]),
        (&["--sample-size", "50"], &["criterion's", "--forks"]),
        (&["--measurement-time", "5"], &["criterion's", "--window"]),
        (&["--warm-up-time=5"], &["criterion's", "warms up"]),
        (
            &["--quick", "--preset", "thorough"],
            &["--quick", "--preset"],
        ),
        (&["--resume"], &["no interrupted run"]),
        (
            &["--baseline", "never-saved"],
            &["no baseline `never-saved`"],
        ),
        (&["--budget", "0s"], &["--budget", "at least 1s"]),
        (
            &["--budget", "1s"],
            &["--budget", "too short", "the least plan"],
        ),
        (&["--plan-for", "0"], &["--plan-for", "from 1 to"]),
    ];
    for (args, needles) in wrong {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let args = [&["run"], args].concat();
        let output = contend(&args, reports.path());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{args:?}: {said}");
        assert!(said.starts_with("error: "), "{args:?}: {said}");
        for needle in needles {
            assert!(
                said.contains(needle),
                "{args:?} does not say `{needle}`: {said}"
            );
        }
        assert_eq!(
            fs::read_dir(reports.path()).expect("it is there").count(),
            0,
            "{args:?} wrote something"
        );
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn reports_that_cannot_be_written_are_named_and_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("reports");
    fs::write(&file, "precious").expect("it can be written");
    let output = contend(SHORT, &file);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("cannot be written"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "precious");
}

#[test]
fn a_run_leaves_its_files_and_ends_with_the_pages_path() {
    let (reports, run) = short_run();
    for file in [
        "run.json",
        "samples.jsonl",
        "verdicts.json",
        "index.html",
        "summary.md",
    ] {
        assert!(run.join(file).is_file(), "{file}");
    }
    assert!(fs::read_dir(run.join("charts")).expect("charts").count() > 0);
    assert!(reports.path().join("index.html").is_file());

    // On a busy machine rounds are voided, and taken again a few times: each has its records.
    let journal = contend::record::read(&run).expect("it can be read");
    let plan = &journal.run.plan;
    assert_eq!(plan.blocks.len(), 2);
    for block in &plan.blocks {
        assert!(block.cells.iter().any(|cell| cell.contender == "floor"));
        assert!(
            block
                .cells
                .iter()
                .any(|cell| cell.contender.ends_with("~control"))
        );
        for cell in &block.cells {
            let cell = block.block.cell(&cell.contender);
            let of_cell = journal.records.iter().filter(|record| record.cell == cell);
            let rounds: BTreeSet<_> = of_cell.map(|record| (record.fork, record.round)).collect();
            assert_eq!(rounds.len(), 3 * 2, "{cell}");
        }
    }
    assert_eq!(journal.run.status, contend::record::RunStatus::Complete);
}

#[test]
fn the_report_is_made_again_from_the_records_byte_for_byte() {
    let (reports, run) = short_run();
    let made = ["index.html", "summary.md", "verdicts.json"];
    let read = |file: &str| fs::read(run.join(file)).expect("it is there");
    let before = made.map(read);
    for file in made {
        fs::remove_file(run.join(file)).expect("it was there");
    }
    fs::remove_dir_all(run.join("charts")).expect("they were there");
    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    for (file, before) in made.iter().zip(before) {
        assert!(read(file) == before, "{file} differs");
    }
    assert!(run.join("charts").is_dir());
    assert!(stdout(&output).trim_end().ends_with("index.html"));
}

#[test]
fn a_record_that_was_cut_off_is_left_out_and_a_broken_one_is_named() {
    let (reports, run) = short_run();
    let path = run.join("samples.jsonl");
    let samples = fs::read_to_string(&path).expect("samples");
    fs::write(&path, &samples[..samples.len() - 20]).expect("it can be written");
    let output = contend(&["report"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("cut off"));

    let broken = samples.replacen("\"fork\":1", "\"fork\":\"x\"", 1);
    fs::write(&path, broken).expect("it can be written");
    let output = contend(&["report"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("samples.jsonl:1:"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_run_that_is_not_there_is_named_with_those_that_are() {
    let (reports, run) = short_run();
    let output = contend(&["report", "nowhere"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    let name = run.file_name().expect("a name").to_str().expect("text");
    assert!(stderr(&output).contains("nowhere") && stderr(&output).contains(name));
}

#[test]
fn records_of_another_schema_are_refused() {
    let (reports, run) = short_run();
    let path = run.join("run.json");
    let text =
        fs::read_to_string(&path)
            .expect("run")
            .replacen("\"schema\": 1", "\"schema\": 99", 1);
    fs::write(&path, text).expect("it can be written");
    let output = contend(&["report"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("schema 99"), "{}", stderr(&output));
}

#[test]
fn every_cell_is_listed_by_its_id() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&["run", "--list"], reports.path());
    assert!(output.status.success());
    let ids = stdout(&output);
    for id in ids.lines() {
        id.parse::<contend::record::CellId>()
            .unwrap_or_else(|error| panic!("{error}"));
    }
    for id in [
        "counter/hot/std::sync::Mutex/1",
        "map/read90/dashmap::DashMap/1",
        "fan-out/20us/rayon::par_iter/1",
        "fan-out/1us/serial/1",
    ] {
        assert!(ids.lines().any(|line| line == id), "{id} is not listed");
    }
    assert!(stderr(&output).contains("absent: counter/std::thread::spawn"));
    let terse = contend(&["run", "--list", "--format", "terse"], reports.path());
    assert!(
        stdout(&terse)
            .lines()
            .all(|line| line.ends_with(": benchmark"))
    );
    assert_eq!(stdout(&terse).lines().count(), ids.lines().count());
}

#[test]
fn a_run_in_this_process_yields_the_same_records() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&[SHORT, &["--in-process"]].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let samples =
        fs::read_to_string(runs(reports.path())[0].join("samples.jsonl")).expect("samples");
    assert!(samples.lines().count() > 0);
}

#[test]
fn every_cell_of_the_standard_preset_passes_its_check() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&["run", "--test"], reports.path());
    assert!(
        output.status.success(),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    assert!(
        stdout(&output).contains(" passed, 0 failed"),
        "{}",
        stdout(&output)
    );
    assert_eq!(
        fs::read_dir(reports.path()).expect("it is there").count(),
        0
    );
}

/// A run keeps the claims that it was begun with, so that its page stays what it is.
#[test]
fn the_claims_of_the_current_folder_take_the_place_of_those_that_ship() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let claims = place.path().join("claims");
    fs::create_dir(&claims).expect("a folder");
    let begin = || {
        Command::new(env!("CARGO_BIN_EXE_contend"))
            .args([
                "run",
                "counter/hot/std::sync::Mutex",
                "--threads=1",
                "--forks=2",
            ])
            .args(["--window=1ms", "--rounds=1"])
            .current_dir(place.path())
            .output()
            .expect("contend starts")
    };
    let own = |faster: &str| {
        let text = format!(
            "[[claim]]\nclaim = \"Ours.\"\nsource = \"us\"\n[[claim.says]]\nin = \"counter/hot\"\n{faster}\n"
        );
        fs::write(claims.join("own.toml"), text).expect("it can be written");
    };
    own("correct = 1");
    let output = begin();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("claims/own.toml:6"),
        "{}",
        stderr(&output)
    );
    assert!(!place.path().join("reports").exists());

    own("correct = \"std::sync::Mutex\"");
    let output = begin();
    assert!(output.status.success(), "{}", stderr(&output));
    let run = runs(&place.path().join("reports")).remove(0);
    let page = fs::read_to_string(run.join("index.html")).expect("a page");
    assert!(page.contains("1 claim: 1 holds"));
    let kept: Vec<_> = fs::read_dir(run.join("claims")).expect("claims").collect();
    assert_eq!(kept.len(), 1);

    let check = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_contend"));
        let output = command.arg("check").current_dir(place.path()).output();
        output.expect("contend starts")
    };
    assert_eq!(stderr(&check()), "");
    own("correct = \"std::sync::Mutex\"\nat = 1");
    let late = stderr(&check());
    assert!(
        late.contains("was begun without 1 of these 1 claims"),
        "{late}"
    );
}

/// Eight forks never decide at a first look, so the time that is left is spent; a run that was stopped
/// meanwhile goes on from there.
#[test]
fn what_is_left_of_a_budget_goes_to_blocks_that_are_not_decided() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(
        &[
            "run",
            "counter/hot/std::sync::Mutex",
            "counter/hot/parking_lot::Mutex",
            "--threads=1",
            "--window=1ms",
            "--rounds=2",
            "--forks=8",
            "--budget=30s",
        ],
        reports.path(),
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("judged at 8, 12, 16 forks"), "{said}");
    assert!(said.contains("1 of 1 blocks"), "{said}");

    let run = runs(reports.path()).remove(0);
    let read = || contend::record::read(&run).expect("it can be read");
    let last = |journal: &contend::record::Journal| journal.records.iter().map(|r| r.fork).max();
    assert!(last(&read()) >= Some(12));

    // As it would be if it had been stopped in its tenth fork.
    let samples = fs::read_to_string(run.join("samples.jsonl")).expect("records");
    let kept: Vec<&str> = samples
        .lines()
        .take_while(|line| !line.contains(r#""fork":10,"round":2"#))
        .collect();
    fs::write(run.join("samples.jsonl"), kept.join("\n") + "\n").expect("it can be written");
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    let text = text.replacen(r#""status": "complete""#, r#""status": "interrupted""#, 1);
    fs::write(run.join("run.json"), text).expect("it can be written");

    let output = contend(&["run", "--resume"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let journal = read();
    assert!(last(&journal) >= Some(12));
    for cell in &journal.run.plan.blocks[0].cells {
        let is_of = |r: &&contend::record::Record| r.cell.contender == cell.contender && r.valid;
        let valid = journal.records.iter().filter(is_of);
        let rounds: Vec<_> = valid.map(|r| (r.fork, r.round)).collect();
        let distinct: BTreeSet<_> = rounds.iter().collect();
        assert_eq!(distinct.len(), rounds.len(), "a round twice");
    }
}

/// A serial loop against a thread a job: a winner in windows of any length. A run that was stopped
/// within its check goes on with it.
#[test]
fn winners_are_measured_in_longer_windows_that_no_verdict_sees() {
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
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("in the end winners"), "{said}");
    assert!(said.contains("1 block in windows of 40 ms"), "{said}");
    assert!(!said.contains("fork 2 of at most 7"), "{said}");

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
    // The verdict has the forks that were planned, and the long windows are in neither it nor its cells.
    assert_eq!(verdicts["verdicts"][0]["forks"], 8);
    assert_eq!(verdicts["cells"][0]["windows"]["windows"], 8);
    let cells: BTreeSet<_> = journal.long.iter().map(|r| r.cell.to_string()).collect();
    assert_eq!(cells.len(), 2, "the two leaders alone: {cells:?}");
    assert!(journal.long.iter().all(|record| record.fork == 1));

    let samples = fs::read(run.join("samples.jsonl")).expect("records");
    let long = fs::read_to_string(run.join("window-check.jsonl")).expect("records");
    fs::write(run.join("window-check.jsonl"), &long[..long.len() / 2]).expect("it can be written");
    let text = fs::read_to_string(run.join("run.json")).expect("run");
    let text = text.replacen(r#""status": "complete""#, r#""status": "interrupted""#, 1);
    fs::write(run.join("run.json"), text).expect("it can be written");
    let output = contend(&["run", "--resume"], reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(
        samples,
        fs::read(run.join("samples.jsonl")).expect("records")
    );
    assert!(read().long.len() >= 2 && !read().cut_off);

    fs::write(run.join("window-check.jsonl"), "{}\n").expect("it can be written");
    let output = contend(&["report"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("window-check.jsonl:1:"));
}

#[cfg(target_os = "linux")]
mod interrupted {
    use super::*;
    use std::process::{Child, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    /// A run that would take minutes, once its first records are there.
    fn started(reports: &Path, mark: &str) -> Child {
        let child = Command::new(env!("CARGO_BIN_EXE_contend"))
            .args([
                "run",
                "counter/hot/std::sync::Mutex",
                "--threads",
                "2",
                "--forks",
                "40",
                "--rounds",
                "20",
            ])
            .args(["--window", "5ms", "--reports"])
            .arg(reports)
            .env("CONTEND_MARK", mark)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("contend starts");
        let records = || {
            let runs = runs(reports);
            let samples = runs
                .first()
                .map(|run| fs::read_to_string(run.join("samples.jsonl")));
            samples
                .and_then(Result::ok)
                .map_or(0, |text| text.lines().count())
        };
        wait_for("the first records", || records() > 0);
        child
    }

    fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !holds() {
            assert!(Instant::now() < end, "waited in vain for {what}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Processes that were started with `mark` in their environment.
    fn marked(mark: &str) -> usize {
        let mark = format!("CONTEND_MARK={mark}");
        let processes = fs::read_dir("/proc").expect("processes");
        let environments =
            processes.filter_map(|entry| fs::read(entry.ok()?.path().join("environ")).ok());
        environments
            .filter(|environment| {
                environment
                    .split(|byte| *byte == 0)
                    .any(|v| v == mark.as_bytes())
            })
            .count()
    }

    #[test]
    fn an_interrupt_keeps_what_there_is_and_resume_completes_it() {
        let reports = tempfile::tempdir().expect("a temporary folder");
        let mut child = started(reports.path(), "interrupt");
        kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).expect("it runs");
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        assert_eq!(marked("interrupt"), 0, "a fork outlives its parent");
        let run = runs(reports.path()).remove(0);
        assert!(run.join("index.html").is_file());
        let text = fs::read_to_string(run.join("run.json")).expect("run");
        assert!(text.contains(r#""status": "interrupted""#));

        // A smaller plan, so that going on takes no minutes.
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
        let mut child = started(reports.path(), "kill");
        assert!(marked("kill") >= 2);
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        wait_for("the forks to end", || marked("kill") == 0);
    }
}
