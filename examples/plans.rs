//! The table of a study of plans: how much the same cells cost and decide with other numbers of forks, rounds and
//! window lengths, and how far their values lie from those of long windows. `scripts/plans` makes the runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contend::record::{self, RunData};
use contend::verdict::{Analysis, ClassChoice, Guarantee, Outcome, Standing, Verdict, analyse};
use contend_analysis::statistics::Sorted;

/// A run and its analysis.
struct Analysed {
    data: RunData,
    analysis: Analysis,
}

/// What the runs of a plan come to at one thread count.
#[derive(Default)]
struct Row {
    pairs: usize,
    unresolved: usize,
    classes: usize,
    decided: usize,
    within: usize,
    half_widths: Vec<f64>,
    control_half_widths: Vec<f64>,
    /// The logarithm of each cell's median over that of long windows.
    shifts: Vec<f64>,
}

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [long, plans @ ..] = folders.as_slice() else {
        eprintln!("usage: plans LONG PLAN…, folders with the runs of one plan each: see scripts/plans");
        return ExitCode::from(2);
    };
    match print(long, plans) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// All runs below `folder`.
fn runs(folder: &Path) -> Result<Vec<Analysed>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(|error| failed(&error))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut runs = Vec::new();
    for path in paths.filter(|path| path.join("run.json").is_file()) {
        let data = record::read(&path).map_err(|error| failed(&error))?;
        let analysis = analyse(&data.run, &data.records);
        runs.push(Analysed { data, analysis });
    }
    if runs.is_empty() { Err(failed(&"there is no run below it")) } else { Ok(runs) }
}

/// A row for each plan and thread count.
fn print(long: &Path, plans: &[PathBuf]) -> Result<(), String> {
    let long = medians(&runs(long)?);
    println!(
        "| forks × rounds × window | time | threads | pairs unresolved | classes with winner or tie | \
         with a pick within 3 % | half-width | control's | shift from long windows: median, 90 % |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    for plan in plans {
        let runs = runs(plan)?;
        let seconds: f64 = runs.iter().filter_map(|run| run.data.run.took_s).sum::<f64>() / runs.len() as f64;
        let name = plan.file_name().unwrap_or_default().to_string_lossy().replace('x', " × ");
        let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
        for run in &runs {
            add(run, &long, &mut rows);
        }
        for (threads, row) in rows {
            println!("| {name} | {seconds:.0} s | {threads} | {} |", row.columns());
        }
    }
    Ok(())
}

/// The median over runs of each cell's value, by id.
fn medians(runs: &[Analysed]) -> BTreeMap<String, f64> {
    let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for cell in runs.iter().flat_map(|run| &run.analysis.blocks).flat_map(|block| &block.cells) {
        values.entry(cell.cell.to_string()).or_default().extend(cell.median);
    }
    let median = |(cell, values): (String, Vec<f64>)| Some((cell, Sorted::new(values).median()?));
    values.into_iter().filter_map(median).collect()
}

fn add(run: &Analysed, long: &BTreeMap<String, f64>, rows: &mut BTreeMap<usize, Row>) {
    for block in &run.analysis.blocks {
        let row = rows.entry(block.block.threads).or_default();
        let half_width = |verdict: &Verdict| ((verdict.high / verdict.low).ln() / 2.0).exp_m1();
        let pairs = block.verdicts.iter().filter(|verdict| !verdict.control);
        row.pairs += pairs.clone().count();
        row.half_widths.extend(pairs.clone().map(half_width));
        row.unresolved += pairs.filter(|verdict| verdict.verdict == Outcome::Unresolved).count();
        row.control_half_widths.extend(block.control.iter().map(half_width));
        for class in &block.standings {
            let (of, decided) = match class.standing {
                Standing::Winner { .. } | Standing::Tied { .. } => (1, 1),
                Standing::Unresolved { .. } => (1, 0),
                Standing::Alone { .. } | Standing::NotMeasured => (0, 0),
            };
            row.classes += of;
            row.decided += decided;
        }
        let good =
            |choice: &&ClassChoice| matches!(choice.guarantee, Guarantee::Fastest | Guarantee::Within { .. });
        row.within += block.choices.iter().filter(good).count();
        for cell in &block.cells {
            let known = long.get(&cell.cell.to_string());
            row.shifts.extend(cell.median.zip(known).map(|(median, long)| (median / long).ln()));
        }
    }
}

impl Row {
    fn columns(self) -> String {
        let percent =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{:.1} %", 100.0 * value));
        let median = |values: Vec<f64>| percent(Sorted::new(values).median());
        let distances = Sorted::new(self.shifts.iter().map(|shift| shift.abs()).collect());
        format!(
            "{:.0} % of {} | {} of {} | {} | {} | {} | {}, {}",
            100.0 * self.unresolved as f64 / self.pairs.max(1) as f64,
            self.pairs,
            self.decided,
            self.classes,
            self.within,
            median(self.half_widths),
            median(self.control_half_widths),
            median(self.shifts),
            percent(distances.quantile(0.9)),
        )
    }
}
