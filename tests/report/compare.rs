//! The page of two runs: its counts and rows are those of the comparison's JSON, for runs of every shape.

use std::fs;

use contend::compare::{Change, Compared, Counts, compare};
use contend::record::RunData;
use contend::report::write_compared;

use super::{fixture, place, text};

/// The most bytes of a page for each cell of a large one.
const BYTES: usize = 1_000;

/// A later run of the same cells: a lock got slower, a map faster, and everything drifted.
fn later(first: &RunData) -> RunData {
    let mut second = first.clone();
    second.run.run = "later".to_owned();
    for (place, record) in second.records.iter_mut().enumerate() {
        let factor = match record.cell.contender.as_str() {
            "parking_lot::Mutex" => 1.7,
            "dashmap::DashMap" => 0.6,
            _ => 1.0,
        };
        let noise = 1.0 + 0.002 * (place % 7) as f64;
        let factor = factor * 1.01 * noise;
        record.window_ns = (record.window_ns as f64 * factor) as u64;
        record.ns_per_op = record.ns_per_op.map(|ns| ns * factor);
    }
    second
}

/// Writes the page and the JSON of a comparison where the browser's check finds them, and returns the page.
fn page_of(name: &str, first: &RunData, second: &RunData) -> (String, Compared) {
    let compared = compare(first, second, true).expect("comparable");
    let folder = place(name);
    write_compared(&folder.join("compare.html"), &compared).expect("a page");
    let json = serde_json::to_string(&compared).expect("plain data");
    fs::write(folder.join("compare.json"), json).expect("a place to write to");
    (text(&folder, "compare.html"), compared)
}

/// The rows of a kind, in the tables of all cells.
fn rows(page: &str, kind: &str) -> usize {
    let workloads = page.split("<section class=\"workload\"").skip(1);
    workloads.map(|part| part.matches(&format!("<tr data-v=\"{kind}\"")).count()).sum()
}

#[test]
fn counts_and_rows_are_those_of_the_comparison() {
    let first = fixture::standard();
    let mut second = later(&first);
    fixture::fail(&mut second, "counter/hot/std::sync::RwLock/2", "lost 3 of 9");
    let (page, compared) = page_of("compare", &first, &second);
    for change in Counts::KINDS {
        let wanted = compared.counts.of(change) as usize;
        let weaker = ["not slower", "not faster"].map(|word| rows(&page, word)).iter().sum::<usize>();
        let weaker = if change == Change::UNRESOLVED { weaker } else { 0 };
        assert_eq!(rows(&page, change.label()) + weaker, wanted, "{}", change.label());
    }
    assert!(compared.counts.of(Change::SLOWER) > 5 && compared.counts.of(Change::FASTER) > 5);
    let cells: usize = compared.blocks.iter().map(|block| block.cells.len()).sum();
    let floors = rows(&page, "floor");
    let all = Counts::KINDS.iter().map(|change| compared.counts.of(*change) as usize).sum::<usize>();
    assert_eq!(cells, all + floors);
    assert!(floors > 0 && page.contains(&format!("<output>{cells} cells</output>")));
    // By direction: the count, and the range both ways.
    let counts = page.split("<section").find(|part| part.contains("id=\"counts\"")).expect("counts");
    let slower = compared.counts.of(Change::SLOWER);
    let row = "<span class=\"fwd worse\">slower</span><span class=\"rev better\">faster</span>";
    let row = counts.lines().find(|line| line.contains(row)).expect("a row");
    assert!(row.contains(&format!("<td class=\"count\">{slower}<td")), "{row}");
    let ratios = compared.blocks.iter().flat_map(|block| &block.cells);
    let ratios = ratios.filter(|cell| cell.verdict == Some(Change::SLOWER) && !cell.cell.is_floor());
    let most = ratios.filter_map(|cell| Some(cell.shift?.ratio)).fold(1.0, f64::max);
    assert!(
        (1.6..2.0).contains(&most) && row.contains(&format!("<span class=\"fwd\">{most:.2}×</span>")),
        "{row}"
    );
    // The largest come first, and those beyond the list are counted.
    let largest = page.split("<section id=\"largest\"").nth(1).expect("a list");
    let (at, failed) = (largest.find("parking_lot::Mutex"), largest.find("lost 3 of 9"));
    assert!(failed.expect("the failed cell") < at.expect("a slower one"));
    assert!(page.contains("counter/hot/std::sync::RwLock/2"));
}

#[test]
fn a_page_of_a_thousand_cells_is_small() {
    let first = fixture::large();
    let (page, compared) = page_of("compare-large", &first, &later(&first));
    let cells: usize = compared.blocks.iter().map(|block| block.cells.len()).sum();
    assert!(
        cells >= 1000 && page.len() <= BYTES * cells,
        "{} bytes for each of {cells} cells",
        page.len() / cells
    );
    // Of each direction the largest are listed.
    let slower = compared.counts.of(Change::SLOWER);
    let more = format!("And {} more cells, with their workloads below.", slower - 25);
    assert!(slower > 50 && page.contains(&more), "{more}");
}

#[test]
fn other_machines_have_no_verdict_on_the_page() {
    let first = fixture::standard();
    let mut second = later(&first);
    let cpu = second.run.environment.facts.iter_mut().find(|fact| fact.key == "cpu_model").expect("a fact");
    cpu.value = "Other CPU".to_owned();
    let (page, compared) = page_of("compare-side-by-side", &first, &second);
    assert!(!compared.side_by_side.is_empty());
    assert!(page.contains("side by side, without verdicts: the CPU is Example CPU @ 2.80GHz in run"));
    for part in ["second over first", "data-v=\"slower\"", "class=\"side\"", "name=\"v\"", "id=\"largest\""] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("leaders (immediate): ") && page.contains("name=\"q\""));
}

#[test]
fn hostile_names_and_numbers_that_are_none_are_inert() {
    let markup = "</script><img src=x onerror=alert(1)>";
    let names = [markup, "\"'&", "\u{202e}\u{5e9}\u{5dc}", "`code` [link](javascript:alert(1))"];
    let contenders =
        names.map(|name| fixture::contender(name, name, contend::record::Class::Immediate, 7.0, 1.5));
    let mut first = fixture::journal(&fixture::Outlay {
        workloads: ["\u{5e9}", "\u{5d0}", markup]
            .map(|name| (name.to_owned(), vec!["a|b".to_owned()]))
            .to_vec(),
        threads: vec![1, 2],
        contenders: contenders.to_vec(),
        cores: 2,
        forks: 12,
        rounds: 2,
    });
    first.run.run = markup.to_owned();
    let mut second = later(&first);
    for (index, record) in second.records.iter_mut().enumerate() {
        record.ns_per_op = match index % 40 {
            0 => Some(f64::INFINITY),
            1 => Some(0.0),
            2 => None,
            _ => record.ns_per_op,
        };
    }
    let (page, _) = page_of("compare-hostile", &first, &second);
    assert!(
        !page.contains("<img")
            && page.matches("<script>").count() == 1
            && page.matches("</script>").count() == 1
    );
    assert!(!page.contains("NaN") && !page.contains("=\"inf"), "numbers that are none");
    // Names that have no letters of an id still have sections of their own.
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    let unique: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
}
