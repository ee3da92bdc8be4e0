//! The table of the placement study: how far the same comparisons lie apart in builds that differ in
//! nothing but where the code is. `scripts/placement` makes the builds and their runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contend::record;
use contend::verdict::{Analysis, Outcome, analyse};

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if folders.len() < 2 {
        eprintln!("usage: placement FOLDER FOLDER…, each with a run of another build: see scripts/placement");
        return ExitCode::from(2);
    }
    let mut builds = Vec::new();
    for folder in &folders {
        match analysed(folder) {
            Ok(analysis) => builds.push((name(folder), analysis)),
            Err(error) => {
                eprintln!("{}: {error}", folder.display());
                return ExitCode::from(2);
            }
        }
    }
    controls(&builds);
    println!();
    spread(&builds);
    ExitCode::SUCCESS
}

/// The one run below `folder`.
fn analysed(folder: &Path) -> Result<Analysis, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let run = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.join("run.json").is_file())
        .ok_or("there is no run below it")?;
    let journal = record::read(&run).map_err(|error| error.to_string())?;
    Ok(analyse(&journal.run, &journal.records))
}

fn name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A ratio as what it is above or below one: 1.05 and its reciprocal are both 5 %.
fn percent(log_ratio: f64) -> f64 {
    100.0 * (log_ratio.abs().exp() - 1.0)
}

/// The controls of each build: the same code at two addresses.
fn controls(builds: &[(String, Analysis)]) {
    println!("| build | controls | distinguished | the largest control ratio | where |");
    println!("| --- | ---: | ---: | ---: | --- |");
    for (name, analysis) in builds {
        let controls = analysis.blocks.iter().filter_map(|block| block.control.as_ref());
        let largest = controls.max_by(|one, other| {
            let far = |ratio: f64| ratio.ln().abs();
            far(one.ratio).total_cmp(&far(other.ratio))
        });
        let Some(largest) = largest else {
            println!("| {name} | 0 | 0 | | |");
            continue;
        };
        println!(
            "| {name} | {} | {} | {:.3} ({:.3}–{:.3}) | `{}` in {} |",
            analysis.controls,
            analysis.controls_failed,
            largest.ratio,
            largest.low,
            largest.high,
            largest.a.trim_end_matches(record::CONTROL),
            largest.block,
        );
    }
}

/// How far the ratio of a pair lies from the middle of its ratios in all builds, by thread count, and
/// how many pairs were decided in opposite ways.
fn spread(builds: &[(String, Analysis)]) {
    // By block and pair, in the order of names: the logarithm of the ratio, and who is faster.
    let mut pairs: BTreeMap<_, Vec<(f64, Option<bool>)>> = BTreeMap::new();
    for (_, analysis) in builds {
        for verdict in analysis.blocks.iter().flat_map(|block| &block.verdicts) {
            if verdict.control {
                continue;
            }
            let swapped = verdict.a > verdict.b;
            let (first, second) = match swapped {
                true => (&verdict.b, &verdict.a),
                false => (&verdict.a, &verdict.b),
            };
            let log = verdict.ratio.ln() * if swapped { -1.0 } else { 1.0 };
            let faster = (verdict.verdict == Outcome::Faster).then_some(!swapped);
            let key = (verdict.block.threads, verdict.block.to_string(), first.clone(), second.clone());
            pairs.entry(key).or_default().push((log, faster));
        }
    }
    println!(
        "| threads | pairs | half of them within | 95 % within | the farthest | which | decided in opposite ways |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | --- | ---: |");
    let mut threads: Vec<usize> = pairs.keys().map(|(threads, ..)| *threads).collect();
    threads.dedup();
    for threads in threads {
        let mut spreads = Vec::new();
        let mut opposite = 0;
        for ((at, block, first, second), ratios) in &pairs {
            if *at != threads || ratios.len() < builds.len() {
                continue;
            }
            let mut logs: Vec<f64> = ratios.iter().map(|(log, _)| *log).collect();
            logs.sort_by(f64::total_cmp);
            let middle = logs[logs.len() / 2];
            let farthest = (logs[0] - middle).abs().max((logs[logs.len() - 1] - middle).abs());
            spreads.push((farthest, format!("`{first}` against `{second}` in {block}")));
            let found = |way| ratios.iter().any(|(_, faster)| *faster == Some(way));
            opposite += u32::from(found(true) && found(false));
        }
        spreads.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let Some((farthest, which)) = spreads.last() else {
            continue;
        };
        let at = |share: f64| percent(spreads[((spreads.len() - 1) as f64 * share) as usize].0);
        println!(
            "| {threads} | {} | {:.1} % | {:.1} % | {:.1} % | {which} | {opposite} |",
            spreads.len(),
            at(0.5),
            at(0.95),
            percent(*farthest),
        );
    }
}
