//! The view from outside on a run: a trait through which progress is shown and records are kept.

use std::io;
use std::time::Duration;

use crate::record::{BlockPlan, Record};

/// Receives what happens during a run.
pub(crate) trait RoundObserver {
    /// A phase of the run begins, of about `windows` windows.
    fn phase_started(&mut self, _phase: &Phase, _windows: u64) {}

    /// A round of `block` has ended with `records`.
    ///
    /// # Errors
    /// If the records cannot be written, which ends the run.
    fn round_finished(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()>;

    /// A round of `block` has ended in the older build of a run of two builds, with `records`.
    fn older_round_finished(&mut self, _block: &BlockPlan, _records: &[Record]) {}
}

/// A phase of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// The planned forks of all blocks.
    PlannedForks {
        /// How long what is left of them will take.
        estimate: Duration,
    },
    /// More forks for blocks without a decided leader.
    ExtraForks {
        /// Blocks that get more forks.
        blocks: usize,
        /// Blocks without a decided leader.
        undecided: usize,
        /// Forks that each of them has.
        from: u32,
        /// Forks that each will have.
        to: u32,
        /// How long that will take.
        estimate: Duration,
    },
    /// Winners and runners-up in longer windows.
    WindowCheck {
        /// Blocks to check.
        blocks: usize,
        /// Length of a window.
        window: Duration,
        /// Number of the fork.
        fork: u32,
        /// The most forks of a block.
        most_forks: u32,
        /// How long that will take.
        estimate: Duration,
    },
}
