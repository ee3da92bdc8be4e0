//! What a small run is made into, word for word: reviewed as text in `golden/`. After a change that is
//! wanted, `UPDATE_GOLDEN=1 cargo test --test report` writes these files again.

use std::fs;
use std::path::Path;

use contend::record::RunData;
use contend::report;

use super::fixture::{self, Outlay};
use super::{CLAIMS, claim, report_of, text};

fn small() -> RunData {
    let mut contenders = fixture::usual();
    contenders.retain(|c| ["std::sync::Mutex", "serial", "flume"].contains(&c.name.as_str()));
    let mut journal = fixture::journal(&Outlay {
        workloads: vec![("counter".to_owned(), vec!["hot".to_owned()])],
        threads: vec![1, 2, 4],
        contenders,
        cores: 2,
        forks: 12,
        rounds: 2,
    });
    fixture::fail(&mut journal, "counter/hot/flume/4", "lost 3 of 120,000 increments");
    journal
}

/// A drawing a line an element, without the style that all have in common.
fn legible(svg: &str) -> String {
    let (head, rest) = svg.split_once("<style>").expect("a style");
    let (_, body) = rest.split_once("</style>").expect("its end");
    format!("{head}{body}").replace("><", ">\n<")
}

#[test]
fn a_small_run_reads_as_it_was_reviewed() {
    let journal = small();
    let (folder, _) = report_of("golden", &journal);
    claim(&folder, CLAIMS);
    let written = report::write(&folder, &journal).expect("a report");
    let cite = |full| {
        let matches = |id: &str| id.contains("counter");
        let cite =
            report::Cite { filter: "counter", matches: &matches, full, link: "reports/run/index.html" };
        report::cite(&journal, &cite).expect("a citation")
    };
    for (name, found) in [
        ("summary.md", text(&folder, "summary.md")),
        ("cite.md", cite(false)),
        ("cite-full.md", cite(true)),
        ("terminal.txt", report::terminal(&journal.run, &written.analysis, false)),
        ("counter-hot.svg", legible(&text(&folder, "charts/counter-hot.svg"))),
        ("counter-hot-scaling.svg", legible(&text(&folder, "charts/counter-hot-scaling.svg"))),
        ("counter-hot-windows-2.svg", legible(&text(&folder, "charts/counter-hot-windows-2.svg"))),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/golden").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, &found).expect("a golden file");
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        let differs = golden.lines().zip(found.lines()).find(|(old, new)| old != new);
        assert!(golden == found, "{name} differs, first at {differs:#?}");
    }
}
