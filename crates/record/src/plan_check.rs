//! Whether records are those of the plan: its cells, its forks and rounds, each once.

use std::collections::{HashMap, HashSet};

use crate::record_file::{Problem, contradiction};
use crate::{BlockId, BlockPlan, CellId, Plan, Record, Status, VALUES, WINDOW_CHECK, WindowCheck};

/// The blocks that the records of a file may be of.
pub(crate) struct PlannedBlocks<'a>(HashMap<&'a BlockId, PlannedBlock<'a>>);

impl<'a> PlannedBlocks<'a> {
    /// The blocks of `plan`, with its extra forks.
    pub(crate) fn of(plan: &'a Plan) -> Self {
        let extra = plan.more.iter().flat_map(|more| &more.looks).map(|look| look.forks);
        let most = extra.max().unwrap_or(0);
        let of_block = |block: &BlockPlan| (most.max(plan.forks_of(block)), block.rounds);
        Self(
            plan.blocks
                .iter()
                .map(|block| (&block.block, PlannedBlock::new(block, of_block(block))))
                .collect(),
        )
    }

    /// The blocks of the window check of `plan`; none if it has no check.
    pub(crate) fn of_window_check(plan: &'a Plan) -> Self {
        let of_check = |check: &'a WindowCheck| {
            let covered = plan.blocks.iter().filter(|block| check.covers(block));
            covered.map(|block| {
                (&block.block, PlannedBlock::new(block, (check.forks, check.of(block, &[]).rounds)))
            })
        };
        Self(plan.window_check.iter().flat_map(of_check).collect())
    }

    /// The records that belong to them, of those read from the lines of `file`. What does not belong or contradicts
    /// itself is named in `problems`.
    pub(crate) fn check(
        &self,
        file: &str,
        records: Vec<(usize, Record)>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Record> {
        let mut seen = HashSet::new();
        let mut kept = Vec::with_capacity(records.len());
        for (line, record) in records {
            let wrong = self.wrong(file, &record, &mut seen);
            if let Some((what, left_out)) = wrong {
                let lines = line..line + 1;
                problems.push(Problem { file: file.to_owned(), lines, what, left_out, edited: false });
                if left_out {
                    continue;
                }
            }
            kept.push(record);
        }
        kept
    }

    /// What is wrong with a record of `file`, and whether it is left out. `seen` has the windows that count so far.
    fn wrong(
        &self,
        file: &str,
        record: &Record,
        seen: &mut HashSet<(CellId, u32, u32)>,
    ) -> Option<(String, bool)> {
        let (cell, fork, round) = (&record.cell, record.fork, record.round);
        let block = self.0.get(&cell.block());
        let Some(block) = block.filter(|block| block.contenders.contains(cell.contender.as_str())) else {
            return Some((format!("{cell} is not in the plan"), true));
        };
        if record.status == Status::Ok && !seen.insert((cell.clone(), fork, round)) {
            return Some((format!("{cell} has round {round} of fork {fork} twice"), true));
        }
        if let Some(what) = block.beyond(record) {
            // One more fork of the check could confirm a winner that it refuted. None has number 0.
            return Some((format!("{cell} {what}"), file == WINDOW_CHECK || fork == 0 || round == 0));
        }
        let is_usable = [record.ns_per_op, record.value].iter().flatten().all(|value| VALUES.contains(value));
        contradiction(record).map(|what| (what, !is_usable))
    }
}

/// What the plan says of a block.
struct PlannedBlock<'a> {
    contenders: HashSet<&'a str>,
    forks: u32,
    rounds: u32,
}

impl<'a> PlannedBlock<'a> {
    fn new(block: &'a BlockPlan, (forks, rounds): (u32, u32)) -> Self {
        Self { contenders: block.cells.iter().map(|cell| cell.contender.as_str()).collect(), forks, rounds }
    }

    /// How a record lies beyond the plan, if it does.
    fn beyond(&self, record: &Record) -> Option<String> {
        let Self { forks, rounds, .. } = *self;
        let beyond = |name, at: u32, planned| {
            (at == 0 || at > planned).then(|| format!("has {name} {at} of {planned} planned"))
        };
        // The window check has more forks than the plan, and its failures stand with the other records.
        let fork = beyond("fork", record.fork, forks).filter(|_| record.status != Status::Failed);
        fork.or_else(|| beyond("round", record.round, rounds))
    }
}
