//! The comparison of two runs as a table for a terminal, and as Markdown for a review.

use std::fmt::Write;

use crate::text::{markdown_name, markdown_text, number, plain};

use super::{BlockChange, CellChange, Change, Compared, Counts, Drift, Reading, Shift};

/// Every block and cell and the totals, for a terminal.
pub fn terminal(compared: &Compared, colour: bool) -> String {
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
    let _ = writeln!(out, "\n{}", plain(&totals(compared)));
    out
}

/// The changed cells, as Markdown for a review on GitHub; a folded table has all cells.
pub fn markdown(compared: &Compared) -> String {
    let mut out = format!(
        "## contend: {} against {}\n\n",
        markdown_text(&compared.second.run),
        markdown_text(&compared.first.run)
    );
    for line in head(compared) {
        let _ = writeln!(out, "- {}", markdown_text(&line));
    }
    let _ = writeln!(out, "\n**{}**\n", markdown_text(&totals(compared)));
    let changed = |cell: &&CellChange| {
        let changed = matches!(cell.verdict, Some(Change::Failed | Change::SLOWER | Change::FASTER));
        changed && !cell.cell.is_floor()
    };
    let blocks = || compared.blocks.iter();
    if blocks().flat_map(|block| &block.cells).any(|cell| changed(&cell)) {
        table(&mut out, blocks(), changed);
    }
    let notes: Vec<String> = blocks()
        .flat_map(|block| block.notes.iter().map(|note| (&block.block, note)))
        .map(|(block, note)| format!("- {}: {}", markdown_name(block), markdown_text(note)))
        .collect();
    if !notes.is_empty() {
        let _ = writeln!(out, "{}\n", notes.join("\n"));
    }
    let leaders = blocks().flat_map(|block| block.leaders.iter().map(move |of| (block, of)));
    for (block, of) in leaders {
        let _ = writeln!(
            out,
            "- {} ({}), leaders: {} in the first run; {} in the second",
            markdown_name(&block.block),
            of.class.name(),
            markdown_text(&of.first),
            markdown_text(&of.second),
        );
    }
    out.push_str("\n<details><summary>All cells</summary>\n\n");
    table(&mut out, blocks(), |_| true);
    out.push_str("</details>\n");
    out
}

fn table<'a>(
    out: &mut String,
    blocks: impl Iterator<Item = &'a BlockChange>,
    shown: impl Fn(&&CellChange) -> bool,
) {
    out.push_str(
        "| cell | first | second | time of second over first | drift of the block | verdict |\n\
         | --- | ---: | ---: | --- | --- | --- |\n",
    );
    for block in blocks {
        let drift = block.drift.map_or_else(|| "–".to_owned(), range);
        for cell in block.cells.iter().filter(&shown) {
            let row = Row::of(cell);
            let mut verdict = row.verdict.to_owned();
            for note in &cell.notes {
                let _ = write!(verdict, "; {}", markdown_text(note));
            }
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {drift} | {verdict} |",
                markdown_name(&cell.cell.to_string()),
                markdown_text(&row.first),
                markdown_text(&row.second),
                row.shift,
            );
        }
    }
    out.push('\n');
}

/// The two runs, and whether they are compared.
fn head(compared: &Compared) -> Vec<String> {
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
fn totals(compared: &Compared) -> String {
    if !compared.side_by_side.is_empty() {
        return "shown side by side, so without verdicts".to_owned();
    }
    let counts: Vec<String> = Counts::KINDS
        .iter()
        .map(|&kind| (kind, compared.counts.of(kind)))
        .filter(|&(_, count)| count > 0)
        .map(|(kind, count)| format!("{} {}", number::count(count.into()), kind.label()))
        .collect();
    format!(
        "{}; the least difference that counts is {}; at most {} of {} expected to be wrong",
        counts.join(", "),
        number::threshold(compared.threshold),
        number::short(compared.expected_wrong),
        number::plural(compared.counts.verdicts() as usize, "verdict is", "verdicts are"),
    )
}

fn drift(block: &BlockChange) -> String {
    let drift = block.drift.map(|drift| format!("  drift {}", range(drift)));
    drift.unwrap_or_default()
}

fn range(drift: Drift) -> String {
    let Drift { ratio, low, high, .. } = drift;
    number::times_with_interval(ratio, low, high)
}

/// The columns of a cell's row.
struct Row {
    contender: String,
    first: String,
    second: String,
    shift: String,
    verdict: &'static str,
}

impl Row {
    fn of(cell: &CellChange) -> Self {
        let shift = |of: Shift| number::times_with_interval(of.ratio, of.low, of.high);
        Self {
            contender: plain(&cell.cell.contender),
            first: plain(&reading(&cell.first)),
            second: plain(&reading(&cell.second)),
            shift: match (cell.shift, cell.verdict) {
                (Some(of), _) => shift(of),
                (None, Some(_)) => "–".to_owned(),
                (None, None) => String::new(),
            },
            verdict: cell.verdict.map_or("", Change::label),
        }
    }

    /// The header.
    fn names(compared: &Compared) -> Self {
        let (shift, verdict) = match compared.side_by_side.is_empty() {
            true => ("second over first", "verdict"),
            false => ("", ""),
        };
        Self {
            contender: "contender".to_owned(),
            first: "first".to_owned(),
            second: "second".to_owned(),
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

fn reading(of: &Reading) -> String {
    match (of.median, &of.reason) {
        (Some(median), _) => format!("{} {}", number::short(median), of.unit),
        (None, Some(reason)) => reason.clone(),
        (None, None) => "no number".to_owned(),
    }
}
