//! The comparison of two runs as a table for a terminal, and what it has in common with the Markdown.

use std::fmt::Write;

use crate::text::{number, plain};

use super::{BlockChange, CellChange, Change, Compared, Counts, Drift, Reading, Shift, Together, Which};

/// The most cells of two builds that a terminal shows. Of more it shows those that changed.
const MOST_CELLS: usize = 60;

/// Every block and cell and the totals, for a terminal. Of many cells of two builds only those that changed.
pub fn terminal(compared: &Compared, colour: bool) -> String {
    let cells: usize = compared.blocks.iter().map(|block| block.cells.len()).sum();
    match compared.paired && cells > MOST_CELLS {
        true => table_of(&changes(compared), &totals(compared), colour),
        false => table_of(compared, &totals(compared), colour),
    }
}

/// The comparison with the changed cells alone.
fn changes(compared: &Compared) -> Compared {
    let mut part = compared.clone();
    for block in &mut part.blocks {
        block.cells.retain(changed);
    }
    part.blocks.retain(|block| !block.cells.is_empty());
    part
}

fn table_of(compared: &Compared, totals: &str, colour: bool) -> String {
    let mut out = String::new();
    for line in head(compared) {
        let _ = writeln!(out, "{}", plain(&line));
    }
    for block in &compared.blocks {
        let _ = writeln!(out, "\n{}{}", plain(&block.block), drift(block));
        for note in &block.notes {
            let _ = writeln!(out, "  {}", plain(note));
        }
        let rows: Vec<Row> = block.cells.iter().map(Row::of).collect();
        let names = Row::names(compared);
        let widths = Row::widths(rows.iter().chain([&names]));
        let _ = writeln!(out, "  {}", names.line(widths, None, false));
        for (cell, row) in block.cells.iter().zip(&rows) {
            let _ = writeln!(out, "  {}", row.line(widths, cell.verdict, colour));
            for note in &cell.notes {
                let _ = writeln!(out, "      {}", plain(note));
            }
        }
        for leaders in &block.leaders {
            let (first, second) = (plain(&leaders.first), plain(&leaders.second));
            let class = leaders.class.name();
            let _ = writeln!(out, "  leaders ({class}): {first} | {second}");
        }
    }
    out.push('\n');
    for line in together_lines(compared) {
        let _ = writeln!(out, "{}", plain(&line));
    }
    let _ = writeln!(out, "{}", plain(totals));
    out
}

/// The cells of two builds taken together: a line each.
pub fn together_lines(compared: &Compared) -> Vec<String> {
    let line = |of: &Together| {
        let cells = number::plural(of.cells, "cell", "cells");
        let what = match &of.workload {
            None => format!("all {cells} together"),
            Some(workload) => format!("{workload}, {cells}"),
        };
        let ratio = number::times_with_interval(of.ratio, of.low, of.high);
        format!("{what}: new over old {ratio}, {}", of.label())
    };
    compared.together.iter().map(line).collect()
}

/// Whether a cell changed, for better or worse. The floor is a reference, and does not count.
pub fn changed(cell: &CellChange) -> bool {
    let changed = matches!(cell.verdict, Some(Change::Failed | Change::SLOWER | Change::FASTER));
    changed && !cell.cell.is_floor()
}

/// The two runs or builds, and whether they are compared: a line each.
pub fn head(compared: &Compared) -> Vec<String> {
    if compared.paired {
        return vec![
            format!("old: {}", compared.first.run),
            format!("new: the build of run {}, {}", compared.second.run, compared.second.started),
            "each fork of one has a fork of the other beside it, and both are a pair".to_owned(),
        ];
    }
    let mut lines = Vec::new();
    for (name, side) in [("first", &compared.first), ("second", &compared.second)] {
        lines.push(format!("{name}: run {}, {}, {}, {}", side.run, side.started, side.cpu, side.toolchain));
    }
    for reason in &compared.side_by_side {
        lines.push(format!("side by side, without verdicts: {reason}"));
    }
    for difference in &compared.differences {
        lines.push(format!("{} differs: {}, then {}", difference.what, difference.first, difference.second));
    }
    lines
}

/// The number of cells of each kind of change, and of verdicts that may be wrong.
pub fn totals(compared: &Compared) -> String {
    if !compared.side_by_side.is_empty() {
        return "Shown side by side, without verdicts".to_owned();
    }
    let proven = not_slower(compared);
    let counts: Vec<String> = Counts::KINDS
        .iter()
        .map(|&kind| (kind, compared.counts.of(kind)))
        .flat_map(|(kind, count)| match kind {
            Change::UNRESOLVED => vec![("not slower", proven), (kind.label(), count - proven)],
            _ => vec![(kind.label(), count)],
        })
        .filter(|&(_, count)| count > 0)
        .map(|(word, count)| format!("{} {word}", number::count(count.into())))
        .collect();
    format!(
        "{}; the least difference that counts is {}; at most {} of {} expected to be wrong",
        counts.join(", "),
        number::threshold(compared.threshold),
        number::short(compared.expected_wrong),
        number::plural(compared.counts.verdicts() as usize, "verdict is", "verdicts are"),
    )
}

/// The number of unresolved cells whose second is proven to be at most the threshold slower.
fn not_slower(compared: &Compared) -> u32 {
    let cells = compared.blocks.iter().flat_map(|block| &block.cells);
    cells.filter(|cell| cell.not_slower == Some(Which::Second) && !cell.cell.is_floor()).count() as u32
}

fn drift(block: &BlockChange) -> String {
    let drift = block.drift.map(|drift| format!("  drift {}", range(drift)));
    drift.unwrap_or_default()
}

pub(super) fn range(drift: Drift) -> String {
    let Drift { ratio, low, high, .. } = drift;
    number::times_with_interval(ratio, low, high)
}

/// The columns of a cell's row.
pub(super) struct Row {
    contender: String,
    pub(super) first: String,
    pub(super) second: String,
    pub(super) shift: String,
    pub(super) verdict: &'static str,
}

impl Row {
    pub(super) fn of(cell: &CellChange) -> Self {
        let shift = |of: Shift| number::times_with_interval(of.ratio, of.low, of.high);
        Self {
            contender: plain(&cell.cell.contender),
            first: plain(&cell.first.text()),
            second: plain(&cell.second.text()),
            shift: match (cell.shift, cell.verdict) {
                (Some(of), _) => shift(of),
                (None, Some(_)) => "–".to_owned(),
                (None, None) => String::new(),
            },
            verdict: cell.label(),
        }
    }

    /// The header.
    fn names(compared: &Compared) -> Self {
        let (shift, verdict) = match compared.side_by_side.is_empty() {
            true if compared.paired => ("new over old", "verdict"),
            true => ("second over first", "verdict"),
            false => ("", ""),
        };
        let (first, second) = if compared.paired { ("old", "new") } else { ("first", "second") };
        Self {
            contender: "contender".to_owned(),
            first: first.to_owned(),
            second: second.to_owned(),
            shift: shift.to_owned(),
            verdict,
        }
    }

    fn columns(&self) -> [&str; 4] {
        [&self.contender, &self.first, &self.second, &self.shift]
    }

    fn widths<'a>(rows: impl Iterator<Item = &'a Self>) -> [usize; 4] {
        let mut widths = [0; 4];
        for row in rows {
            for (width, text) in widths.iter_mut().zip(row.columns()) {
                *width = (*width).max(text.chars().count());
            }
        }
        widths
    }

    fn line(&self, widths: [usize; 4], verdict: Option<Change>, colour: bool) -> String {
        let columns = self.columns().into_iter().zip(widths);
        let mut line = String::new();
        for (place, (text, width)) in columns.enumerate() {
            let _ = match place {
                0 => write!(line, "{text:<width$}  "),
                _ => write!(line, "{text:>width$}  "),
            };
        }
        let paint = match verdict {
            Some(Change::Failed | Change::SLOWER) if colour => "\u{1b}[31m",
            Some(Change::FASTER) if colour => "\u{1b}[32m",
            _ => "",
        };
        let reset = if paint.is_empty() { "" } else { "\u{1b}[0m" };
        let line = format!("{line}{paint}{}{reset}", self.verdict);
        line.trim_end().to_owned()
    }
}

impl Reading {
    /// The median with its unit, or the reason for having none.
    pub fn text(&self) -> String {
        match (self.median, &self.reason) {
            (Some(median), _) => format!("{} {}", number::short(median), self.unit),
            (None, Some(reason)) => reason.clone(),
            (None, None) => "no number".to_owned(),
        }
    }
}
