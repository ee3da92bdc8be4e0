//! Whether a run can be merged at all: it is whole, measured in one piece, and its times are possible.

use contend_record::{Run, RunStatus};

use super::error::MergeError;
use super::time::{DAY, seconds};

/// No run is older: the day of Rust 1.0. A machine without a clock of its own starts at 1970 or 2000.
const FIRST: &str = "2015-05-15T00:00:00Z";

/// How much longer than its span a run may say that it took, in seconds: clocks are set while a run measures.
const SLACK: f64 = 60.0;

/// Whether `run` can be merged. `now` is the time, UTC, RFC 3339.
pub(super) fn check(run: &Run, now: &str) -> Result<(), MergeError> {
    let name = || run.run.clone();
    if run.merged.is_some() {
        return Err(MergeError::Merged(name()));
    }
    if run.against.is_some() {
        return Err(MergeError::Against(name()));
    }
    if run.status != RunStatus::Complete {
        return Err(MergeError::Incomplete(name()));
    }
    if let Some(shard) = &run.shard
        && !(1..=shard.count).contains(&shard.index)
    {
        let (index, count) = (shard.index, shard.count);
        return Err(MergeError::ShardNumber { run: name(), index, count });
    }
    match wrong_clock(run, now) {
        Some(what) => Err(MergeError::Clock { run: name(), what }),
        None => Ok(()),
    }
}

/// What of a run's times is impossible.
fn wrong_clock(run: &Run, now: &str) -> Option<String> {
    let Run { started, finished, took_s, .. } = run;
    let Some(began) = seconds(started) else {
        return Some(format!("began at `{started}`, which is no time"));
    };
    let is_early = seconds(FIRST).is_some_and(|first| began < first);
    // A clock may be a day ahead.
    let is_ahead = |time: i64| seconds(now).is_some_and(|now| time > now + DAY);
    if is_early || is_ahead(began) {
        return Some(format!("began at {started}"));
    }
    if let Some(took) = took_s.filter(|took| !(0.0..f64::INFINITY).contains(took)) {
        return Some(format!("took {took} s"));
    }
    let finished = finished.as_ref()?;
    let Some(ended) = seconds(finished) else {
        return Some(format!("ended at `{finished}`, which is no time"));
    };
    if ended < began {
        return Some(format!("ended at {finished} and began at {started}"));
    }
    if is_ahead(ended) {
        return Some(format!("ended at {finished}"));
    }
    let took = took_s.filter(|took| *took > (ended - began) as f64 + SLACK)?;
    Some(format!("measured for {took:.0} s between {started} and {finished}"))
}
