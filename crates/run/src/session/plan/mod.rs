//! The plan: which cells are measured, in which blocks, how often, and how long that takes. It is made and
//! printed before anything is measured.

mod assignment;
mod candidates;
mod cost;
mod filter;
mod selection;
mod shard;

use std::time::Duration;

use crate::record::{BlockPlan, CONTROL, CellPlan, Class, Plan};
use candidates::{Candidate, ChosenContenders, candidates, choose};
use contend_workloads::registry::{RegisteredContender, Suite};

pub(crate) use assignment::Assignment;
pub use candidates::cell_ids;
pub(crate) use candidates::{absent_cells, variants_without_threads};
pub use cost::memory;
use cost::oversubscription;
pub(crate) use cost::{costs_of, estimate, extra_memory, fork_estimate, memory_of_builds};
pub(crate) use filter::Filter;
use selection::rounds_and_window;
pub use selection::{PlanError, Preset, Selection, most_threads};
pub use shard::Shard;

/// The fewest forks of a block in its standard subset; criterion takes no fewer samples.
const SUBSET_FORKS: u32 = 10;

/// The smallest difference that matters.
const THRESHOLD: f64 = 0.03;

/// Plans `selection` on a machine with `cores` CPUs. `first_control` is the index of the contender that is
/// the first block's control; it rotates from there. A block in its standard subset has the fewest forks
/// that make sense; the caller adds what its verdicts need.
///
/// # Errors
/// If a filter matches nothing.
pub fn plan(
    suite: &Suite,
    selection: &Selection,
    cores: usize,
    first_control: usize,
) -> Result<Plan, PlanError> {
    if suite.variants.iter().all(|variant| variant.contenders.is_empty()) {
        return Err(PlanError::EmptySuite);
    }
    let candidates = candidates(suite, selection, cores);
    let chosen = choose(&candidates, selection)?;
    let mut blocks = Vec::new();
    let mut control = first_control;
    for (candidate, chosen) in candidates.iter().zip(chosen) {
        if !chosen.names.is_empty() {
            let block = block_plan(candidate, &chosen, selection, cores, control);
            control += usize::from(has_control(&block));
            blocks.push(block);
        }
    }
    if blocks.is_empty() {
        return Err(PlanError::NoThreads);
    }
    let mut plan = Plan {
        preset: selection.preset.name().to_owned(),
        filters: selection.recorded_filters(),
        forks: selection.forks(),
        estimate_s: 0.0,
        threshold: THRESHOLD,
        cores,
        cpus: None,
        pinned: false,
        in_process: selection.in_process,
        baseline_contender: None,
        more: None,
        window_check: None,
        blocks,
    };
    if let Some(shard) = selection.shard {
        assignment(suite, shard)?.cut(&mut plan);
    }
    plan.estimate_s = estimate(&plan).as_secs_f64();
    Ok(plan)
}

/// Which blocks of any plan of `suite` are in which shard.
///
/// # Errors
/// As [`plan`].
pub(crate) fn assignment(suite: &Suite, shard: Shard) -> Result<Assignment, PlanError> {
    Assignment::new(shard, |selection, cpus| plan(suite, selection, cpus, 0))
}

/// The plan of one block: its chosen contenders, the floor, and a control that `control` selects.
fn block_plan(
    candidate: &Candidate<'_>,
    chosen: &ChosenContenders,
    selection: &Selection,
    cores: usize,
    control: usize,
) -> BlockPlan {
    let threads = candidate.block.threads;
    let subset = candidate.standard_subset.filter(|_| !chosen.whole);
    let run_on = candidate.variant.contenders.iter().any(|contender| contender.workers_run_on);
    let (preset_rounds, preset_window) = rounds_and_window(threads, cores, run_on);
    let (rounds, forks, overhead) = match subset {
        Some(subset) => {
            let forks = Some(SUBSET_FORKS).filter(|_| selection.forks.is_none());
            (1, forks, subset.per_window_overhead)
        }
        None => {
            let overhead = candidate.variant.per_window_overhead;
            // A third round of windows that take longer than planned is too much.
            let most = if overhead > preset_window { 2 } else { selection.preset.most_rounds() };
            (selection.rounds.unwrap_or(preset_rounds.min(most)), None, overhead)
        }
    };
    let cell = |contender: &RegisteredContender, name: String| {
        let runnable = (contender.runnable)(threads);
        CellPlan {
            contender: name,
            class: contender.class,
            runnable: runnable as u32,
            oversubscribed: runnable > cores,
        }
    };
    let is_chosen = |contender: &RegisteredContender| chosen.names.contains(&contender.info.name);
    let contenders = &candidate.variant.contenders;
    let mut cells: Vec<_> = contenders
        .iter()
        .filter(|contender| contender.class == Class::Floor || is_chosen(contender))
        .map(|contender| cell(contender, contender.info.name.clone()))
        .collect();
    let ranked: Vec<_> = contenders
        .iter()
        .filter(|contender| contender.class != Class::Floor && is_chosen(contender))
        .collect();
    if !ranked.is_empty() {
        let own = ranked.iter().find(|contender| subset.is_some_and(|of| of.control == contender.info.name));
        let contender = own.unwrap_or(&ranked[control % ranked.len()]);
        cells.push(cell(contender, format!("{}{CONTROL}", contender.info.name)));
    }
    let nanos = |duration: Duration| duration.as_nanos() as u64;
    let overhead = overhead + if run_on { oversubscription(threads, cores) } else { Duration::ZERO };
    BlockPlan {
        block: candidate.block.clone(),
        forks,
        rounds,
        window_ns: nanos(selection.window.unwrap_or(preset_window)),
        frame_ns: nanos(overhead),
        cells,
    }
}

fn has_control(block: &BlockPlan) -> bool {
    let last = block.cells.last();
    last.is_some_and(|cell| cell.contender.ends_with(CONTROL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contend_workloads::registry::Description;

    use crate::record::WorkloadGroup;
    use contend_workloads::registry::{ThreadCounts, Tier};

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
        let selection = Selection { threads, ..Selection::default() };
        let found = candidates(&suite, &selection, 2);
        let count = |candidate: &Candidate<'_>| (candidate.block.threads, candidate.preset);
        found.iter().map(count).collect()
    }

    #[test]
    fn a_variant_is_measured_at_the_thread_counts_that_it_supports() {
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
    fn multi_second_blocks_are_a_subset_in_the_standard_preset_and_whole_elsewhere() {
        let suite = contend_workloads::suite();
        let of = |preset: Preset, filter: Option<&str>, selection: Selection| {
            let selection =
                Selection { preset, filters: filter.map(str::to_owned).into_iter().collect(), ..selection };
            let mut plan = plan(&suite, &selection, 4, 0).unwrap();
            plan.blocks.retain(|plan| plan.block.variant == "100000");
            let of_block = |plan: &BlockPlan| {
                let scoped = |cell: &CellPlan| cell.contender == "std::thread::scope";
                let scoped = plan.cells.iter().any(scoped);
                let control = plan.cells.last().map(|cell| cell.contender.as_str());
                assert!(scoped || control == Some("rayon::scope~control"), "{control:?}");
                (plan.block.threads, plan.rounds, plan.forks, scoped)
            };
            plan.blocks.iter().map(of_block).collect::<Vec<_>>()
        };
        let (standard, any) = (Preset::Standard, Selection::default);
        let subset = [(4, 1, Some(10), false)];
        assert_eq!(of(Preset::Quick, None, any()), []);
        assert_eq!(of(standard, None, any()), subset);
        assert_eq!(of(standard, Some("spawn/"), any()), subset);
        let forks = Some(9);
        assert_eq!(of(standard, None, Selection { forks, ..any() }), [(4, 1, None, false)]);
        let rounds = Some(2); // the first reduction of a budget never makes a block longer
        assert_eq!(of(standard, None, Selection { rounds, ..any() }), subset);
        let standard_subset = false;
        assert_eq!(of(standard, None, Selection { standard_subset, ..any() }), []);
        let scoped = Some("spawn/100000/std::thread::scope/4");
        assert_eq!(of(standard, scoped, any()), [(4, 2, None, true)]);
        let whole = [(1, 2, None, true), (2, 2, None, true), (4, 2, None, true), (8, 1, None, true)];
        assert_eq!(of(Preset::Thorough, None, any()), whole);
    }

    #[test]
    fn a_quick_run_has_at_most_two_rounds_unless_they_are_asked_for() {
        let suite = contend_workloads::workloads();
        let rounds = |preset, rounds| {
            let plan = plan(&suite, &Selection { preset, rounds, ..Selection::default() }, 2, 0).unwrap();
            plan.blocks.iter().map(|plan| plan.rounds).max()
        };
        assert_eq!(rounds(Preset::Quick, None), Some(2));
        assert_eq!(rounds(Preset::Standard, None), Some(3));
        assert_eq!(rounds(Preset::Quick, Some(5)), Some(5));
    }

    #[test]
    fn variants_that_fit_no_thread_count_are_named() {
        let suite = contend_workloads::workloads();
        let names = |threads: Option<Vec<usize>>| {
            let selection = Selection { threads, ..Selection::default() };
            let left_out = variants_without_threads(&suite, &selection);
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

    #[test]
    fn a_suite_without_contenders_and_threads_that_nothing_supports_have_no_plan() {
        let selection = Selection::default();
        assert_eq!(plan(&Suite::empty(), &selection, 2, 0), Err(PlanError::EmptySuite));
        let mut suite = contend_workloads::suite();
        assert!(plan(&suite, &selection, 2, 0).is_ok());
        suite.variants.iter_mut().for_each(|variant| variant.thread_counts = ThreadCounts::Only(|_| false));
        assert_eq!(plan(&suite, &selection, 2, 0), Err(PlanError::NoThreads));
    }
}
