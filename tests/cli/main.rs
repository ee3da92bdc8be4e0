//! The command line from outside. A wrong argument is an error of one sentence with exit 2, before anything is
//! measured or written.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

#[cfg(target_os = "linux")]
mod against;
mod baseline;
#[cfg(target_os = "linux")]
mod builds;
mod compatible;
#[cfg(target_os = "linux")]
mod cpus;
#[cfg(feature = "criterion")]
mod criterion;
mod estimates;
mod extra_forks;
mod filters;
#[cfg(target_os = "linux")]
mod hostile_files;
#[cfg(target_os = "linux")]
mod interrupted;
mod journal;
#[cfg(target_os = "linux")]
mod kills;
mod merge;
#[cfg(target_os = "linux")]
mod pipes;
#[cfg(feature = "criterion")]
mod places;
mod schema;
mod shards;
#[cfg(target_os = "linux")]
mod terminal;
mod usage_errors;
mod verify;

/// The arguments of a short run.
const SHORT: &[&str] =
    &["run", "counter/hot/std::sync", "--threads", "1,2", "--forks", "3", "--rounds", "2", "--window", "1ms"];

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
    let mut runs: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
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
fn a_run_writes_its_files_and_prints_the_path_of_its_page() {
    let (reports, run) = short_run();
    for file in ["run.json", "samples.jsonl", "verdicts.json", "index.html", "summary.md"] {
        assert!(run.join(file).is_file(), "{file}");
    }
    assert!(fs::read_dir(run.join("charts")).expect("charts").count() > 0);
    assert!(reports.path().join("index.html").is_file());

    // On a busy machine rounds are voided and repeated a few times; each has its records.
    let journal = contend::record::read(&run).expect("it can be read");
    let plan = &journal.run.plan;
    assert_eq!(plan.blocks.len(), 2);
    for block in &plan.blocks {
        assert!(block.cells.iter().any(|cell| cell.contender == "floor"));
        assert!(block.cells.iter().any(|cell| cell.contender.ends_with("~control")));
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
fn the_report_is_written_again_from_the_records_byte_for_byte() {
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
fn a_partial_last_record_is_left_out_and_a_broken_one_is_named() {
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
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("samples.jsonl:1:"), "{}", stderr(&output));
}

#[test]
fn every_cell_is_listed_by_its_id() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&["run", "--list"], reports.path());
    assert!(output.status.success());
    let ids = stdout(&output);
    for id in ids.lines() {
        id.parse::<contend::record::CellId>().unwrap_or_else(|error| panic!("{error}"));
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
    assert!(stdout(&terse).lines().all(|line| line.ends_with(": benchmark")));
    assert_eq!(stdout(&terse).lines().count(), ids.lines().count());
}

#[test]
fn a_run_in_this_process_yields_the_same_records() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&[SHORT, &["--in-process"]].concat(), reports.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let run = &runs(reports.path())[0];
    let samples = fs::read_to_string(run.join("samples.jsonl")).expect("samples");
    assert!(samples.lines().count() > 0);
    // Its forks are no independent units, so they decide nothing, and everything says so.
    let metadata = fs::read_to_string(run.join("run.json")).expect("metadata");
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    assert_eq!(metadata["plan"]["in_process"], true);
    let verdicts = fs::read_to_string(run.join("verdicts.json")).expect("verdicts");
    let verdicts: serde_json::Value = serde_json::from_str(&verdicts).expect("JSON");
    let all = verdicts["verdicts"].as_array().expect("verdicts");
    assert!(!all.is_empty() && all.iter().all(|of| of["verdict"] == "unresolved"), "{all:?}");
    for file in ["index.html", "summary.md"] {
        let text = fs::read_to_string(run.join(file)).expect("a file");
        assert!(text.contains("all forks in one process"), "{file}");
    }
    for more in ["--until-decided", "--resume"] {
        let output = contend(&["run", "--in-process", more], reports.path());
        assert_eq!(output.status.code(), Some(2), "{more}: {}", stderr(&output));
        assert!(stderr(&output).contains("cannot be used with"), "{more}: {}", stderr(&output));
    }
}

#[test]
fn every_cell_of_the_standard_preset_passes_its_check() {
    let reports = tempfile::tempdir().expect("a temporary folder");
    let output = contend(&["run", "--test"], reports.path());
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains(" passed, 0 failed"), "{}", stdout(&output));
    assert_eq!(fs::read_dir(reports.path()).expect("it is there").count(), 0);
}

/// A run keeps the claims that it was begun with, so that its page stays the same.
#[test]
fn claims_of_the_current_folder_replace_the_shipped_ones() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let claims = place.path().join("claims");
    fs::create_dir(&claims).expect("a folder");
    let begin = || {
        Command::new(env!("CARGO_BIN_EXE_contend"))
            .args(["run", "counter/hot/std::sync::Mutex", "--threads=1", "--forks=2"])
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
    assert!(stderr(&output).contains("claims/own.toml:6"), "{}", stderr(&output));
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
    assert!(late.contains("was begun without 1 of 1 claim;"), "{late}");
}

#[test]
fn a_run_is_exported_for_other_tools() {
    let (reports, _) = short_run();
    for (format, start) in [
        ("bencher", "{"),
        ("github-action-benchmark", "["),
        ("benchfmt", "contend: "),
        ("critcmp", "{"),
        ("openmetrics", "# TYPE "),
        ("csv", "cell,"),
    ] {
        let output = contend(&["export", format], reports.path());
        assert!(output.status.success(), "{format}: {}", stderr(&output));
        let text = stdout(&output);
        assert!(text.starts_with(start) && text.contains("std::sync::Mutex"), "{format}: {text}");
    }
    let output = contend(&["export", "xml"], reports.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("bencher, github-action-benchmark"), "{}", stderr(&output));
}
