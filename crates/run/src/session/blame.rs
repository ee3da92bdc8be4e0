//! Which cells fail when it was not the one whose window it was, or not that one alone.

use std::collections::HashSet;

use super::fork_death::ForkError;
use super::round_state::{Blame, ForkState, RoundEnd};
use super::validity::{MeasuredWindow, WindowPosition};
use crate::record::{BlockPlan, CellId};

/// Fails all cells of a block that cannot be prepared.
pub(super) fn fail_all(
    block: &BlockPlan,
    position: WindowPosition,
    reason: &str,
    failed: &mut HashSet<CellId>,
) -> Vec<MeasuredWindow> {
    let cells = block.cells.iter();
    let cells = cells.map(|cell| block.block.cell(&cell.contender));
    let cells: Vec<CellId> = cells.filter(|cell| !failed.contains(cell)).collect();
    failed.extend(cells.iter().cloned());
    let window = |cell| MeasuredWindow::failed(cell, position, None, reason);
    cells.into_iter().map(window).collect()
}

/// How the round ends if another contender let the process grow until it had too much memory, or if what another one
/// left may have ended the process, or did. None if neither is so.
pub(super) fn end_by_other(
    state: &mut ForkState,
    failed: &mut HashSet<CellId>,
    windows: &mut Vec<MeasuredWindow>,
    (cell, position, after): (CellId, WindowPosition, Option<String>),
    error: &ForkError,
) -> Option<RoundEnd> {
    if let (ForkError::Memory(..), Some((other, grown))) = (error, state.grew_more(&cell)) {
        let lost = format!("{error}; {other} had let it grow");
        windows.push(MeasuredWindow::lost(cell, position, after, &lost));
        let grown = grown >> 20;
        let reason = format!(
            "its windows let its process grow by {grown} MiB, until in a window of another contender {error}"
        );
        return Some(fail_other(windows, other, position, &reason, failed));
    }
    let blame = state.blame(&cell);
    let (Blame::Doubt(other) | Blame::Other(other)) = &blame else { return None };
    let lost = format!("{error}; {other} had left a thread or a process there");
    windows.push(MeasuredWindow::lost(cell, position, after, &lost));
    if matches!(blame, Blame::Doubt(_)) {
        return Some(RoundEnd::Lost("its process ended beside what another contender had left"));
    }
    let reason = format!(
        "it leaves a thread or a process behind, and for the second time its process ended in a window of another \
         contender: {error}"
    );
    Some(fail_other(windows, other.clone(), position, &reason, failed))
}

/// Fails a cell for what it did in the window of another one.
pub(super) fn fail_other(
    windows: &mut Vec<MeasuredWindow>,
    culprit: CellId,
    position: WindowPosition,
    reason: &str,
    failed: &mut HashSet<CellId>,
) -> RoundEnd {
    let position = WindowPosition { position: windows.len() as u32, ..position };
    windows.push(MeasuredWindow::failed(culprit.clone(), position, None, reason));
    failed.insert(culprit.clone());
    RoundEnd::Failed(culprit)
}
