//! github-action-benchmark's `customSmallerIsBetter`: <https://github.com/benchmark-action/github-action-benchmark>.

use contend_record::Run;
use serde::Serialize;

use super::{Cell, fact};

#[derive(Serialize)]
struct Entry {
    name: String,
    unit: String,
    value: f64,
    /// The larger of the distances from the value to the ends of its interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<String>,
    extra: String,
}

pub(super) fn text(run: &Run, cells: &[Cell<'_>]) -> String {
    let entry = |cell: &Cell<'_>| {
        let interval = cell.summary.interval;
        let range = interval.map(|(low, high)| format!("± {}", (high - cell.median).max(cell.median - low)));
        let interval =
            interval.map_or("no interval".to_owned(), |(low, high)| format!("interval {low} to {high}"));
        Entry {
            name: cell.id.to_string(),
            unit: cell.unit.to_owned(),
            value: cell.median,
            range,
            extra: format!(
                "median of {} forks, {interval}\nrun {} on {}",
                cell.summary.forks.len(),
                run.run,
                fact(run, "cpu_model"),
            ),
        }
    };
    let entries: Vec<Entry> = cells.iter().map(entry).collect();
    serde_json::to_string_pretty(&entries).expect("plain data") + "\n"
}
