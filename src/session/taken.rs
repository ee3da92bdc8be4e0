//! The record of a window, and what the machine can do to it. A round that was spoilt is taken again,
//! never a single window: which contender met the trouble is not to choose what is kept.

use super::fork::Measured;
use crate::record::{CellId, Record, Status};

/// A bracket longer than this share of its window: the clock does not say when the counts were read.
const BRACKET: f64 = 0.005;

/// More stolen time than this share of a window's CPU time spoils a round. The kernel counts it in
/// ticks, so one tick spoils a short window on few CPUs, and a little theft everywhere on a machine
/// of many does not.
const STEAL: f64 = 0.02;

/// The kernel's tick.
const TICK_MS: f64 = 10.0;

/// Where in a block's plan a window stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub fork: u32,
    pub round: u32,
    pub position: u32,
}

/// What the machine did to a window.
#[derive(Clone, Debug)]
pub(super) enum Spoilt {
    /// It is not known when it began or ended, or what was done in it.
    Unreadable(String),
    /// Others had the machine meanwhile.
    Stolen(String),
}

impl Spoilt {
    pub(super) fn reason(&self) -> &str {
        match self {
            Spoilt::Unreadable(reason) | Spoilt::Stolen(reason) => reason,
        }
    }
}

/// A window that was taken.
pub(super) struct Taken {
    pub record: Record,
    pub spoilt: Option<Spoilt>,
}

impl Taken {
    /// A window that failed: it has no time.
    pub(super) fn failed(cell: CellId, place: Place, after: Option<String>, reason: String) -> Self {
        let record = Record {
            valid: false,
            status: Status::Failed,
            reason: Some(reason),
            ..blank(cell, place, after)
        };
        Self { record, spoilt: None }
    }

    /// A window that was measured, on a machine of `cpus`.
    pub(super) fn measured(
        cell: CellId,
        place: Place,
        after: Option<String>,
        measured: Measured,
        cpus: usize,
    ) -> Self {
        let total: u64 = measured.operations.iter().sum();
        let spoilt = spoilt(&measured, total, cpus);
        let (value, unit) = measured.custom_metric.unzip();
        let timed = total > 0 && value.is_none();
        let record = Record {
            ns_per_op: timed.then(|| measured.window_ns as f64 / total as f64),
            value,
            unit,
            operations: measured.operations,
            window_ns: measured.window_ns,
            skew_ns: measured.skew_ns,
            bracket_ns: measured.bracket_ns,
            shape: measured.shape,
            chunk: measured.chunk,
            helpers: measured.helpers,
            cpu_ns: measured.cpu_ns,
            switches_voluntary: measured.switches_voluntary,
            switches_involuntary: measured.switches_involuntary,
            steal_ms: measured.steal_ms,
            memory_bytes: measured.memory_bytes,
            ..blank(cell, place, after)
        };
        Self { record, spoilt }
    }

    fn void(&mut self, reason: &str) {
        self.record.valid = false;
        self.record.status = Status::Void;
        self.record.reason = Some(reason.to_owned());
    }
}

fn spoilt(measured: &Measured, total: u64, cpus: usize) -> Option<Spoilt> {
    let (snapshot_span, window) = (measured.bracket_ns, measured.window_ns);
    if snapshot_span as f64 > BRACKET * window as f64 {
        return Some(Spoilt::Unreadable(format!(
            "reading the counts took {snapshot_span} ns of a window of {window} ns"
        )));
    }
    if total == 0 || window == 0 {
        return Some(Spoilt::Unreadable("no operation was completed in the window".to_owned()));
    }
    let stolen = measured.steal_ms.unwrap_or(0);
    let window_ms = window as f64 / 1e6;
    let limit = (STEAL * window_ms * cpus as f64).max(TICK_MS);
    (stolen as f64 >= limit).then(|| Spoilt::Stolen(format!("{stolen} ms of CPU time were stolen")))
}

/// Voids a round. Each window keeps its own reason where it has one.
pub(super) fn void_all(taken: &mut [Taken], reason: &str) {
    for taken in taken {
        if taken.record.status == Status::Ok {
            let own = taken.spoilt.as_ref().map(|spoilt| spoilt.reason().to_owned());
            taken.void(&own.unwrap_or_else(|| reason.to_owned()));
        }
    }
}

/// Voids those windows of a round that have no number to keep.
pub(super) fn void_unreadable(taken: &mut [Taken]) {
    for taken in taken {
        if let Some(Spoilt::Unreadable(reason)) = taken.spoilt.clone() {
            taken.void(&reason);
        }
    }
}

fn blank(cell: CellId, place: Place, after: Option<String>) -> Record {
    Record { position: place.position, after, ..Record::blank(cell, place.fork, place.round) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Shape;

    fn measured(bracket_ns: u64, steal_ms: u64, operations: u64) -> Measured {
        Measured {
            operations: vec![operations],
            window_ns: 8_000_000,
            skew_ns: 0,
            bracket_ns,
            shape: Shape::Open,
            chunk: 1,
            helpers: 0,
            cpu_ns: None,
            switches_voluntary: None,
            switches_involuntary: None,
            steal_ms: Some(steal_ms),
            memory_bytes: None,
            custom_metric: None,
        }
    }

    fn taken(measured: Measured, cpus: usize) -> Taken {
        let place = Place { fork: 1, round: 1, position: 0 };
        let cell = "counter/hot/floor/1".parse().unwrap();
        Taken::measured(cell, place, None, measured, cpus)
    }

    #[test]
    fn a_round_is_spoilt_by_what_the_machine_did() {
        assert!(taken(measured(40_000, 0, 10), 2).spoilt.is_none());
        assert!(taken(measured(40_001, 0, 10), 2).spoilt.is_some());
        assert!(taken(measured(0, 0, 0), 2).spoilt.is_some());
        assert!(taken(measured(0, 10, 10), 2).spoilt.is_some());
        assert!(taken(measured(0, 10, 10), 128).spoilt.is_none());
        assert!(taken(measured(0, 30, 10), 128).spoilt.is_some());
    }

    #[test]
    fn a_machine_that_is_always_stolen_from_still_yields_numbers() {
        let mut round =
            [taken(measured(0, 10, 10), 2), taken(measured(0, 0, 10), 2), taken(measured(90_000, 0, 10), 2)];
        void_unreadable(&mut round);
        assert_eq!(round.each_ref().map(|taken| taken.record.valid), [true, true, false]);
        void_all(&mut round, "its round was spoilt");
        assert!(round.iter().all(|taken| taken.record.status == Status::Void));
        let reason = round[1].record.reason.as_deref();
        assert_eq!(reason, Some("its round was spoilt"));
    }
}
