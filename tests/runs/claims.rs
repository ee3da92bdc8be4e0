//! Claims that are checked against a run.

use super::*;

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
