//! What is to be measured: which cells, in which blocks, how often, and how long that takes. Made
//! and printed before anything is measured.

mod choose;
mod cost;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::record::{BlockPlan, CONTROL, CellPlan, Class, Plan};
use contend_workloads::registry::{RegisteredContender, Suite, Tier};

pub(crate) use choose::left_out;
pub use choose::list;
use choose::{Chosen, candidates, choose};
pub use cost::memory;
pub(crate) use cost::{estimate, fork_takes};

/// A block needs this many forks for a verdict to have an interval that can be trusted; a run has
/// them unless told otherwise.
const FORKS: u32 = 12;

/// The fewest forks of a block that is measured sparingly; criterion takes no fewer.
const SPARING_FORKS: u32 = 10;

/// The least difference that matters.
const THRESHOLD: f64 = 0.03;

/// Threads that may be asked for on a machine with few CPUs.
const MOST_THREADS: usize = 1_024;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// A first look in a minute: one variant a workload, one thread and all cores.
    Quick,
    /// Every family and workload in its telling variants.
    Standard,
    /// Everything.
    Thorough,
}

/// What the command line chose.
#[derive(Clone, Debug)]
pub struct Choice {
    /// How much.
    pub preset: Preset,
    /// Which cells; all, where there is none.
    pub filters: Vec<String>,
    /// Whether a filter is a whole id.
    pub exact: bool,
    /// Thread counts instead of the preset's.
    pub threads: Option<Vec<usize>>,
    /// Forks instead of the preset's.
    pub forks: Option<u32>,
    /// Rounds instead of the preset's.
    pub rounds: Option<u32>,
    /// A window's length instead of the preset's.
    pub window: Option<Duration>,
    /// Whether blocks may be judged at several looks, the first of which spends a part of the error.
    pub looks: bool,
    /// Whether there is to be a little of what takes seconds a window: see [`StandardSubset`](crate::session::StandardSubset).
    pub standard_subset: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            preset: Preset::Standard,
            filters: Vec::new(),
            exact: false,
            threads: None,
            forks: None,
            rounds: None,
            window: None,
            looks: false,
            standard_subset: true,
        }
    }
}

/// Why there is nothing to measure. The text says what would be right.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlanError(pub(super) String);

/// The most threads that may be asked for on a machine with `cores` CPUs.
pub fn most_threads(cores: usize) -> usize {
    MOST_THREADS.max(4 * cores)
}

impl Choice {
    /// The thread counts on a machine with `cores` CPUs.
    pub fn thread_counts(&self, cores: usize) -> Vec<usize> {
        let preset = || self.preset.threads(cores).into_iter().collect();
        self.threads.clone().unwrap_or_else(preset)
    }
}

impl Preset {
    fn name(self) -> &'static str {
        match self {
            Preset::Quick => "quick",
            Preset::Standard => "standard",
            Preset::Thorough => "thorough",
        }
    }

    /// The thread counts on a machine with `cores` CPUs.
    fn threads(self, cores: usize) -> BTreeSet<usize> {
        let mut counts = BTreeSet::from([1, cores]);
        match self {
            Preset::Quick => {}
            Preset::Standard => counts.extend([2, cores / 2, 2 * cores]),
            Preset::Thorough => {
                counts.extend((0..).map(|power| 1 << power).take_while(|n| *n < cores));
                counts.insert(2 * cores);
            }
        }
        counts.remove(&0);
        if self == Preset::Quick {
            counts.retain(|count| *count <= cores);
        }
        counts
    }

    /// Whether it measures a variant of `weight` at a count that is chosen for it.
    fn has(self, weight: Tier, oversubscribed: bool) -> bool {
        match self {
            Preset::Quick => weight == Tier::Quick,
            Preset::Standard if oversubscribed => weight == Tier::Quick,
            Preset::Standard => weight <= Tier::Standard,
            Preset::Thorough => true,
        }
    }

    /// Rounds of a fork, and the length of a window.
    fn rounds(self, oversubscribed: bool) -> (u32, Duration) {
        match (self, oversubscribed) {
            (Preset::Quick, false) => (2, Duration::from_millis(5)),
            (_, false) => (3, Duration::from_millis(8)),
            (_, true) => (2, Duration::from_millis(40)),
        }
    }
}

/// Makes the plan of `choice` on a machine with `cores` CPUs. `first_control` says which contender
/// the first block's control is; it goes on from there. A block's `forks` are, where it has some of its
/// own, the fewest that make sense: how many its verdicts need is the caller's to say.
///
/// # Errors
/// Where a filter is none or matches nothing.
pub fn plan(suite: &Suite, choice: &Choice, cores: usize, first_control: usize) -> Result<Plan, PlanError> {
    let candidates = candidates(suite, choice, cores);
    let chosen = choose(&candidates, choice)?;
    let mut blocks = Vec::new();
    let mut control = first_control;
    for (candidate, chosen) in candidates.iter().zip(chosen) {
        let Chosen { names: wanted, all } = chosen;
        if wanted.is_empty() {
            continue;
        }
        let threads = candidate.block.threads;
        let oversubscribed = threads > cores;
        let (mut rounds, window) = choice.preset.rounds(oversubscribed);
        let (mut forks, mut frame) = (None, candidate.variant.per_window_overhead);
        let mut own_control = None;
        if let (Some(standard_subset), false) = (candidate.standard_subset, all) {
            (rounds, frame) = (1, standard_subset.per_window_overhead);
            forks = Some(SPARING_FORKS).filter(|_| choice.forks.is_none());
            own_control = Some(standard_subset.control);
        } else {
            rounds = choice.rounds.unwrap_or(rounds);
        }
        let window = choice.window.unwrap_or(window);
        let contenders = &candidate.variant.contenders;
        let cell = |member: &RegisteredContender, name: String| {
            let runnable = (member.runnable)(threads);
            CellPlan {
                contender: name,
                class: member.class,
                runnable: runnable as u32,
                oversubscribed: runnable > cores,
            }
        };
        let ranked: Vec<_> = contenders
            .iter()
            .filter(|member| member.class != Class::Floor && wanted.contains(&member.info.name))
            .collect();
        let mut cells: Vec<_> = contenders
            .iter()
            .filter(|member| member.class == Class::Floor || wanted.contains(&member.info.name))
            .map(|member| cell(member, member.info.name.clone()))
            .collect();
        if !ranked.is_empty() {
            let own = ranked.iter().find(|of| own_control == Some(of.info.name.as_str()));
            let member = own.unwrap_or(&ranked[control % ranked.len()]);
            control += 1;
            cells.push(cell(member, format!("{}{CONTROL}", member.info.name)));
        }
        blocks.push(BlockPlan {
            block: candidate.block.clone(),
            forks,
            rounds,
            window_ns: window.as_nanos() as u64,
            frame_ns: frame.as_nanos() as u64,
            cells,
        });
    }
    let mut plan = Plan {
        preset: choice.preset.name().to_owned(),
        filters: choice.filters.clone(),
        forks: choice.forks.unwrap_or(FORKS),
        estimate_s: 0.0,
        threshold: THRESHOLD,
        cores,
        pinned: false,
        more: None,
        window_check: None,
        blocks,
    };
    plan.estimate_s = estimate(&plan).as_secs_f64();
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::choose::Candidate;
    use super::*;
    use crate::record::WorkloadGroup;
    use contend_workloads::registry::{Description, ThreadCounts};

    fn counts_of(counts: ThreadCounts, threads: Option<Vec<usize>>) -> Vec<(usize, bool)> {
        let mut suite = Suite::empty();
        suite.workload(Description {
            name: "w",
            group: WorkloadGroup::Own,
            title: "",
            models: "",
            question: "",
            timed: "",
            oracle: "",
            operation: "",
        });
        suite.variant("w", "v", "", &[], Tier::Standard, |_| ()).at(counts);
        let choice = Choice { threads, ..Choice::default() };
        let found = candidates(&suite, &choice, 2);
        let count = |candidate: &Candidate<'_>| (candidate.block.threads, candidate.preset);
        found.iter().map(count).collect()
    }

    #[test]
    fn a_variant_is_measured_at_the_thread_counts_that_it_makes_sense_at() {
        let even = ThreadCounts::Only(|threads| threads % 2 == 0);
        let own = ThreadCounts::Own(&[2, 64]);
        assert_eq!(counts_of(ThreadCounts::All, None), [(1, true), (2, true), (4, false)]);
        assert_eq!(counts_of(even, None), [(2, true), (4, false)]);
        assert_eq!(counts_of(own, None), [(2, true), (64, false)]);
        assert_eq!(counts_of(even, Some(vec![3, 6])), [(6, true)]);
        assert_eq!(counts_of(own, Some(vec![3, 64])), [(64, true)]);
    }

    #[test]
    #[cfg(feature = "patterns")]
    fn a_little_of_what_takes_seconds_is_in_the_standard_preset_and_all_of_it_elsewhere() {
        let suite = contend_workloads::suite();
        let of = |preset: Preset, filter: Option<&str>, choice: Choice| {
            let choice =
                Choice { preset, filters: filter.map(str::to_owned).into_iter().collect(), ..choice };
            let mut plan = plan(&suite, &choice, 4, 0).unwrap();
            plan.blocks.retain(|plan| plan.block.variant == "100000");
            let of_block = |plan: &BlockPlan| {
                let scoped = |cell: &CellPlan| cell.contender == "std::thread::scope";
                let scoped = plan.cells.iter().any(scoped);
                let control = plan.cells.last().map(|cell| cell.contender.as_str());
                assert!(plan.rounds > 1 || control == Some("rayon::scope~control"), "{control:?}");
                (plan.block.threads, plan.rounds, plan.forks, scoped)
            };
            plan.blocks.iter().map(of_block).collect::<Vec<_>>()
        };
        let (standard, any) = (Preset::Standard, Choice::default);
        let little = [(4, 1, Some(10), false)];
        assert_eq!(of(Preset::Quick, None, any()), []);
        assert_eq!(of(standard, None, any()), little);
        assert_eq!(of(standard, Some("spawn/"), any()), little);
        let forks = Some(9);
        assert_eq!(of(standard, None, Choice { forks, ..any() }), [(4, 1, None, false)]);
        let rounds = Some(2); // what a budget gives up first never makes a block longer
        assert_eq!(of(standard, None, Choice { rounds, ..any() }), little);
        let standard_subset = false;
        assert_eq!(of(standard, None, Choice { standard_subset, ..any() }), []);
        let scoped = Some("spawn/100000/std::thread::scope/4");
        assert_eq!(of(standard, scoped, any()), [(4, 3, None, true)]);
        let whole = [(1, 3, None, true), (2, 3, None, true), (4, 3, None, true), (8, 2, None, true)];
        assert_eq!(of(Preset::Thorough, None, any()), whole);
    }

    #[test]
    fn what_no_thread_count_fits_is_named() {
        let suite = contend_workloads::workloads();
        let names = |threads: Option<Vec<usize>>| {
            let choice = Choice { threads, ..Choice::default() };
            let left_out = left_out(&suite, &choice);
            left_out.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(names(None).is_empty());
        let odd = names(Some(vec![1, 3]));
        if cfg!(feature = "patterns") {
            assert!(odd.contains(&"handoff/one-way".to_owned()), "{odd:?}");
            assert!(!odd.contains(&"pipeline/1us".to_owned()), "{odd:?}");
        }
        assert!(!odd.contains(&"counter/hot".to_owned()), "{odd:?}");
    }
}
