//! Which windows and rounds are valid. The machine can disturb a window: by stolen CPU time, or by a
//! snapshot that took too long. A disturbed round is repeated as a whole, never a single window, so that
//! contenders are not selected by their disturbances.

use std::time::Duration;

use super::protocol::{Measurement, REASON_LIMIT};
use crate::record::{CellId, DisturbanceKind, Disturbed, Record, Shape, Status, printable};

/// The longest snapshot, as a share of its window. After a longer one it is unclear which counts belong to
/// which clock reading.
const SNAPSHOT_LIMIT: f64 = 0.005;

/// The stolen share of a window's CPU time that disturbs its round. The kernel counts stolen time in ticks:
/// one tick disturbs a short window on few CPUs, but not on a machine of many CPUs.
const STEAL_LIMIT: f64 = 0.02;

/// The kernel's tick.
const TICK_MS: f64 = 10.0;

/// An open window ends by the clock. One that took this many times its length, and the slack, was stopped: its
/// process was frozen, or the machine stalled.
const OPEN_WINDOW_FACTOR: u64 = 4;

/// As [`OPEN_WINDOW_FACTOR`], for fixed work, whose length varies: times the longest window of the cell in its fork.
const FIXED_WINDOW_FACTOR: u64 = 5;

/// The slack of both limits. A preempted owner of a lock costs less.
const LENGTH_SLACK: Duration = Duration::from_millis(100);

/// The share of a run's measuring time that repeated rounds may take. On a machine with steady theft,
/// unlimited retries would double the run, and the second try would be no better than the first.
const RETRY_SHARE: f64 = 0.15;

/// The time that repeated rounds may take in any case, so that one bad second does not cost a short run.
const RETRY_MINIMUM: Duration = Duration::from_secs(1);

/// A window's place in the plan of its block.
#[derive(Clone, Copy)]
pub(super) struct WindowPosition {
    pub fork: u32,
    pub round: u32,
    pub position: u32,
}

/// How long a window may take.
#[derive(Clone, Copy)]
pub(super) struct PlannedLength {
    /// The length that the plan asks for.
    pub window_ns: u64,
    /// The longest window of the cell in its fork so far.
    pub longest_ns: Option<u64>,
}

impl PlannedLength {
    /// Why a window of `window_ns` is too long, if it is.
    fn exceeded(self, shape: Shape, window_ns: u64) -> Option<String> {
        let usual = match shape {
            Shape::Open => self.window_ns.saturating_mul(OPEN_WINDOW_FACTOR),
            Shape::Fixed => self.longest_ns?.max(self.window_ns).saturating_mul(FIXED_WINDOW_FACTOR),
        };
        let ms = |ns: u64| ns.div_ceil(1_000_000);
        let too_long = window_ns > usual.saturating_add(LENGTH_SLACK.as_nanos() as u64);
        too_long.then(|| {
            let (took, planned) = (ms(window_ns), ms(self.window_ns));
            format!(
                "it took {took} ms where {planned} were planned: its process was stopped, or the machine stalled"
            )
        })
    }
}

/// A disturbance of a window by the machine.
#[derive(Clone, Debug)]
pub(super) enum Disturbance {
    /// The window's time or operations are not known.
    Unreadable(String),
    /// The machine was not there for a part of its round: stolen CPU time, a suspend, a quota.
    Host(String),
}

impl Disturbance {
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Unreadable(reason) | Self::Host(reason) => reason,
        }
    }
}

/// A measured window: its record, and what disturbed it.
pub(super) struct MeasuredWindow {
    pub record: Record,
    pub disturbance: Option<Disturbance>,
}

impl MeasuredWindow {
    /// A window that failed, and so has no time. The reason may contain text of the contender.
    pub(super) fn failed(
        cell: CellId,
        position: WindowPosition,
        after: Option<String>,
        reason: &str,
    ) -> Self {
        let record = Record {
            valid: false,
            status: Status::Failed,
            reason: Some(printable(reason, 2 * REASON_LIMIT)),
            ..blank(cell, position, after)
        };
        Self { record, disturbance: None }
    }

    /// A window that has no time because something outside ended its process.
    pub(super) fn lost(cell: CellId, position: WindowPosition, after: Option<String>, reason: &str) -> Self {
        let mut window = Self::failed(cell, position, after, reason);
        window.record.status = Status::Void;
        window
    }

    /// The window of `measurement`, planned as `length`, on a machine with `cpus` CPUs.
    pub(super) fn new(
        cell: CellId,
        position: WindowPosition,
        after: Option<String>,
        measurement: Measurement,
        length: PlannedLength,
        cpus: usize,
    ) -> Self {
        let total = measurement.total().unwrap_or(0);
        let disturbance = disturbance(&measurement, total, length, cpus);
        let (value, unit) = measurement.custom_metric.unzip();
        let timed = total > 0 && measurement.window_ns > 0 && value.is_none();
        let window_ms = measurement.window_ns as f64 / 1e6;
        let stolen = measurement.steal_ms.unwrap_or(0) as f64 / (window_ms * cpus as f64).max(1.0);
        let is_stolen = matches!(disturbance, Some(Disturbance::Host(_)));
        let stolen = is_stolen.then_some(Disturbed { kind: DisturbanceKind::Steal, share: stolen.min(1.0) });
        let record = Record {
            disturbed: stolen.into_iter().collect(),
            ns_per_op: timed.then(|| measurement.window_ns as f64 / total as f64),
            value,
            unit,
            operations: measurement.operations,
            parts: measurement.parts,
            window_ns: measurement.window_ns,
            skew_ns: measurement.skew_ns,
            bracket_ns: measurement.snapshot_span_ns,
            shape: measurement.shape,
            chunk: measurement.chunk,
            helpers: measurement.helpers,
            used_for: measurement.used_for,
            cpu_ns: measurement.cpu_ns,
            user_ns: measurement.user_ns,
            system_ns: measurement.system_ns,
            switches_voluntary: measurement.switches_voluntary,
            switches_involuntary: measurement.switches_involuntary,
            steal_ms: measurement.steal_ms,
            memory_bytes: measurement.memory_bytes,
            ..blank(cell, position, after)
        };
        Self { record, disturbance }
    }

    fn void(&mut self, reason: &str) {
        self.record.valid = false;
        self.record.status = Status::Void;
        self.record.reason = Some(reason.to_owned());
    }
}

fn disturbance(
    measurement: &Measurement,
    total: u64,
    length: PlannedLength,
    cpus: usize,
) -> Option<Disturbance> {
    let (snapshot_span, window) = (measurement.snapshot_span_ns, measurement.window_ns);
    if window == 0 {
        return Some(Disturbance::Unreadable("the clock did not advance in the window".to_owned()));
    }
    if let Some(reason) = length.exceeded(measurement.shape, window) {
        return Some(Disturbance::Unreadable(reason));
    }
    if snapshot_span as f64 > SNAPSHOT_LIMIT * window as f64 {
        return Some(Disturbance::Unreadable(format!(
            "reading the counts took {snapshot_span} ns of a window of {window} ns"
        )));
    }
    if total == 0 {
        return Some(Disturbance::Unreadable("no operation was completed in the window".to_owned()));
    }
    let stolen = measurement.steal_ms.unwrap_or(0);
    let window_ms = window as f64 / 1e6;
    let limit = (STEAL_LIMIT * window_ms * cpus as f64).max(TICK_MS);
    (stolen as f64 >= limit).then(|| Disturbance::Host(format!("{stolen} ms of CPU time were stolen")))
}

/// Voids the valid windows of a round. A window that was disturbed itself keeps its own reason.
pub(super) fn void_round(windows: &mut [MeasuredWindow], reason: &str) {
    for window in windows {
        if window.record.status == Status::Ok {
            let own = window.disturbance.clone();
            window.void(own.as_ref().map_or(reason, Disturbance::reason));
        }
    }
}

/// Voids only the windows of a round that have no usable time.
pub(super) fn void_unreadable(windows: &mut [MeasuredWindow]) {
    for window in windows {
        if let Some(Disturbance::Unreadable(reason)) = window.disturbance.clone() {
            window.void(&reason);
        }
    }
}

fn blank(cell: CellId, position: WindowPosition, after: Option<String>) -> Record {
    Record { position: position.position, after, ..Record::blank(cell, position.fork, position.round) }
}

/// The time that a run's rounds took, and the part of it in disturbed rounds that were repeated.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RetryBudget {
    all: Duration,
    void: Duration,
}

impl RetryBudget {
    /// Whether a disturbed round may be repeated.
    pub(super) fn retry_allowed(self) -> bool {
        self.void <= RETRY_MINIMUM + self.all.mul_f64(RETRY_SHARE)
    }

    pub(super) fn add_round(&mut self, time: Duration, void: bool) {
        self.all += time;
        self.void += if void { time } else { Duration::ZERO };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurement(snapshot_span_ns: u64, steal_ms: u64, operations: u64) -> Measurement {
        Measurement {
            operations: vec![operations],
            parts: Vec::new(),
            window_ns: 8_000_000,
            skew_ns: 0,
            snapshot_span_ns,
            shape: Shape::Open,
            chunk: 1,
            helpers: 0,
            used_for: None,
            cpu_ns: None,
            user_ns: None,
            system_ns: None,
            switches_voluntary: None,
            switches_involuntary: None,
            steal_ms: Some(steal_ms),
            memory_bytes: None,
            leftovers: false,
            custom_metric: None,
        }
    }

    fn window(measurement: Measurement, cpus: usize) -> MeasuredWindow {
        let position = WindowPosition { fork: 1, round: 1, position: 0 };
        let cell = "counter/hot/floor/1".parse().unwrap();
        let length = PlannedLength { window_ns: 8_000_000, longest_ns: None };
        MeasuredWindow::new(cell, position, None, measurement, length, cpus)
    }

    #[test]
    fn theft_and_long_snapshots_disturb_a_window() {
        let disturbed = |measurement, cpus| window(measurement, cpus).disturbance.is_some();
        assert!(!disturbed(measurement(40_000, 0, 10), 2));
        assert!(disturbed(measurement(40_001, 0, 10), 2));
        assert!(disturbed(measurement(0, 0, 0), 2));
        assert!(disturbed(measurement(0, 10, 10), 2));
        assert!(!disturbed(measurement(0, 10, 10), 128));
        assert!(disturbed(measurement(0, 30, 10), 128));
    }

    #[test]
    fn a_window_that_is_far_longer_than_planned_is_void() {
        let long = |shape, window_ns, longest_ns| {
            PlannedLength { window_ns: 20_000_000, longest_ns }.exceeded(shape, window_ns)
        };
        let reason = long(Shape::Open, 310_000_000, None).expect("it was frozen");
        assert!(reason.starts_with("it took 310 ms where 20 were planned"), "{reason}");
        assert_eq!(long(Shape::Open, 180_000_000, None), None);
        assert_eq!(long(Shape::Fixed, u64::MAX, None), None, "a first lap may be very long");
        assert!(long(Shape::Fixed, 310_000_000, Some(21_000_000)).is_some());
        assert_eq!(long(Shape::Fixed, 310_000_000, Some(100_000_000)), None);
    }

    #[test]
    fn stolen_windows_stay_usable_and_unreadable_ones_do_not() {
        let mut round = [
            window(measurement(0, 10, 10), 2),
            window(measurement(0, 0, 10), 2),
            window(measurement(90_000, 0, 10), 2),
        ];
        void_unreadable(&mut round);
        let valid = round.each_ref().map(|window| window.record.valid);
        assert_eq!(valid, [true, true, false]);
        void_round(&mut round, "its round was spoilt");
        let status = round.each_ref().map(|window| window.record.status);
        assert_eq!(status, [Status::Void; 3]);
        let reason = round[1].record.reason.as_deref();
        assert_eq!(reason, Some("its round was spoilt"));
    }

    #[test]
    fn disturbed_rounds_are_repeated_while_they_are_a_small_part_of_the_run() {
        let second = Duration::from_secs(1);
        let mut retries = RetryBudget::default();
        retries.add_round(second, true);
        assert!(retries.retry_allowed(), "a short run may lose a second");
        retries.add_round(second, true);
        assert!(!retries.retry_allowed());
        for _ in 0..6 {
            retries.add_round(second, false);
        }
        assert!(retries.retry_allowed());
        retries.add_round(second, true);
        assert!(!retries.retry_allowed());
    }
}
