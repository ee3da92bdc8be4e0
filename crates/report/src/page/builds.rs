//! Before and after: each cell in the older build and in the run's own, where the run measured both.

use contend_analysis::compare::{self, CellChange, Change, Compared};
use contend_analysis::text::number;

use crate::rich_text::{html_name, html_text};

/// The section.
pub struct Builds {
    /// What the two builds are, a line each.
    pub head: Vec<String>,
    pub totals: String,
    /// All cells together, and those of each workload, a line each.
    pub together: Vec<String>,
    /// The cells that changed.
    pub changed: Vec<BuildRow>,
    /// All cells.
    pub all: Vec<BuildRow>,
}

/// A cell.
pub struct BuildRow {
    pub cell: String,
    pub old: String,
    pub new: String,
    pub ratio: String,
    pub word: &'static str,
    /// Its CSS class.
    pub kind: &'static str,
    pub notes: String,
}

/// The section on the two builds of a run.
pub fn of(compared: &Compared) -> Builds {
    let cells = || compared.blocks.iter().flat_map(|block| &block.cells);
    Builds {
        head: compare::head(compared),
        totals: compare::totals(compared),
        together: compare::together_lines(compared),
        changed: cells().filter(|cell| compare::changed(cell)).map(row).collect(),
        all: cells().map(row).collect(),
    }
}

fn row(cell: &CellChange) -> BuildRow {
    let shift = cell.shift.map(|of| number::times_with_interval(of.ratio, of.low, of.high));
    BuildRow {
        cell: html_name(&cell.cell.to_string()),
        old: html_text(&cell.first.text()),
        new: html_text(&cell.second.text()),
        ratio: shift.unwrap_or_else(|| "–".to_owned()),
        word: cell.label(),
        kind: match cell.verdict {
            Some(Change::Failed | Change::SLOWER) => "fails",
            Some(Change::FASTER) => "holds",
            _ => "open",
        },
        notes: html_text(&cell.notes.join("; ")),
    }
}
