//! The table of a variant, with all numbers of all cells.

use std::collections::HashMap;

use contend_analysis::text::forks_where;
use contend_analysis::text::number;
use contend_analysis::verdict::{BlockAnalysis, CellState, CellSummary, Outcome, Standing};
use contend_record::CONTROL;

use crate::headlines::cells_in_order;
use crate::measure::Measure;
use crate::ranking::{Distance, rankings};
use crate::report_model::{ReportModel, Variant};

/// A variant's table.
pub struct Numbers {
    pub variant: String,
    pub caption: String,
    /// The unit of the values. A time has its throughput in another column.
    pub unit: String,
    pub time: bool,
    /// Whether any cell has the parts of its CPU time.
    pub parts: bool,
    /// Whether any cell has notes.
    pub noted: bool,
    /// The class of all contenders; empty where the rows have more than one, and name them.
    pub class: &'static str,
    pub rows: Vec<NumberRow>,
    pub cells: String,
}

/// A cell's row.
pub struct NumberRow {
    pub name: String,
    pub kind: &'static str,
    pub threads: usize,
    pub oversubscribed: bool,
    pub class: &'static str,
    /// The numbers; none where the cell failed or is missing.
    pub values: Option<Values>,
    /// The reason for having none.
    pub reason: String,
    /// Notes: collapses, stalls, two modes, drift.
    pub notes: String,
}

/// A cell's numbers as text.
pub struct Values {
    pub throughput: String,
    pub median: String,
    /// What a program gets on average that meets all windows, where that is far from the median; empty otherwise.
    pub mean: String,
    pub interval: String,
    pub against: Against,
    pub forks: String,
    pub windows: String,
    pub voided: u32,
    pub p05: String,
    pub p50: String,
    pub p95: String,
    pub cpu: String,
    pub user: String,
    pub system: String,
    pub switches: String,
    pub share: String,
    /// The floor's own share, beside that of another cell; empty where either was not counted.
    pub floor_share: String,
}

/// A cell's time over that of the best of its class.
#[derive(Default)]
pub struct Against {
    pub text: String,
    pub note: &'static str,
}

impl Numbers {
    /// The table of a variant.
    pub fn of(model: &ReportModel, variant: &Variant) -> Self {
        let measure = Measure::of(variant.unit());
        let blocks = variant.blocks.iter();
        let rows: Vec<NumberRow> = blocks
            .flat_map(|block| {
                let mut against = against(block);
                let rows = cells_in_order(block).into_iter().map(|cell| {
                    let own = against.remove(cell.cell.contender.as_str()).unwrap_or_default();
                    row(block, cell, own, measure)
                });
                rows.collect::<Vec<_>>()
            })
            .collect();
        let mut classes: Vec<&str> =
            rows.iter().filter(|row| row.kind != "floor").map(|row| row.class).collect();
        classes.dedup();
        let class = if let [one] = classes[..] { one } else { "" };
        let all = if class.is_empty() { String::new() } else { format!(", all {class}") };
        let forks = forks_where(&model.run.plan, |block| block.of_variant() == variant.id);
        Self {
            variant: variant.id.to_string(),
            caption: format!("All cells of {}, {forks} each{all}", variant.id),
            unit: variant.unit().to_owned(),
            time: measure.is_time(),
            parts: variant
                .blocks
                .iter()
                .flat_map(|block| &block.cells)
                .any(|cell| cell.user_ns_per_op.is_some()),
            noted: rows.iter().any(|row| !row.notes.is_empty()),
            cells: number::plural(rows.len(), "cell", "cells") + &all,
            class,
            rows,
        }
    }
}

impl Numbers {
    /// Columns that a cell without numbers leaves empty.
    pub fn columns(&self) -> usize {
        12 + usize::from(self.time) + 2 * usize::from(self.parts)
    }

    /// The CSS classes of the table: the place of its notes, and whether its rows name their class.
    pub fn kind(&self) -> String {
        let named = self.class.is_empty();
        format!("at{}{}", self.columns() + 2 + usize::from(named), if named { " mixed" } else { "" })
    }
}

fn row(block: &BlockAnalysis, cell: &CellSummary, against: Against, measure: Measure) -> NumberRow {
    let (values, kind, reason) = match &cell.state {
        CellState::Measured => (values(block, cell, against, measure), "", String::new()),
        CellState::Failed(reason) => (None, "failed", format!("failed: {reason}")),
        CellState::Missing(reason) => (None, "missing", format!("missing: {reason}")),
    };
    NumberRow {
        name: cell.cell.contender.clone(),
        notes: notes(cell).join("; "),
        kind: match kind {
            "" if cell.cell.is_floor() => "floor",
            "" if cell.cell.control_of().is_some() => "control",
            kind => kind,
        },
        threads: cell.cell.threads,
        oversubscribed: cell.oversubscribed,
        class: cell.class.name(),
        reason: if values.is_none() && reason.is_empty() { "no number".to_owned() } else { reason },
        values,
    }
}

/// The notes on a cell without the one on its mean, which has its place beside the median.
fn notes(cell: &CellSummary) -> Vec<&str> {
    let on_mean = cell.note_on_mean();
    cell.notes.iter().filter(|note| Some(*note) != on_mean.as_ref()).map(String::as_str).collect()
}

fn values(block: &BlockAnalysis, cell: &CellSummary, against: Against, measure: Measure) -> Option<Values> {
    let median = cell.median?;
    let optional = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number::short);
    let windows = cell.windows.as_ref();
    Some(Values {
        throughput: number::short(measure.value(median)),
        median: number::short(median),
        mean: cell.program_view().map_or_else(String::new, number::short),
        interval: cell.interval.map_or_else(
            || "–".to_owned(),
            |(low, high)| format!("{}–{}", number::short(low), number::short(high)),
        ),
        against,
        forks: number::count(cell.forks.len() as u64),
        windows: number::count(windows.map_or(0, |windows| u64::from(windows.windows))),
        voided: cell.voided,
        p05: optional(windows.map(|windows| windows.p05)),
        p50: optional(windows.map(|windows| windows.p50)),
        p95: optional(windows.map(|windows| windows.p95)),
        cpu: optional(cell.cpu_ns_per_op),
        user: optional(cell.user_ns_per_op),
        system: optional(cell.system_ns_per_op),
        switches: optional(cell.switches_per_1000),
        share: optional(cell.least_share),
        floor_share: cell
            .least_share
            .filter(|_| !cell.cell.is_floor())
            .and(block.floor_share())
            .map_or_else(String::new, number::short),
    })
}

/// What stands beside each contender: its time over that of the best of its class. Beside the control's second copy it
/// is the time over that of the first.
fn against(block: &BlockAnalysis) -> HashMap<&str, Against> {
    let mut against = HashMap::new();
    for ranking in rankings(block) {
        let proven = matches!(ranking.standing.standing, Standing::Winner { .. } | Standing::Alone { .. });
        for row in &ranking.rows {
            if let Some(distance) = row.distance {
                against.insert(row.name(), in_words(distance, proven));
            }
        }
    }
    if let Some(control) = &block.control {
        let copy = if control.a.ends_with(CONTROL) { &control.a } else { &control.b };
        against.insert(copy, in_words(Distance::of(control, copy), true));
    }
    against
}

/// Without a winner, the best is an estimate.
fn in_words(distance: Distance, proven: bool) -> Against {
    let Some(outcome) = distance.outcome else {
        let text = if proven { "best" } else { "best estimate" };
        return Against { text: text.to_owned(), ..Against::default() };
    };
    Against {
        text: number::times_with_interval(distance.ratio, distance.low, distance.high),
        note: match outcome {
            Outcome::Faster | Outcome::Slower => "",
            undecided => undecided.label(),
        },
    }
}
