//! Which cells are measured: what a preset has, and what filters make of it.

use std::collections::BTreeSet;

use super::{Choice, PlanError, Preset};
use crate::record::{BlockId, VariantId};
use crate::session::filter::Filter;
use contend_workloads::registry::{StandardSubset, Suite, ThreadCounts, Variant};

/// One block before it is known whether it is part of the plan.
pub(super) struct Candidate<'a> {
    pub(super) block: BlockId,
    pub(super) variant: &'a Variant,
    /// Whether the preset has it.
    pub(super) preset: bool,
    /// Whether the preset, which is too short for all of it, has a little of it.
    pub(super) standard_subset: Option<StandardSubset>,
}

/// What was chosen of a candidate.
#[derive(Clone, Default)]
pub(super) struct Chosen {
    pub(super) names: BTreeSet<String>,
    /// Whether something is among it that the preset has not, not even sparingly.
    pub(super) all: bool,
}

/// The ids of all cells that `choice` may name: those of its preset, and where filters stand, those
/// that they match. Without the controls, which a plan adds.
///
/// # Errors
/// As for [`plan`](super::plan).
pub fn list(suite: &Suite, choice: &Choice, cores: usize) -> Result<Vec<String>, PlanError> {
    let candidates = candidates(suite, choice, cores);
    let chosen: Vec<Vec<String>> = if choice.filters.is_empty() {
        candidates.iter().map(names).collect()
    } else {
        let chosen = choose(&candidates, choice)?.into_iter();
        chosen.map(|of| of.names.into_iter().collect()).collect()
    };
    let ids = candidates.iter().zip(chosen);
    Ok(ids
        .flat_map(|(candidate, names)| {
            let cell = |name: String| candidate.block.cell(&name).to_string();
            names.into_iter().map(cell).collect::<Vec<_>>()
        })
        .collect())
}

/// Variants of the preset that none of the thread counts of `choice` fits, where it names such counts.
pub(crate) fn left_out(suite: &Suite, choice: &Choice) -> Vec<VariantId> {
    let Some(threads) = &choice.threads else {
        return Vec::new();
    };
    let fits = |variant: &Variant| match variant.thread_counts {
        ThreadCounts::All => true,
        ThreadCounts::Only(fits) => threads.iter().any(|count| fits(*count)),
        ThreadCounts::Own(own) => threads.iter().any(|count| own.contains(count)),
    };
    let variants = suite.variants.iter();
    variants
        .filter(|variant| choice.preset.has(variant.tier, false) && !fits(variant))
        .map(|variant| variant.info.id.clone())
        .collect()
}

/// Every variant at every thread count that it makes sense at.
pub(super) fn candidates<'a>(suite: &'a Suite, choice: &Choice, cores: usize) -> Vec<Candidate<'a>> {
    let preset = choice.preset.threads(cores);
    let all = match &choice.threads {
        Some(threads) => threads.iter().copied().collect(),
        None => Preset::Thorough.threads(cores),
    };
    let asked = choice.threads.is_some();
    let candidate = |variant: &'a Variant, threads: usize| {
        let id = &variant.info.id;
        // A count that was asked for is measured in all of the preset's variants, and so is one that
        // is the variant's own, up to four threads a core: far more take long, and tell of the
        // scheduler first.
        let own = matches!(variant.thread_counts, ThreadCounts::Own(_));
        let oversubscribed = !asked && threads > if own { 4 * cores } else { cores };
        let asked = asked || own;
        Candidate {
            block: BlockId { workload: id.workload.clone(), variant: id.variant.clone(), threads },
            variant,
            preset: choice.preset.has(variant.tier, oversubscribed) && (asked || preset.contains(&threads)),
            standard_subset: variant
                .standard_subset
                .filter(|_| choice.standard_subset && choice.preset == Preset::Standard && threads == cores),
        }
    };
    let counts = |variant: &Variant| -> Vec<usize> {
        match variant.thread_counts {
            ThreadCounts::All => all.iter().copied().collect(),
            ThreadCounts::Only(fits) => all.iter().copied().filter(|count| fits(*count)).collect(),
            ThreadCounts::Own(own) => {
                let wanted = |count: &usize| choice.threads.is_none() || all.contains(count);
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

fn names(candidate: &Candidate<'_>) -> Vec<String> {
    let contenders = &candidate.variant.contenders;
    contenders.iter().map(|member| member.info.name.clone()).collect()
}

/// Those that the preset has.
fn of_preset(candidate: &Candidate<'_>) -> Vec<String> {
    let mut names = match candidate.preset || candidate.standard_subset.is_some() {
        true => names(candidate),
        false => Vec::new(),
    };
    if let Some(standard_subset) = candidate.standard_subset {
        names.retain(|name| !standard_subset.without.contains(&name.as_str()));
    }
    names
}

/// The contenders of each candidate that are to be measured. A filter is looked up in the preset's
/// cells; where it matches none of them, in all others.
pub(super) fn choose(candidates: &[Candidate<'_>], choice: &Choice) -> Result<Vec<Chosen>, PlanError> {
    if choice.filters.is_empty() {
        let all = |candidate: &Candidate<'_>| Chosen {
            names: of_preset(candidate).into_iter().collect(),
            all: candidate.preset,
        };
        return Ok(candidates.iter().map(all).collect());
    }
    let mut chosen = vec![Chosen::default(); candidates.len()];
    for text in &choice.filters {
        let filter = Filter::new(text, choice.exact)?;
        let mut any = false;
        for (all, of) in [(false, of_preset as fn(&Candidate<'_>) -> Vec<String>), (true, names)] {
            for (candidate, chosen) in candidates.iter().zip(&mut chosen) {
                let block = &candidate.block;
                let mut matching = of(candidate);
                matching.retain(|name| filter.matches(&block.cell(name).to_string()));
                any |= !matching.is_empty();
                chosen.all |= !matching.is_empty() && (all || candidate.preset);
                chosen.names.extend(matching);
            }
            if any {
                break;
            }
        }
        if !any {
            let ids = candidates.iter().flat_map(|candidate| {
                names(candidate).into_iter().map(|name| candidate.block.cell(&name).to_string())
            });
            return Err(filter.no_match(ids));
        }
    }
    Ok(chosen)
}
