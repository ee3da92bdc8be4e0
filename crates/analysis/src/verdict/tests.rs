use contend_fixture::{block_of, record, run_of};
use contend_record::{Class, FLOOR};

use super::*;

/// A block of three classes: `b` takes twice the time of `a`, `c` is deferred, and the floor's workers share unevenly.
fn block() -> (Analysis, BlockId) {
    let id: BlockId = "counter/hot/2".parse().unwrap();
    let class = |name: &str| if name == "c" { Class::Deferred } else { Class::Immediate };
    let run = run_of(vec![block_of(id.clone(), &["a", "b", "c", FLOOR], class)]);
    let records: Vec<_> = (1..=12)
        .flat_map(|fork| {
            [("a", 10.0), ("b", 20.0), ("c", 30.0), (FLOOR, 1.0)].map(|(name, ns)| record(name, fork, 1, ns))
        })
        .map(|mut record| {
            if record.cell.is_floor() {
                record.operations = vec![400, 600];
            }
            record
        })
        .collect();
    (analyse(&run, &records), id)
}

#[test]
fn a_verdict_is_found_and_read_in_either_order() {
    let (analysis, _) = block();
    let block = &analysis.blocks[0];
    let verdict = block.between("a", "b").unwrap();
    assert_eq!(block.between("b", "a"), Some(verdict));
    assert_eq!((verdict.a.as_str(), verdict.b.as_str()), ("a", "b"));
    assert!(block.between("a", "a").is_none() && block.between("b", "b").is_none());
    let odd = Verdict { ratio: 0.5, low: 0.4, high: 0.8, ..verdict.clone() };
    assert_eq!(odd.speedup(), (2.0, 1.25, 2.5));
}

#[test]
fn a_block_has_the_share_of_its_floor_and_a_choice_for_each_class() {
    let (analysis, _) = block();
    let block = &analysis.blocks[0];
    assert_eq!(block.floor_share(), Some(0.8));
    assert_eq!(block.choice(Class::Immediate).unwrap().pick.as_deref(), Some("a"));
    assert_eq!(block.choice(Class::Deferred).unwrap().pick.as_deref(), Some("c"));
    assert!(block.choice(Class::Partitioned).is_none());
}

#[test]
fn verdicts_of_older_versions_spend_the_whole_error() {
    let (analysis, _) = block();
    let mut cell = serde_json::to_value(&analysis.blocks[0].cells[0]).unwrap();
    cell.as_object_mut().unwrap().remove("share").unwrap();
    assert_eq!(serde_json::from_value::<CellSummary>(cell).unwrap().share, 1.0);
}

#[test]
fn only_a_check_of_both_that_turned_refutes_a_pair() {
    let (mut analysis, id) = block();
    let check = |a: &str, b: &str, reversed| WindowLengthCheck {
        block: id.clone(),
        a: a.to_owned(),
        b: b.to_owned(),
        window_ns: 40_000_000,
        forks: 7,
        ratio: 2.0,
        least: 1.9,
        greatest: 2.1,
        reversed,
    };
    analysis.window_checks = vec![check("a", "c", false), check("b", "a", true)];
    let refuted = |one, other| analysis.refuted(&id, one, other).map(|of| (of.a.as_str(), of.b.as_str()));
    assert_eq!((refuted("a", "b"), refuted("b", "a")), (Some(("b", "a")), Some(("b", "a"))));
    assert_eq!((refuted("a", "c"), refuted("c", "b"), refuted("b", "c")), (None, None, None));
    assert!(analysis.refuted(&"counter/hot/1".parse().unwrap(), "a", "b").is_none());
}
