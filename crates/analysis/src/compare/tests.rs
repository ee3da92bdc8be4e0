//! Runs whose truth is known.

use contend_fixture::record_in;
use contend_record::{BlockId, Environment, FLOOR, Fact, Run, Status};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

use super::*;

mod builds;

type Rng = Xoshiro256PlusPlus;

const CONTENDERS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "a~control", FLOOR];

fn block() -> BlockId {
    "counter/hot/2".parse().unwrap()
}

fn facts(cpu: &str, rustc: &str) -> Environment {
    let fact =
        |key: &str, value: &str| Fact { key: key.to_owned(), label: key.to_owned(), value: value.to_owned() };
    let facts = vec![
        fact("cpu_model", cpu),
        fact("rustc", rustc),
        fact("target", "x86_64"),
        fact("utc", "changes"),
        fact("commit", "abc"),
    ];
    Environment { facts, cautions: Vec::new() }
}

/// A run of one block, with a value in nanoseconds for each contender and fork.
fn run(name: &str, forks: u32, contenders: &[&str], ns: impl Fn(usize, u32) -> f64) -> RunData {
    let mut records = Vec::new();
    for fork in 1..=forks {
        for (index, contender) in contenders.iter().enumerate() {
            let ns = ns(index, fork);
            records.push(record_in(&block(), contender, fork, 1, ns, 1_000_000));
        }
    }
    let mut run = contend_fixture::run(contenders);
    run.run = name.to_owned();
    run.plan.forks = forks;
    run.environment = facts("one", "rustc 1.95.0");
    RunData { run, records, long: Vec::new(), against: Vec::new(), cut_off: false, problems: Vec::new() }
}

/// A run whose forks vary by about 1 %, the cells at these multiples of 100 ns.
fn steady(name: &str, seed: u64, at: [f64; 8]) -> RunData {
    let mut rng = Rng::seed_from_u64(seed);
    let noise: Vec<f64> = (0..8 * 12)
        .map(|_| {
            let normal: f64 = StandardNormal.sample(&mut rng);
            (0.01 * normal).exp()
        })
        .collect();
    run(name, 12, &CONTENDERS, |cell, fork| 100.0 * at[cell] * noise[cell * 12 + fork as usize - 1])
}

fn verdicts(first: &RunData, second: &RunData) -> Vec<(String, Change)> {
    let compared = compare(first, second, false).unwrap();
    let cells = compared.blocks[0].cells.iter();
    let verdict = |cell: &CellChange| (cell.cell.contender.clone(), cell.verdict.unwrap());
    cells.map(verdict).collect()
}

fn changed(first: &RunData, second: &RunData) -> Vec<(String, Change)> {
    let mut all = verdicts(first, second);
    all.retain(|(_, change)| matches!(*change, Change::FASTER | Change::SLOWER));
    all
}

const SAME: [f64; 8] = [1.0; 8];

#[test]
fn only_the_changed_cell_is_called_changed() {
    let first = steady("first", 1, SAME);
    let second = steady("second", 2, [1.0, 1.2, 1.0, 1.0, 0.8, 1.0, 1.0, 1.0]);
    let found = changed(&first, &second);
    assert_eq!(found, [("b".to_owned(), Change::SLOWER), ("e".to_owned(), Change::FASTER)]);
    assert!(changed(&first, &steady("third", 3, SAME)).is_empty());
    assert!(verdicts(&first, &first).iter().all(|(_, v)| *v == Change::TIE));
}

#[test]
fn a_common_shift_of_a_block_is_drift() {
    let first = steady("first", 1, SAME);
    let second = steady("second", 2, [1.2; 8]);
    assert!(changed(&first, &second).is_empty());
    let compared = compare(&first, &second, false).unwrap();
    let drift = compared.blocks[0].drift.unwrap();
    assert!((1.18..1.22).contains(&drift.ratio), "{drift:?}");
    assert!(compared.blocks[0].notes[0].contains("the whole block shifted"));
    assert_eq!(compared.counts.of(Change::UNRESOLVED), 7); // none of them ties
    // A change is a shift beyond the drift.
    let second = steady("second", 2, [1.2, 1.2, 1.5, 1.2, 1.2, 1.2, 1.2, 1.2]);
    assert_eq!(changed(&first, &second), [("c".to_owned(), Change::SLOWER)]);
    // c did not get faster; everything else got slower.
    let second = steady("second", 2, [1.2, 1.2, 1.0, 1.2, 1.2, 1.2, 1.2, 1.2]);
    assert!(changed(&first, &second).is_empty());
}

#[test]
fn the_control_does_not_count_beside_its_contender() {
    let names = ["a", "a~control", FLOOR];
    let of = |name, a: f64| run(name, 12, &names, |cell, _| [a, a, 1.0][cell]);
    let compared = compare(&of("first", 10.0), &of("second", 12.0), false).unwrap();
    let cells = &compared.blocks[0].cells;
    assert_eq!(cells[0].verdict, Some(Change::SLOWER));
    assert_eq!(cells[1].verdict, Some(Change::SLOWER));
    let alone = |name, a: f64| run(name, 12, &names[..2], |_, _| a);
    let compared = compare(&alone("first", 10.0), &alone("second", 12.0), false).unwrap();
    let cell = &compared.blocks[0].cells[0];
    assert_eq!(cell.verdict, Some(Change::UNRESOLVED));
    assert!(cell.notes[0].contains("without other cells"), "{:?}", cell.notes);
}

#[test]
fn a_shift_below_the_difference_of_identical_code_is_no_change() {
    let first = steady("first", 1, SAME);
    let second = steady("second", 2, [1.0, 1.15, 1.0, 1.5, 1.0, 1.0, 1.2, 1.0]);
    let changed = changed(&first, &second);
    assert_eq!(changed, [("d".to_owned(), Change::SLOWER)]);
    let compared = compare(&first, &second, false).unwrap();
    let notes = &compared.blocks[0].notes;
    assert!(notes[0].contains("identical code differs"), "{notes:?}");
}

#[test]
fn a_control_of_one_run_is_left_out() {
    let first = steady("first", 1, SAME);
    let others = CONTENDERS.map(|name| if name == "a~control" { "b~control" } else { name });
    let of = |copy: f64| {
        run("second", 12, &others, |cell, _| [100.0, 100.0, 100.0, 130.0, 100.0, 100.0, copy, 100.0][cell])
    };
    let compared = compare(&first, &of(100.0), false).unwrap();
    assert_eq!(compared.counts.of(Change::NotCompared), 0);
    assert_eq!(compared.blocks[0].cells.len(), 7);
    assert_eq!(compared.counts.of(Change::SLOWER), 1);
    // The control differs within its run by more than d changed.
    let compared = compare(&first, &of(150.0), false).unwrap();
    assert_eq!(compared.counts.of(Change::SLOWER), 0);
    assert!(compared.blocks[0].notes[0].contains("in the second run"));
}

#[test]
fn other_machines_and_toolchains_are_shown_side_by_side() {
    let first = steady("first", 1, SAME);
    for change in [
        |run: &mut Run| run.environment = facts("two", "rustc 1.95.0"),
        |run: &mut Run| run.environment = facts("one", "rustc 1.96.0"),
        |run: &mut Run| run.environment = facts("unknown", "rustc 1.95.0"),
        |run: &mut Run| run.plan.cores = 4,
    ] {
        let mut second = steady("second", 2, [2.0; 8]);
        change(&mut second.run);
        let compared = compare(&first, &second, false).unwrap();
        assert_eq!(compared.side_by_side.len(), 1);
        let block = &compared.blocks[0];
        assert!(block.drift.is_none() && !block.leaders.is_empty());
        let judged = |cell: &CellChange| cell.verdict.is_some() || cell.shift.is_some();
        assert!(!block.cells.iter().any(judged));
        assert!(terminal(&compared, false).contains("side by side, without verdicts"));
        let json = serde_json::to_string(&compared).unwrap();
        assert!(!json.contains("slower\"") || json.contains("\"slower\":0"));
    }
    let mut second = steady("second", 2, SAME);
    second.run.environment = facts("unknown", "rustc 1.95.0");
    assert!(compare(&first, &second, true).unwrap().side_by_side.is_empty());
    second.run.environment = facts("two", "rustc 1.95.0");
    assert!(!compare(&first, &second, true).unwrap().side_by_side.is_empty());
}

#[test]
fn missing_and_failed_cells_are_reported() {
    let first = steady("first", 1, SAME);
    let mut second = steady("second", 2, SAME);
    second.records[1].status = Status::Failed; // b in fork 1
    second.records[1].valid = false;
    second.records[1].reason = Some("lost 3 of 9".to_owned());
    second.run.plan.blocks[0].cells.remove(2); // c
    let compared = compare(&first, &second, false).unwrap();
    let find = |name| {
        let mut cells = compared.blocks[0].cells.iter();
        cells.find(|cell| cell.cell.contender == name).unwrap()
    };
    assert_eq!(find("b").verdict, Some(Change::Failed));
    assert!(find("b").second.reason.as_ref().unwrap().contains("lost 3"));
    assert_eq!(find("c").verdict, Some(Change::NotCompared));
    assert!(find("c").second.reason.as_ref().unwrap().contains("not in run second"));

    second.run.plan.blocks[0].block.variant = "other".to_owned();
    let error = compare(&first, &second, false).unwrap_err().to_string();
    assert!(error.contains("no cell in common"), "{error}");
}

#[test]
fn few_forks_decide_nothing() {
    let of = |name, forks, ns| run(name, forks, &CONTENDERS, |cell, _| if cell == 1 { ns } else { 1.0 });
    let compared = compare(&of("first", 7, 1.0), &of("second", 12, 9.0), false).unwrap();
    assert_eq!(compared.counts.of(Change::UNRESOLVED), 7);
    assert!(compared.blocks[0].cells[1].notes[0].contains("7"));
}

/// Only the machine changed: every cell of the second run is `drift` times slower. Like measured cells, each has its
/// own random shift for the whole run.
fn false_changes(spread: f64, common_shifts: f64, drift: f64, runs: u64) -> (u32, u32) {
    let (mut wrong, mut all) = (0, 0);
    for seed in 0..runs {
        let mut rng = Rng::seed_from_u64(1_000 + seed);
        let mut of = |name, factor: f64| {
            let normal = |rng: &mut Rng| -> f64 { StandardNormal.sample(rng) };
            let shift: Vec<f64> = (0..8).map(|_| common_shifts * normal(&mut rng)).collect();
            let ln: Vec<f64> = (0..8 * 12)
                .map(|at| {
                    let slow = at / 12 % 3 == 0 && rng.random_bool(0.3);
                    shift[at / 12] + spread * normal(&mut rng) + if slow { 0.5 } else { 0.0 }
                })
                .collect();
            run(name, 12, &CONTENDERS, |cell, fork| 100.0 * factor * ln[cell * 12 + fork as usize - 1].exp())
        };
        let (first, second) = (of("first", 1.0), of("second", drift));
        let found = verdicts(&first, &second);
        all += found.len() as u32;
        let changes = [Change::FASTER, Change::SLOWER];
        wrong += found.iter().filter(|(_, v)| changes.contains(v)).count() as u32;
    }
    (wrong, all)
}

#[test]
fn simulated_runs_without_a_change_have_few_false_changes() {
    for (spread, common_shifts, drift) in [
        (0.01, 0.0, 1.0),
        (0.05, 0.0, 1.0),
        (0.01, 0.0, 1.15),
        (0.05, 0.0, 1.15),
        (0.05, 0.0, 0.8),
        (0.02, 0.02, 1.0),
        (0.02, 0.02, 1.15),
    ] {
        let (wrong, all) = false_changes(spread, common_shifts, drift, 120);
        // The intervals' nominal error is 1 %, whatever shifts all cells equally.
        assert!(
            f64::from(wrong) <= 0.01 * f64::from(all),
            "{wrong} of {all} at spread {spread}, common_shifts {common_shifts}, drift {drift}"
        );
        println!("{wrong} of {all} at spread {spread}, common_shifts {common_shifts}, drift {drift}");
    }
}

#[test]
fn markdown_and_table_say_the_same() {
    let first = steady("first", 1, SAME);
    let second = steady("second", 2, [1.0, 1.2, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let compared = compare(&first, &second, false).unwrap();
    let (table, markdown) = (terminal(&compared, false), markdown(&compared));
    assert!(table.contains("1 slower, "), "{table}");
    assert!(markdown.contains("1 slower, "), "{markdown}");
    assert!(markdown.contains("| `counter/hot/b/2` |"), "{markdown}");
    assert!(table.lines().any(|line| line.trim().starts_with("b ") && line.ends_with("slower")));
}

#[test]
fn markdown_of_any_two_runs_fits_a_comment() {
    let first = steady("one", 1, [1.0; 8]);
    let mut at = [1.0; 8];
    (at[1], at[2], at[3]) = (2.0, 1.5, 0.5);
    let compared = compare(&first, &steady("two", 2, at), false).unwrap();
    let text = markdown(&compared);
    let places = ["- slower: 2 cells, 1.", "- faster: 1 cell, 0.", "/b/2`", "/c/2`", "/d/2`"];
    let places = places.map(|part| text.find(part).unwrap_or_else(|| panic!("no {part} in {text}")));
    assert!(
        places.is_sorted(),
        "counts, then the slower ones from the most on, then the faster ones: {text}"
    );
    assert!(!text.contains("do not fit"));
    let mut large = compared.clone();
    for copy in 0..400 {
        let mut block = compared.blocks[0].clone();
        block.block = format!("counter/hot-{copy}/2");
        block.notes = vec!["a note of some length, which a disturbed block has".repeat(3)];
        large.blocks.push(block);
    }
    let text = markdown(&large);
    assert!(text.chars().count() <= 65_536, "{}", text.chars().count());
    for part in ["cells that changed", "more notes", "more do not fit into a comment", "</details>"] {
        assert!(text.contains(part), "no `{part}`");
    }

    // Long texts, each as long as a file may have it and all of it escaped, in every place.
    let long = "<|".repeat(2_000);
    for block in &mut large.blocks {
        block.notes = vec![long.clone(); 3];
        for cell in &mut block.cells {
            cell.cell.workload = long.clone();
            cell.verdict = Some(Change::Failed);
            cell.second.reason = Some(long.clone());
            cell.second.median = None;
            cell.notes = vec![long.clone(); 4];
        }
    }
    let difference = || Difference { what: long.clone(), first: long.clone(), second: long.clone() };
    large.differences = (0..500).map(|_| difference()).collect();
    large.side_by_side = vec![long.clone(); 50];
    large.first.run = long.clone();
    let text = markdown(&large);
    assert!(text.chars().count() <= 65_536, "{}", text.chars().count());
    for part in ["more differences", "cells that changed", "more notes", "more do not fit", "</details>"] {
        assert!(text.contains(part), "no `{part}`");
    }
    assert!(
        text.lines().any(|line| line.starts_with("| ") && line.contains("…")),
        "a long text is shortened"
    );
}
