//! `compare`, `versus`, `check` and `cite` from outside, on the example runs. Their output is committed with the runs,
//! and reviewed as text. `BLESS=1 cargo test --test runs` writes runs and texts again.

mod claims;
mod compare;
mod example;
mod machines;
mod pairs;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use contend::record::RunData;
use example::{AFTER, AGAIN, ALL, BEFORE, ELSEWHERE, fixtures};
use tempfile::TempDir;

/// Runs `contend` in the folder of the examples, so that their paths are short.
fn contend(args: &[&str]) -> Output {
    contend_in(&fixtures(), args)
}

fn contend_in(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contend"))
        .args(args)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .expect("contend starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The standard output of a command that ends with `code`.
fn stdout_of(args: &[&str], code: i32) -> String {
    let output = contend(args);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {errors}");
    text(&output.stdout)
}

/// The error of a command that ends with 2: one line on standard error, and no output.
fn usage_error(folder: &Path, args: &[&str]) -> String {
    let output = contend_in(folder, args);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
    assert!(output.stdout.is_empty(), "{args:?}");
    assert_eq!(errors.trim_end().lines().count(), 1, "{args:?}: {errors}");
    assert!(errors.starts_with("error: "), "{args:?}: {errors}");
    errors
}

/// Asserts that the committed file `name` has the text `wanted`.
fn assert_committed(name: &str, wanted: &str) {
    let path = fixtures().join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a place to write to");
        fs::write(&path, wanted).expect("a place to write to");
    }
    let found = fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
    assert_eq!(found, wanted, "{name} is not what it should be: see this file's head");
}

fn run_files(journal: &RunData) -> (String, String) {
    let run = serde_json::to_string_pretty(&journal.run).expect("plain data") + "\n";
    let line = |record| serde_json::to_string(record).expect("plain data") + "\n";
    (run, journal.records.iter().map(line).collect())
}

fn save(folder: &Path, journal: &RunData) {
    let (run, records) = run_files(journal);
    fs::create_dir_all(folder).expect("a place to write to");
    fs::write(folder.join("run.json"), run).expect("a place to write to");
    fs::write(folder.join("samples.jsonl"), records).expect("a place to write to");
}

#[test]
fn errors_are_one_sentence_with_file_and_line() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path();
    save(&folder.join("good"), &BEFORE.journal());
    save(&folder.join("good2"), &ELSEWHERE.journal());
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    let claim = |says: &str| {
        format!("[[claim]]\nclaim = \"x\"\nsource = \"y\"\n[[claim.says]]\nin = \"counter/hot\"\n{says}\n")
    };
    write("key.toml", &claim("fasterr = \"a\""));
    write("ratio.toml", &claim("faster = \"a\"\nthan = \"b\"\nat-least = 0.5"));
    write("id.toml", &claim("correct = \"a/b\""));
    write("empty.toml", "");
    for (file, needles) in [
        ("key.toml", ["key.toml:6:", "unknown field `fasterr`"]),
        ("ratio.toml", ["ratio.toml:8:", "at-least = 0.5"]),
        ("id.toml", ["id.toml:6:", "workload/variant/contender"]),
        ("empty.toml", ["empty.toml:1:", "no claim"]),
        ("none.toml", ["none.toml:", "claims/known-results.toml"]),
    ] {
        let error = usage_error(folder, &["check", file, "--run", "good"]);
        assert!(needles.iter().all(|needle| error.contains(needle)), "{error}");
    }

    // A contender that an unfiltered run does not know.
    let mut whole = BEFORE.journal();
    whole.run.plan.filters.clear();
    save(&folder.join("whole"), &whole);
    write("name.toml", &claim("correct = \"std::sync::Mutx\""));
    let error = usage_error(folder, &["check", "name.toml", "--run", "whole"]);
    assert!(error.contains("name.toml:4:") && error.contains("did you mean `std::sync::Mutex`"), "{error}");

    // Runs that support no verdict.
    write("fine.toml", &claim("correct = \"std::sync::Mutex\""));
    let refuses = |run: &str, needles: &[&str]| {
        let checked = usage_error(folder, &["check", "fine.toml", "--run", run]);
        let compared = usage_error(folder, &["compare", "good", run]);
        for error in [checked, compared] {
            assert!(needles.iter().all(|needle| error.contains(needle)), "{error}");
        }
    };
    let mut one = BEFORE.journal();
    one.run.plan.forks = 1;
    one.records.retain(|record| record.fork == 1);
    save(&folder.join("one"), &one);
    let line = run_files(&one).0.lines().position(|line| line.contains("\"forks\"")).unwrap() + 1;
    refuses("one", &[&format!("one/run.json:{line}:"), "one fork"]);
    one.run.plan.forks = 8;
    save(&folder.join("cut"), &one);
    refuses("cut", &["cut/samples.jsonl:16:", "of one fork"]);
    one.records.clear();
    save(&folder.join("none"), &one);
    refuses("none", &["none/samples.jsonl:1:", "no valid record"]);
    let schema = run_files(&BEFORE.journal()).0.replacen("\"schema\": 1", "\"schema\": 7", 1);
    save(&folder.join("schema"), &BEFORE.journal());
    write("schema/run.json", &schema);
    refuses("schema", &["schema/run.json:2:", "schema 7"]);
    save(&folder.join("line"), &BEFORE.journal());
    write("line/samples.jsonl", "{\"cell\": \"counter/hot\"}\n");
    // A bad line is named and left out. Here nothing is left.
    let output = contend_in(folder, &["compare", "good", "line"]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    let lines: Vec<&str> = errors.lines().collect();
    assert!(lines[0].starts_with("run line: samples.jsonl:1: ") && lines.len() == 2, "{errors}");
    assert!(lines[1].starts_with("error: ") && lines[1].contains("no valid record"), "{errors}");
    refuses("nowhere", &["cannot find the run `nowhere`"]);

    // Runs without common cells, and other wrong arguments.
    let mut other = BEFORE.journal();
    for plan in &mut other.run.plan.blocks {
        plan.block.variant = "cold".to_owned();
    }
    for record in &mut other.records {
        record.cell.variant = "cold".to_owned();
    }
    save(&folder.join("other"), &other);
    let error = usage_error(folder, &["compare", "good", "other"]);
    assert!(error.contains("no cell in common") && error.contains("counter/cold/1"), "{error}");
    let error = usage_error(folder, &["compare", "good"]);
    assert!(error.contains("RUN"), "{error}");
    let error = usage_error(folder, &["compare", "good", "good2", "--fail-on", "all"]);
    assert!(error.contains("slower, changed"), "{error}");
    let error = usage_error(folder, &["cite", "nothing", "--run", "good"]);
    assert!(error.contains("`nothing` matches no cell") && error.contains("the nearest are"), "{error}");
    let error = usage_error(folder, &["cite", "^hot", "--run", "good"]);
    assert!(error.contains("`^hot` matches no cell"), "{error}");
    let error = usage_error(folder, &["chek"]);
    assert!(error.contains("compare, versus, cite, check"), "{error}");
}

#[test]
fn runs_are_found_by_name_below_reports_and_the_newest_is_the_default() {
    let reports: TempDir = tempfile::tempdir().expect("a temporary folder");
    for (name, example) in [("2026-01-01", &BEFORE), ("2026-01-02", &AFTER)] {
        let mut journal = example.journal();
        journal.run.run = name.to_owned();
        save(&reports.path().join(name), &journal);
    }
    let folder = reports.path().to_str().expect("a path");
    let table = stdout_of(&["compare", "2026-01-01", "2026-01-02", "--reports", folder], 0);
    assert!(table.contains("2 slower, 2 faster"), "{table}");
    let checked = stdout_of(&["check", "claims.toml", "--reports", folder], 1);
    assert!(checked.contains("against run 2026-01-02"), "{checked}");
    let cited = stdout_of(&["cite", "counter/hot", "--reports", folder], 0);
    assert!(cited.starts_with("**`counter/hot` at 2 threads**"), "{cited}");
    let words = stdout_of(&["cite", "counter HOT", "--reports", folder], 0);
    assert_eq!(words, cited);
    let cited = stdout_of(&["cite", "Mutex", "--full", "--run", "2026-01-01", "--reports", folder], 0);
    assert!(cited.contains("| threads | class | take | which is | why |"), "{cited}");
    let one = ["cite", "^counter/hot/.*Mutex/1$", "--reports", folder];
    assert!(stdout_of(&one, 0).starts_with("**`counter/hot` at 1 thread**"));
}
