//! `run.json`: what is true of a whole run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{BlockId, Environment, VariantId};

/// The version of the files' shape. A reader refuses what it was not written for.
pub const SCHEMA: u32 = 1;

/// What a contender promises. Contenders are ranked within a class and shown together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A read sees every finished write.
    Immediate,
    /// An owner applies writes later.
    Deferred,
    /// State of one thread, merged at the end.
    Partitioned,
    /// Immediate, but for keys that are known beforehand: no map, and not ranked with maps.
    FixedKeys,
    /// The driver's own cost: drawn, never ranked.
    Floor,
}

impl Class {
    /// Its name: that of its JSON value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Deferred => "deferred",
            Self::Partitioned => "partitioned",
            Self::FixedKeys => "fixed-keys",
            Self::Floor => "floor",
        }
    }
}

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// It is under way, or was killed.
    Running,
    /// It was interrupted: a smaller run.
    Interrupted,
    /// All that was planned is there.
    Complete,
}

/// All that is known of a run beside its records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The shape of this file and of the records: [`SCHEMA`].
    pub schema: u32,
    /// The run's name, which is its folder's; sorts by time.
    pub run: String,
    /// The version of `contend` that measured.
    pub contend: String,
    /// When it began: UTC, RFC 3339.
    pub started: String,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// How long measuring took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_s: Option<f64>,
    /// How far it came.
    pub status: RunStatus,
    /// The command that makes such a run again, as typed.
    pub command: String,
    /// What every random choice of the run follows from. Written as a string: JSON's numbers end
    /// at 2^53.
    #[serde(with = "seed")]
    pub seed: u64,
    /// What was to be measured.
    pub plan: Plan,
    /// The calibrated work.
    pub work: Calibration,
    /// The machine and the build.
    pub environment: Environment,
    /// The workloads of the plan, with what to say about them.
    pub workloads: Vec<WorkloadInfo>,
    /// The contenders of the plan.
    pub contenders: Vec<ContenderInfo>,
    /// What is not measured, and why.
    pub absent: Vec<Absent>,
}

/// What is to be measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// `quick`, `standard` or `thorough`.
    pub preset: String,
    /// The filters that chose the cells.
    pub filters: Vec<String>,
    /// Forks of each block that names no number of its own.
    pub forks: u32,
    /// How long measuring should take, without what `more` adds.
    pub estimate_s: f64,
    /// The least difference that matters: 0.03 is 3 %. Fixed before the run.
    pub threshold: f64,
    /// The CPUs that this process may use.
    pub cores: usize,
    /// Whether each worker is pinned to a CPU.
    #[serde(default)]
    pub pinned: bool,
    /// What becomes of time that is left after these forks; none where the run then ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<ExtraForks>,
    /// What becomes of the winners when windows are longer; none where that is not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_check: Option<WindowCheck>,
    /// The blocks in the order of the suite.
    pub blocks: Vec<BlockPlan>,
}

impl Plan {
    /// Forks of a block of this plan.
    pub fn forks_of(&self, block: &BlockPlan) -> u32 {
        block.forks.unwrap_or(self.forks)
    }

    /// The forks of the block that has the most.
    pub fn most_forks(&self) -> u32 {
        let of_blocks = self.blocks.iter().map(|block| self.forks_of(block));
        of_blocks.max().unwrap_or(self.forks)
    }
}

/// Whether a winner is one in longer windows too. Taken when all else is there, of each winner and its
/// runner-up alone, in blocks whose own windows are shorter. No verdict is drawn from these windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowCheck {
    /// The wanted length of a window.
    pub window_ns: u64,
    /// At most how many forks, of one round each. The first that does not turn the order round is the
    /// last.
    pub forks: u32,
}

impl WindowCheck {
    /// Whether the winners of `block` are looked at.
    pub fn covers(&self, block: &BlockPlan) -> bool {
        block.window_ns < self.window_ns
    }

    /// The forks of `block` that are taken for it, of these contenders alone.
    pub fn of(&self, block: &BlockPlan, contenders: &[String]) -> BlockPlan {
        let mut of = block.clone();
        of.forks = None;
        of.rounds = 1;
        of.window_ns = self.window_ns;
        of.cells.retain(|cell| contenders.contains(&cell.contender));
        of
    }
}

/// Time that is left goes to blocks whose leaders are not told apart, until their next look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtraForks {
    /// How long all of the run may take.
    pub budget_s: f64,
    /// Where blocks are judged, in ascending order; the first is at the plan's forks. Fixed before the
    /// run.
    pub looks: Vec<InterimAnalysis>,
}

/// A number of forks at which a block may be judged. It is judged nowhere between two of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct InterimAnalysis {
    /// How many.
    pub forks: u32,
    /// The share of an interval's allowed error that is spent here. All looks together have 1.
    pub error: f64,
}

/// One block of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockPlan {
    /// Its id.
    pub block: BlockId,
    /// Forks, where they are not the plan's: a large class needs more of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forks: Option<u32>,
    /// Rounds of each fork.
    pub rounds: u32,
    /// The wanted length of a window.
    pub window_ns: u64,
    /// What a window is expected to take beside that, where that is much.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub frame_ns: u64,
    /// Its cells: contenders, the control, the floor.
    pub cells: Vec<CellPlan>,
}

/// One cell of a block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellPlan {
    /// The contender, or the control's alias, or the floor.
    pub contender: String,
    /// What it promises in this workload.
    pub class: Class,
    /// Threads that may run at once: workers and helpers.
    pub runnable: u32,
    /// Whether that is more than the CPUs allowed.
    pub oversubscribed: bool,
}

/// The calibrated work of a run, in iterations that every fork gets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What one iteration took.
    pub ns_per_iteration: f64,
    /// Iterations for each wanted number of nanoseconds.
    pub iterations: BTreeMap<u64, u64>,
}

/// Workloads that are read together, in the order in which they are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkloadGroup {
    /// The smallest shared state, many keys, and independent jobs: what to read first.
    Core,
    /// The concurrency patterns that Go's tutorials teach.
    Patterns,
    /// A project's own.
    #[default]
    Own,
}

/// A workload, in words for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkloadInfo {
    /// Its name in ids.
    pub name: String,
    /// What it is read together with.
    #[serde(default)]
    pub group: WorkloadGroup,
    /// A line that says what is done.
    pub title: String,
    /// What it stands for in a program.
    pub models: String,
    /// The design question that it answers.
    pub question: String,
    /// What lies between the clock's start and its stop.
    pub timed: String,
    /// What is checked after every window.
    pub oracle: String,
    /// What one operation is: `increment`, `job`.
    pub operation: String,
    /// Its variants.
    pub variants: Vec<VariantInfo>,
}

/// A variant, in words for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantInfo {
    /// Its id: `map/read90`.
    pub id: VariantId,
    /// What sets it apart.
    pub title: String,
    /// Parameters as recorded facts: keys, hit rate, nanoseconds of work.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// A contender, in words for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContenderInfo {
    /// Its name in ids.
    pub name: String,
    /// The family of PATTERNS that it belongs to: `parking_lot`, `atomics`.
    pub family: String,
    /// The crate that it comes from.
    pub package: String,
    /// The crate's version as locked; rustc's for `std`; "unknown" where neither can be read.
    pub version: String,
    /// What a reviewer must know: fairness, poisoning, bounds.
    pub notes: String,
}

/// What is not measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    /// The blocks it is missing from: a block's id, or `workload/variant`, or a workload.
    pub block: String,
    /// What is missing.
    pub contender: String,
    /// Why.
    pub reason: String,
}

impl Absent {
    /// Whether this says that `contender` is missing from all of `variant`.
    pub fn covers(&self, variant: &VariantId, contender: &str) -> bool {
        let named = self.block == variant.workload || self.block == variant.to_string();
        named && self.contender == contender
    }
}

mod seed {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(seed: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&seed.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|_| D::Error::custom(format!("`{text}` is not a seed")))
    }
}

/// Whether there is nothing to write down.
fn is_zero(number: &u64) -> bool {
    *number == 0
}
