//! Why runs are not merged.

use contend_record::BlockId;

/// Why runs are not merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is nothing to merge: give at least two runs")]
    TooFew,
    /// A run is given twice.
    #[error("`{0}` and `{1}` are the same run; give each once")]
    Twice(String, String),
    /// A run is not complete.
    #[error("`{0}` is not complete; `--resume` where it was measured completes it")]
    Incomplete(String),
    /// A run was merged itself.
    #[error("`{0}` is a merged run; merge the runs that it was made of")]
    Merged(String),
    /// A run has windows of an older build too.
    #[error(
        "`{0}` has windows of an older build beside its own; merge runs that were measured without `--against`"
    )]
    Against(String),
    /// The times of a run are impossible.
    #[error(
        "`{run}` says that it {what}: the clock of its machine was wrong, so the order of runs is unknown"
    )]
    Clock {
        /// The run.
        run: String,
        /// What it says.
        what: String,
    },
    /// Two runs are not of one build.
    #[error("`{0}` and `{1}` were measured by two builds ({2}); measure both with one")]
    OtherBuild(String, String, String),
    /// Two runs are not of one plan.
    #[error("`{0}` and `{1}` have two plans ({2}); measure both with the same arguments")]
    OtherPlan(String, String, String),
    /// Two runs of one machine have the same block.
    #[error("`{0}` and `{1}` both have {2}, on one machine; give one of them")]
    Overlap(String, String, BlockId),
    /// Two runs of one machine are no shards.
    #[error(
        "`{0}` and `{1}` are of one machine, and not shards of one plan; measure them with `--shard K/N`"
    )]
    NoShards(String, String),
    /// A number of a shard is impossible.
    #[error("`{run}` says that it is shard {index} of {count}; its run.json was changed")]
    ShardNumber {
        /// The run.
        run: String,
        /// The shard's number.
        index: u32,
        /// The number of shards.
        count: u32,
    },
    /// Two runs are the same shard, and have different blocks.
    #[error("`{0}` and `{1}` both say that they are shard {2}, and have different blocks; one was changed")]
    SameShard(String, String, u32),
    /// A run has no block that another machine has too.
    #[error("`{run}` has no block that another machine measured, so nothing stands side by side; {what}")]
    NothingShared {
        /// The run.
        run: String,
        /// Why, and what to do.
        what: String,
    },
    /// Two runs name one host, and one has no fingerprint.
    #[error(
        "`{0}` and `{1}` may be of one machine: `{2}` has no fingerprint, and its CPU is that of the other; give one"
    )]
    MaybeOneMachine(String, String, String),
}
