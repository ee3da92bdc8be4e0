//! What a claim speaks of, and where a run has it.

use std::fmt;

use super::Threads;
use crate::verdict::{Analysis, BlockAnalysis, CellState, CellSummary};
use contend_record::{BlockId, Run, VariantId, is_contender_name};

/// A contender in a variant, at whatever thread count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRef {
    /// The workload and its variant.
    pub variant: VariantId,
    /// The contender.
    pub contender: String,
}

impl CellRef {
    /// Reads `CONTENDER`, which stands in the part's own variant, or `workload/variant/CONTENDER`.
    /// The error is what is wrong with it, and what would be right.
    pub(super) fn parse(name: &str, variant: Option<&VariantId>) -> Result<Self, String> {
        let (variant, contender) = match name.rsplit_once('/') {
            Some((path, contender)) => {
                let own = path.parse::<VariantId>();
                let own = own.map_err(|_| {
                    format!("`{name}` is not a cell of the form `workload/variant/contender`")
                })?;
                (own, contender)
            }
            None => {
                let variant = variant
                    .cloned()
                    .ok_or_else(|| format!("`{name}` stands nowhere; say `in = \"workload/variant\"`"))?;
                (variant, name)
            }
        };
        if !is_contender_name(contender) {
            return Err(format!(
                "`{contender}` cannot be a contender's name: 1 to 60 of A-Z a-z 0-9 _ : . + ~ -"
            ));
        }
        Ok(Self { variant, contender: contender.to_owned() })
    }

    fn block(&self, threads: usize) -> BlockId {
        BlockId { workload: self.variant.workload.clone(), variant: self.variant.variant.clone(), threads }
    }

    /// The thread counts at which a run has blocks of the variant.
    fn threads_in(&self, run: &Run) -> Vec<usize> {
        let blocks = run.plan.blocks.iter().map(|plan| &plan.block);
        let here = blocks.filter(|block| block.of_variant() == self.variant);
        let mut threads: Vec<usize> = here.map(|block| block.threads).collect();
        threads.sort_unstable();
        threads.dedup();
        threads
    }

    /// What is wrong with it where the run has its variant, and has never heard of its contender.
    pub(super) fn unknown_to(&self, run: &Run) -> Option<String> {
        let name = &self.contender;
        if self.threads_in(run).is_empty() {
            return None;
        }
        let planned = || run.plan.blocks.iter().flat_map(|plan| &plan.cells);
        let known = planned().any(|cell| cell.contender == *name)
            || run.contenders.iter().any(|info| info.name == *name)
            || run.absent.iter().any(|absent| absent.contender == *name);
        if known {
            return None;
        }
        let here = run
            .plan
            .blocks
            .iter()
            .filter(|plan| plan.block.of_variant() == self.variant)
            .flat_map(|plan| &plan.cells);
        let nearest =
            here.map(|cell| cell.contender.as_str()).min_by_key(|other| strsim::levenshtein(name, other));
        let nearest = nearest.map(|near| format!("; `{near}` is near"));
        Some(format!(
            "run {} has block {} but knows no contender `{name}`{}",
            run.run,
            self.variant,
            nearest.unwrap_or_default()
        ))
    }

    /// Its cell at so many threads, if that has numbers. The error says why not.
    pub(super) fn measured<'a>(&self, seen: &Seen<'a>, threads: usize) -> Result<&'a CellSummary, Absence> {
        let cell = self.planned(seen, threads)?;
        match &cell.state {
            CellState::Measured => Ok(cell),
            CellState::Failed(reason) => {
                Err(Absence::Failed(format!("{self}/{threads} failed its check: {reason}")))
            }
            CellState::Missing(reason) => {
                Err(Absence::NotHere(format!("{self}/{threads} has no numbers: {reason}")))
            }
        }
    }

    /// Its cell at so many threads, with numbers or without. The error says why there is none.
    pub(super) fn planned<'a>(&self, seen: &Seen<'a>, threads: usize) -> Result<&'a CellSummary, Absence> {
        let block = self.block(threads);
        let Some(block) = seen.block(&block) else {
            return Err(Absence::NotHere(format!("the run has no block {block}")));
        };
        block.cell(&self.contender).ok_or_else(|| Absence::NotHere(self.absent(seen.run, &block.block)))
    }

    fn absent(&self, run: &Run, block: &BlockId) -> String {
        let names = [block.to_string(), self.variant.to_string(), self.variant.workload.clone()];
        let mut absent = run
            .absent
            .iter()
            .filter(|absent| absent.contender == self.contender && names.contains(&absent.block));
        match absent.next() {
            Some(absent) => format!("`{}` is not in {block}: {}", self.contender, absent.reason),
            None if !run.plan.filters.is_empty() => {
                format!("the run's filters left `{}` out of {block}", self.contender)
            }
            None => format!("`{}` is not in {block}", self.contender),
        }
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.variant, self.contender)
    }
}

/// Why a cell cannot speak for a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// Its work was wrong: it has no time, and does not deserve one.
    Failed(String),
    /// The run does not have it.
    NotHere(String),
}

/// What a claim is held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) run: &'a Run,
    pub(super) analysis: &'a Analysis,
}

impl<'a> Seen<'a> {
    pub(super) fn block(&self, id: &BlockId) -> Option<&'a BlockAnalysis> {
        self.analysis.blocks.iter().find(|block| block.block == *id)
    }

    /// The thread counts that `at` means for these cells. The error says why there are none.
    pub(super) fn threads(&self, at: &Threads, cells: &[&CellRef]) -> Result<Vec<usize>, String> {
        if let Threads::These(counts) = at {
            return Ok(counts.clone());
        }
        let Some((first, others)) = cells.split_first() else {
            return Ok(Vec::new());
        };
        let mut threads = first.threads_in(self.run);
        if threads.is_empty() {
            return Err(format!("the run has no block {}", first.variant));
        }
        for other in others {
            let too = other.threads_in(self.run);
            if too.is_empty() {
                return Err(format!("the run has no block {}", other.variant));
            }
            threads.retain(|count| too.contains(count));
        }
        let cores = self.run.plan.cores;
        threads.retain(|&count| match at {
            Threads::Cores => count == cores,
            Threads::Contended => (2..=cores).contains(&count),
            Threads::Oversubscribed => count > cores,
            Threads::All | Threads::These(_) => true,
        });
        if threads.is_empty() {
            return Err(format!("the run has no block {} at {at}", first.variant));
        }
        Ok(threads)
    }
}
