//! Two builds of one run.

use contend_record::OlderBuild;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::text::number;

use super::*;

/// A run of two builds, with a value in nanoseconds for each cell and fork of both.
fn pairs(contenders: &[&str], new: impl Fn(usize, u32) -> f64, old: impl Fn(usize, u32) -> f64) -> RunData {
    let mut data = run("both", 12, contenders, new);
    data.against = run("old", 12, contenders, old).records;
    data.run.against = Some(OlderBuild {
        executable: "0123456789abcdef".to_owned(),
        file: "contend-old".to_owned(),
        run: None,
        commit: None,
    });
    data
}

fn compared(data: &RunData) -> Compared {
    compare_builds(data, &analyse_run(data)).expect("two builds")
}

fn words(compared: &Compared) -> Vec<&'static str> {
    compared.blocks[0].cells.iter().map(CellChange::label).collect()
}

/// The machine slows down by a factor of 12 while the run goes on, which pairs of forks share.
#[test]
fn what_the_machine_does_to_both_builds_cancels() {
    let shared = |cell: usize, fork: u32| 100.0 * (cell + 1) as f64 * f64::from(fork);
    let changed = |cell: usize, fork: u32| shared(cell, fork) * [1.0, 1.1, 0.9][cell];
    let found = compared(&pairs(&["a", "b", "c"], changed, shared));
    assert_eq!(words(&found), ["tie", "slower", "faster"]);
    let shift = found.blocks[0].cells[1].shift.expect("a ratio");
    assert!((shift.ratio - 1.1).abs() < 1e-6 && shift.ratio_beyond_drift.is_none(), "{shift:?}");
    assert!((found.expected_wrong - 0.03).abs() < 1e-12);
    // The windows of the old build count nowhere else.
    let alone = RunData { against: Vec::new(), ..pairs(&["a", "b", "c"], changed, shared) };
    assert_eq!(analyse_run(&pairs(&["a", "b", "c"], changed, shared)), analyse_run(&alone));
}

#[test]
fn an_unresolved_cell_may_be_proven_not_slower_or_not_faster() {
    let old = |_: usize, _: u32| 100.0;
    let new = |cell: usize, fork: u32| {
        let at = f64::from(fork - 1);
        [99.0 - 1.5 * at, 101.0 + 1.5 * at, 88.0 + 2.0 * at][cell]
    };
    let found = compared(&pairs(&["a", "b", "c"], new, old));
    assert_eq!(words(&found), ["not slower", "not faster", "unresolved"]);
    assert_eq!(found.counts.of(Change::UNRESOLVED), 3);
    assert!(totals(&found).contains("1 not slower, 2 unresolved"), "{}", totals(&found));
    let json = serde_json::to_value(&found.blocks[0].cells[0]).expect("JSON");
    assert_eq!((&json["verdict"], &json["not_slower"]), (&"unresolved".into(), &"second".into()));
}

#[test]
fn a_cell_that_fails_in_the_new_build_fails_and_one_of_the_old_is_not_compared() {
    let mut data = pairs(&["a", "b", "c"], |_, _| 100.0, |_, _| 100.0);
    let fail = |records: &mut Vec<contend_record::Record>, name: &str| {
        let record = records.iter_mut().find(|record| record.cell.contender == name).expect("a record");
        (record.status, record.valid, record.ns_per_op) = (Status::Failed, false, None);
        record.reason = Some("lost one".to_owned());
    };
    fail(&mut data.records, "a");
    fail(&mut data.against, "b");
    let found = compared(&data);
    assert_eq!(words(&found), ["failed", "not compared", "tie"]);
    assert!(terminal(&found, false).contains("failed: lost one"));
}

#[test]
fn the_builds_are_named_and_many_cells_leave_the_changed_ones() {
    let names: Vec<String> = (0..70).map(|index| format!("c{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let new = |cell: usize, _: u32| if cell == 3 { 120.0 } else { 100.0 };
    let found = compared(&pairs(&names, new, |_, _| 100.0));
    let text = terminal(&found, false);
    assert!(text.contains("old: the file contend-old (SHA-256 0123456789ab…)"), "{text}");
    assert!(text.contains("new over old") && !text.contains("drift"), "{text}");
    assert!(text.contains("c3 ") && !text.contains("c4 "), "{text}");
    assert!(text.contains("1 slower, 69 tie"), "{text}");
    let markdown = markdown_body(&found, true);
    assert!(markdown.contains("| cell | old | new | time of new over old | verdict |"), "{markdown}");
    assert!(markdown.contains("`counter/hot/c4/2`"), "{markdown}");
    assert!(!markdown_body(&found, false).contains("c4"));
}

#[test]
fn a_run_of_one_build_has_no_such_comparison() {
    let data = run("one", 12, &["a"], |_, _| 100.0);
    assert_eq!(compare_builds(&data, &analyse_run(&data)), None);
}

/// Noise of a cell in a fork, which is mostly small and sometimes large, as that of locks: a factor of 0.72 to 1.4.
fn noise(seed: u64, cell: usize, fork: u32) -> f64 {
    let mut rng = StdRng::seed_from_u64(seed * 1_000_000 + cell as u64 * 1_000 + u64::from(fork));
    (rng.random_range(-1.0_f64..1.0).powi(3) / 3.0).exp()
}

fn many() -> Vec<String> {
    (0..100).map(|index| format!("c{index}")).collect()
}

#[test]
fn what_no_single_cell_shows_all_of_them_show() {
    let names = many();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let with = |factor: f64| {
        let new = move |cell: usize, fork: u32| 100.0 * noise(1, cell, fork) * factor;
        compared(&pairs(&names, new, |cell, fork| 100.0 * noise(2, cell, fork)))
    };
    for (factor, word) in [(1.0, "tie"), (1.08, "slower"), (0.92, "faster"), (0.97, "not slower")] {
        let found = with(factor);
        let [all] = &found.together[..] else { panic!("one workload: {:?}", found.together) };
        assert_eq!((all.label(), all.cells, all.workload.as_deref()), (word, 100, None), "{factor}: {all:?}");
        assert!(all.low <= factor && factor <= all.high, "{factor}: {all:?}");
        let line = format!("all 100 cells together: new over old {}", number::times(all.ratio));
        for text in [terminal(&found, false), markdown_body(&found, false)] {
            assert!(text.contains(&line), "{line} is not in {text}");
        }
    }
    let decided = words(&with(1.0)).into_iter().filter(|word| *word != "unresolved").count();
    assert!(decided < 10, "{decided} cells alone");
}

/// A few cells that changed do not move the middle of all, and are told by themselves.
#[test]
fn cells_that_changed_alone_are_not_what_all_of_them_show() {
    let names = many();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let new = |cell: usize, _: u32| if cell < 4 { 300.0 } else { 100.0 };
    let found = compared(&pairs(&names, new, |_, _| 100.0));
    assert_eq!((found.together[0].label(), found.counts.of(Change::SLOWER)), ("tie", 4));
    let few = compared(&pairs(&names[..7], |_, _| 100.0, |_, _| 100.0));
    assert_eq!(few.together, []);
}

/// The whole fork of one build may be slow, which all cells share: then forks are the unit, and not cells.
#[test]
fn the_interval_of_all_cells_together_keeps_its_error_where_forks_differ() {
    let names = many();
    let names: Vec<&str> = names[..12].iter().map(String::as_str).collect();
    let misses = (0..100_u64).filter(|seed| {
        let new = |cell: usize, fork: u32| {
            100.0 * noise(seed * 3, cell, fork) * noise(seed * 3 + 1, 999, fork).powi(2)
        };
        let found = compared(&pairs(&names, new, |cell, fork| 100.0 * noise(seed * 3 + 2, cell, fork)));
        let all = &found.together[0];
        all.low > 1.0 || all.high < 1.0
    });
    let misses = misses.count();
    assert!(misses <= 5, "{misses} of 100 intervals of 99 % miss"); // 5 or fewer with a probability of 99.9 %
}
