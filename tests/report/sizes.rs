//! How large a page is and how long it takes.

use std::time::Instant;

use super::{fixture, report_of};

const MEGABYTE: usize = 1_000_000;

#[test]
fn a_thousand_cells_of_sixty_records_fit_a_megabyte() {
    let journal = fixture::large();
    let cells: usize = journal
        .run
        .plan
        .blocks
        .iter()
        .map(|block| block.cells.len())
        .sum();
    assert!(
        cells >= 1000 && journal.records.len() >= 60 * cells,
        "{cells} cells"
    );
    let started = Instant::now();
    let (folder, written) = report_of("large", &journal);
    let page = std::fs::metadata(&written.page).expect("a page").len() as usize;
    println!(
        "{cells} cells, {} records: {page} bytes at {} in {:?} with saving",
        journal.records.len(),
        folder.display(),
        started.elapsed()
    );
    let again = Instant::now();
    contend::report::write(&folder, &journal).expect("a report");
    println!("written in {:?}", again.elapsed());
    assert!(page <= MEGABYTE, "{page} bytes");
}

/// In the builds of tests and of users alike, since neither optimizes what is never in a window.
#[test]
fn verdicts_of_a_thousand_cells_take_less_than_two_seconds() {
    let journal = fixture::large();
    let took = (0..3).map(|_| {
        let started = Instant::now();
        let analysis = contend::verdict::analyse_journal(&journal);
        assert!(analysis.comparisons > 0);
        started.elapsed()
    });
    let least = took.min().expect("three times");
    println!("verdicts in {least:?}");
    assert!(least.as_secs_f64() < 2.0, "{least:?}");
}

#[test]
fn a_standard_page_is_small() {
    let (_, written) = report_of("small", &fixture::standard());
    let page = std::fs::metadata(&written.page).expect("a page").len() as usize;
    assert!(page <= MEGABYTE / 2, "{page} bytes");
}
