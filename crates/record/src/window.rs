//! One line of `samples.jsonl`: what one window measured.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::{CellId, Disturbed};

/// What a window can measure, in any unit. No unit of the suite comes near the ends, and all ratios of such values are
/// ordinary numbers.
pub const VALUES: RangeInclusive<f64> = 1e-18..=1e18;

/// What the reason of a void window begins with where its fork was taken again, because the floor was far off.
pub const FORK_TAKEN_AGAIN: &str = "the fork is taken again: ";

/// The unit of a window whose record names none: nanoseconds per operation.
pub const NS_PER_OP: &str = "ns/op";

/// How a window ends.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// After a time: measured between two snapshots of the workers' counts, while all of them work.
    Open,
    /// After fixed work: measured from the release to the last result.
    Fixed,
}

/// Whether a window counts.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It counts.
    Ok,
    /// The machine disturbed its round, which was measured again.
    Void,
    /// The cell's result was wrong, or it did not finish.
    Failed,
}

/// What one window measured. Raw data, written once and never changed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The window's cell.
    pub cell: CellId,
    /// The fork that measured it, from 1.
    pub fork: u32,
    /// The round of the fork, from 1. A round that is measured again keeps its number.
    pub round: u32,
    /// The position in the round, from 0.
    pub position: u32,
    /// The contender of the previous window in the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Wall-clock nanoseconds per completed operation of the whole team. None in a failed window, and
    /// none where `value` and `unit` give another measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ns_per_op: Option<f64>,
    /// The measured value, where the workload has its own measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The unit of `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Operations completed in the window, by worker.
    pub operations: Vec<u64>,
    /// What each worker did where workers do an operation together, such as the jobs of a group. Otherwise none, since
    /// `operations` has the counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<u64>,
    /// The window's length, in nanoseconds.
    pub window_ns: u64,
    /// Start skew: nanoseconds from the first worker's start to the last one's.
    pub skew_ns: u64,
    /// Nanoseconds that the slower of the two snapshots took; 0 in a fixed window.
    #[serde(default)]
    pub bracket_ns: u64,
    /// How it ends.
    pub shape: Shape,
    /// Operations between two clock reads (open), or in one batch (fixed).
    #[serde(default)]
    pub chunk: u64,
    /// Threads beside the workers: owners, and a pool's own.
    #[serde(default)]
    pub helpers: u32,
    /// The operations that CPU time and context switches were used for, where these are more than those of the window:
    /// with those of the ramp, and of workers that went on until they saw its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_for: Option<u64>,
    /// CPU nanoseconds of the whole process, from when all workers are ready, on separate cores if there are
    /// enough, to the end of the last one. That includes the ramp, and in closed workloads the time between laps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ns: Option<u64>,
    /// The part of `cpu_ns` in user code. Many kernels divide the time by their timer's ticks, so only sums over many
    /// windows are exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_ns: Option<u64>,
    /// The part of `cpu_ns` in the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_ns: Option<u64>,
    /// Voluntary context switches of the process, over the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switches_voluntary: Option<u64>,
    /// Involuntary context switches of the process, over the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switches_involuntary: Option<u64>,
    /// Milliseconds of CPU time that the hypervisor gave to other guests over the same time, as the kernel counts
    /// them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steal_ms: Option<u64>,
    /// The peak memory of the fork's process so far, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// The highest frequency of the CPUs that were read at the end of the round, in MHz. None where the system does not
    /// tell, as in most virtual machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency_mhz: Option<u32>,
    /// What the machine did during the window or its round, beyond a limit for each kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disturbed: Vec<Disturbed>,
    /// Whether the window counts: true exactly when `status` is `ok`.
    pub valid: bool,
    /// Whether it counts, and why not.
    pub status: Status,
    /// The reason where the status is not `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Record {
    /// A valid window without time and operations.
    pub fn blank(cell: CellId, fork: u32, round: u32) -> Self {
        Self {
            cell,
            fork,
            round,
            position: 0,
            after: None,
            ns_per_op: None,
            value: None,
            unit: None,
            operations: Vec::new(),
            parts: Vec::new(),
            window_ns: 0,
            skew_ns: 0,
            bracket_ns: 0,
            shape: Shape::Fixed,
            chunk: 0,
            helpers: 0,
            used_for: None,
            cpu_ns: None,
            user_ns: None,
            system_ns: None,
            switches_voluntary: None,
            switches_involuntary: None,
            steal_ms: None,
            memory_bytes: None,
            frequency_mhz: None,
            disturbed: Vec::new(),
            valid: true,
            status: Status::Ok,
            reason: None,
        }
    }

    /// What each worker did, in operations or in parts of them.
    pub fn by_worker(&self) -> &[u64] {
        if self.parts.is_empty() { &self.operations } else { &self.parts }
    }

    /// The operations that CPU time and context switches were used for.
    pub fn operations_of_usage(&self) -> u64 {
        self.used_for.unwrap_or_else(|| self.total_operations())
    }

    /// Operations completed by the whole team. Saturates, because a file may hold any numbers.
    pub fn total_operations(&self) -> u64 {
        let all = self.operations.iter().copied();
        all.fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_operations_saturates() {
        let record: Record = serde_json::from_value(serde_json::json!({
            "cell": "counter/hot/a/2", "fork": 1, "round": 1, "position": 0,
            "operations": [u64::MAX, 1], "window_ns": 1, "skew_ns": 0, "shape": "open",
            "valid": true, "status": "ok",
        }))
        .expect("a record");
        assert_eq!(record.total_operations(), u64::MAX);
    }
}
