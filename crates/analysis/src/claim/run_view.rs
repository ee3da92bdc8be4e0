//! A run as claims look at it: its cells by name, its thread counts in words, and why something is not there.

use contend_record::{BlockId, Run};

use crate::verdict::{Analysis, BlockAnalysis, CellState, CellSummary};

use super::cells::CellRef;
use super::threads::Threads;

/// Why a cell cannot be used as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// Its work was wrong, so it has no time.
    Failed(String),
    /// The run does not have it.
    NotHere(String),
}

/// A run and its analysis.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunView<'a> {
    pub(super) run: &'a Run,
    pub(super) analysis: &'a Analysis,
}

impl<'a> RunView<'a> {
    pub(super) fn block(&self, id: &BlockId) -> Option<&'a BlockAnalysis> {
        self.analysis.blocks.iter().find(|block| block.block == *id)
    }

    /// The cell of `name` at this thread count, if it has numbers. The error says why it has none.
    pub(super) fn measured(&self, name: &CellRef, threads: usize) -> Result<&'a CellSummary, Absence> {
        let cell = self.planned(name, threads)?;
        match &cell.state {
            CellState::Measured => Ok(cell),
            CellState::Failed(reason) => {
                Err(Absence::Failed(format!("{name}/{threads} failed its check: {reason}")))
            }
            CellState::Missing(reason) => {
                Err(Absence::NotHere(format!("{name}/{threads} has no numbers: {reason}")))
            }
        }
    }

    /// The cell of `name` at this thread count, with numbers or without. The error says why there is none.
    pub(super) fn planned(&self, name: &CellRef, threads: usize) -> Result<&'a CellSummary, Absence> {
        let id = name.block(threads);
        let Some(block) = self.block(&id) else {
            return Err(Absence::NotHere(format!("the run has no block {id}")));
        };
        block.cell(&name.contender).ok_or_else(|| Absence::NotHere(self.absent(name, &id)))
    }

    fn absent(&self, name: &CellRef, block: &BlockId) -> String {
        let contender = &name.contender;
        let places = [block.to_string(), name.variant.to_string(), name.variant.workload.clone()];
        let mut absent = self
            .run
            .absent
            .iter()
            .filter(|absent| absent.contender == *contender && places.contains(&absent.block));
        match absent.next() {
            Some(absent) => format!("`{contender}` is not in {block}: {}", absent.reason),
            None if !self.run.plan.filters.is_empty() => {
                format!("the run's filters left `{contender}` out of {block}")
            }
            None => format!("`{contender}` is not in {block}"),
        }
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
        threads.retain(|&count| at.include(count, cores));
        if threads.is_empty() {
            return Err(format!("the run has no block {} at {at}", first.variant));
        }
        Ok(threads)
    }
}
