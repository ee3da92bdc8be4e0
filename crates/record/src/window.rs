//! One line of `samples.jsonl`: what one window yielded.

use serde::{Deserialize, Serialize};

use crate::CellId;

/// The unit of a window whose record names none: nanoseconds per operation.
pub const NS_PER_OP: &str = "ns/op";

/// How a window was bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// By time: read by two snapshots of the workers' counts while all of them work.
    Open,
    /// By work: from the release to the last result.
    Fixed,
}

/// What became of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its number counts.
    Ok,
    /// The machine spoiled its round, which was taken again.
    Void,
    /// The cell's work was wrong, or did not end.
    Failed,
}

/// What one window yielded. Raw data: written once, never changed, never thrown away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The cell that the window is one of.
    pub cell: CellId,
    /// The fork that took it, from 1.
    pub fork: u32,
    /// The fork's round that it stands in, from 1. A round taken again has the same number.
    pub round: u32,
    /// Its place in the round, from 0.
    pub position: u32,
    /// The contender whose window came before it in the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Wall nanoseconds per completed operation of the whole team; none in a failed window, and
    /// none where `value` and `unit` say it in another measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ns_per_op: Option<f64>,
    /// The measured value, where the workload has a measure of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The unit of `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Operations completed within the window, by worker.
    pub operations: Vec<u64>,
    /// The window's length.
    pub window_ns: u64,
    /// From the first worker's start to the last one's.
    pub skew_ns: u64,
    /// The longer of the two stretches in which the snapshots were taken; 0 in a fixed window.
    #[serde(default)]
    pub bracket_ns: u64,
    /// How it was bounded.
    pub shape: Shape,
    /// Operations between two looks at the clock (open), or of one batch (fixed).
    #[serde(default)]
    pub chunk: u64,
    /// Threads beside the workers: owners, a pool's own.
    #[serde(default)]
    pub helpers: u32,
    /// CPU time of the whole process from when the workers are ready, on cores of their own where there are
    /// as many, to the last one's end: with the ramp, and in closed workloads with what is between laps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ns: Option<u64>,
    /// Times a thread of the process gave up its CPU by itself, over the same stretch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switches_voluntary: Option<u64>,
    /// Times a thread of the process was made to, over the same stretch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switches_involuntary: Option<u64>,
    /// CPU time that the hypervisor gave to others, over the same stretch, as the kernel counts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steal_ms: Option<u64>,
    /// The most memory that the fork's process has held at once, up to here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Whether the number may be used: true exactly when `status` is `ok`.
    pub valid: bool,
    /// What became of it.
    pub status: Status,
    /// Why it is not `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Record {
    /// A window of which only the place is known: no time, no operations, and nothing against it.
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
            window_ns: 0,
            skew_ns: 0,
            bracket_ns: 0,
            shape: Shape::Fixed,
            chunk: 0,
            helpers: 0,
            cpu_ns: None,
            switches_voluntary: None,
            switches_involuntary: None,
            steal_ms: None,
            memory_bytes: None,
            valid: true,
            status: Status::Ok,
            reason: None,
        }
    }

    /// Operations completed by the whole team. A file may say more than can be counted.
    pub fn total_operations(&self) -> u64 {
        let all = self.operations.iter().copied();
        all.fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_operations_than_can_be_counted_are_the_most_that_can() {
        let record: Record = serde_json::from_value(serde_json::json!({
            "cell": "counter/hot/a/2", "fork": 1, "round": 1, "position": 0,
            "operations": [u64::MAX, 1], "window_ns": 1, "skew_ns": 0, "shape": "open",
            "valid": true, "status": "ok",
        }))
        .expect("a record");
        assert_eq!(record.total_operations(), u64::MAX);
    }
}
