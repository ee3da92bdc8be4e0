//! The data for the page's script beside the tables: each cell's forks and windows, in the order of the tables' rows.
//!
//! A cell without numbers is an empty row. `packed` says how numbers are written.
//! Words and Markdown are written here, too: the script fills in names and numbers, and has no words of its own for
//! them.

use std::collections::{BTreeMap, HashMap};

use contend_analysis::verdict::{CellState, CellSummary};
use contend_record::{CellId, Record};

use crate::cite;
use crate::headlines::cells_in_order;
use crate::report_model::ReportModel;

use super::ask;
use super::packed::packed_row;

/// What stands for the usual heading of an excerpt's table.
const HEADING: &str = "{heading}";

/// The text of the data element: JSON that cannot end the element.
pub fn of(model: &ReportModel) -> Result<String, serde_json::Error> {
    let windows = windows(model.records);
    let mut rows = Vec::new();
    for block in model.variants().flat_map(|variant| &variant.blocks) {
        rows.extend(cells_in_order(block).into_iter().map(|cell| row(cell, windows.get(&cell.cell))));
    }
    // Nearly all excerpts have the same heading of their table, which stands once.
    let excerpt = |variant| cite::excerpt(variant).replacen(&cite::usual_heading(), HEADING, 1);
    let excerpts: BTreeMap<String, String> =
        model.variants().map(|variant| (variant.id.to_string(), excerpt(variant))).collect();
    let data = serde_json::json!({
        "run": model.run.run,
        "rows": rows.join("|"),
        "pairs": ask::pairs(model),
        "ask": ask::words(model),
        "markdown": excerpts,
        "heading": cite::usual_heading(),
        "conditions": conditions(model),
    });
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

/// The line below each variant's Markdown. The script fills in the page's address.
fn conditions(model: &ReportModel) -> String {
    let mut out = String::new();
    cite::conditions(&mut out, model, "{link}");
    out
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
    if cell.state != CellState::Measured {
        return String::new();
    }
    let forks: Vec<f64> = cell.forks.iter().map(|fork| fork.value).collect();
    let by_fork = windows.map_or(&[][..], Vec::as_slice).chunk_by(|one, next| one.0 == next.0);
    let windows: Vec<Vec<f64>> = by_fork.map(|fork| fork.iter().map(|window| window.2).collect()).collect();
    packed_row(&forks, &windows)
}
