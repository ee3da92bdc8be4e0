//! The messages between parent and fork: one JSON line each. Requests come on the fork's standard input, messages
//! go back on its standard output. Every request has an id, which its answer repeats, so that no answer counts for
//! another request.

use serde::{Deserialize, Serialize};

use crate::machine::Identity;
use crate::record::{BlockId, Calibration, Shape, VALUES};

/// The longest line of a fork, in bytes. A measurement of 1,000 workers has less than 32 kB.
pub(super) const LINE_LIMIT: usize = 256 << 10;

/// The most characters of a reason in a record.
pub(super) const REASON_LIMIT: usize = 1_000;

/// A block and how to measure it, sent once to a fork.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BlockSetup {
    pub block: BlockId,
    pub seed: u64,
    pub work: Calibration,
    pub window_ns: u64,
    pub check_only: bool,
    pub pin: bool,
    /// The executable of the parent; none if the block is measured in the parent itself.
    pub executable: Option<Identity>,
}

/// A line to a fork.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RequestLine {
    pub id: u64,
    pub request: Request,
}

/// What the parent wants.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Request {
    /// Prepare a block: draw its inputs and start and warm up its team.
    Prepare(BlockSetup),
    /// Measure one window of a contender, or of its control.
    Measure {
        contender: String,
        /// The operations of each worker in its window of fixed work in an earlier fork, if it had any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<u64>,
        /// Whether the team sleeps afterwards, since another process measures.
        #[serde(default)]
        then_sleep: bool,
    },
    /// Say what the clock reads, during a window too. [`Response::Clock`] answers.
    ReadClock,
    /// End the process. If the requests end without it, the parent was killed.
    End,
}

/// A line from a fork.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Message {
    /// The answer to the request of this id.
    Answer { id: u64, response: Response },
    /// A thread has panicked. It may be caught and harmless. If no answer comes, it is the reason.
    Panicked(PanicNote),
}

/// A panic of any thread of a fork.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PanicNote {
    pub thread: String,
    pub text: String,
}

/// The answer to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Response {
    /// The block is prepared, in a process of this executable.
    Ready {
        /// The SHA-256 of the fork's executable.
        executable: String,
    },
    /// The nanoseconds since the last other request, by the fork's clock.
    Clock(u64),
    /// A window was measured.
    Measured(Box<Measurement>),
    /// The window failed its check or panicked, or the system cannot run the block: the reason.
    Failed(String),
    /// The process is not as it was before the window: what changed. A thread that another contender left may have
    /// done it.
    Changed(String),
    /// The window shows that another contender of the block is at fault.
    OtherFailed {
        /// The contender.
        contender: String,
        /// What it did.
        reason: String,
    },
    /// The clock of the machine went back, so the window has no time. No contender is to blame.
    ClockWentBack,
    /// The request is invalid here, for example because parent and fork are different builds.
    Refused(String),
}

/// The results of one window that the fork knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Measurement {
    pub operations: Vec<u64>,
    /// None from an older build, which runs as a fork too.
    #[serde(default)]
    pub parts: Vec<u64>,
    pub window_ns: u64,
    pub skew_ns: u64,
    pub snapshot_span_ns: u64,
    pub shape: Shape,
    pub chunk: u64,
    pub helpers: u32,
    pub custom_metric: Option<(f64, String)>,
    /// None from an older build too.
    #[serde(default)]
    pub used_for: Option<u64>,
    pub cpu_ns: Option<u64>,
    pub user_ns: Option<u64>,
    pub system_ns: Option<u64>,
    pub switches_voluntary: Option<u64>,
    pub switches_involuntary: Option<u64>,
    pub steal_ms: Option<u64>,
    pub memory_bytes: Option<u64>,
    /// Whether a contender has left a thread or a process in the fork so far.
    #[serde(default)]
    pub leftovers: bool,
}

/// The most operations of a window. Larger sums are not exact as a floating-point number.
const MOST_OPERATIONS: u64 = 1 << 53;

impl Measurement {
    /// Operations of all workers; none if their sum overflows.
    pub(super) fn total(&self) -> Option<u64> {
        self.operations.iter().try_fold(0_u64, |sum, more| sum.checked_add(*more))
    }

    /// Why the values cannot be those of a window, if so. A fault of the contender, not of the machine.
    pub(super) fn fault(&self) -> Option<String> {
        if let Some((value, unit)) = &self.custom_metric {
            let unit = crate::record::printable(unit, 30);
            if !VALUES.contains(value) {
                return Some(format!("its own measure is {value:?} {unit}, which is no measurement"));
            }
        }
        match self.total() {
            None => Some("the sum of its operations overflows".to_owned()),
            Some(total) if total > MOST_OPERATIONS => {
                Some(format!("it reports {total} operations, more than a window can hold"))
            }
            // An open window without an operation may be a stall of the machine, so its round is repeated first.
            Some(0) if self.shape == Shape::Fixed => Some("it reports 0 operations".to_owned()),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurement(operations: &[u64], custom_metric: Option<f64>) -> Measurement {
        Measurement {
            operations: operations.to_vec(),
            parts: Vec::new(),
            window_ns: 8_000_000,
            skew_ns: 0,
            snapshot_span_ns: 0,
            shape: Shape::Fixed,
            chunk: 1,
            helpers: 0,
            used_for: None,
            cpu_ns: None,
            user_ns: None,
            system_ns: None,
            switches_voluntary: None,
            switches_involuntary: None,
            steal_ms: None,
            memory_bytes: None,
            leftovers: false,
            custom_metric: custom_metric.map(|value| (value, "jobs/s".to_owned())),
        }
    }

    /// `--against-bin` takes builds that did not have the field.
    #[test]
    fn a_measurement_of_an_older_build_has_no_parts() {
        let mut line = serde_json::to_value(measurement(&[1, 2], None)).expect("JSON");
        line.as_object_mut().expect("an object").remove("parts").expect("it has parts");
        let read: Measurement = serde_json::from_value(line).expect("a measurement");
        assert_eq!((read.operations, read.parts), (vec![1, 2], Vec::new()));
    }

    #[test]
    fn values_that_are_no_measurement_are_faults() {
        for right in [measurement(&[1, 0], None), measurement(&[1], Some(1e17))] {
            assert_eq!(right.fault(), None);
        }
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e308, 5e-324, 1e-19] {
            let fault = measurement(&[1], Some(wrong)).fault().expect("a fault");
            assert!(fault.contains(&format!("{wrong:?}")), "{fault}");
        }
        for operations in [&[0_u64, 0][..], &[], &[u64::MAX, 1], &[1 << 54]] {
            assert!(measurement(operations, None).fault().is_some(), "{operations:?}");
        }
    }
}
