//! Two runs: what `contend compare` finds, prints and writes.

use super::*;

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
        assert_eq!(output.status.code(), Some(3), "{errors}");
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
