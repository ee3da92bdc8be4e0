//! The user's selection: a preset, filters, and numbers that replace the preset's.

use std::collections::BTreeSet;
use std::time::Duration;

use super::shard::Shard;
use crate::text;
use contend_workloads::registry::Tier;

/// Threads that may be selected on a machine with few CPUs.
const MOST_THREADS: usize = 1_024;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// A first look in half a minute: one variant per workload, with one thread and with all cores
    Quick,
    /// All workloads in their most informative variants
    Standard,
    /// Everything
    Thorough,
}

/// The fewest forks of a preset: enough for verdicts on classes of thirteen.
const FEWEST_FORKS: u32 = 12;

/// The selection of the command line.
#[derive(Clone, Debug)]
pub struct Selection {
    /// How much.
    pub preset: Preset,
    /// Which cells; empty for all.
    pub filters: Vec<String>,
    /// Which of these cells are left out.
    pub skip: Vec<String>,
    /// Whether filters are whole ids.
    pub exact: bool,
    /// Thread counts in place of the preset's.
    pub threads: Option<Vec<usize>>,
    /// Forks in place of the preset's.
    pub forks: Option<u32>,
    /// Rounds in place of the preset's.
    pub rounds: Option<u32>,
    /// The length of a window in place of the preset's.
    pub window: Option<Duration>,
    /// The part of the plan that is measured; none for all of it.
    pub shard: Option<Shard>,
    /// Whether a block has the fewest forks of any preset, unless they are given.
    pub fewer_forks: bool,
    /// Whether an older build is measured beside this one, in as many forks.
    pub against: bool,
    /// Whether one process measures everything, and nothing is judged.
    pub in_process: bool,
    /// Whether there are interim analyses, the first of which spends a part of the error.
    pub interim: bool,
    /// Whether blocks with multi-second windows are measured in their [`StandardSubset`].
    ///
    /// [`StandardSubset`]: contend_workloads::registry::StandardSubset
    pub standard_subset: bool,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            preset: Preset::Standard,
            filters: Vec::new(),
            skip: Vec::new(),
            exact: false,
            threads: None,
            forks: None,
            rounds: None,
            window: None,
            shard: None,
            fewer_forks: false,
            against: false,
            in_process: false,
            interim: false,
            standard_subset: true,
        }
    }
}

/// Why there is no plan. The text says what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The suite has no contender.
    #[error(
        "the suite has no contender; begin with `contend::suite()`, or add some, e.g. with `Suite::compare` or \
         `Suite::lock`"
    )]
    EmptySuite,
    /// No selected variant can be measured.
    #[error(
        "no variant can be measured with these thread counts; try `--list`, which has those of each variant"
    )]
    NoThreads,
    /// A filter matches nothing.
    #[error("the filter `{filter}` matches no cell; the nearest are {}; try `--list` to see all", .nearest.join(", "))]
    NoMatch {
        /// The filter.
        filter: String,
        /// The nearest ids, in backticks.
        nearest: Vec<String>,
    },
    /// A filter matches nothing as text, and is no regular expression.
    #[error(
        "no id contains the filter `{filter}`, and it is no regular expression: {reason}; try `--list` to see all ids"
    )]
    NoExpression {
        /// The filter.
        filter: String,
        /// Why it is none.
        reason: String,
    },
    /// All selected cells are left out.
    #[error("`--skip {}` leaves out every selected cell; try a filter that leaves some", .0.join(" --skip "))]
    AllSkipped(Vec<String>),
    /// The smallest plan takes longer than the budget.
    #[error(
        "`--budget {}` is too short: the smallest plan takes about {}; give more time, or a filter that selects less",
        text::duration(*.budget), text::duration(*.smallest)
    )]
    BudgetTooShort {
        /// The budget.
        budget: Duration,
        /// How long the smallest plan takes.
        smallest: Duration,
    },
}

/// The largest thread count that may be selected on a machine with `cores` CPUs.
pub fn most_threads(cores: usize) -> usize {
    MOST_THREADS.max(4 * cores)
}

impl Selection {
    /// The filters of both kinds as `run.json` has them, so that a run without any is one of all cells.
    pub(super) fn recorded_filters(&self) -> Vec<String> {
        let skip = self.skip.iter().map(|filter| format!("--skip {filter}"));
        self.filters.iter().cloned().chain(skip).collect()
    }

    /// The forks of a block, before any extra ones.
    pub(super) fn forks(&self) -> u32 {
        let of_preset = if self.fewer_forks { FEWEST_FORKS } else { self.preset.forks() };
        self.forks.unwrap_or(of_preset)
    }

    /// The thread counts on a machine with `cores` CPUs.
    pub fn thread_counts(&self, cores: usize) -> Vec<usize> {
        let preset = || self.preset.threads(cores).into_iter().collect();
        self.threads.clone().unwrap_or_else(preset)
    }
}

/// CPUs from which on a machine has room for the knee of a curve: where more threads stop helping.
const MANY_CORES: usize = 8;

/// Where the knee is on most machines, between the counts that every machine has.
const KNEE: [usize; 2] = [4, 8];

impl Preset {
    pub(super) fn name(self) -> &'static str {
        match self {
            Preset::Quick => "quick",
            Preset::Standard => "standard",
            Preset::Thorough => "thorough",
        }
    }

    /// The thread counts on a machine with `cores` CPUs.
    pub(super) fn threads(self, cores: usize) -> BTreeSet<usize> {
        let mut counts = BTreeSet::from([1, cores]);
        match self {
            Preset::Quick => {}
            Preset::Standard => {
                counts.extend([2, cores / 2, 2 * cores]);
                counts.extend(KNEE.into_iter().filter(|_| cores >= MANY_CORES));
            }
            Preset::Thorough => {
                counts.extend((0..).map(|power| 1 << power).take_while(|n| *n < cores));
                counts.extend([cores / 2, 2 * cores]);
            }
        }
        counts.remove(&0);
        if self == Preset::Quick {
            counts.retain(|count| *count <= cores);
        }
        counts
    }

    /// Whether it measures a variant of `tier`, at a thread count that is oversubscribed or not.
    pub(super) fn includes(self, tier: Tier, oversubscribed: bool) -> bool {
        match self {
            Preset::Quick => tier == Tier::Quick,
            Preset::Standard if oversubscribed => tier == Tier::Quick,
            Preset::Standard => tier <= Tier::Standard,
            Preset::Thorough => true,
        }
    }

    /// The forks of a block. The study in docs/validation.md chose them, and rounds and windows.
    fn forks(self) -> u32 {
        match self {
            Preset::Quick => FEWEST_FORKS,
            Preset::Standard | Preset::Thorough => 21,
        }
    }

    /// The most rounds of a fork. A third one is a fifth of a quick run's time, and named no more contenders within 3 %
    /// of the best: see docs/results.md.
    pub(super) fn most_rounds(self) -> u32 {
        match self {
            Preset::Quick => 2,
            Preset::Standard | Preset::Thorough => u32::MAX,
        }
    }
}

/// The rounds of a fork, and the length of a window. A worker alone is steady after a moment. Several are not: how they
/// share what they contend for shows after a millisecond, and with more of them than CPUs after several turns.
///
/// Where workers run on from window to window (`run_on`), windows of a cell differ by what lasts as long as a window,
/// above all by where its state is in memory. Short ones then say as much as long ones. Elsewhere a window has the
/// sleep and the waking of threads in it, and the more of them the steadier it is.
pub(super) fn rounds_and_window(threads: usize, cores: usize, run_on: bool) -> (u32, Duration) {
    match (threads, run_on) {
        (1, true) => (3, Duration::from_millis(1)),
        (1, false) => (3, Duration::from_millis(2)),
        (threads, true) if threads <= cores => (3, Duration::from_millis(2)),
        (threads, false) if threads <= cores => (2, Duration::from_millis(4)),
        _ => (1, Duration::from_millis(20)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_with_many_cpus_have_the_knee_of_a_curve() {
        let counts = |preset: Preset, cores| preset.threads(cores).into_iter().collect::<Vec<_>>();
        assert_eq!(counts(Preset::Quick, 64), [1, 64]);
        assert_eq!(counts(Preset::Standard, 1), [1, 2]);
        assert_eq!(counts(Preset::Standard, 2), [1, 2, 4]);
        assert_eq!(counts(Preset::Standard, 6), [1, 2, 3, 6, 12]);
        assert_eq!(counts(Preset::Standard, 8), [1, 2, 4, 8, 16]);
        assert_eq!(counts(Preset::Standard, 12), [1, 2, 4, 6, 8, 12, 24]);
        assert_eq!(counts(Preset::Standard, 64), [1, 2, 4, 8, 32, 64, 128]);
        assert_eq!(counts(Preset::Thorough, 2), [1, 2, 4]);
        assert_eq!(counts(Preset::Thorough, 12), [1, 2, 4, 6, 8, 12, 24]);
        assert_eq!(counts(Preset::Thorough, 64), [1, 2, 4, 8, 16, 32, 64, 128]);
    }
}
