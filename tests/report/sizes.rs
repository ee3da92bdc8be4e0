//! How large a page and a summary are. How long they take is measured by `examples/showing.rs`.

use super::{fixture, report_of};

/// The most bytes of a page for each cell.
const BYTES: usize = 800;

#[test]
fn a_thousand_cells_of_sixty_records_take_eight_hundred_bytes_each() {
    let journal = fixture::large();
    let cells: usize = journal.run.plan.blocks.iter().map(|block| block.cells.len()).sum();
    assert!(cells >= 1000 && journal.records.len() >= 60 * cells, "{cells} cells");
    let (_, written) = report_of("large", &journal);
    let page = std::fs::metadata(&written.page).expect("a page").len() as usize;
    assert!(page <= BYTES * cells, "{} bytes for each of {cells} cells", page / cells);
}

/// Its page is also there for `scripts/page-pace.mjs`.
#[test]
#[ignore = "takes half a minute without optimization"]
fn ten_thousand_cells_take_eight_hundred_bytes_each() {
    let journal = fixture::huge();
    let cells: usize = journal.run.plan.blocks.iter().map(|block| block.cells.len()).sum();
    assert!(cells >= 10_000, "{cells} cells");
    let (_, written) = report_of("huge", &journal);
    let page = std::fs::metadata(&written.page).expect("a page").len() as usize;
    assert!(page <= BYTES * cells, "{} bytes for each of {cells} cells", page / cells);
}

#[test]
fn a_summary_fits_a_comment_on_github() {
    let summary = |name, journal| {
        let (folder, _) = report_of(name, &journal);
        std::fs::read_to_string(folder.join("summary.md")).expect("a summary")
    };
    let (rows, without) = ("| threads | contender |", "All numbers are on the page");
    let small = summary("small-summary", fixture::standard());
    assert!(small.contains(rows) && !small.contains(without));
    let large = summary("large-summary", fixture::large());
    assert!(!large.contains(rows) && large.contains(without));
    assert!(large.chars().count() <= 65_536, "{}", large.chars().count());
}

#[test]
fn a_standard_page_is_small() {
    let (_, written) = report_of("small", &fixture::standard());
    let page = std::fs::metadata(&written.page).expect("a page").len() as usize;
    assert!(page <= 500_000, "{page} bytes");
}
