//! The report from outside: what it writes for runs of every shape.

mod fixture;

use std::fs;
use std::path::{Path, PathBuf};

use contend::record::Journal;
use contend::report;

/// Where the browser's check finds these pages.
fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("report")
        .join(name);
    fs::create_dir_all(&place).unwrap();
    place
}

/// Writes a run as a measured one lies in its folder.
fn save(folder: &Path, journal: &Journal) {
    let run = serde_json::to_string_pretty(&journal.run).unwrap();
    fs::write(folder.join("run.json"), run).unwrap();
    let lines: String = journal
        .records
        .iter()
        .map(|record| serde_json::to_string(record).unwrap() + "\n")
        .collect();
    fs::write(folder.join("samples.jsonl"), lines).unwrap();
}

#[test]
fn a_standard_run() {
    let folder = place("standard");
    let journal = fixture::standard();
    save(&folder, &journal);
    let written = report::write(&folder, &journal).unwrap();
    println!(
        "{}",
        report::terminal(&journal.run, &written.analysis, false)
    );
    println!("{} bytes", fs::metadata(&written.page).unwrap().len());
}
