//! Claims against runs whose truth is known. [wrong] has invalid files, [mutants] damaged ones, and [reasons] the
//! author's reasons.

mod mutants;
mod reasons;
mod wrong;

use std::path::Path;

use contend_fixture::{block_of, record_in, run_of};
use contend_record::{Class, Record, Run, Status};

use crate::verdict::analyse;

use super::*;

/// A run of blocks whose cells have these times in nanoseconds; a queue is deferred. Forks vary by
/// 1 %, equally for all cells.
fn run(blocks: &[(&str, &[(&str, f64)])], forks: u32) -> (Run, Vec<Record>) {
    let mut records = Vec::new();
    let mut plans = Vec::new();
    for (id, cells) in blocks {
        let block: contend_record::BlockId = id.parse().unwrap();
        for fork in 1..=forks {
            for (contender, ns) in *cells {
                let ns = ns * (1.0 + 0.001 * f64::from(fork));
                records.push(record_in(&block, contender, fork, 1, ns, 1_000_000));
            }
        }
        let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
        plans.push(block_of(block, &names, |name| match name.contains("queue") {
            true => Class::Deferred,
            false => Class::Immediate,
        }));
    }
    let mut run = run_of(plans);
    run.run = "example".to_owned();
    run.plan.forks = forks;
    (run, records)
}

const CELLS: [(&str, &[(&str, f64)]); 4] = [
    ("counter/hot/1", &[("quick", 10.0), ("slow", 20.0), ("level", 10.1), ("queue", 90.0)]),
    ("counter/hot/2", &[("quick", 5.0), ("slow", 30.0), ("level", 5.05), ("queue", 90.0)]),
    ("counter/hot/4", &[("quick", 5.0), ("slow", 4.0), ("level", 5.05), ("queue", 90.0)]),
    ("counter/spaced/2", &[("quick", 50.0), ("slow", 60.0)]),
];

fn file(text: &str) -> Result<ClaimFile, ClaimError> {
    ClaimFile::parse(Path::new("claims/test.toml"), text)
}

fn claim(says: &str) -> String {
    format!("[[claim]]\nclaim = \"It is so.\"\nsource = \"test\"\n{says}\n")
}

fn check_in(run: &Run, records: &[Record], text: &str) -> Checked {
    let analysis = analyse(run, records);
    let file = file(text).unwrap_or_else(|error| panic!("{error}"));
    file.validate_against(run).unwrap_or_else(|error| panic!("{error}"));
    evaluate(&file, run, &analysis).remove(0)
}

fn check(says: &str) -> Checked {
    let (run, records) = run(&CELLS, 12);
    check_in(&run, &records, &claim(&format!("[[claim.says]]\n{says}")))
}

fn outcome(says: &str) -> ClaimStatus {
    check(says).outcome
}

#[test]
fn the_interval_decides_whether_faster_holds() {
    use ClaimStatus::{Fails, Holds, NotTestable};
    let of = |says: &str| outcome(&format!("in = \"counter/hot\"\n{says}"));
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = [1, 2]"), Holds);
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = \"contended\""), Holds);
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\""), Fails); // not at 4
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = \"oversubscribed\""), Fails);
    assert_eq!(of("faster = \"quick\"\nthan = \"level\"\nat = 1"), Fails);
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = 1\nat-least = 1.9"), Holds);
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = 1\nat-least = 2.1"), Fails);
    assert_eq!(of("faster = \"quick\"\nthan = [\"slow\", \"queue\"]\nat = [1, 2]"), Holds);
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = [2, 8]"), NotTestable);
    assert_eq!(of("faster = \"quick\"\nthan = \"slow\"\nat = [4, 8]"), Fails);
}

#[test]
fn the_interval_decides_the_other_statements() {
    use ClaimStatus::{Fails, Holds, NotTestable};
    let of = |says: &str| outcome(&format!("in = \"counter/hot\"\n{says}"));
    assert_eq!(of("tie = [\"quick\", \"level\"]"), Holds);
    assert_eq!(of("tie = [\"quick\", \"level\", \"slow\"]"), Fails);
    assert_eq!(of("scales = \"quick\"\nat = \"cores\"\nat-least = 1.9"), Holds);
    assert_eq!(of("scales = \"quick\"\nat = \"cores\"\nat-least = 3"), Fails);
    assert_eq!(of("scales = \"queue\""), Fails);
    assert_eq!(of("scales = \"slow\"\nat = 2"), Fails);
    assert_eq!(of("degrades = \"slow\"\nat = 2\nat-least = 1.4"), Holds);
    assert_eq!(of("degrades = \"quick\"\nat = 2"), Fails);
    assert_eq!(of("scales = \"quick\"\nfrom = 2\nat = 4"), Fails);
    assert_eq!(of("scales = \"quick\"\nfrom = 8"), NotTestable);
    assert_eq!(of("correct = [\"quick\", \"queue\"]"), Holds);
    let across = "faster = \"counter/hot/quick\"\nthan = \"counter/spaced/quick\"\nat-least = 9";
    assert_eq!(outcome(across), Holds);
    let gone = "faster = \"slots/padded/a\"\nthan = \"counter/hot/quick\"";
    assert_eq!(outcome(gone), NotTestable);
}

#[test]
fn evidence_has_verdict_ratio_interval_and_block() {
    let checked = check("in = \"counter/hot\"\nfaster = \"quick\"\nthan = \"queue\"\nat = 2");
    let [evidence] = &checked.evidence[..] else { panic!("{checked:?}") };
    assert_eq!(evidence.blocks, ["counter/hot/2"]);
    assert_eq!(
        evidence.sentence,
        "counter/hot/2: quick is 18.0× (18.0–18.0) as fast as queue (classes immediate and deferred): faster"
    );
    assert!((evidence.times.unwrap() - 18.0).abs() < 1e-6);
    let json = serde_json::to_string(&checked).unwrap();
    assert!(json.contains("\"outcome\":\"holds\""), "{json}");
    let missing = check("in = \"handoff/x\"\ncorrect = \"a\"");
    assert_eq!(missing.evidence[0].sentence, "the run has no block handoff/x");
    let json = serde_json::to_string(&missing).unwrap();
    assert!(json.contains("\"outcome\":\"not testable here\""), "{json}");
}

#[test]
fn few_forks_and_wide_intervals_decide_nothing() {
    let says =
        "[[claim.says]]\nin = \"counter/hot\"\nfaster = \"quick\"\nthan = \"slow\"\nat = 1\nat-least = 9";
    let (few, records) = run(&CELLS, 5);
    let found = check_in(&few, &records, &claim(says));
    assert_eq!(found.outcome, ClaimStatus::Unresolved);
    assert!(found.evidence[0].sentence.contains("5 forks cannot decide"), "{found:?}");
    let (whole, mut records) = run(&CELLS, 12);
    for record in &mut records {
        if record.cell.contender == "slow" && record.fork % 2 == 0 {
            record.window_ns /= 4;
        }
    }
    let says = "[[claim.says]]\nin = \"counter/hot\"\nfaster = \"quick\"\nthan = \"slow\"\nat = 1";
    assert_eq!(check_in(&whole, &records, &claim(says)).outcome, ClaimStatus::Unresolved);
}

#[test]
fn a_failed_check_confirms_no_claim() {
    let (run, mut records) = run(&CELLS, 12);
    records[1].status = Status::Failed; // slow at 1 thread
    records[1].valid = false;
    records[1].reason = Some("lost 3".to_owned());
    let of = |says: &str| {
        let says = claim(&format!("[[claim.says]]\nin = \"counter/hot\"\nat = 1\n{says}"));
        check_in(&run, &records, &says)
    };
    assert_eq!(of("correct = \"slow\"").outcome, ClaimStatus::Fails);
    let faster = of("faster = \"quick\"\nthan = \"slow\"");
    assert_eq!(faster.outcome, ClaimStatus::Unresolved);
    assert!(faster.evidence[0].sentence.contains("lost 3"), "{faster:?}");
}

#[test]
fn conditions_and_reasons_make_a_claim_not_testable() {
    let (run, records) = run(&CELLS, 12);
    let says = "[[claim.says]]\nin = \"counter/hot\"\ncorrect = \"quick\"";
    for (when, wanted) in [
        ("cores >= 8", ClaimStatus::NotTestable),
        ("cores >= 2", ClaimStatus::Holds),
        ("cores <= 2 and sockets >= 1", ClaimStatus::NotTestable), // unknown is never fine
    ] {
        let text = claim(&format!("when = \"{when}\"\n{says}"));
        assert_eq!(check_in(&run, &records, &text).outcome, wanted, "{when}");
    }
    let found = check_in(&run, &records, &claim("not-testable = \"no such lock\""));
    assert_eq!(found.outcome, ClaimStatus::NotTestable);
    assert_eq!(found.evidence[0].sentence, "no such lock");
}

#[test]
fn an_unknown_contender_is_an_error_unless_filters_may_have_removed_it() {
    let (mut run, records) = run(&CELLS, 12);
    let text = claim("[[claim.says]]\nin = \"counter/hot\"\ncorrect = \"quikc\"");
    let claims = file(&text).unwrap();
    let error = claims.validate_against(&run).unwrap_err().to_string();
    assert_eq!(
        error,
        "claims/test.toml:4: run example has block counter/hot but knows no contender `quikc`; did you mean `quick`?"
    );
    run.plan.filters.push("counter".to_owned());
    claims.validate_against(&run).unwrap();
    let checked = evaluate(&claims, &run, &analyse(&run, &records));
    assert_eq!(checked[0].outcome, ClaimStatus::NotTestable);
    assert!(checked[0].evidence[0].sentence.contains("filters left `quikc` out"));
}

#[test]
fn claims_are_listed_with_their_evidence() {
    let checked = vec![
        check("in = \"counter/hot\"\nfaster = \"quick\"\nthan = \"slow\"\nat = 1"),
        check("in = \"counter/hot\"\nfaster = \"slow\"\nthan = \"quick\"\nat = 1"),
    ];
    let (run, _) = run(&CELLS, 12);
    let text = terminal(&checked, &run, false);
    assert!(text.contains("holds             It is so."), "{text}");
    assert!(text.ends_with("2 claims: 1 holds, 1 fails, 0 unresolved, 0 not testable here\n"), "{text}");
    let text = markdown(&checked, &run);
    assert!(
        text.contains("| **fails** | It is so. (`claims/test.toml:2`) | test | fails: counter/hot/1:"),
        "{text}"
    );
}

/// Thirteen contenders in twelve forks have intervals that end halfway to the extremes. A planned comparison is
/// narrower.
#[test]
fn a_planned_comparison_is_uncorrected() {
    let names: Vec<String> = (0..10).map(|n| format!("other-{n}")).collect();
    let mut cells = vec![("winner", 5.0), ("quick", 10.0), ("slow", 20.0)];
    cells.extend(names.iter().map(|name| (name.as_str(), 40.0)));
    let (run, mut records) = run(&[("counter/hot/1", &cells)], 12);
    for record in &mut records {
        if record.cell.contender == "quick" && record.fork == 3 {
            record.window_ns *= 10; // one fork of twelve in which it is the slower one
        }
    }
    let seen = analyse(&run, &records);
    let mut verdicts = seen.blocks[0].verdicts.iter();
    let verdict = verdicts.find(|of| of.a == "quick" && of.b == "slow").unwrap();
    assert_eq!(verdict.verdict, crate::verdict::Outcome::Unresolved);
    let says = claim("[[claim.says]]\nin = \"counter/hot\"\nfaster = \"quick\"\nthan = \"slow\"");
    let found = check_in(&run, &records, &says);
    assert_eq!(found.outcome, ClaimStatus::Holds, "{found:?}");
}

#[test]
fn a_count_of_claims_has_the_verb_of_its_number() {
    let holds = check("in = \"counter/hot\"\nfaster = \"quick\"\nthan = \"slow\"\nat = 1");
    let fails = check("in = \"counter/hot\"\nfaster = \"slow\"\nthan = \"quick\"\nat = 1");
    let of =
        |hold: usize, fail: usize| totals(&[vec![holds.clone(); hold], vec![fails.clone(); fail]].concat());
    assert_eq!(of(14, 5), "19 claims: 14 hold, 5 fail, 0 unresolved, 0 not testable here");
    assert_eq!(of(1, 0), "1 claim: 1 holds, 0 fail, 0 unresolved, 0 not testable here");
    assert_eq!(of(0, 1), "1 claim: 0 hold, 1 fails, 0 unresolved, 0 not testable here");
}

/// The suite's own longer windows reverse the order of this pair, so no claim on it is decided.
#[test]
fn a_claim_on_a_refuted_pair_is_unresolved() {
    let cells: [(&str, &[(&str, f64)]); 1] =
        [("counter/hot/2", &[("quick", 5.0), ("late", 8.0), ("slow", 30.0)])];
    let (mut run, records) = run(&cells, 12);
    run.plan.window_check = Some(contend_record::WindowCheck { window_ns: 40_000_000, forks: 7 });
    let long = records.iter().filter(|of| of.fork <= 7).cloned().map(|mut of| {
        let times = match of.cell.contender.as_str() {
            "quick" => 40,
            _ => 10,
        };
        of.window_ns *= times;
        of.operations.iter_mut().for_each(|n| *n *= 10);
        of
    });
    let long = long.collect();
    let data = contend_record::RunData {
        run,
        records,
        long,
        against: Vec::new(),
        cut_off: false,
        problems: Vec::new(),
    };
    let analysis = crate::verdict::analyse_run(&data);
    assert!(analysis.window_checks[0].reversed, "{:?}", analysis.window_checks);
    for (says, outcome) in [
        ("faster = \"quick\"\nthan = \"late\"", ClaimStatus::Unresolved),
        ("faster = \"late\"\nthan = \"quick\"", ClaimStatus::Unresolved),
        ("tie = [\"late\", \"quick\"]", ClaimStatus::Unresolved),
        ("faster = \"quick\"\nthan = \"slow\"", ClaimStatus::Holds),
    ] {
        let text = claim(&format!("[[claim.says]]\nin = \"counter/hot\"\n{says}"));
        let found = evaluate(&file(&text).unwrap(), &data.run, &analysis).remove(0);
        assert_eq!(found.outcome, outcome, "{says}: {found:?}");
        let why = found.evidence[0].sentence.contains("windows of 40 ms reverse the order");
        assert_eq!(why, outcome == ClaimStatus::Unresolved, "{says}");
    }
}

#[test]
fn a_contender_may_be_near_the_best_of_its_class() {
    // level takes 1.01 times the time of quick, slow takes twice.
    let of = |says: &str| outcome(&format!("in = \"counter/hot\"\nat = 1\n{says}"));
    assert_eq!(of("of-the-best = [\"quick\", \"level\"]"), ClaimStatus::Holds);
    assert_eq!(of("of-the-best = \"slow\"\nwithin = \"5 %\""), ClaimStatus::Fails);
    assert_eq!(of("of-the-best = \"slow\"\nwithin = \"110 %\""), ClaimStatus::Holds);
    assert_eq!(of("of-the-best = \"level\"\nwithin = \"0.5 %\""), ClaimStatus::Fails);
    // The best of its own class, whatever others promise.
    assert_eq!(of("of-the-best = \"queue\""), ClaimStatus::Holds);
    let evidence = check("in = \"counter/hot\"\nat = 1\nof-the-best = \"slow\"\nwithin = \"5 %\"").evidence;
    let sentence = "counter/hot/1: slow takes 2.00× to 2.00× the time of the best immediate";
    assert_eq!(evidence[0].sentence, sentence);
    assert_eq!(evidence[0].blocks, ["counter/hot/1"]);
}

#[test]
fn too_few_forks_leave_a_distance_unresolved() {
    let (run, records) = run(&CELLS, 3);
    let text = claim("[[claim.says]]\nin = \"counter/hot\"\nat = 1\nof-the-best = \"quick\"");
    assert_eq!(check_in(&run, &records, &text).outcome, ClaimStatus::Unresolved);
}

#[test]
fn the_same_statements_are_recognised_in_other_words_and_lines() {
    let of = |text: &str| file(&claim(text)).unwrap().claims.remove(0);
    let says = |rest: &str| format!("[[claim.says]]\nin = \"counter/hot\"\n{rest}");
    let first = of(&says("faster = \"a\"\nthan = \"b\""));
    let later = of(&format!("why-not = \"it rains\"\n\n{}", says("than = [\"b\"]\nfaster = \"a\"")));
    assert!(first.states_the_same_as(&later));
    for other in
        ["faster = \"b\"\nthan = \"a\"", "faster = \"a\"\nthan = \"b\"\nat = 1", "tie = [\"a\", \"b\"]"]
    {
        assert!(!first.states_the_same_as(&of(&says(other))), "{other}");
    }
    let elsewhere = of(&format!("when = \"cores >= 8\"\n{}", says("faster = \"a\"\nthan = \"b\"")));
    assert!(!first.states_the_same_as(&elsewhere));
}
