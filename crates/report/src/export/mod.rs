//! A run's numbers in the formats of tools that teams already use. Each number equals the one in `verdicts.json`:
//! a cell's median over forks, the interval of that median, and the value of each fork.

mod bencher;
mod benchfmt;
mod critcmp;
mod csv;
mod github;
mod openmetrics;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use contend_analysis::text::number::plural;
use contend_analysis::verdict::{Analysis, CellSummary, analyse, higher_is_better};
use contend_record::{CONTROL, CellId, NS_PER_OP, Record, Run, RunData};

/// A format of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Bencher Metric Format: JSON for `bencher run --adapter json`.
    Bencher,
    /// JSON for github-action-benchmark's `customSmallerIsBetter`.
    GithubActionBenchmark,
    /// Go's benchmark format, a line for each fork, for benchstat.
    Benchfmt,
    /// JSON as `critcmp --export` writes it.
    Critcmp,
    /// OpenMetrics text, for Prometheus.
    Openmetrics,
    /// Comma-separated values, a row for each cell.
    Csv,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 6] = [
        Self::Bencher,
        Self::GithubActionBenchmark,
        Self::Benchfmt,
        Self::Critcmp,
        Self::Openmetrics,
        Self::Csv,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bencher => "bencher",
            Self::GithubActionBenchmark => "github-action-benchmark",
            Self::Benchfmt => "benchfmt",
            Self::Critcmp => "critcmp",
            Self::Openmetrics => "openmetrics",
            Self::Csv => "csv",
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            format!("it must be one of {}", names.join(", "))
        })
    }
}

/// An exported run.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// The text in the format.
    pub text: String,
    /// What the format cannot say and so lacks, a sentence each.
    pub left_out: Vec<String>,
}

/// Writes the cells of a run in `format`: contenders and floors, not controls.
pub fn export(data: &RunData, format: ExportFormat) -> Exported {
    let analysis = analyse(&data.run, &data.records);
    let (controls, cells) = cells(&analysis);
    let missing = cells.iter().filter(|cell| cell.median.is_none()).count();
    let measured: Vec<Cell<'_>> = cells.iter().filter_map(|summary| Cell::of(summary)).collect();
    let exported = |kept: &dyn Fn(&Cell<'_>) -> bool, why: &str, text: &dyn Fn(&[Cell<'_>]) -> String| {
        let (kept, out): (Vec<_>, Vec<_>) = measured.iter().copied().partition(|cell| kept(cell));
        let units = (!out.is_empty()).then(|| left_out(out.len(), why));
        Exported { text: text(&kept), left_out: units.into_iter().collect() }
    };
    let all = |_: &Cell<'_>| true;
    let mut exported = match format {
        ExportFormat::Bencher => exported(&all, "", &bencher::text),
        ExportFormat::GithubActionBenchmark => {
            let smaller = |cell: &Cell<'_>| !higher_is_better(cell.unit);
            exported(&smaller, "more is better in the unit, and this format has no such values", &|cells| {
                github::text(&data.run, cells)
            })
        }
        ExportFormat::Benchfmt => {
            exported(&all, "", &|cells| benchfmt::text(&data.run, cells, &operations(data)))
        }
        ExportFormat::Critcmp => {
            let times = |cell: &Cell<'_>| cell.unit == NS_PER_OP;
            exported(&times, "the unit is not nanoseconds, and critcmp has no other", &|cells| {
                critcmp::text(&data.run, cells)
            })
        }
        ExportFormat::Openmetrics => exported(&all, "", &|cells| openmetrics::text(&data.run, cells)),
        ExportFormat::Csv => Exported { text: csv::text(&cells), left_out: Vec::new() },
    };
    if missing > 0 && format != ExportFormat::Csv {
        exported.left_out.push(left_out(missing, "failed or not measured"));
    }
    if controls > 0 {
        exported.left_out.push(left_out(controls, "a control is the second copy of a contender"));
    }
    exported
}

fn left_out(cells: usize, why: &str) -> String {
    format!("{} left out: {why}", plural(cells, "cell is", "cells are"))
}

/// The number of controls, and the cells of contenders and floors.
fn cells(analysis: &Analysis) -> (usize, Vec<&CellSummary>) {
    let cells = analysis.blocks.iter().flat_map(|block| &block.cells);
    let (controls, cells): (Vec<_>, Vec<_>) = cells.partition(|cell| cell.cell.contender.ends_with(CONTROL));
    (controls.len(), cells)
}

/// A cell with a value.
#[derive(Clone, Copy)]
struct Cell<'a> {
    id: &'a CellId,
    summary: &'a CellSummary,
    unit: &'a str,
    median: f64,
}

impl<'a> Cell<'a> {
    fn of(summary: &'a CellSummary) -> Option<Self> {
        let median = summary.median.filter(|median| median.is_finite())?;
        Some(Self { id: &summary.cell, summary, unit: &summary.unit, median })
    }
}

/// The operations of each fork of each cell.
type Operations<'a> = HashMap<(&'a CellId, u32), u64>;

fn operations(data: &RunData) -> Operations<'_> {
    let mut operations = Operations::new();
    for record in data.records.iter().filter(|record: &&Record| record.valid) {
        let of_fork = operations.entry((&record.cell, record.fork)).or_default();
        *of_fork = of_fork.saturating_add(record.total_operations());
    }
    operations
}

/// A unit as a word: `ns/op` is `ns-per-op`.
fn slug(unit: &str) -> String {
    let spelled = unit.replace('/', " per ");
    let words = spelled.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

/// A fact of the run's machine; empty where it is not known.
fn fact<'a>(run: &'a Run, key: &str) -> &'a str {
    run.environment.facts.iter().find(|fact| fact.key == key).map_or("", |fact| &fact.value)
}
