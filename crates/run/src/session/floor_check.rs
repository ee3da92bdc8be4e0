//! Whether a fork is taken again because its floor is far from that of the block's forks before it. Then the machine
//! was in another state, or the fork drew an unusual layout, and all contenders of the fork would show it.
//!
//! The rule is fixed before the run. It looks at the floor alone, which shares nothing and names no contender. A rule
//! that looked at contenders' values would choose among them: whose bad forks are taken again looks better.

use std::collections::HashMap;

use contend_analysis::statistics::Sorted;

use super::validity::{MeasuredWindow, WindowPosition};
use crate::record::{BlockId, FORK_TAKEN_AGAIN, Record, Status};

/// How many times slower or faster than the median of the forks before it a floor may be.
const FACTOR: f64 = 1.4;

/// The forks whose floors are needed for a median.
const FORKS_BEFORE: usize = 5;

/// The most forks of a block that are taken again. A block whose floor changes for good goes on after that, with both
/// kinds of forks, and the page says that its forks differ.
const MOST_OF_A_BLOCK: u32 = 2;

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
                (Status::Void, Some(reason)) if reason.starts_with(FORK_TAKEN_AGAIN) => {
                    floors.retake(record.fork)
                }
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
                "{FORK_TAKEN_AGAIN}its floor is {ratio:.2} times the median of the {} forks before it",
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
mod tests;
