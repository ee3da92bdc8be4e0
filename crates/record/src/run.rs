//! `run.json`: the facts of a whole run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{BlockId, CONTROL, Environment, Fingerprint, Merged, VariantId, seed};

/// The version of the files' format. A reader rejects any other.
pub const SCHEMA: u32 = 1;

/// The guarantee of a contender. Contenders are ranked within a class, and shown together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A read sees every finished write.
    Immediate,
    /// An owner applies writes later.
    Deferred,
    /// Per-thread state, merged at the end.
    Partitioned,
    /// Immediate, but only for keys that are known in advance. Not a map, so not ranked with maps.
    FixedKeys,
    /// The driver's own cost: shown in charts, not ranked.
    Floor,
}

impl Class {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Deferred => "deferred",
            Self::Partitioned => "partitioned",
            Self::FixedKeys => "fixed-keys",
            Self::Floor => "floor",
        }
    }

    /// The guarantee: a part of a sentence.
    pub fn promise(self) -> &'static str {
        match self {
            Self::Immediate => "a read sees every finished write",
            Self::Deferred => "an owner applies writes later",
            Self::Partitioned => "each thread has its own state, merged at the end",
            Self::FixedKeys => "a read sees every finished write, for keys that are known in advance",
            Self::Floor => "nothing: it is the driver's own cost",
        }
    }
}

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

/// The plan of a run.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// `quick`, `standard` or `thorough`.
    pub preset: String,
    /// The filters that selected the cells.
    pub filters: Vec<String>,
    /// The forks of each block that has no number of its own.
    pub forks: u32,
    /// The expected duration in seconds, without the extra forks of `more`.
    pub estimate_s: f64,
    /// The least difference that counts: 0.03 is 3 %. Fixed before the run.
    pub threshold: f64,
    /// The number of CPUs that the process may use.
    pub cores: usize,
    /// The CPUs that `--cpus` restricted the run to; none where it could use all that are allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpus: Option<usize>,
    /// Whether each worker is pinned to a CPU.
    #[serde(default)]
    pub pinned: bool,
    /// Whether one process measured everything (`--in-process`). All forks then have its memory layout, so they are no
    /// independent units, and nothing is judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_process: bool,
    /// The contender whose cost the decisions state. None: `std::sync::Mutex`, or its nearest kin in a block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_contender: Option<String>,
    /// Extra forks in the time that is left after the planned ones; none where the run then ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<ExtraForks>,
    /// The check of the winners in longer windows; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_check: Option<WindowCheck>,
    /// The blocks in the order of the suite.
    pub blocks: Vec<BlockPlan>,
}

impl Plan {
    /// The forks of a block of this plan.
    pub fn forks_of(&self, block: &BlockPlan) -> u32 {
        block.forks.unwrap_or(self.forks)
    }

    /// The CRC-32 of what is measured: blocks with their forks, rounds, windows and contenders. Controls are drawn by
    /// the seed, and are not in it.
    pub fn digest(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        for block in &self.blocks {
            let is_control = |name: &&str| name.ends_with(CONTROL);
            let names = block.cells.iter().map(|cell| cell.contender.as_str());
            let mut names: Vec<&str> = names.filter(|name| !is_control(name)).collect();
            names.sort_unstable();
            let (forks, BlockPlan { block, rounds, window_ns, .. }) = (self.forks_of(block), block);
            hasher.update(format!("{block} {forks} {rounds} {window_ns} {}\n", names.join(" ")).as_bytes());
        }
        hasher.finalize()
    }

    /// The greatest number of forks of any block.
    pub fn most_forks(&self) -> u32 {
        let of_blocks = self.blocks.iter().map(|block| self.forks_of(block));
        of_blocks.max().unwrap_or(self.forks)
    }
}

/// The check whether winners also win in longer windows. It measures each winner and its runner-up after everything
/// else, in blocks whose own windows are shorter. These windows can only refute a winner.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowCheck {
    /// The target length of a window.
    pub window_ns: u64,
    /// The most forks, of one round each. The check stops at the first fork that confirms the winner.
    pub forks: u32,
}

impl WindowCheck {
    /// Whether the winners of `block` are checked.
    pub fn covers(&self, block: &BlockPlan) -> bool {
        block.window_ns < self.window_ns
    }

    /// The check's plan for `block`, with these contenders only.
    pub fn of(&self, block: &BlockPlan, contenders: &[String]) -> BlockPlan {
        let mut of = block.clone();
        of.forks = None;
        of.rounds = 1;
        of.window_ns = self.window_ns;
        of.cells.retain(|cell| contenders.contains(&cell.contender));
        of
    }
}

/// Extra forks for blocks whose leaders are undecided, up to their next interim analysis.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtraForks {
    /// The most time that the run may take, in seconds.
    pub budget_s: f64,
    /// Without a budget that was asked for: the most time of the run as a multiple of what the planned forks took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_of_planned: Option<f64>,
    /// The interim analyses in ascending order, the first at the plan's forks. Fixed before the run.
    pub looks: Vec<InterimAnalysis>,
}

/// One planned interim analysis. A block is judged at these numbers of forks only.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct InterimAnalysis {
    /// The number of forks.
    pub forks: u32,
    /// The share of an interval's allowed error that is spent here. All shares sum to 1.
    pub error: f64,
}

/// One block of the plan.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockPlan {
    /// Its id.
    pub block: BlockId,
    /// Its forks, where they are not the plan's: a large class needs more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forks: Option<u32>,
    /// The rounds of each fork.
    pub rounds: u32,
    /// The target length of a window.
    pub window_ns: u64,
    /// The expected overhead of a window beside its length, where it is large.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub frame_ns: u64,
    /// Its cells: contenders, the control and the floor.
    pub cells: Vec<CellPlan>,
}

/// One cell of a block.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellPlan {
    /// The contender's name, the control's alias, or the floor.
    pub contender: String,
    /// Its class in this workload.
    pub class: Class,
    /// The number of threads that may run at once: workers and helpers.
    pub runnable: u32,
    /// Whether these are more than the allowed CPUs.
    pub oversubscribed: bool,
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

/// Groups of workloads, in the order in which the page shows them.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkloadGroup {
    /// A shared counter, many keys, and independent jobs.
    Core,
    /// The concurrency patterns of Go tutorials.
    Patterns,
    /// A project's own workloads.
    #[default]
    Own,
}

/// The description of a workload.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkloadInfo {
    /// Its name in ids.
    pub name: String,
    /// Its group.
    #[serde(default)]
    pub group: WorkloadGroup,
    /// One line on what the threads do.
    pub title: String,
    /// The code in real programs that it represents.
    pub models: String,
    /// The design question that it answers.
    pub question: String,
    /// What is timed: from the clock's start to its stop.
    pub timed: String,
    /// What is checked after every window.
    pub oracle: String,
    /// The name of one operation: `increment`, `job`.
    pub operation: String,
    /// Its variants.
    pub variants: Vec<VariantInfo>,
}

/// The description of a variant.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantInfo {
    /// Its id: `map/read90`.
    pub id: VariantId,
    /// How it differs from the other variants.
    pub title: String,
    /// Its parameters: keys, hit rate, nanoseconds of work.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// The description of a contender.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContenderInfo {
    /// Its name in ids.
    pub name: String,
    /// Its family: `parking_lot`, `atomics`.
    pub family: String,
    /// Its crate.
    pub package: String,
    /// The crate's version as locked; rustc's for `std`; "unknown" where neither can be read.
    pub version: String,
    /// What is true of it in every workload: fairness, poisoning, bounds.
    pub notes: String,
    /// The version whose documentation the notes were checked beside, and the day: `0.13.0, 2026-11-26`. None for a
    /// user's own contender, and in runs before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    /// How it is used, workload by workload. Runs before this field have roles in their notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<ContenderRole>,
    /// What makes it less simple than others in every workload. None in runs before this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<Vec<ContenderTrait>>,
}

/// What makes a contender less simple to take than a plain one that blocks.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContenderTrait {
    /// Its waiters use their cores for as long as they wait.
    Spins,
    /// Its state is split, by key or by thread.
    Sharded,
}

/// How a contender is used in one workload.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContenderRole {
    /// The workload.
    pub workload: String,
    /// What the contender does in it.
    pub role: String,
    /// What makes it less simple there alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<ContenderTrait>,
}

/// A contender that is not measured in some blocks.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    /// The blocks without it: a block's id, `workload/variant`, or a workload.
    pub block: String,
    /// The contender.
    pub contender: String,
    /// The reason.
    pub reason: String,
}

impl Absent {
    /// Whether `contender` is absent from all of `variant`.
    pub fn covers(&self, variant: &VariantId, contender: &str) -> bool {
        // Asked for each contender of each variant at every start of a fork, so nothing is allocated.
        let (workload, name) = match self.block.split_once('/') {
            Some((workload, name)) => (workload, Some(name)),
            None => (self.block.as_str(), None),
        };
        self.contender == contender
            && workload == variant.workload
            && name.is_none_or(|name| name == variant.variant)
    }
}

/// Whether the field is left out of JSON.
fn is_zero(number: &u64) -> bool {
    *number == 0
}
