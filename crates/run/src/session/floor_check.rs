//! Whether a fork is taken again because its floor is far from that of the block's forks before it. Then the machine
//! was in another state, or the fork drew an unusual layout, and all contenders of the fork would show it.
//!
//! The rule is fixed before the run. It looks at the floor alone, which shares nothing and names no contender. A rule
//! that looked at contenders' values would choose among them: whose bad forks are taken again looks better.

use std::collections::HashMap;

use contend_analysis::statistics::Sorted;

use super::validity::{MeasuredWindow, WindowPosition};
use crate::record::{BlockId, Record, Status};

/// How many times slower or faster than the median of the forks before it a floor may be.
const FACTOR: f64 = 1.4;

/// The forks whose floors are needed for a median.
const FORKS_BEFORE: usize = 5;

/// The most forks of a block that are taken again. A block whose floor changes for good goes on after that, with both
/// kinds of forks, and the page says that its forks differ.
const MOST_OF_A_BLOCK: u32 = 2;

/// What every reason begins with, by which retaken forks are found in records.
const REASON: &str = "the fork is taken again: ";

/// The floors of the forks so far.
#[derive(Default)]
pub(crate) struct FloorCheck(HashMap<BlockId, Floors>);

/// The floors of a block.
#[derive(Default)]
struct Floors {
    /// That of each fork in its first round.
    values: Vec<f64>,
    /// The last fork that was taken again, and how many were.
    retaken: (u32, u32),
}

impl FloorCheck {
    /// The floors of a run that is continued.
    pub(super) fn from_records(records: &[Record]) -> Self {
        let mut check = Self::default();
        for record in records.iter().filter(|record| record.cell.is_floor() && record.round == 1) {
            let floors = check.0.entry(record.cell.block()).or_default();
            match (record.status, record.reason.as_deref()) {
                (Status::Ok, _) => floors.values.extend(value(record)),
                (Status::Void, Some(reason)) if reason.starts_with(REASON) => floors.retake(record.fork),
                _ => {}
            }
        }
        check
    }

    /// Looks at the first round of a fork, which has no disturbance. Returns why the fork has to be taken again, or
    /// notes its floor. Later rounds follow in the same process, so they are not looked at.
    pub(super) fn look(&mut self, position: WindowPosition, round: &[MeasuredWindow]) -> Option<String> {
        if position.round != 1 {
            return None;
        }
        let records = || round.iter().map(|window| &window.record);
        let floor = records().find(|record| record.cell.is_floor() && record.status == Status::Ok)?;
        let floors = self.0.entry(floor.cell.block()).or_default();
        let reason = floors.odd(position.fork, value(floor)?);
        match &reason {
            Some(_) => floors.retake(position.fork),
            None => floors.values.extend(value(floor)),
        }
        reason
    }
}

impl Floors {
    fn odd(&self, fork: u32, value: f64) -> Option<String> {
        let (last, count) = self.retaken;
        if self.values.len() < FORKS_BEFORE || count >= MOST_OF_A_BLOCK || last == fork {
            return None;
        }
        let median = Sorted::new(self.values.clone()).median()?;
        let ratio = value / median;
        let far = !(1.0 / FACTOR..=FACTOR).contains(&ratio);
        far.then(|| {
            format!(
                "{REASON}its floor is {ratio:.2} times the median of the {} forks before it",
                self.values.len()
            )
        })
    }

    fn retake(&mut self, fork: u32) {
        if self.retaken.0 != fork {
            self.retaken = (fork, self.retaken.1 + 1);
        }
    }
}

/// What a window of the floor measured.
fn value(record: &Record) -> Option<f64> {
    record.value.or(record.ns_per_op).filter(|value| *value > 0.0)
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            check.look(position(7, 1), &[window(record("a", 7, 900.0))]),
            None,
            "a block without a floor"
        );
        let other =
            Record { cell: "counter/hot/floor/4".parse().expect("an id"), ..record("floor", 7, 900.0) };
        assert_eq!(check.look(position(7, 1), &[window(other)]), None, "another block has its own median");
    }

    #[test]
    fn a_run_that_is_continued_knows_its_floors_and_the_forks_that_were_taken_again() {
        let mut records: Vec<Record> = (1..=6).map(|fork| record("floor", fork, 10.0)).collect();
        let mut void = record("floor", 3, 30.0);
        (void.status, void.valid) = (Status::Void, false);
        void.reason = Some(format!("{REASON}its floor is 3.00 times the median of the 2 forks before it"));
        records.push(void.clone());
        records.push(Record { reason: Some("12 ms of CPU time were stolen".to_owned()), fork: 4, ..void });
        let mut check = FloorCheck::from_records(&records);
        assert!(look(&mut check, 7, 15.0).is_some(), "one was taken again before");
        assert_eq!(look(&mut check, 8, 15.0), None, "and this would be the third");
    }
}
