//! `compare`, `versus`, `check` and `cite` from outside, on the example runs. Their output is committed with the runs,
//! and reviewed as text. `BLESS=1 cargo test --test runs` writes runs and texts again.

mod example;
mod machines;

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
fn the_committed_runs_are_those_of_the_formula() {
    for example in ALL {
        let (run, records) = run_files(&example.journal());
        assert_committed(&format!("{}/run.json", example.name), &run);
        assert_committed(&format!("{}/samples.jsonl", example.name), &records);
    }
}

#[test]
fn changes_are_found_despite_a_slower_machine() {
    let table = stdout_of(&["compare", "before", "after"], 0);
    assert_committed("compare.txt", &table);
    assert_committed("compare.md", &stdout_of(&["compare", "before", "after", "--format", "markdown"], 0));
    let named = |word: &str| {
        let lines = table.lines().filter(|line| line.ends_with(word));
        let names = lines.filter_map(|line| line.split_whitespace().next());
        names.collect::<Vec<_>>()
    };
    assert_eq!(named(" slower"), ["parking_lot::Mutex"; 2]);
    assert_eq!(named(" faster"), ["std::sync::atomic+compare_exchange"; 2]);
}

#[test]
fn json_has_what_the_table_says() {
    let json = stdout_of(&["compare", "before", "after", "--format", "json"], 0);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["counts"]["slower"], 2);
    assert_eq!(json["counts"]["faster"], 2);
    assert_eq!(json["side_by_side"].as_array().map(Vec::len), Some(0));
    let cells = json["blocks"][1]["cells"].as_array().expect("cells");
    let changed = |cell: &&serde_json::Value| cell["cell"] == "counter/hot/parking_lot::Mutex/2";
    let cell = cells.iter().find(changed).expect("it is there");
    assert_eq!(cell["verdict"], "slower");
    let number = |name: &str| cell[name].as_f64().expect("a number");
    assert!(number("low") < number("ratio") && number("ratio") < number("high"));
    assert!((1.35..1.45).contains(&number("ratio_beyond_drift")));
    assert!((1.48..1.60).contains(&number("ratio")));
}

#[test]
fn ci_fails_on_what_it_names() {
    stdout_of(&["compare", "before", "after", "--fail-on", "slower"], 1);
    stdout_of(&["compare", "before", "after", "--fail-on", "changed"], 1);
    stdout_of(&["compare", "before", "again", "--fail-on", "changed"], 0);
    stdout_of(&["compare", "before", "before", "--fail-on", "changed"], 0);
    let drifted = contend(&["compare", "before", "after", "--fail-on", "slower"]);
    let warned = text(&drifted.stderr);
    assert!(warned.contains("the whole block shifted by"), "{warned}");
}

#[test]
fn a_comparison_has_a_page_beside_what_is_printed() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let page = place.path().join("compare.html");
    let path = page.to_str().expect("a path");
    let pair = ["compare", "before", "after"];
    let with = |more: &[&'static str]| -> Vec<&str> {
        pair.iter().chain(more).copied().chain(["--page", path]).collect()
    };
    // What is printed stays as it is; the table ends with the path.
    let table = stdout_of(&with(&[]), 0);
    assert_eq!(table, stdout_of(&pair, 0) + &format!("\n{path}\n"));
    let html = fs::read_to_string(&page).expect("a page");
    assert!(html.starts_with("<!doctype html>") && html.contains("<h1>after against before</h1>"), "{html}");
    for format in ["markdown", "json"] {
        fs::remove_file(&page).expect("a page");
        let plain: Vec<&str> = pair.iter().copied().chain(["--format", format]).collect();
        let with: Vec<&str> = plain.iter().copied().chain(["--page", path]).collect();
        assert_eq!(stdout_of(&with, 0), stdout_of(&plain, 0));
        assert_eq!(fs::read_to_string(&page).expect("a page"), html, "the same each time");
    }
    // Exit codes are those without a page.
    stdout_of(&with(&["--fail-on", "slower"]), 1);
    fs::remove_file(&page).expect("a page");
    let elsewhere = ["compare", "before", "elsewhere", "--fail-on", "slower", "--page", path];
    assert_eq!(contend(&elsewhere).status.code(), Some(2));
    assert!(fs::read_to_string(&page).expect("a page").contains("side by side, without verdicts"));
    // A page that cannot be written is an error, and so is the folder of one.
    for file in ["no/such/compare.html", "."] {
        let place = place.path().join(file);
        let output = contend(&["compare", "before", "after", "--page", place.to_str().expect("a path")]);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.starts_with("error: cannot write the page: ") && output.stdout.is_empty(), "{errors}");
    }
    // A name alone is a file in the current folder.
    for name in ["before", "after"] {
        let example = ALL.iter().find(|example| example.name == name).expect("an example");
        save(&place.path().join(name), &example.journal());
    }
    let output = contend_in(place.path(), &["compare", "before", "after", "--page", "x.html"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(place.path().join("x.html").is_file());
}

#[test]
fn a_cell_that_fails_its_check_now_fails_ci_too() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut journal = AGAIN.journal();
    journal.records[0].status = contend::record::Status::Failed;
    journal.records[0].valid = false;
    journal.records[0].ns_per_op = None;
    journal.records[0].reason = Some("lost 3 of 9".to_owned());
    save(&place.path().join("broken"), &journal);
    save(&place.path().join("before"), &BEFORE.journal());
    let args = ["compare", "before", "broken", "--fail-on", "slower"];
    let output = contend_in(place.path(), &args);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("failed: lost 3 of 9"));
}

#[test]
fn other_machines_are_shown_side_by_side_and_are_no_regression() {
    let table = stdout_of(&["compare", "before", "elsewhere"], 0);
    assert_committed("side-by-side.txt", &table);
    for word in ["slower", "faster", "×"] {
        assert!(!table.contains(word), "{table}");
    }
    let args = ["compare", "before", "elsewhere", "--fail-on", "slower"];
    let output = contend(&args);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert!(errors.contains("Other CPU") && errors.contains("--fail-on"), "{errors}");
}

#[test]
fn claims_are_checked_against_a_run() {
    let checked = stdout_of(&["check", "claims.toml", "--run", "before"], 1);
    assert_committed("check.txt", &checked);
    let markdown = ["check", "claims.toml", "--run", "before", "--format", "markdown"];
    assert_committed("check.md", &stdout_of(&markdown, 1));
    let json = stdout_of(&["check", "claims.toml", "--run", "before", "--format", "json"], 1);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let outcomes: Vec<&str> =
        json.as_array().expect("a list").iter().filter_map(|claim| claim["outcome"].as_str()).collect();
    let wanted = ["holds", "fails", "unresolved", "not testable here", "holds", "not testable here"];
    assert_eq!(outcomes, wanted);
}

#[test]
fn shipped_claims_are_checked_without_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, run) in [(root, "tests/fixtures/before"), (&fixtures(), "before")] {
        let output = contend_in(folder, &["check", "--run", run]);
        let table = text(&output.stdout);
        assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
        assert!(table.contains("claims/go-tutorials.toml, against run before"));
        assert!(table.contains("claims/known-results.toml, against run before"));
        assert!(table.contains("the run has no block semaphore/lock"), "{table}");
        let fetch_add = "holds             A fetch_add beats a compare-exchange loop when contended.";
        assert!(table.contains(fetch_add), "{table}");
    }
}

/// A shipped claim uses the names of the suite's contenders.
#[test]
#[cfg(feature = "contenders")]
fn shipped_claims_name_contenders_of_the_suite() {
    let mut run = BEFORE.journal().run;
    run.plan.filters.clear();
    run.plan.blocks.clear();
    run.contenders.clear();
    let ids = stdout_of(&["run", "--list", "--format", "terse", "--preset", "thorough"], 0);
    for line in ids.lines() {
        let id = line.trim_end_matches(": benchmark");
        let cell: contend::record::CellId = id.parse().expect("an id");
        let block = cell.block();
        if run.plan.blocks.last().is_none_or(|last| last.block != block) {
            run.plan.blocks.push(contend::record::BlockPlan {
                forks: None,
                block,
                rounds: 1,
                window_ns: 1,
                frame_ns: 0,
                cells: Vec::new(),
            });
        }
        let last = run.plan.blocks.last_mut().expect("pushed");
        last.cells.push(contend::record::CellPlan {
            contender: cell.contender,
            class: contend::record::Class::Immediate,
            runnable: 1,
            oversubscribed: false,
        });
    }
    for file in contend::shipped_claims() {
        let suits = file.validate_against(&run);
        suits.unwrap_or_else(|error| panic!("{error}"));
    }
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

/// The formats of `versus`, and its exit codes.
#[test]
fn any_two_contenders_are_compared_on_request() {
    let pair = ["versus", "std::sync::Mutex", "parking_lot::Mutex", "--run", "before"];
    let table = stdout_of(&pair, 0);
    assert!(table.contains("counter/hot/2") && table.contains("parking_lot::Mutex is faster"), "{table}");
    assert!(table.contains("One named pair is a planned comparison"), "{table}");
    assert!(table.contains("until one pleases is not"), "{table}");

    let json = |args: &[&str]| -> serde_json::Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_str(&stdout_of(&args, 0)).expect("JSON")
    };
    let there = json(&pair);
    let [one, two] = &there["blocks"].as_array().expect("blocks")[..] else { panic!("{there}") };
    assert_eq!((&two["word"], &two["of"]), (&"faster".into(), &"parking_lot::Mutex".into()), "{two}");
    assert_eq!(one["block"], "counter/hot/1");
    // The other order has the inverse ratio and the same word.
    let back = json(&["versus", "parking_lot::Mutex", "std::sync::Mutex", "--run", "before"]);
    let ratio = |of: &serde_json::Value, field: &str| of["blocks"][1][field].as_f64().expect("a ratio");
    for (field, inverse) in [("ratio", "ratio"), ("low", "high"), ("high", "low")] {
        assert!((ratio(&there, field) * ratio(&back, inverse) - 1.0).abs() < 1e-9, "{field}");
    }
    assert_eq!(back["blocks"][1]["of"], "parking_lot::Mutex");

    // A filter of words, across classes, with what both promise.
    let across = [
        "versus",
        "std::sync::Mutex",
        "per-thread+merged",
        "COUNTER /2",
        "--run",
        "before",
        "--format",
        "markdown",
    ];
    let table = stdout_of(&across, 0);
    assert!(table.contains("| `counter/hot/2` |") && !table.contains("counter/hot/1"), "{table}");
    assert!(table.contains("immediate against partitioned"), "{table}");
    assert!(table.contains("partitioned: each thread has its own state, merged at the end"), "{table}");

    let folder = &fixtures();
    let error = usage_error(folder, &["versus", "std::sync::Mutx", "serial", "--run", "before"]);
    assert!(
        error.contains("`std::sync::Mutx`") && error.contains("nearest are `std::sync::Mutex`"),
        "{error}"
    );
    let error = usage_error(folder, &["versus", "per-thread+merged", "per-thread+merged", "--run", "before"]);
    assert!(error.contains("the same contender twice"), "{error}");
    let nowhere = ["versus", "std::sync::Mutex", "parking_lot::Mutex", "map", "--run", "before"];
    assert!(usage_error(folder, &nowhere).contains("no block that matches `map` has both"));
    assert!(usage_error(folder, &["versus", "std::sync::Mutex"]).contains("is missing"));
}

#[test]
fn a_baseline_may_be_named() {
    let cite = |more: &[&str]| {
        let args: Vec<&str> =
            ["cite", "counter hot", "--run", "before"].iter().chain(more).copied().collect();
        stdout_of(&args, 0)
    };
    assert!(
        cite(&[]).lines().any(|line| line.contains("`std::sync::Mutex`") && line.contains("staying costs"))
    );
    let named = cite(&["--baseline-contender", "parking_lot::Mutex"]);
    let staying = |line: &str| line.contains("`parking_lot::Mutex`") && line.contains("staying costs");
    assert!(named.lines().any(staying), "{named}");
    let wrong = ["cite", "counter", "--run", "before", "--baseline-contender", "parking_lot::Mutx"];
    let error = usage_error(&fixtures(), &wrong);
    assert!(error.contains("nearest are `parking_lot::Mutex`"), "{error}");
    let wrong = ["report", "before", "--baseline-contender", "none"];
    assert!(usage_error(&fixtures(), &wrong).contains("no contender `none`"));
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
