//! Bencher Metric Format: <https://bencher.dev/docs/reference/bencher-metric-format>. A measure is named by its unit.
//! It is never called a latency, since a value is the inverse of the throughput of a whole team.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Cell, slug};

#[derive(Serialize)]
struct Metric {
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lower_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_value: Option<f64>,
}

pub(super) fn text(cells: &[Cell<'_>]) -> String {
    let metric = |cell: &Cell<'_>| {
        let (lower_value, upper_value) = cell.summary.interval.unzip();
        let metric = Metric { value: cell.median, lower_value, upper_value };
        (cell.id.to_string(), BTreeMap::from([(slug(cell.unit), metric)]))
    };
    let benchmarks: BTreeMap<_, _> = cells.iter().map(metric).collect();
    serde_json::to_string_pretty(&benchmarks).expect("plain data") + "\n"
}
