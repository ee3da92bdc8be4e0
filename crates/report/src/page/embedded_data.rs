//! The data for the page's script beside the tables: each cell's forks and windows, in the order of the tables' rows.
//!
//! A row is `k|forks|n|windows`, where each fork has `n` windows, or `k|forks||windows of the first
//! fork|windows of the second|…`. A cell without numbers is an empty row. A number has three significant
//! digits in two characters: 900 p + d - 100 in base 90, for the digits d and the power of ten k + p.
//! Decimal numbers would make a page of sixty thousand windows larger than a megabyte.

use std::collections::HashMap;

use contend_analysis::text::number;
use contend_analysis::verdict::{CellState, CellSummary};
use contend_record::{CellId, Record};

use crate::headlines::cells_in_order;
use crate::report_model::ReportModel;

/// The text of the data element: JSON that cannot end the element.
pub fn of(model: &ReportModel) -> Result<String, serde_json::Error> {
    let windows = windows(model.records);
    let mut rows = Vec::new();
    for block in model.variants().flat_map(|variant| &variant.blocks) {
        rows.extend(cells_in_order(block).into_iter().map(|cell| row(cell, windows.get(&cell.cell))));
    }
    let data = serde_json::json!({
        "run": model.run.run,
        "cores": model.run.plan.cores,
        "command": model.run.command,
        "trust": model.quality.level.label(),
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
    let least = values.filter_map(number::digits).map(|(_, power)| power).min();
    let (CellState::Measured, Some(least)) = (&cell.state, least) else {
        return String::new();
    };
    let mut out = format!("{least}|");
    forks.for_each(|value| push(&mut out, value, least));
    let forks: Vec<_> = windows.chunk_by(|one, next| one.0 == next.0).collect();
    let texts = forks.iter().map(|of_fork| {
        let mut text = String::new();
        of_fork.iter().for_each(|window| push(&mut text, window.2, least));
        text
    });
    let texts: Vec<String> = texts.collect();
    // Compares what was written, because values that are not numbers are left out.
    let each = texts.first().map_or(0, String::len);
    match texts.iter().all(|text| text.len() == each) {
        true => out.push_str(&format!("|{}|{}", each / 2, texts.concat())),
        false => out.push_str(&format!("||{}", texts.join("|"))),
    }
    out
}

/// Writes a value as a multiple of a power of ten from 10^`least` on. A value that is not a positive number, or nine
/// powers above, is left out.
fn push(out: &mut String, value: f64, least: i32) {
    let Some((digits, power)) = number::digits(value) else {
        return;
    };
    let steps = power.abs_diff(least);
    if steps < 9 {
        let index = 900 * steps + digits - 100;
        out.push(letter(index / 90));
        out.push(letter(index % 90));
    }
}

/// The digits of base 90: printable ASCII without the characters that JSON, HTML or the row's format uses.
const LETTERS: &[u8; 90] =
    b" !#$%'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~";

fn letter(index: u32) -> char {
    char::from(LETTERS[index as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads numbers like the page's script.
    fn read(text: &str, least: i32) -> Vec<f64> {
        let index = |letter: u8| (0..90).find(|index| super::letter(*index) == char::from(letter));
        text.as_bytes()
            .chunks(2)
            .map(|pair| index(pair[0]).unwrap() * 90 + index(pair[1]).unwrap())
            .map(|index| f64::from(index % 900 + 100) * 10f64.powi(least + (index / 900) as i32))
            .collect()
    }

    #[test]
    fn a_number_keeps_three_digits() {
        let mut out = String::new();
        for value in [1.005e1, 99.96, 1234.0, 999.0e6, 0.0, -1.0, f64::NAN, 1e30] {
            push(&mut out, value, -1);
        }
        let shown: Vec<String> = read(&out, -1).into_iter().map(number::short).collect();
        assert_eq!(shown, ["10.1", "100", "1,230", "999,000,000"]);
    }

    #[test]
    fn there_are_ninety_letters() {
        let letters: std::collections::BTreeSet<char> = (0..90).map(letter).collect();
        assert_eq!(letters.len(), 90);
        assert!([' ', '~'].iter().all(|kept| letters.contains(kept)));
        assert!(['"', '\\', '<', '&', '|'].iter().all(|used| !letters.contains(used)));
    }
}
