use super::*;

fn position(fork: u32, round: u32) -> WindowPosition {
    WindowPosition { fork, round, position: 0 }
}

fn record(contender: &str, fork: u32, ns: f64) -> Record {
    let cell = format!("counter/hot/{contender}/2").parse().expect("an id");
    Record { ns_per_op: Some(ns), ..Record::blank(cell, fork, 1) }
}

fn window(record: Record) -> MeasuredWindow {
    MeasuredWindow { record, disturbance: None }
}

/// A check that has seen the floors of forks 1 to 5.
fn check() -> FloorCheck {
    let mut check = FloorCheck::default();
    for (fork, ns) in [(1, 10.0), (2, 40.0), (3, 10.5), (4, 9.5), (5, 10.0)] {
        assert_eq!(look(&mut check, fork, ns), None, "too few forks for a median");
    }
    check
}

fn look(check: &mut FloorCheck, fork: u32, ns: f64) -> Option<String> {
    check.look(position(fork, 1), &[window(record("a", fork, 5.0)), window(record("floor", fork, ns))])
}

#[test]
fn a_floor_that_is_far_off_has_its_fork_taken_again_once() {
    let mut check = check();
    assert_eq!(look(&mut check, 6, 13.9), None);
    let reason = look(&mut check, 7, 14.5).expect("it is slower");
    assert_eq!(
        reason,
        "the fork is taken again: its floor is 1.41 times the median of the 6 forks before it"
    );
    assert_eq!(look(&mut check, 7, 14.5), None, "its second process counts as it is");
    assert!(look(&mut check, 8, 7.0).is_some(), "a fast one is as odd as a slow one");
    assert_eq!(look(&mut check, 8, 10.0), None);
    assert_eq!(look(&mut check, 9, 99.0), None, "two of a block, and no more");
}

#[test]
fn contenders_and_later_rounds_are_not_looked_at() {
    let mut check = check();
    let far = |contender| [window(record(contender, 6, 900.0)), window(record("floor", 6, 10.0))];
    assert_eq!(check.look(position(6, 1), &far("a")), None);
    assert_eq!(check.look(position(7, 2), &[window(record("floor", 7, 900.0))]), None);
    assert_eq!(check.look(position(7, 1), &[window(record("a", 7, 900.0))]), None, "a block without a floor");
    let other = Record { cell: "counter/hot/floor/4".parse().expect("an id"), ..record("floor", 7, 900.0) };
    assert_eq!(check.look(position(7, 1), &[window(other)]), None, "another block has its own median");
}

#[test]
fn a_run_that_is_continued_knows_its_floors_and_the_forks_that_were_taken_again() {
    let mut records: Vec<Record> = (1..=6).map(|fork| record("floor", fork, 10.0)).collect();
    let mut void = record("floor", 3, 30.0);
    (void.status, void.valid) = (Status::Void, false);
    void.reason =
        Some(format!("{FORK_TAKEN_AGAIN}its floor is 3.00 times the median of the 2 forks before it"));
    records.push(void.clone());
    records.push(Record { reason: Some("12 ms of CPU time were stolen".to_owned()), fork: 4, ..void });
    let mut check = FloorCheck::from_records(&records);
    assert!(look(&mut check, 7, 15.0).is_some(), "one was taken again before");
    assert_eq!(look(&mut check, 8, 15.0), None, "and this would be the third");
}
