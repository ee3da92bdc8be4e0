//! The verdict on each cell of two runs.

use contend_record::{BlockPlan, Run};

use crate::verdict::{
    Analysis, BlockAnalysis, CellState, CellSummary, ClassStanding, Outcome, PAIR_ERROR, Standing, Threshold,
    unpaired,
};

use super::comparability;
use super::drift::BlockShifts;
use super::{BlockChange, CellChange, Change, CompareError, Compared, Counts, Leaders, Reading, Shift, Side};

/// Two runs, and the rules for comparing them.
pub(super) struct RunPair<'a> {
    pub(super) first: &'a Run,
    pub(super) second: &'a Run,
    pub(super) threshold: f64,
    pub(super) side_by_side: Vec<String>,
}

impl RunPair<'_> {
    /// Compares the runs cell by cell.
    pub(super) fn compare(self, first: &Analysis, second: &Analysis) -> Result<Compared, CompareError> {
        let of = |analysis: &'_ Analysis, block: &BlockAnalysis| {
            let same = |other: &&BlockAnalysis| other.block == block.block;
            analysis.blocks.iter().find(same).cloned()
        };
        let mut blocks: Vec<BlockChange> = Vec::new();
        for block in &second.blocks {
            blocks.push(match of(first, block) {
                Some(before) => self.block(&before, block),
                None => self.alone(block, self.first, false),
            });
        }
        let gone = first.blocks.iter().filter(|block| of(second, block).is_none());
        blocks.extend(gone.map(|block| self.alone(block, self.second, true)));

        let has_both = |cell: &CellChange| cell.first.median.and(cell.second.median).is_some();
        if !blocks.iter().flat_map(|block| &block.cells).any(has_both) {
            if let Some((cell, reason)) = common_without_numbers(first, second) {
                let (first, second) = (self.first.run.clone(), self.second.run.clone());
                return Err(CompareError::NothingMeasured { first, second, cell, reason });
            }
            return Err(CompareError::NothingInCommon {
                first: self.first.run.clone(),
                second: self.second.run.clone(),
                first_has: variants(self.first),
                second_has: variants(self.second),
            });
        }
        let counts = count(&blocks);
        Ok(Compared {
            first: side(self.first),
            second: side(self.second),
            paired: false,
            threshold: self.threshold,
            differences: comparability::differences(self.first, self.second),
            expected_wrong: f64::from(counts.verdicts()) * PAIR_ERROR,
            side_by_side: self.side_by_side,
            counts,
            together: Vec::new(),
            blocks,
        })
    }

    /// A block that both runs have.
    fn block(&self, first: &BlockAnalysis, second: &BlockAnalysis) -> BlockChange {
        let compared = self.side_by_side.is_empty();
        let other_work = comparability::other_work(self.first, self.second, &second.block);
        let shifts = match (compared, &other_work) {
            (true, None) => BlockShifts::of(first, second, self.threshold),
            _ => BlockShifts::default(),
        };
        let mut cells: Vec<CellChange> = Vec::new();
        // Another contender may be the control in the other run, so a control without a counterpart is left out.
        let counts = |cell: &&CellSummary, other: &BlockAnalysis| {
            cell.cell.control_of().is_none() || other.cell(&cell.cell.contender).is_some()
        };
        for after in second.cells.iter().filter(|cell| counts(cell, first)) {
            let before = first.cell(&after.cell.contender);
            let mut cell = CellChange {
                cell: after.cell.clone(),
                first: before.map_or_else(|| absent(self.first), reading),
                second: reading(after),
                verdict: None,
                not_slower: None,
                shift: None,
                notes: Vec::new(),
            };
            match (compared, before, &other_work) {
                (false, ..) => {}
                (true, Some(before), None) => self.judge(&mut cell, before, after, &shifts),
                (true, _, _) => cell.verdict = Some(Change::NotCompared),
            }
            cells.push(cell);
        }
        let gone = |cell: &&CellSummary| second.cell(&cell.cell.contender).is_none();
        let verdict = compared.then_some(Change::NotCompared);
        let gone = first.cells.iter().filter(gone);
        let gone = gone.filter(|cell| counts(cell, second));
        cells.extend(gone.map(|before| CellChange {
            cell: before.cell.clone(),
            first: reading(before),
            second: absent(self.second),
            verdict,
            not_slower: None,
            shift: None,
            notes: Vec::new(),
        }));
        let mut notes: Vec<String> = other_work.into_iter().collect();
        notes.extend(comparability::other_windows(plan(self.first, first), plan(self.second, second)));
        notes.extend(shifts.notes(self.threshold));
        BlockChange {
            block: second.block.to_string(),
            drift: shifts.common(),
            leaders: match compared {
                true => Vec::new(),
                false => leaders(first, second),
            },
            notes,
            cells,
        }
    }

    /// A block that the run `other` does not have.
    fn alone(&self, block: &BlockAnalysis, other: &Run, of_first: bool) -> BlockChange {
        let cells = block.cells.iter().map(|cell| {
            let (first, second) = match of_first {
                true => (reading(cell), absent(other)),
                false => (absent(other), reading(cell)),
            };
            CellChange {
                cell: cell.cell.clone(),
                first,
                second,
                verdict: self.side_by_side.is_empty().then_some(Change::NotCompared),
                not_slower: None,
                shift: None,
                notes: Vec::new(),
            }
        });
        BlockChange {
            block: block.block.to_string(),
            drift: None,
            leaders: Vec::new(),
            notes: vec![format!("run {} does not have this block", other.run)],
            cells: cells.collect(),
        }
    }

    /// The verdict on a cell that both runs planned.
    fn judge(&self, cell: &mut CellChange, before: &CellSummary, after: &CellSummary, shifts: &BlockShifts) {
        cell.verdict = Some(match (&before.state, &after.state) {
            (CellState::Measured, CellState::Failed(_)) => Change::Failed,
            _ => Change::NotCompared,
        });
        if before.state != CellState::Measured || after.state != CellState::Measured {
            return;
        }
        let Some(moved) = unpaired(after, before, self.threshold) else {
            let units = format!("measured in {} and in {}", before.unit, after.unit);
            cell.notes.push(units);
            return;
        };
        let drift = shifts.beside(&after.cell.contender);
        let beyond = drift.map(|drift| drift.removed_from(moved.ratio, moved.low, moved.high));
        cell.shift = Some(Shift {
            ratio: moved.ratio,
            low: moved.low,
            high: moved.high,
            ratio_beyond_drift: beyond.map(|(ratio, _, _)| ratio),
            low_beyond_drift: beyond.map(|(_, low, _)| low),
            high_beyond_drift: beyond.map(|(_, _, high)| high),
        });
        cell.notes.extend(moved.notes);
        let beyond = match beyond {
            Some((_, low, high)) if moved.enough => {
                Threshold::new(self.threshold).outcome_of_ratios((low, high))
            }
            Some(_) => Outcome::Unresolved,
            None => {
                let alone = "without other cells in its block, a change cannot be distinguished from drift";
                cell.notes.push(alone.to_owned());
                Outcome::Unresolved
            }
        };
        // The shift by itself and the shift beyond the drift must agree.
        let agreed = match moved.outcome == beyond {
            true => beyond,
            false => Outcome::Unresolved,
        };
        cell.verdict = Some(Change::Compared(agreed));
        if moved.outcome.differs()
            && drift.is_some()
            && beyond != moved.outcome
            && !shifts.shifted(self.threshold)
        {
            cell.notes.push("not distinguishable from the drift of its block".to_owned());
        }
    }
}

/// A cell that both runs planned, and why one of them has no numbers for it.
fn common_without_numbers(first: &Analysis, second: &Analysis) -> Option<(String, String)> {
    let cells = |of: &'_ Analysis| of.blocks.iter().flat_map(|block| block.cells.clone()).collect::<Vec<_>>();
    let (before, after) = (cells(first), cells(second));
    let mut common =
        before.iter().filter_map(|one| Some((one, after.iter().find(|of| of.cell == one.cell)?)));
    common
        .find_map(|(one, other)| Some((one.cell.to_string(), reading(one).reason.or(reading(other).reason)?)))
}

pub(super) fn reading(cell: &CellSummary) -> Reading {
    Reading {
        median: cell.median,
        unit: cell.unit.clone(),
        interval: cell.interval,
        forks: cell.forks.len(),
        reason: match &cell.state {
            CellState::Measured => None,
            CellState::Failed(reason) => Some(format!("failed: {reason}")),
            CellState::Missing(reason) => Some(reason.clone()),
        },
    }
}

pub(super) fn absent(from: &Run) -> Reading {
    Reading {
        median: None,
        unit: String::new(),
        interval: None,
        forks: 0,
        reason: Some(format!("not in run {}", from.run)),
    }
}

pub(super) fn count(blocks: &[BlockChange]) -> Counts {
    let mut counts = Counts::default();
    let cells = blocks.iter().flat_map(|block| &block.cells);
    for change in cells.filter(|c| !c.cell.is_floor()).filter_map(|c| c.verdict) {
        counts.add(change);
    }
    counts
}

fn plan<'a>(run: &'a Run, block: &BlockAnalysis) -> Option<&'a BlockPlan> {
    run.plan.blocks.iter().find(|plan| plan.block == block.block)
}

pub(super) fn side(run: &Run) -> Side {
    Side {
        run: run.run.clone(),
        started: run.started.clone(),
        cpu: comparability::fact(run, "cpu_model").to_owned(),
        toolchain: comparability::fact(run, "rustc").to_owned(),
    }
}

fn variants(run: &Run) -> String {
    let blocks = run.plan.blocks.iter();
    let mut ids: Vec<String> = blocks.map(|plan| plan.block.to_string()).collect();
    ids.dedup();
    if ids.len() > 8 {
        let more = ids.len() - 7;
        ids.truncate(7);
        ids.push(format!("{more} more blocks"));
    }
    match ids.is_empty() {
        true => "no block".to_owned(),
        false => ids.join(", "),
    }
}

fn leaders(first: &BlockAnalysis, second: &BlockAnalysis) -> Vec<Leaders> {
    let other = |class| first.standings.iter().find(move |of| of.class == class);
    let leaders = second.standings.iter().filter_map(|standing| {
        Some(Leaders {
            class: standing.class,
            first: leader(other(standing.class)?),
            second: leader(standing),
        })
    });
    leaders.collect()
}

fn leader(of: &ClassStanding) -> String {
    match &of.standing {
        Standing::Winner { contender, .. } => contender.clone(),
        Standing::Tied { contenders } => format!("tie of {}", contenders.join(", ")),
        Standing::Unresolved { contenders, reason } => {
            let reason = reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
            format!("unresolved between {}{reason}", contenders.join(", "))
        }
        Standing::Alone { contender } => format!("{contender} alone"),
        Standing::NotMeasured => "none".to_owned(),
    }
}
