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
