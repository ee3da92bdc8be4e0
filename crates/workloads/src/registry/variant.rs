//! One variant of a workload: its parameters, when and at which thread counts it is measured, and who
//! contends in it.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::Duration;

use contend_record::{Calibration, VariantInfo};
use contend_team::{Sample, Window, WindowError};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::RegisteredContender;
use super::lengths::note_length;

/// What a variant's parameters are made from, the same in every child of a run.
#[derive(Clone, Debug)]
pub struct BlockSettings {
    /// Workers of the block.
    pub threads: usize,
    /// What the fork's random choices follow from.
    pub seed: u64,
    /// The calibrated work.
    pub work: Calibration,
    /// Whether cells are checked and not timed, so that state may be smaller.
    pub check_only: bool,
}

impl BlockSettings {
    /// Iterations of [`busy_loop`](contend_team::busy_loop::busy_loop) that take `ns`.
    pub fn iterations(&self, ns: u64) -> u64 {
        note_length(ns);
        let calibrated = self.work.iterations.get(&ns).copied();
        calibrated.unwrap_or_else(|| (ns as f64 / self.work.ns_per_iteration).round().max(1.0) as u64)
    }

    /// What the fork's random choices are drawn from.
    pub fn rng(&self) -> StdRng {
        StdRng::seed_from_u64(self.seed)
    }
}

/// The smallest preset that a variant is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// All presets. A workload's first variant, which also runs oversubscribed.
    Quick,
    /// From `standard` on.
    Standard,
    /// `thorough`, or where a filter names it.
    Thorough,
}

/// The thread counts that a variant is measured at.
#[derive(Clone, Copy, Debug)]
pub enum ThreadCounts {
    /// The machine's.
    All,
    /// Those of the machine's that make sense: a hand-off needs pairs.
    Only(fn(threads: usize) -> bool),
    /// These, on any machine: the number of threads is part of what is done.
    Own(&'static [usize]),
}

/// The part of a variant that `standard` measures where its windows take seconds: at as many threads as
/// cores, in one round a fork, and in as many forks as a verdict of its largest class needs.
#[derive(Clone, Copy, Debug)]
pub struct StandardSubset {
    /// Contenders that are left to `thorough` and to filters.
    pub without: &'static [&'static str],
    /// The contender that the block's control repeats: one whose windows are short.
    pub control: &'static str,
    /// As [`Variant::per_window_overhead`], of the contenders that are left.
    pub per_window_overhead: Duration,
}

/// One variant of a workload, and who contends in it.
pub struct Variant {
    /// In words.
    pub info: VariantInfo,
    /// The smallest preset that has it.
    pub tier: Tier,
    /// At which thread counts it is measured.
    pub thread_counts: ThreadCounts,
    /// What a window takes beside its length, where that is much: building a large state, or a lap
    /// that is longer than the window.
    pub per_window_overhead: Duration,
    /// The memory that a fork needs beside that of its workers' threads, where that is much.
    pub memory_bytes: u64,
    /// What it needs of that for each worker: messages that wait in a queue without a bound.
    pub memory_bytes_per_worker: u64,
    /// The part that a preset has of it which is too short for all of it.
    pub standard_subset: Option<StandardSubset>,
    /// In the order of the suite.
    pub contenders: Vec<RegisteredContender>,
    /// Which `W` its contenders are of.
    pub(super) workload: TypeId,
    pub(super) prepare: Arc<Prepare>,
}

/// Draws an `Arc<W>`.
pub(super) type Prepare = dyn Fn(&BlockSettings) -> Box<dyn Any> + Send + Sync;

impl Variant {
    /// Says at which thread counts it is measured, where these are not the machine's.
    pub fn at(&mut self, thread_counts: ThreadCounts) -> &mut Self {
        self.thread_counts = thread_counts;
        self
    }

    /// Says what a window takes beside its length, for the plan.
    pub fn overhead(&mut self, per_window: Duration) -> &mut Self {
        self.per_window_overhead = per_window;
        self
    }

    /// Says how much memory a fork needs beside that of its workers' threads, for the plan.
    pub fn memory(&mut self, bytes: u64) -> &mut Self {
        self.memory_bytes = bytes;
        self
    }

    /// Says how much of that memory each worker needs.
    pub fn memory_per_worker(&mut self, bytes: u64) -> &mut Self {
        self.memory_bytes_per_worker = bytes;
        self
    }

    /// Says that `standard` has a part of it, though its tier leaves it to `thorough`.
    pub fn subset(&mut self, subset: StandardSubset) -> &mut Self {
        self.standard_subset = Some(subset);
        self
    }

    /// Ready for a fork's windows.
    pub fn prepare(&self, settings: &BlockSettings) -> Prepared<'_> {
        Prepared { workload: (self.prepare)(settings), contenders: &self.contenders }
    }
}

/// A variant with its key streams drawn.
pub struct Prepared<'a> {
    workload: Box<dyn Any>,
    contenders: &'a [RegisteredContender],
}

impl Prepared<'_> {
    /// Takes a window of the contender at `index`, by its first or second copy.
    ///
    /// # Errors
    /// What the oracle found, or a panic's message.
    pub fn measure(&self, index: usize, copy: usize, window: &mut Window<'_>) -> Result<Sample, WindowError> {
        self.contenders[index].measure(&*self.workload, copy, window)
    }
}
