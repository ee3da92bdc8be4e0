//! Contenders whose printed value is not what a program gets: cells that collapse, and cells whose mean over all
//! windows is far from their median over forks. Every text says so where it shows such a cell.

use contend_analysis::text::{markdown_name, markdown_text, number};
use contend_analysis::verdict::{BlockAnalysis, CellSummary};

use super::headlines::{cells_in_order, threads_phrase};
use super::measure::Measure;

/// What a program gets on average, beside the printed value: ` (mean 3,620)`. Empty where the two are close.
pub fn beside(cell: &CellSummary, measure: Measure) -> String {
    cell.program_view()
        .map_or_else(String::new, |mean| format!(" (mean {})", number::short(measure.value(mean))))
}

/// The same for a value that is printed as it was measured.
pub fn beside_as_measured(cell: &CellSummary) -> String {
    cell.program_view().map_or_else(String::new, |mean| format!(" (mean {})", number::short(mean)))
}

/// The contenders of a block that collapse in more than one window, a sentence in Markdown for each. A single window
/// may be the machine's: it has its note, and is no headline.
pub fn sentences(block: &BlockAnalysis) -> Vec<String> {
    let cells = cells_in_order(block).into_iter().filter(|cell| cell.cell.is_contender());
    cells.filter_map(sentence).collect()
}

/// The sentence in Markdown on a cell that collapses. None where it does not.
fn sentence(cell: &CellSummary) -> Option<String> {
    let found = cell.collapses.filter(|found| cell.collapses() && found.count() > 1)?;
    let at = threads_phrase(&[cell.cell.threads], false);
    let value = |value: f64| format!("{} {}", number::short(value), markdown_text(&cell.unit));
    let collapsed = found.collapsed.map_or("nothing is done".to_owned(), value);
    Some(format!(
        "{} collapses {at}: {} over 10× slower ({collapsed} instead of {}).",
        markdown_name(&cell.cell.contender),
        found.share(),
        value(found.usual),
    ))
}
