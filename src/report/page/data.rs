//! What the page's script needs beside the tables: each cell's forks and windows, in a short form, in
//! the order of the tables' rows.
//!
//! A row is `k|forks|windows`. A number is a whole multiple of 10^k with three significant digits, as
//! everywhere on the page. Forks are parted by spaces; windows by spaces within a fork and by
//! semicolons between forks. A cell without numbers is an empty row.

use std::collections::HashMap;
use std::fmt::Write;

use crate::record::{CellId, Record};
use crate::report::number;
use crate::report::outline::Outline;
use crate::report::story::in_order;
use crate::verdict::{CellState, CellSummary};

/// The text of the data element: JSON in which nothing can end the element.
pub fn of(outline: &Outline) -> Result<String, serde_json::Error> {
    let windows = windows(outline.records);
    let mut rows = Vec::new();
    for block in outline.variants().flat_map(|variant| &variant.blocks) {
        rows.extend(
            in_order(block)
                .into_iter()
                .map(|cell| row(cell, windows.get(&cell.cell))),
        );
    }
    let data = serde_json::json!({
        "run": outline.run.run,
        "cores": outline.run.plan.cores,
        "command": outline.run.command,
        "trust": outline.trust.level.label(),
        "rows": rows,
    });
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

/// The valid windows of each cell: fork, round, value.
fn windows(records: &[Record]) -> HashMap<&CellId, Vec<(u32, u32, f64)>> {
    let mut windows: HashMap<&CellId, Vec<(u32, u32, f64)>> = HashMap::new();
    for record in records.iter().filter(|record| record.valid) {
        if let Some(value) = record.ns_per_op.or(record.value) {
            let of_cell = windows.entry(&record.cell).or_default();
            of_cell.push((record.fork, record.round, value));
        }
    }
    for of_cell in windows.values_mut() {
        of_cell.sort_by_key(|(fork, round, _)| (*fork, *round));
    }
    windows
}

fn row(cell: &CellSummary, windows: Option<&Vec<(u32, u32, f64)>>) -> String {
    let windows = windows.map_or(&[][..], Vec::as_slice);
    let forks = cell.forks.iter().map(|fork| fork.value);
    let values = forks.clone().chain(windows.iter().map(|window| window.2));
    let least = values
        .filter_map(number::digits)
        .map(|(_, power)| power)
        .min();
    let (CellState::Measured, Some(least)) = (&cell.state, least) else {
        return String::new();
    };
    let mut out = format!("{least}|");
    for (index, value) in forks.enumerate() {
        separate(&mut out, index, ' ');
        push(&mut out, value, least);
    }
    out.push('|');
    for (index, (fork, _, value)) in windows.iter().enumerate() {
        let same = index > 0 && windows[index - 1].0 == *fork;
        separate(&mut out, index, if same { ' ' } else { ';' });
        push(&mut out, *value, least);
    }
    out
}

fn separate(out: &mut String, index: usize, separator: char) {
    if index > 0 {
        out.push(separator);
    }
}

/// Writes a value as a multiple of 10^`least`; what is no number is left out.
fn push(out: &mut String, value: f64, least: i32) {
    if let Some((digits, power)) = number::digits(value) {
        let zeros = power.saturating_sub(least).unsigned_abs() as usize;
        let _ = write!(out, "{digits}{:0<zeros$}", "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_three_digits() {
        let mut out = String::new();
        for value in [1.005e1, 99.96, 1234.0, 0.0, f64::NAN] {
            push(&mut out, value, -1);
            out.push(' ');
        }
        assert_eq!(out, "101 1000 12300   ");
    }
}
