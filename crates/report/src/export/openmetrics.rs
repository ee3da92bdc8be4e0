//! OpenMetrics text: <https://prometheus.io/docs/specs/om/open_metrics_spec/>. One family for each unit and bound.

use std::collections::BTreeSet;
use std::fmt::Write;

use contend_record::{NS_PER_OP, Run};

use super::{Cell, slug};

/// One of the numbers of a cell: the ending of its family's name, its description, and where it comes from.
type Number = (&'static str, &'static str, fn(&Cell<'_>) -> Option<f64>);

const NUMBERS: [Number; 3] = [
    ("", "Median over forks", |cell| Some(cell.median)),
    ("_low", "Lower end of the median's interval", |cell| Some(cell.summary.interval?.0)),
    ("_high", "Upper end of the median's interval", |cell| Some(cell.summary.interval?.1)),
];

pub(super) fn text(run: &Run, cells: &[Cell<'_>]) -> String {
    let mut out = String::new();
    for unit in cells.iter().map(|cell| cell.unit).collect::<BTreeSet<_>>() {
        for (ending, description, number) in NUMBERS {
            let name = family(unit, ending);
            writeln!(out, "# TYPE {name} gauge").expect("a string");
            if unit == NS_PER_OP {
                writeln!(out, "# UNIT {name} nanoseconds").expect("a string");
            }
            writeln!(out, "# HELP {name} {description}, in {}.", escaped(unit)).expect("a string");
            for cell in cells.iter().filter(|cell| cell.unit == unit) {
                if let Some(value) = number(cell) {
                    writeln!(out, "{name}{{{}}} {value}", labels(run, cell)).expect("a string");
                }
            }
        }
    }
    out + "# EOF\n"
}

/// The name of a family. A unit that OpenMetrics knows has to end it.
fn family(unit: &str, ending: &str) -> String {
    match unit {
        NS_PER_OP => format!("contend_operation_time{ending}_nanoseconds"),
        unit => format!("contend_{}{ending}", slug(unit).replace('-', "_")),
    }
}

fn labels(run: &Run, cell: &Cell<'_>) -> String {
    let id = cell.id;
    let threads = id.threads.to_string();
    let class = cell.summary.class.name();
    let labels = [
        ("workload", &*id.workload),
        ("variant", &id.variant),
        ("contender", &id.contender),
        ("threads", &threads),
        ("class", class),
        ("run", &run.run),
    ];
    labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).join(",")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
