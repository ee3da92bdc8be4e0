//! Comma-separated values: a row for each cell, those without numbers included.

use contend_analysis::verdict::{CellState, CellSummary};

const HEADER: [&str; 13] = [
    "cell",
    "workload",
    "variant",
    "contender",
    "threads",
    "class",
    "state",
    "reason",
    "unit",
    "median",
    "low",
    "high",
    "forks",
];

pub(super) fn text(cells: &[&CellSummary]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).expect("memory can be written");
    for cell in cells {
        let id = &cell.cell;
        let (state, reason) = match &cell.state {
            CellState::Measured => ("measured", ""),
            CellState::Failed(reason) => ("failed", &**reason),
            CellState::Missing(reason) => ("missing", &**reason),
        };
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let (low, high) = cell.interval.unzip();
        let row: [&str; 13] = [
            &id.to_string(),
            &id.workload,
            &id.variant,
            &id.contender,
            &id.threads.to_string(),
            cell.class.name(),
            state,
            reason,
            &cell.unit,
            &number(cell.median),
            &number(low),
            &number(high),
            &cell.forks.len().to_string(),
        ];
        writer.write_record(row).expect("memory can be written");
    }
    let text = writer.into_inner().expect("memory can be written");
    String::from_utf8(text).expect("its fields are text")
}
