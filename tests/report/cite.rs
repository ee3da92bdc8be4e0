//! Citations: which variants and contenders a filter selects, and what is printed of them.

use contend::record::Class;
use contend::report;

use super::fixture;

#[test]
fn cite_prints_what_the_filter_names() {
    let journal = fixture::standard();
    let cite = |filter: &'static str, full| {
        let matches = |id: &str| id.contains(filter);
        report::cite(&journal, &report::Cite { filter, matches: &matches, full, link: "x/index.html" })
    };
    let full = cite("map/read90", true).expect("a citation");
    assert!(full.starts_with("### `map/read90`\n"));
    assert!(full.contains("charts/map-read90-dark.svg") && full.contains("cargo bench"));
    assert!(!full.contains("counter/hot"));
    // Small: ten lines, no picture to upload, one link, and bars.
    let small = cite("map/read90", false).expect("a citation");
    assert!(small.starts_with("**`map/read90` at "), "{small}");
    assert!(small.lines().count() <= 10 && small.matches("](").count() == 1, "{small}");
    assert!(small.contains("(x/index.html)") && small.contains('█') && !small.contains("<picture"));
    assert!(!small.contains("counter/hot"));
    // A filter on a cell chooses its block.
    let one = cite("map/read90/std::sync::Mutex/1", false).expect("a citation");
    assert!(one.starts_with("**`map/read90` at 1 thread**"), "{one}");
    let block = cite("map/read90/1", false).expect("a citation");
    assert!(block.starts_with("**`map/read90` at 1 thread**"), "{block}");
    // Words select as in the page's filter: without case, by what a workload represents, and by the names of Go.
    for words in ["read90 MAP", "mutex read90", "READ90"] {
        let found = cite(words, false).unwrap_or_else(|error| panic!("{words}: {error}"));
        assert!(found.starts_with("**`map/read90` at "), "{words}: {found}");
    }
    let none = cite("countre", false).expect_err("no such cell").to_string();
    assert!(none.contains("`countre`") && none.contains("the nearest are `counter`"), "{none}");
}

/// `queue` is a workload, and a part of `SegQueue`. `flume` is deferred, and no leader of the first class.
#[test]
fn cite_prefers_workloads_and_lists_the_contenders_that_are_named() {
    let mut contenders = fixture::usual();
    contenders.push(fixture::contender(
        "crossbeam_queue::SegQueue",
        "crossbeam",
        Class::Immediate,
        30.0,
        2.0,
    ));
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let journal = fixture::journal(&fixture::Outlay {
        workloads: vec![
            ("counter".to_owned(), names(&["hot", "spaced"])),
            ("queue".to_owned(), names(&["one", "two"])),
        ],
        threads: vec![1, 2],
        contenders,
        cores: 2,
        forks: 12,
        rounds: 1,
    });
    let cite = |filter: &str, full| {
        let matches = |id: &str| id.to_lowercase().contains(filter);
        let found = report::cite(&journal, &report::Cite { filter, matches: &matches, full, link: "x" });
        found.map_err(|error| error.to_string())
    };
    for words in ["queue", "queue segqueue"] {
        let found = cite(words, false).expect(words);
        assert!(found.starts_with("**`queue/one` at 2 threads**") && !found.contains("counter"), "{found}");
    }
    let rows = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("| `")).map(str::to_owned).collect()
    };
    let found = cite("queue one segqueue", false).expect("a table");
    assert!(rows(&found).iter().any(|row| row.contains("SegQueue")), "{found}");
    let found = cite("queue one flume", false).expect("a table");
    assert!(found.starts_with("**`queue/one` at 2 threads**, oversubscribed (deferred), "), "{found}");
    assert!(rows(&found).iter().any(|row| row.contains("`flume`")), "{found}");
    // Too many are named in one line. With everything on request they are printed.
    let many = cite("mutex", false).expect_err("too many");
    assert_eq!(many.lines().count(), 1);
    assert!(
        many.starts_with("`mutex` matches 4 variants: `counter/hot`, `counter/spaced`, `queue/one`"),
        "{many}"
    );
    assert_eq!(cite("mutex", true).expect("everything").matches("\n### `").count(), 3);
    for empty in ["", "  "] {
        let refused = cite(empty, false).expect_err("nothing");
        assert!(refused.starts_with("the filter is empty"), "{refused}");
    }
}
