//! `run.json`: the facts of a whole run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Absent, BlockId, ContenderInfo, Environment, Fingerprint, Merged, Plan, WorkloadInfo, seed};

/// The version of the files' format. A reader rejects any other.
pub const SCHEMA: u32 = 1;

/// The state of a run.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// It is running, or was killed.
    Running,
    /// It was interrupted, and has fewer records than planned.
    Interrupted,
    /// It has all planned records.
    Complete,
}

/// A run, without its records.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The format of this file and of the records: [`SCHEMA`].
    pub schema: u32,
    /// The run's name. A reader takes the folder's name, which is the same unless the folder was renamed.
    pub run: String,
    /// The version of `contend` that measured.
    pub contend: String,
    /// Its start: UTC, RFC 3339.
    pub started: String,
    /// Its end, in the same format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// The duration of measuring, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_s: Option<f64>,
    /// How long the planned forks took, in seconds. None until they are done. The time for extra forks follows from
    /// it, also where a run is continued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_took_s: Option<f64>,
    /// Whether it is complete.
    pub status: RunStatus,
    /// The command, as typed.
    pub command: String,
    /// The seed of every random choice. A string in JSON, whose numbers are exact only up to 2^53.
    #[serde(with = "seed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub seed: u64,
    /// The plan.
    pub plan: Plan,
    /// The part of a larger plan that this run measures; none where it measures its whole plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardInfo>,
    /// What it was merged of; none where it was measured in one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Merged>,
    /// The calibrated work.
    pub work: Calibration,
    /// The machine and the build.
    pub environment: Environment,
    /// The SHA-256 of the executable that measures, in hexadecimal. Absent in runs before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable: Option<String>,
    /// The older build that the run's own is compared with. Its records are in [`AGAINST`](crate::AGAINST). None where
    /// the run has one build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<OlderBuild>,
    /// What identifies the kind of machine. Absent in runs before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// The machine's name in its network, if it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The workloads of the plan.
    pub workloads: Vec<WorkloadInfo>,
    /// The contenders of the plan.
    pub contenders: Vec<ContenderInfo>,
    /// Contenders that are not measured, with reasons.
    pub absent: Vec<Absent>,
}

/// The older build of a run of two builds. Fork i of it was measured beside fork i of the run's own build, and both are
/// a pair.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderBuild {
    /// The SHA-256 of its executable, in hexadecimal.
    pub executable: String,
    /// The name of the executable's file, without its folder.
    pub file: String,
    /// The run that the executable was taken from, where `--against` named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The commit that it was built from, as that run has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl OlderBuild {
    /// Its name for people: the run that it is from, or its file, with the first digits of its SHA-256.
    pub fn name(&self) -> String {
        let digits: String = self.executable.chars().take(12).collect();
        let commit = self.commit.as_ref().map_or(String::new(), |commit| format!("commit {commit}, "));
        match &self.run {
            Some(run) => format!("the build of run {run} ({commit}SHA-256 {digits}…)"),
            None => format!("the file {} ({commit}SHA-256 {digits}…)", self.file),
        }
    }
}

/// One of the shards of a plan. The blocks of [`Run::plan`] are those of the shard.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardInfo {
    /// Its number, from 1.
    pub index: u32,
    /// The number of shards.
    pub count: u32,
    /// The blocks of all shards, in the order of the suite.
    pub blocks: Vec<BlockId>,
    /// The digest of the whole plan: its blocks with their forks, rounds, windows and contenders. Shards of one plan
    /// have the same. Absent in runs before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<u32>,
}

/// The calibrated busy loop: iterations for a given time. Measured once a run, and used by every fork.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Nanoseconds of one iteration.
    pub ns_per_iteration: f64,
    /// Iterations for each target number of nanoseconds.
    pub iterations: BTreeMap<u64, u64>,
}
