//! The process in which criterion runs, since it ends its process on errors.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use criterion::{BenchmarkId, Criterion, SamplingMode};

use super::baselines::saved;
use super::home::criterion_home;
use super::measurement::Nanoseconds;
use super::{LEAST_FORKS, TOO_FEW};
use crate::message::message;
use crate::record::{self, BlockId};
use crate::verdict::{CellState, analyse};

/// The arguments of the process.
#[derive(Parser, Debug)]
struct ReplayArgs {
    folder: PathBuf,
    #[arg(long)]
    save_baseline: Option<String>,
    #[arg(long)]
    baseline: Option<String>,
    #[arg(long)]
    plots: bool,
    #[arg(long)]
    colour: bool,
}

/// Cells of a group, each with its contender, threads, and one sample a fork.
type Group = Vec<(String, usize, Vec<f64>)>;

/// The `main` of the process: gives the samples to criterion, which writes its files.
pub(in crate::cli) fn serve(args: &[OsString]) -> ExitCode {
    let name = OsString::from("replay");
    let args = ReplayArgs::parse_from(std::iter::once(&name).chain(args));
    let journal = match record::read(&args.folder) {
        Ok(journal) => journal,
        Err(error) => {
            message!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let home = criterion_home();
    let mut criterion = Criterion::default()
        .with_measurement(Nanoseconds)
        .nresamples(2_000)
        .warm_up_time(Duration::from_nanos(1))
        .measurement_time(Duration::from_millis(10))
        .output_directory(&home)
        .with_output_color(args.colour);
    criterion = match args.plots {
        true => criterion.with_plots(),
        false => criterion.without_plots(),
    };
    if let Some(name) = &args.save_baseline {
        criterion = criterion.save_baseline(name.clone());
    }
    if let Some(name) = &args.baseline {
        criterion = criterion.retain_baseline(name.clone(), false);
    }
    let mut passed = Vec::new();
    let (groups, short) = groups(&journal);
    short.iter().for_each(|cell| message!("{TOO_FEW}{cell}"));
    for (name, cells) in groups {
        let mut group = criterion.benchmark_group(name.clone());
        group.sampling_mode(SamplingMode::Flat);
        for (contender, threads, samples) in cells {
            passed.push(format!("{name}/{contender}/{threads}"));
            group.sample_size(samples.len());
            let mut next = (0..samples.len()).cycle();
            group.bench_function(BenchmarkId::new(contender, threads), |bencher| {
                // The first call is criterion's warm-up. After it, each fork's value is given once, since
                // the cycle is as long as the number of samples.
                bencher.iter_custom(|iterations| {
                    let sample = samples[next.next().unwrap_or(0)];
                    sample * iterations as f64
                });
            });
        }
        group.finish();
    }
    criterion.final_summary();
    let Some(name) = args.save_baseline.filter(|_| short.is_empty()) else {
        return ExitCode::SUCCESS;
    };
    let saved = saved(&home).remove(&name).unwrap_or_default();
    match passed.iter().find(|cell| !saved.contains(*cell)) {
        None => ExitCode::SUCCESS,
        Some(cell) => {
            message!("the baseline `{name}` below {} lacks {cell}", home.display());
            ExitCode::FAILURE
        }
    }
}

/// The samples of all measured cells. Criterion needs the cells of a group together: those of a variant, at all thread
/// counts. A control is none, since another contender is the control of the next run.
/// Also the ids of cells that were measured, and of which too few forks are valid.
fn groups(journal: &record::RunData) -> (BTreeMap<String, Group>, Vec<String>) {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let mut short = Vec::new();
    for block in analyse(&journal.run, &journal.records).blocks {
        let BlockId { threads, .. } = block.block;
        let group = groups.entry(block.block.of_variant().to_string()).or_default();
        for cell in block.cells.into_iter().filter(|cell| cell.cell.control_of().is_none()) {
            let samples: Vec<f64> = cell.forks.iter().map(|fork| fork.value).collect();
            // With a sample of 0 criterion keeps the files of an older run.
            let usable = samples.iter().all(|sample| sample.is_finite() && *sample > 0.0);
            if cell.state != CellState::Measured {
                continue; // the page says why
            }
            match samples.len() >= LEAST_FORKS as usize && usable {
                true => group.push((cell.cell.contender, threads, samples)),
                false => short.push(cell.cell.to_string()),
            }
        }
    }
    (groups, short)
}
