//! Two builds of one run, cell by cell. Fork i of the older build was measured beside fork i of the run's own, so both
//! are a pair, and what the machine does to both cancels. Drift needs no correction then. Each cell is a planned
//! comparison of its own.

use contend_record::{OlderBuild, Run, RunData};

use crate::verdict::{
    Analysis, BlockAnalysis, CellState, CellSummary, Comparison, PAIR_ERROR, Side as PairSide, analyse,
    paired_as,
};

use super::diff::{absent, count, reading, side};
use super::together::together;
use super::{BlockChange, CellChange, Change, Compared, Shift, Side, Which};

/// How notes call the two.
const NAMES: (&str, &str) = ("the new build", "the old build");

/// Compares the build of the run with the older one that was measured beside it. `analysis` is that of the run. None
/// where the run has one build.
pub fn compare_builds(data: &RunData, analysis: &Analysis) -> Option<Compared> {
    let build = data.run.against.as_ref()?;
    let older = analyse(&data.run, &data.against);
    let threshold = analysis.threshold;
    let pairs = older.blocks.iter().zip(&analysis.blocks);
    let blocks: Vec<BlockChange> =
        pairs.map(|(before, after)| block(&data.run, before, after, threshold)).collect();
    let counts = count(&blocks);
    Some(Compared {
        first: older_side(&data.run, build),
        second: side(&data.run),
        paired: true,
        threshold,
        side_by_side: Vec::new(),
        differences: Vec::new(),
        expected_wrong: f64::from(counts.verdicts()) * PAIR_ERROR,
        counts,
        together: together(&data.run, &older.blocks, &analysis.blocks, threshold),
        blocks,
    })
}

/// The older build as one of two sides. Nobody knows its compiler.
fn older_side(run: &Run, build: &OlderBuild) -> Side {
    Side { run: build.name(), toolchain: "unknown".to_owned(), ..side(run) }
}

fn block(run: &Run, before: &BlockAnalysis, after: &BlockAnalysis, threshold: f64) -> BlockChange {
    let cell = |after: &CellSummary| match before.cell(&after.cell.contender) {
        Some(before) => judged(before, after, threshold),
        None => {
            CellChange { first: absent(run), verdict: Some(Change::NotCompared), ..unjudged(after, after) }
        }
    };
    BlockChange {
        block: after.block.to_string(),
        drift: None,
        leaders: Vec::new(),
        notes: Vec::new(),
        cells: after.cells.iter().map(cell).collect(),
    }
}

fn unjudged(before: &CellSummary, after: &CellSummary) -> CellChange {
    CellChange {
        cell: after.cell.clone(),
        first: reading(before),
        second: reading(after),
        verdict: None,
        not_slower: None,
        shift: None,
        notes: Vec::new(),
    }
}

fn judged(before: &CellSummary, after: &CellSummary, threshold: f64) -> CellChange {
    let mut cell = unjudged(before, after);
    cell.verdict = Some(match (&before.state, &after.state) {
        (CellState::Measured, CellState::Failed(_)) => Change::Failed,
        _ => Change::NotCompared,
    });
    if before.state != CellState::Measured || after.state != CellState::Measured {
        return cell;
    }
    match paired_as(after, before, NAMES, threshold) {
        Some(Comparison { ratio, low, high, outcome, not_slower, notes, .. }) => {
            cell.verdict = Some(Change::Compared(outcome));
            cell.not_slower = not_slower.map(|side| match side {
                PairSide::A => Which::Second,
                PairSide::B => Which::First,
            });
            cell.shift = Some(Shift {
                ratio,
                low,
                high,
                ratio_beyond_drift: None,
                low_beyond_drift: None,
                high_beyond_drift: None,
            });
            cell.notes = notes;
        }
        None => cell.notes.push("the two have no fork in common, or different units".to_owned()),
    }
    cell
}
