//! Two runs, cell by cell: before and after a change, or two machines. Knows records and verdicts, no
//! workload and no contender.
//!
//! `likeness` says whether two runs may be compared at all: of one CPU and one toolchain. If not, they
//! are shown side by side: no ratio, no verdict. `drift` says what the cells of a block shifted by in
//! common: that is the machine's doing, or at least nobody can say that it is one cell's. A cell counts
//! as changed when it moved by more than the threshold **and** by more than the threshold beyond the
//! drift; it ties when both are within it; all else is unresolved. `show` writes the result.
//!
//! Forks of two runs are no pairs: [`unpaired`] has the method. Each interval answers for itself, so of
//! a hundred cells one may be wrong; [`Compared::expected_wrong`] says how many.

mod drift;
mod likeness;
mod show;
#[cfg(test)]
mod tests;

use serde::{Serialize, Serializer};

use crate::record::{BlockPlan, CellId, Journal, Run};
use crate::verdict::{
    Analysis, BlockAnalysis, CellState, CellSummary, ClassStanding, Finding, PAIR_ERROR, Standing,
    analyse, unpaired,
};

pub use drift::Drift;
pub use likeness::Difference;
pub use show::{markdown, terminal};

/// What one run came to against another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The run that is compared with.
    pub first: Side,
    /// The run whose cells are faster or slower.
    pub second: Side,
    /// The least difference that counts: 0.03 is 3 %. The greater one of both runs.
    pub threshold: f64,
    /// Why the runs are shown side by side alone, a sentence each. Empty where they are compared.
    pub side_by_side: Vec<String>,
    /// What else differs between the runs, and may explain what changed.
    pub differences: Vec<Difference>,
    /// How many cells came to what.
    pub counts: Counts,
    /// At most how many of the verdicts are expected to be wrong, by the method's error rate.
    pub expected_wrong: f64,
    /// The blocks of both runs, in the order of the second; then those that it lacks.
    pub blocks: Vec<BlockChange>,
}

/// One of the two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// Its name.
    pub run: String,
    /// When it began: UTC, RFC 3339.
    pub started: String,
    /// The CPU's model, or "unknown".
    pub cpu: String,
    /// The compiler, or "unknown".
    pub toolchain: String,
}

/// One block of two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlockChange {
    /// Its id.
    pub block: String,
    /// What its cells shifted by in common; none side by side, and where nothing can tell.
    pub drift: Option<Drift>,
    /// Who leads in each run, by class. Side by side alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaders: Vec<Leaders>,
    /// What the reader must know of it, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Its cells, those of both runs first.
    pub cells: Vec<CellChange>,
}

/// Who leads a class of a block in each run: several where they are level or not told apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leaders {
    /// The class.
    pub class: crate::record::Class,
    /// In the first run, in words.
    pub first: String,
    /// In the second.
    pub second: String,
}

/// One cell of two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellChange {
    /// Its id.
    pub cell: CellId,
    /// What it came to in the first run.
    pub first: Reading,
    /// What it came to in the second.
    pub second: Reading,
    /// What follows for the second run; none side by side.
    pub verdict: Option<Change>,
    /// How far it moved; none where that cannot be said.
    #[serde(flatten)]
    pub shift: Option<Shift>,
    /// What the reader must know, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What a cell came to in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// The median over forks; none where it has no numbers.
    pub median: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// The interval of that median; none where there are too few forks.
    pub interval: Option<(f64, f64)>,
    /// Forks with numbers.
    pub forks: usize,
    /// Why there are no numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How far a cell moved: times of the second run over times of the first. For rates the other way
/// round, so that less than 1 is always in favour of the second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// The median over all pairs of a fork of one run and a fork of the other.
    pub ratio: f64,
    /// Where it may be as low as.
    pub low: f64,
    /// Where it may be as high as.
    pub high: f64,
    /// The same, beyond the drift of the other cells of its block.
    pub ratio_beyond_drift: Option<f64>,
    /// Where that may be as low as.
    pub low_beyond_drift: Option<f64>,
    /// Where that may be as high as.
    pub high_beyond_drift: Option<f64>,
}

/// What two runs say of a cell: one of the three verdicts, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It has numbers in the first run, and failed its check in the second.
    Failed,
    /// The second run's is slower, by more than the threshold and beyond the drift.
    Slower,
    /// The second run's is faster, likewise.
    Faster,
    /// Neither of them, and the data do not say that nothing changed.
    Unresolved,
    /// No difference that counts, with the drift and without.
    Tie,
    /// One of the runs has no numbers, or the two did not do the same work.
    NotCompared,
}

impl Change {
    /// The word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Slower => "slower",
            Self::Faster => "faster",
            Self::Unresolved => "unresolved",
            Self::Tie => "tie",
            Self::NotCompared => "not compared",
        }
    }
}

/// How many cells came to what. The floor is a reference, and not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; 6]);

impl Counts {
    /// Every kind of change, the ones that matter most first.
    pub const KINDS: [Change; 6] = [
        Change::Failed,
        Change::Slower,
        Change::Faster,
        Change::Unresolved,
        Change::Tie,
        Change::NotCompared,
    ];

    /// How many are of this kind.
    pub fn of(&self, change: Change) -> u32 {
        self.0[change as usize]
    }

    /// How many verdicts there are: tie, faster, slower or unresolved.
    pub fn verdicts(&self) -> u32 {
        use Change::{Faster, Slower, Tie, Unresolved};
        [Faster, Slower, Tie, Unresolved]
            .map(|c| self.of(c))
            .iter()
            .sum()
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(Self::KINDS.map(|kind| (kind, self.of(kind))))
    }
}

/// Why two runs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// They have measured different things.
    #[error(
        "runs {first} and {second} have no cell in common: {first} has {first_has}, {second} has {second_has}"
    )]
    NothingInCommon {
        /// The first run.
        first: String,
        /// The second.
        second: String,
        /// Variants of the first.
        first_has: String,
        /// Variants of the second.
        second_has: String,
    },
}

/// Compares `second` with `first`. Facts of the machine that neither run knows are taken for the same
/// where `same_machine` says so; facts that differ never are. An error where the two have no cell in
/// common.
pub fn compare(
    first: &Journal,
    second: &Journal,
    same_machine: bool,
) -> Result<Compared, CompareError> {
    let sides = Sides {
        first: &first.run,
        second: &second.run,
        threshold: f64::max(first.run.plan.threshold, second.run.plan.threshold),
        side_by_side: likeness::reasons_against(&first.run, &second.run, same_machine),
    };
    let of_first = analyse(&first.run, &first.records);
    let of_second = analyse(&second.run, &second.records);
    sides.compare(&of_first, &of_second)
}

struct Sides<'a> {
    first: &'a Run,
    second: &'a Run,
    threshold: f64,
    side_by_side: Vec<String>,
}

impl Sides<'_> {
    fn compare(self, first: &Analysis, second: &Analysis) -> Result<Compared, CompareError> {
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
        let gone = first
            .blocks
            .iter()
            .filter(|block| of(second, block).is_none());
        blocks.extend(gone.map(|block| self.alone(block, self.second, true)));

        let has_both = |cell: &CellChange| cell.first.median.and(cell.second.median).is_some();
        if !blocks.iter().flat_map(|block| &block.cells).any(has_both) {
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
            threshold: self.threshold,
            differences: likeness::differences(self.first, self.second),
            expected_wrong: f64::from(counts.verdicts()) * PAIR_ERROR,
            side_by_side: self.side_by_side,
            counts,
            blocks,
        })
    }

    /// A block that both runs have.
    fn block(&self, first: &BlockAnalysis, second: &BlockAnalysis) -> BlockChange {
        let compared = self.side_by_side.is_empty();
        let other_work = likeness::other_work(self.first, self.second, &second.block);
        let drifts = match (compared, &other_work) {
            (true, None) => drift::Drifts::of(first, second, self.threshold),
            _ => drift::Drifts::default(),
        };
        let mut cells: Vec<CellChange> = Vec::new();
        // Which contender is the control differs from run to run: a copy without a counterpart is no loss.
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
                shift: None,
                notes: Vec::new(),
            };
            match (compared, before, &other_work) {
                (false, ..) => {}
                (true, Some(before), None) => self.judge(&mut cell, before, after, &drifts),
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
            shift: None,
            notes: Vec::new(),
        }));
        let mut notes: Vec<String> = other_work.into_iter().collect();
        notes.extend(likeness::other_windows(
            plan(self.first, first),
            plan(self.second, second),
        ));
        notes.extend(drifts.notes(self.threshold));
        BlockChange {
            block: second.block.to_string(),
            drift: drifts.common(),
            leaders: match compared {
                true => Vec::new(),
                false => leaders(first, second),
            },
            notes,
            cells,
        }
    }

    /// A block that `other` does not have.
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
                shift: None,
                notes: Vec::new(),
            }
        });
        BlockChange {
            block: block.block.to_string(),
            drift: None,
            leaders: Vec::new(),
            notes: vec![format!("run {} has no such block", other.run)],
            cells: cells.collect(),
        }
    }

    /// The verdict on a cell that both runs planned.
    fn judge(
        &self,
        cell: &mut CellChange,
        before: &CellSummary,
        after: &CellSummary,
        drifts: &drift::Drifts,
    ) {
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
        let drift = drifts.beside(&after.cell.contender);
        let beyond = drift.map(|drift| drift.taken_from(moved.ratio, moved.low, moved.high));
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
            Some((_, low, high)) if moved.enough => Finding::of(low, high, self.threshold),
            Some(_) => Finding::Unresolved,
            None => {
                let alone = "no other cell of its block can tell a change from a drift";
                cell.notes.push(alone.to_owned());
                Finding::Unresolved
            }
        };
        cell.verdict = Some(both(moved.finding, beyond));
        let with_block = matches!(moved.finding, Finding::Faster | Finding::Slower);
        if with_block
            && drift.is_some()
            && beyond != moved.finding
            && !drifts.shifted(self.threshold)
        {
            cell.notes
                .push("not told from the drift of its block".to_owned());
        }
    }
}

/// What a cell did by itself, and what it did beyond the drift, must agree.
fn both(moved: Finding, beyond: Finding) -> Change {
    match moved {
        _ if moved != beyond => Change::Unresolved,
        Finding::Faster => Change::Faster,
        Finding::Slower => Change::Slower,
        Finding::Tie => Change::Tie,
        Finding::Unresolved => Change::Unresolved,
    }
}

fn reading(cell: &CellSummary) -> Reading {
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

fn absent(from: &Run) -> Reading {
    Reading {
        median: None,
        unit: String::new(),
        interval: None,
        forks: 0,
        reason: Some(format!("not in run {}", from.run)),
    }
}

fn count(blocks: &[BlockChange]) -> Counts {
    let mut counts = Counts::default();
    let cells = blocks.iter().flat_map(|block| &block.cells);
    for change in cells
        .filter(|c| !c.cell.is_floor())
        .filter_map(|c| c.verdict)
    {
        counts.0[change as usize] += 1;
    }
    counts
}

fn plan<'a>(run: &'a Run, block: &BlockAnalysis) -> Option<&'a BlockPlan> {
    run.plan
        .blocks
        .iter()
        .find(|plan| plan.block == block.block)
}

fn side(run: &Run) -> Side {
    Side {
        run: run.run.clone(),
        started: run.started.clone(),
        cpu: likeness::fact(run, "cpu_model").to_owned(),
        toolchain: likeness::fact(run, "rustc").to_owned(),
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
        Standing::Unresolved { contenders } => {
            format!("unresolved between {}", contenders.join(", "))
        }
        Standing::Alone { contender } => format!("{contender} alone"),
        Standing::Nobody => "nobody".to_owned(),
    }
}
