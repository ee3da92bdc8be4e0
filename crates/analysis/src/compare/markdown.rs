//! The comparison of two runs as Markdown that fits a comment on GitHub: counts by direction and their range first,
//! then what changed, the largest first. What does not fit is counted.

use std::fmt::Write;

use crate::text::{markdown_name, markdown_text, number};

use super::render::{Row, changed, head, range, together_lines, totals};
use super::{BlockChange, CellChange, Change, Compared};

/// The most characters of the text. A comment on GitHub has at most 65,536.
const MOST: usize = 65_000;

/// The most lines of a list. The rest is for the table of all cells.
const MOST_LINES: usize = 100;

/// The most characters of what the runs are, of what changed, and of notes and leaders.
const MOST_HEAD: usize = 8_000;
const MOST_CHANGES: usize = 30_000;
const MOST_NOTES: usize = 10_000;

/// The most characters of a text from a run's files, such as the reason of a failure. Escapes make it longer.
const MOST_TEXT: usize = 240;

/// The changed cells, as Markdown for a review on GitHub; a folded table has all cells that fit.
pub fn markdown(compared: &Compared) -> String {
    let (second, first) = (text(&compared.second.run), text(&compared.first.run));
    format!("## contend: {second} against {first}\n\n{}", markdown_body(compared, true))
}

/// The same without a title, and without the table of all cells unless that is asked for.
pub fn markdown_body(compared: &Compared, all_cells: bool) -> String {
    let mut out = String::new();
    let lines = head(compared).into_iter().map(|line| format!("- {}", text(&line)));
    limited(&mut out, lines, MOST_HEAD, |more| format!("- and {more} more differences"));
    let _ = writeln!(out, "**{}**\n", markdown_text(&totals(compared)));
    for line in together_lines(compared) {
        let _ = writeln!(out, "- {}", text(&line));
    }
    let changes = by_size(compared);
    for (change, word) in [(Change::SLOWER, "slower"), (Change::FASTER, "faster")] {
        let ratios = changes.iter().filter(|(_, cell)| cell.verdict == Some(change));
        let ratios: Vec<f64> = ratios.filter_map(|(_, cell)| Some(cell.shift?.ratio)).collect();
        let (Some(least), Some(most)) =
            (ratios.iter().copied().reduce(f64::min), ratios.iter().copied().reduce(f64::max))
        else {
            continue;
        };
        let count = number::plural(ratios.len(), "cell", "cells");
        let (least, most) = (number::short(least), number::short(most));
        let _ = writeln!(out, "- {word}: {count}, {least} to {most} times the time");
    }
    if !changes.is_empty() {
        out.push('\n');
        out.push_str(columns(compared));
        let rows = changes.iter().map(|(block, cell)| row(compared, block, cell));
        limited(&mut out, rows, MOST_CHANGES, |more| {
            format!("\nand {} more", number::plural(more, "cell that changed", "cells that changed"))
        });
    }
    let blocks = || compared.blocks.iter();
    let notes = blocks().flat_map(|block| block.notes.iter().map(move |note| (&block.block, note)));
    let notes = notes.map(|(block, note)| format!("- {}: {}", markdown_name(&short(block)), text(note)));
    let leaders = blocks().flat_map(|block| block.leaders.iter().map(move |of| (block, of)));
    let leaders = leaders.map(|(block, of)| {
        format!(
            "- {} ({}), leaders: {} in the first run; {} in the second",
            markdown_name(&short(&block.block)),
            of.class.name(),
            text(&of.first),
            text(&of.second),
        )
    });
    limited(&mut out, notes.chain(leaders), MOST_NOTES, |more| format!("- and {more} more notes"));
    if all_cells {
        add_all_cells(&mut out, compared);
    }
    out
}

/// Text from a run's files as Markdown.
fn text(text: &str) -> String {
    markdown_text(&short(text))
}

/// The start of a long text.
fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Adds lines of at most `most` characters, the first [`MOST_LINES`] of them, and what says how many are missing.
fn limited(
    out: &mut String,
    lines: impl Iterator<Item = String>,
    most: usize,
    missing: impl Fn(usize) -> String,
) {
    let mut left = most;
    let mut more = 0;
    for (at, line) in lines.enumerate() {
        let size = line.chars().count() + 1;
        // Once a line does not fit, none follows, so that those missing are the last ones.
        match more == 0 && at < MOST_LINES && size <= left {
            true => {
                left -= size;
                out.push_str(&line);
                out.push('\n');
            }
            false => more += 1,
        }
    }
    if more > 0 {
        let _ = writeln!(out, "{}", missing(more));
    }
    out.push('\n');
}

/// Adds a folded table of the cells that fit.
fn add_all_cells(out: &mut String, compared: &Compared) {
    out.push_str("<details><summary>All cells</summary>\n\n");
    out.push_str(columns(compared));
    let mut left = MOST.saturating_sub(out.chars().count() + 200);
    let mut more = 0;
    for block in &compared.blocks {
        for cell in &block.cells {
            let line = row(compared, block, cell);
            let size = line.chars().count() + 1;
            // Once a row does not fit, none follows, so that the table has no gaps.
            if more > 0 || size > left {
                more += 1;
                continue;
            }
            left -= size;
            out.push_str(&line);
            out.push('\n');
        }
    }
    if more > 0 {
        let cells = number::plural(more, "cell", "cells");
        let _ = writeln!(out, "\n{cells} more do not fit into a comment: `--page FILE` has all.");
    }
    out.push_str("\n</details>\n");
}

/// What changed: failed cells, then the slower ones from the most on, then the faster ones.
fn by_size(compared: &Compared) -> Vec<(&BlockChange, &CellChange)> {
    let cells = compared.blocks.iter().flat_map(|block| block.cells.iter().map(move |cell| (block, cell)));
    let mut changes: Vec<(&BlockChange, &CellChange)> = cells.filter(|(_, cell)| changed(cell)).collect();
    let place = |cell: &CellChange| {
        let direction = match cell.verdict {
            Some(Change::Failed) => 0,
            Some(Change::SLOWER) => 1,
            _ => 2,
        };
        let size = cell.shift.map_or(0.0, |shift| shift.ratio.ln().abs());
        (direction, size)
    };
    changes.sort_by(|(_, a), (_, b)| {
        let (a, b) = (place(a), place(b));
        a.0.cmp(&b.0).then(b.1.total_cmp(&a.1))
    });
    changes
}

/// The head of a table of cells.
fn columns(compared: &Compared) -> &'static str {
    match compared.paired {
        true => {
            "| cell | old | new | time of new over old | verdict |\n\
             | --- | ---: | ---: | --- | --- |\n"
        }
        false => {
            "| cell | first | second | time of second over first | drift of the block | verdict |\n\
             | --- | ---: | ---: | --- | --- | --- |\n"
        }
    }
}

/// A cell's row.
fn row(compared: &Compared, block: &BlockChange, cell: &CellChange) -> String {
    let drift = match compared.paired {
        true => String::new(),
        false => format!(" {} |", block.drift.map_or_else(|| "–".to_owned(), range)),
    };
    let row = Row::of(cell);
    let mut verdict = row.verdict.to_owned();
    for note in &cell.notes {
        let _ = write!(verdict, "; {}", text(note));
    }
    format!(
        "| {} | {} | {} | {} |{drift} {verdict} |",
        markdown_name(&short(&cell.cell.to_string())),
        text(&row.first),
        text(&row.second),
        row.shift,
    )
}
