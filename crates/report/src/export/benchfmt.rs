//! Go's benchmark format: <https://go.dev/design/14313-benchmark-format>. Each fork is a line, so that benchstat has
//! samples to judge. Parts of an id are keys of the name, so that `benchstat -col /contender` compares contenders.

use std::collections::BTreeSet;
use std::fmt::Write;

use contend_analysis::verdict::higher_is_better;
use contend_record::Run;

use super::{Cell, Operations, fact};

pub(super) fn text(run: &Run, cells: &[Cell<'_>], operations: &Operations<'_>) -> String {
    let mut out = String::new();
    for (key, value) in [("contend", &*run.contend), ("run", &*run.run), ("cpu", fact(run, "cpu_model"))] {
        if !value.is_empty() {
            writeln!(out, "{key}: {}", value.replace(['\n', '\r'], " ")).expect("a string");
        }
    }
    for unit in cells.iter().map(|cell| cell.unit).collect::<BTreeSet<_>>() {
        let better = if higher_is_better(unit) { "higher" } else { "lower" };
        writeln!(out, "Unit {} better={better}", unit_name(unit)).expect("a string");
    }
    out.push('\n');
    for cell in cells {
        let id = cell.id;
        for fork in &cell.summary.forks {
            let count = operations.get(&(id, fork.fork)).copied().unwrap_or(0).max(1);
            let (workload, variant) = (&id.workload, &id.variant);
            let (contender, threads) = (&id.contender, id.threads);
            writeln!(
                out,
                "BenchmarkContend/workload={workload}/variant={variant}/contender={contender}/threads={threads} \
                 {count} {} {}",
                fork.value,
                unit_name(cell.unit),
            )
            .expect("a string");
        }
    }
    out
}

/// A unit without spaces, which would separate fields.
fn unit_name(unit: &str) -> String {
    unit.split_whitespace().collect::<Vec<_>>().join("-")
}
