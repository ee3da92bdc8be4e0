//! Which cells are measured: those of a preset, narrowed or widened by filters.

use std::collections::BTreeSet;

use super::filter::Filter;
use super::selection::{PlanError, Preset, Selection};
use crate::record::{Absent, BlockId, FLOOR, VariantId};
use contend_workloads::registry::{StandardSubset, Suite, ThreadCounts, Variant};

/// A block that may become part of the plan.
pub(super) struct Candidate<'a> {
    pub(super) block: BlockId,
    pub(super) variant: &'a Variant,
    /// Whether the preset includes it.
    pub(super) preset: bool,
    /// The part of it that the preset includes, if the whole takes too long.
    pub(super) standard_subset: Option<StandardSubset>,
}

/// The chosen contenders of a candidate.
#[derive(Clone, Default)]
pub(super) struct ChosenContenders {
    pub(super) names: BTreeSet<String>,
    /// Whether the whole candidate counts, not only its standard subset.
    pub(super) whole: bool,
}

/// The ids of all cells that `selection` can name: with filters, those that match; otherwise those of all
/// presets. Without controls, which a plan adds.
///
/// # Errors
/// As for [`plan`](super::plan).
pub fn cell_ids(suite: &Suite, selection: &Selection, cores: usize) -> Result<Vec<String>, PlanError> {
    let candidates = candidates(suite, selection, cores);
    let assignment = selection.shard.map(|shard| super::assignment(suite, shard)).transpose()?;
    let chosen = if selection.filters.is_empty() {
        let all = |candidate: &Candidate<'_>| ChosenContenders {
            names: names(candidate).into_iter().collect(),
            whole: true,
        };
        without_skipped(&candidates, candidates.iter().map(all).collect(), selection)?
    } else {
        choose(&candidates, selection)?
    };
    let chosen = chosen.into_iter().map(|of| of.names.into_iter());
    let ids = candidates.iter().zip(chosen);
    let in_shard = |block: &BlockId| assignment.as_ref().is_none_or(|assignment| assignment.has(block));
    Ok(ids
        .filter(|(candidate, _)| in_shard(&candidate.block))
        .flat_map(|(candidate, names)| {
            let cell = |name: String| candidate.block.cell(&name).to_string();
            names.map(cell).collect::<Vec<_>>()
        })
        .collect())
}

/// The contenders of the suite that are absent, as far as `selection` would name their cells.
pub(crate) fn absent_cells<'a>(suite: &'a Suite, selection: &Selection, cores: usize) -> Vec<&'a Absent> {
    let filters = |texts: &[String]| -> Vec<Filter> {
        texts.iter().map(|text| Filter::new(text, selection.exact)).collect()
    };
    let (filters, skip) = (filters(&selection.filters), filters(&selection.skip));
    let candidates = candidates(suite, selection, cores);
    let is_named = |absent: &&Absent| {
        let covers = |candidate: &&Candidate<'_>| {
            let block = &candidate.block;
            absent.covers(&block.of_variant(), &absent.contender) || absent.block == block.to_string()
        };
        let ids = candidates.iter().filter(covers).map(|of| of.block.cell(&absent.contender).to_string());
        let named = |id: &String| {
            (filters.is_empty() || filters.iter().any(|filter| filter.matches(id)))
                && !skip.iter().any(|filter| filter.matches(id))
        };
        ids.into_iter().any(|id| named(&id)) || (filters.is_empty() && skip.is_empty())
    };
    suite.absent.iter().filter(is_named).collect()
}

/// Variants of the preset that fit none of the selected thread counts; empty without selected thread counts.
pub(crate) fn variants_without_threads(suite: &Suite, selection: &Selection) -> Vec<VariantId> {
    let Some(threads) = &selection.threads else {
        return Vec::new();
    };
    let fits = |variant: &Variant| match variant.thread_counts {
        ThreadCounts::All => true,
        ThreadCounts::Only(fits) => threads.iter().any(|count| fits(*count)),
        ThreadCounts::Own(own) => threads.iter().any(|count| own.contains(count)),
    };
    let variants = suite.variants.iter();
    variants
        .filter(|variant| selection.preset.includes(variant.tier, false) && !fits(variant))
        .map(|variant| variant.info.id.clone())
        .collect()
}

/// Every variant at every thread count that it supports.
pub(super) fn candidates<'a>(suite: &'a Suite, selection: &Selection, cores: usize) -> Vec<Candidate<'a>> {
    let preset = selection.preset.threads(cores);
    let all = match &selection.threads {
        Some(threads) => threads.iter().copied().collect(),
        None => Preset::Thorough.threads(cores),
    };
    let selected = selection.threads.is_some();
    let candidate = |variant: &'a Variant, threads: usize| {
        let id = &variant.info.id;
        // A selected count is measured in all of the preset's variants. So is a variant's own count up to
        // four threads per core: more take long and measure the scheduler.
        let own = matches!(variant.thread_counts, ThreadCounts::Own(_));
        let oversubscribed = !selected && threads > if own { 4 * cores } else { cores };
        let selected = selected || own;
        Candidate {
            block: BlockId { workload: id.workload.clone(), variant: id.variant.clone(), threads },
            variant,
            preset: selection.preset.includes(variant.tier, oversubscribed)
                && (selected || preset.contains(&threads)),
            standard_subset: variant.standard_subset.filter(|_| {
                selection.standard_subset && selection.preset == Preset::Standard && threads == cores
            }),
        }
    };
    let counts = |variant: &Variant| -> Vec<usize> {
        match variant.thread_counts {
            ThreadCounts::All => all.iter().copied().collect(),
            ThreadCounts::Only(fits) => all.iter().copied().filter(|count| fits(*count)).collect(),
            ThreadCounts::Own(own) => {
                let wanted = |count: &usize| selection.threads.is_none() || all.contains(count);
                own.iter().copied().filter(wanted).collect()
            }
        }
    };
    suite
        .variants
        .iter()
        .flat_map(|variant| {
            let counts = counts(variant).into_iter();
            counts.map(move |threads| (variant, threads))
        })
        .map(|(variant, threads)| candidate(variant, threads))
        .collect()
}

/// All contenders of a candidate.
fn names(candidate: &Candidate<'_>) -> Vec<String> {
    let contenders = &candidate.variant.contenders;
    contenders.iter().map(|contender| contender.info.name.clone()).collect()
}

/// The contenders that the preset includes.
fn preset_names(candidate: &Candidate<'_>) -> Vec<String> {
    let mut names = match candidate.preset || candidate.standard_subset.is_some() {
        true => names(candidate),
        false => Vec::new(),
    };
    if let Some(standard_subset) = candidate.standard_subset {
        names.retain(|name| !standard_subset.without.contains(&name.as_str()));
    }
    names
}

/// The contenders of each candidate to measure. A filter selects among the preset's cells. If it matches none
/// of them, it selects among all cells.
pub(super) fn choose(
    candidates: &[Candidate<'_>],
    selection: &Selection,
) -> Result<Vec<ChosenContenders>, PlanError> {
    if selection.filters.is_empty() {
        let of_preset = |candidate: &Candidate<'_>| ChosenContenders {
            names: preset_names(candidate).into_iter().collect(),
            whole: candidate.preset,
        };
        return without_skipped(candidates, candidates.iter().map(of_preset).collect(), selection);
    }
    let mut chosen = vec![ChosenContenders::default(); candidates.len()];
    for text in &selection.filters {
        let filter = Filter::new(text, selection.exact);
        let found = choose_matching(candidates, &mut chosen, &filter, false)
            || choose_matching(candidates, &mut chosen, &filter, true);
        if !found {
            return Err(filter.no_match(ids(candidates)));
        }
    }
    without_skipped(candidates, chosen, selection)
}

/// `chosen` without the contenders that the selection skips.
///
/// # Errors
/// If none is left.
fn without_skipped(
    candidates: &[Candidate<'_>],
    mut chosen: Vec<ChosenContenders>,
    selection: &Selection,
) -> Result<Vec<ChosenContenders>, PlanError> {
    if selection.skip.is_empty() {
        return Ok(chosen);
    }
    let skip: Vec<Filter> = selection.skip.iter().map(|text| Filter::new(text, selection.exact)).collect();
    for filter in &skip {
        if let Some(reason) = filter.syntax_error()
            && !ids(candidates).any(|id| filter.matches(&id))
        {
            let (filter, reason) = (filter.text().to_owned(), reason.to_owned());
            return Err(PlanError::NoExpression { filter, reason });
        }
    }
    for (candidate, chosen) in candidates.iter().zip(&mut chosen) {
        chosen.names.retain(|name| {
            let id = candidate.block.cell(name).to_string();
            !skip.iter().any(|filter| filter.matches(&id))
        });
        // A floor by itself compares nothing.
        let floor = |name: &String| name == FLOOR;
        if chosen.names.iter().all(floor) {
            chosen.names.clear();
        }
    }
    match chosen.iter().all(|of| of.names.is_empty()) {
        true => Err(PlanError::AllSkipped(selection.skip.clone())),
        false => Ok(chosen),
    }
}

/// The ids of all cells of `candidates`.
fn ids<'a>(candidates: &'a [Candidate<'_>]) -> impl Iterator<Item = String> + 'a {
    candidates.iter().flat_map(|candidate| {
        names(candidate).into_iter().map(|name| candidate.block.cell(&name).to_string())
    })
}

/// Chooses the contenders whose ids `filter` matches: those of the preset, or all of them if `whole`. Returns
/// whether there are any.
fn choose_matching(
    candidates: &[Candidate<'_>],
    chosen: &mut [ChosenContenders],
    filter: &Filter,
    whole: bool,
) -> bool {
    let mut found = false;
    for (candidate, chosen) in candidates.iter().zip(chosen) {
        let mut matching = match whole {
            true => names(candidate),
            false => preset_names(candidate),
        };
        matching.retain(|name| filter.matches(&candidate.block.cell(name).to_string()));
        if !matching.is_empty() {
            found = true;
            chosen.whole |= whole || candidate.preset;
            chosen.names.extend(matching);
        }
    }
    found
}
