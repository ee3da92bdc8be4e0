//! The table of two builds of the same cells: how the later build's times relate to the earlier one's, and how
//! far one build lies from itself. `scripts/builds` makes the builds and runs them in alternation.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contend::record;
use contend::verdict::analyse;
use contend_analysis::statistics::{OrderStatistic, PAIR_ERROR, Sorted};

/// The logarithm of each cell's median over forks.
type Medians = BTreeMap<String, f64>;

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if folders.len() < 4 || !folders.len().is_multiple_of(2) {
        eprintln!("usage: builds BEFORE AFTER BEFORE AFTER…, a folder with a run each: see scripts/builds");
        return ExitCode::from(2);
    }
    let runs: Result<Vec<Medians>, String> = folders.iter().map(|folder| medians(folder)).collect();
    match runs {
        Ok(runs) => print(&runs),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// The medians of the one run below `folder`.
fn medians(folder: &Path) -> Result<Medians, String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(|error| failed(&error))?;
    let run =
        entries.filter_map(|entry| Some(entry.ok()?.path())).find(|path| path.join("run.json").is_file());
    let run = run.ok_or_else(|| failed(&"there is no run below it"))?;
    let data = record::read(&run).map_err(|error| failed(&error))?;
    let analysis = analyse(&data.run, &data.records);
    let cells = analysis.blocks.iter().flat_map(|block| &block.cells);
    let known = cells.filter(|cell| !cell.cell.contender.ends_with(record::CONTROL));
    Ok(known.filter_map(|cell| Some((cell.cell.to_string(), cell.median?.ln()))).collect())
}

/// A row for each cell: the ratio of the pairs of runs, and that of each run to the next of the same build.
fn print(runs: &[Medians]) {
    println!("| cell | ns/op before | after / before | interval | one build / itself |");
    println!("| --- | ---: | ---: | --- | --- |");
    for (cell, first) in &runs[0] {
        let log = |run: &Medians| run.get(cell).copied();
        let pairs = runs.chunks(2).filter_map(|pair| Some(log(&pair[1])? - log(&pair[0])?)).collect();
        let itself = runs.windows(3).filter_map(|runs| Some(log(&runs[2])? - log(&runs[0])?));
        let (pairs, itself) = (Sorted::new(pairs), Sorted::new(itself.collect()));
        let Some(ratio) = pairs.median() else { continue };
        let ends = OrderStatistic::within(pairs.len(), PAIR_ERROR).and_then(|ends| pairs.interval(ends));
        let interval = ends.map_or("too few runs".to_owned(), span);
        let same = itself.quantile(0.05).zip(itself.quantile(0.95)).map_or(String::new(), span);
        println!("| `{cell}` | {:.2} | {:.3} | {interval} | {same} |", first.exp(), ratio.exp());
    }
}

fn span((low, high): (f64, f64)) -> String {
    format!("{:.3} to {:.3}", low.exp(), high.exp())
}
