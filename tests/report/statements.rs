//! Every sentence that a run is put into, for runs that contradict the usual one: one total, a refuted winner, a noisy
//! control, equal contenders, one fork that is far off, no valid fork. No text may state what the records do not
//! carry. What they carry is computed here, apart from the code that writes the sentences.

mod collapses;
mod everything;

use contend::record::{Class, Record, RunData, Shape, Status, WindowCheck};
use contend::verdict::{Outcome, Standing};

use super::fixture::{self, Outlay, contender};
use super::{report_of, text};
use everything::{Everything, everything};

/// A run of `counter/hot/2` with these contenders. `ns` gives the time of an operation: contender, fork.
fn run_of(names: &[&str], ns: impl Fn(&str, u32) -> f64) -> RunData {
    let contenders = names.iter().map(|name| contender(name, name, Class::Immediate, 10.0, 1.0)).collect();
    let mut data = fixture::journal(&Outlay {
        workloads: vec![("counter".to_owned(), vec!["hot".to_owned()])],
        threads: vec![2],
        contenders,
        cores: 2,
        forks: 12,
        rounds: 1,
    });
    data.records.retain(|record| record.valid);
    for record in &mut data.records {
        let ns = ns(&record.cell.contender, record.fork);
        let operations = record.window_ns as f64 / ns;
        record.ns_per_op = Some(ns);
        record.operations = vec![(operations * 0.5) as u64; 2];
    }
    data
}

/// Times that are steady, and differ by less than 1 % between forks.
fn steady(ns: f64, fork: u32) -> f64 {
    ns * (1.0 + 0.001 * f64::from(fork % 5))
}

/// Twice as slow, in the order of the names.
fn doubling(name: &str, fork: u32) -> f64 {
    let place = ["early", "late", "third", "fourth"].iter().position(|one| name.starts_with(one));
    steady(10.0 * f64::from(1 << place.unwrap_or(0)), fork)
}

/// `early` wins, but in windows of 40 ms `late` takes half of its time in all seven forks.
fn refuted() -> RunData {
    let mut data = run_of(&["early", "late", "third"], doubling);
    data.run.plan.window_check = Some(WindowCheck { window_ns: 40_000_000, forks: 7 });
    let long = data.records.iter().filter(|of| of.fork <= 7 && of.cell.is_contender());
    let long = long.cloned().map(|mut of| {
        of.window_ns *= if of.cell.contender == "early" { 40 } else { 10 };
        of.operations.iter_mut().for_each(|n| *n *= 10);
        of
    });
    data.long = long.collect();
    data
}

/// What every run is checked for: a sentence with a ratio has one of the records', and only a contender that is ahead
/// in nearly all forks is called fastest.
fn assert_carried(said: &Everything) {
    for sentence in said.ratios() {
        assert!(said.carries(&sentence), "{}: {sentence:?}", said.name);
    }
    for (place, winner) in said.winners() {
        assert!(said.is_ahead_of_all(&winner), "{}: {place} says that {winner} is fastest", said.name);
    }
}

#[test]
fn a_plain_winner_is_named_in_every_text() {
    let said = everything("said-plain", &run_of(&["early", "late", "third"], doubling));
    assert_carried(&said);
    let places: Vec<&str> = said.winners().iter().map(|(place, _)| *place).collect();
    for place in ["index.html", "summary.md", "terminal", "cite"] {
        assert!(places.contains(&place), "{place} names no winner: the checks above see nothing in it");
    }
    assert!(said.ratios().len() > 8, "{:?}", said.ratios());
    assert!(said.shares().iter().any(|share| share.starts_with("1.00")), "{:?}", said.shares());
}

#[test]
fn a_share_that_nobody_counted_is_no_number_in_any_text() {
    let one_total = |record: &mut contend::record::Record| {
        record.shape = Shape::Fixed;
        record.operations = vec![record.operations.iter().sum()];
        record.chunk = record.operations[0];
    };
    let as_planned = |record: &mut contend::record::Record| {
        record.shape = Shape::Fixed;
        record.chunk = record.operations[0];
    };
    for (name, change) in [("said-total", &one_total as &dyn Fn(&mut _)), ("said-fixed", &as_planned)] {
        let mut data = run_of(&["early", "late"], doubling);
        data.records.iter_mut().for_each(change);
        let said = everything(name, &data);
        assert_carried(&said);
        assert!(!said.shares().is_empty());
        assert!(said.shares().iter().all(|share| share == "–"), "{name}: {:?}", said.shares());
        assert!(said.written.analysis.blocks[0].cells.iter().all(|cell| cell.least_share.is_none()));
    }
}

/// The floor shares nothing, so its own share is what the scheduler does.
#[test]
fn a_counted_share_stands_beside_that_of_the_floor() {
    let mut data = run_of(&["early", "late"], doubling);
    for record in &mut data.records {
        let part = if record.cell.is_floor() { 8 } else { 2 };
        let total = record.total_operations() / 20;
        record.operations = vec![total * part, total * (20 - part)];
    }
    let shares = everything("said-shares", &data).shares();
    assert_eq!(shares, ["0.200 floor 0.800", "0.200 floor 0.800", "0.200 floor 0.800", "0.800"]);
}

#[test]
fn a_refuted_winner_is_unresolved_with_its_reason_in_every_text() {
    let data = refuted();
    let said = everything("said-refuted", &data);
    assert_carried(&said);
    assert_eq!(said.winners(), []);
    let reason = "windows of 40 ms reverse the order: late is ahead in all of 7 forks, by 2.00×";
    for place in
        ["index.html", "summary.md", "terminal", "cite", "claims", "claims.md", "compare", "compare.md"]
    {
        assert!(said.text(place).contains(reason), "{place}: {}", said.text(place));
        assert!(said.text(place).contains("unresolved"), "{place}");
    }
    let json: serde_json::Value = serde_json::from_str(said.text("verdicts.json")).expect("JSON");
    let standing = &json["standings"][0]["standing"];
    assert_eq!((&standing["is"], &standing["reason"]), (&"unresolved".into(), &reason.into()));
    let verdicts = json["verdicts"].as_array().expect("verdicts");
    let pair = verdicts.iter().find(|of| of["a"] == "early" && of["b"] == "late").expect("the pair");
    assert_eq!(pair["verdict"], "unresolved");
    assert!(!said.text("index.html").contains("leads"), "the table");
    let asked = said.text("index.html").split("times as fast as").nth(1).expect("a question");
    let answer = asked.split("One named pair").next().expect("an answer");
    assert!(answer.contains("unresolved"), "{answer}");
    let compared = said.text("compare").to_owned() + said.text("compare.md");
    assert!(
        !compared.contains("leaders (immediate): early") && !compared.contains("leaders: early"),
        "{compared}"
    );
}

#[test]
fn a_noisy_control_says_nothing_of_the_other_pairs() {
    let noisy = run_of(&["early", "late", "third", "fourth"], |name, fork| match name {
        "early" => steady(2.0, fork) * if fork % 2 == 0 { 9.0 } else { 1.0 },
        "early~control" => steady(2.0, fork) * if fork % 2 == 0 { 1.0 } else { 9.0 },
        other => doubling(other, fork),
    });
    let said = everything("said-noisy", &noisy);
    assert_carried(&said);
    let block = &said.written.analysis.blocks[0];
    for (a, b) in [("late", "third"), ("third", "fourth"), ("late", "fourth")] {
        assert_eq!(block.between(a, b).map(|of| of.verdict), Some(Outcome::Faster), "{a} and {b}");
    }
    assert!(block.control_resolution > Some(5.0), "{:?}", block.control_resolution);
    assert!(block.resolution < Some(3.5), "{:?}", block.resolution);
    for text in said.texts() {
        for wrong in
            ["cannot be resolved", "cannot be told apart", "cannot be distinguished", "Smaller differences"]
        {
            assert!(!text.contains(wrong), "{wrong}");
        }
    }
}

#[test]
fn equal_contenders_have_no_winner_and_no_order() {
    let said = everything("said-equal", &run_of(&["early", "late", "third"], |_, fork| steady(10.0, fork)));
    assert_carried(&said);
    assert_eq!(said.winners(), []);
    let standing = &said.written.analysis.blocks[0].standings[0].standing;
    assert!(matches!(standing, Standing::Tied { contenders } if contenders.len() == 3), "{standing:?}");
    for place in ["index.html", "summary.md", "terminal", "cite"] {
        let text = said.text(place);
        let words = if place == "index.html" { "tie" } else { "within 3\u{a0}% of the best" };
        assert!(text.contains(words), "{place}: {text}");
        assert!(!text.contains(" falls behind "), "{place}");
    }
    assert!(!said.text("index.html").contains("leads"), "the table");
    assert!(!said.text("compare").contains(" faster,") && !said.text("compare").contains(" slower,"));
}

/// In one of twelve forks the faster of six takes ten times as long.
#[test]
fn one_far_off_fork_moves_no_estimate() {
    let names = ["early", "late", "third", "fourth", "fifth", "sixth"];
    let far_off = run_of(&names, |name, fork| match (name, fork) {
        ("early", 7) => 10.0 * doubling("early", fork),
        ("fifth" | "sixth", _) => steady(200.0, fork),
        _ => doubling(name, fork),
    });
    let said = everything("said-far-off", &far_off);
    assert_carried(&said);
    // The pair's own estimate is that of the eleven others.
    let verdict = said.written.analysis.blocks[0].between("early", "late").expect("the pair").clone();
    assert!((verdict.speedup().0 - 2.0).abs() < 0.02, "{verdict:?}");
    let claims = said.text("claims");
    assert!(claims.contains("early is 2.00×"), "{claims}");
}

#[test]
fn forks_that_were_taken_again_stand_beside_their_variant() {
    let said = |forks: &[u32], name| {
        let mut data = run_of(&["early", "late"], doubling);
        let again = data.records.iter().filter(|record| forks.contains(&record.fork)).cloned();
        let void = again.map(|record| Record {
            valid: false,
            status: Status::Void,
            reason: Some("the fork is taken again: its floor is 3.00 times the median".to_owned()),
            ..record
        });
        data.records = void.chain(data.records.clone()).collect();
        let (folder, _) = report_of(name, &data);
        (text(&folder, "index.html"), text(&folder, "verdicts.json"))
    };
    let (page, verdicts) = said(&[], "taken-again-none");
    assert!(!page.contains("Taken again") && verdicts.contains("\"retaken_forks\": [\n]"));
    let (page, verdicts) = said(&[7, 9], "taken-again-two");
    assert!(page.contains("<li>Taken again because the floor was far off: 2 forks at 2 threads."));
    assert!(verdicts.contains("\"retaken_forks\": [\n{\"block\":\"counter/hot/2\",\"forks\":2}\n]"));
}

#[test]
fn without_a_valid_fork_nothing_is_said_of_any_contender() {
    let mut void = run_of(&["early", "late", "third"], doubling);
    for record in &mut void.records {
        (record.valid, record.status) = (false, Status::Void);
        record.reason = Some("9 ms of CPU time were stolen".to_owned());
    }
    let mut none = void.clone();
    none.records.clear();
    for (name, data) in [("said-void", void), ("said-none", none)] {
        let said = everything(name, &data);
        assert_eq!((said.winners(), said.ratios()), (Vec::new(), Vec::new()), "{name}");
        for place in ["summary.md", "terminal", "cite"] {
            assert!(said.text(place).contains("nothing measured"), "{name}: {place}: {}", said.text(place));
        }
        for wrong in ["No cell failed", "no cell failed or is missing", "are level", "leads", "is alone"] {
            assert!(said.texts().all(|text| !text.contains(wrong)), "{name}: {wrong}");
        }
        assert!(said.text("claims").contains("not testable here"), "{}", said.text("claims"));
        assert!(said.text("claims").contains("0 hold, 0 fail,"), "{}", said.text("claims"));
        // Both runs have the same cells.
        let compared = said.text("compare");
        assert!(
            compared.contains("no cell has numbers in both") && !compared.contains("in common"),
            "{compared}"
        );
    }
}
