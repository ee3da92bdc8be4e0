//! `--output-format bencher`: a line for each measured cell, which tools for CI read.

use std::path::Path;

use super::exit::Exit;
use super::output::print;
use super::place::shown;
use super::report::write_files;
use crate::compare::Compared;
use crate::message::message;
use crate::record::NS_PER_OP;
use crate::verdict::CellSummary;

/// Writes the files of the run in `folder`, and prints its cells. The page's path goes to standard error.
pub(super) fn write(reports: &Path, folder: &Path) -> Result<Option<Compared>, Exit> {
    let (_, written, page) = write_files(reports, folder, None)?;
    let cells = written.analysis.blocks.iter().flat_map(|block| &block.cells);
    let cells = cells.filter(|cell| cell.cell.control_of().is_none() && !cell.cell.is_floor());
    print(&cells.filter_map(line).collect::<String>());
    message!("{}", shown(&page));
    Ok(written.against)
}

/// The median over forks of a cell in ns, and half the width of its interval, or of the range of its forks where these
/// are too few for one. Cells in other units have no line.
fn line(cell: &CellSummary) -> Option<String> {
    let median = cell.median.filter(|_| cell.unit == NS_PER_OP)?;
    let values = || cell.forks.iter().map(|fork| fork.value);
    let range = || Some((values().reduce(f64::min)?, values().reduce(f64::max)?));
    let (low, high) = cell.interval.or_else(range).unwrap_or((median, median));
    Some(format!("test {} ... bench: {median:>14.2} ns/iter (+/- {:.2})\n", cell.cell, (high - low) / 2.0))
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};

    use super::*;
    use crate::verdict::analyse;

    #[test]
    fn few_forks_have_their_range_and_never_an_exact_value() {
        let of = |times: &[f64]| {
            let records: Vec<_> = (1..).zip(times).map(|(fork, ns)| record("a", fork, 1, *ns)).collect();
            line(&analyse(&run(&["a"]), &records).blocks[0].cells[0]).expect("a time")
        };
        let ends = |line: &str, end: &str| assert!(line.ends_with(&format!("{end}\n")), "{line}");
        ends(&of(&[100.0, 120.0, 110.0]), "110.00 ns/iter (+/- 10.00)");
        // Twelve have an interval, from the second least to the second greatest.
        let twelve: Vec<f64> = (0..12).map(|fork| 100.0 + f64::from(fork)).collect();
        ends(&of(&twelve), "105.50 ns/iter (+/- 4.50)");
    }
}
