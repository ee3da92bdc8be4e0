//! The plan of a run, as `run.json` has it: what is measured, how often and how long.

use serde::{Deserialize, Serialize};

use crate::{BlockId, CONTROL, Class};

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

/// Whether the field is left out of JSON.
fn is_zero(number: &u64) -> bool {
    *number == 0
}
