//! Passes the samples of a run to criterion, so that its statistics, baselines and pages below
//! `target/criterion` work as usual.
//!
//! Each fork is one sample, since rounds of one fork are not independent. Criterion runs in a child process,
//! since it ends its process on errors.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use clap::Parser;
use criterion::measurement::{Measurement, ValueFormatter};
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};

use super::REPLAY_ARGUMENT;
use super::args::BenchArgs;
use super::exit::Exit;
use crate::machine::Executable;
use crate::record::{self, BlockId};
use crate::verdict::{CellState, analyse};

/// The fewest samples that criterion takes.
const LEAST_FORKS: u32 = 10;

/// The arguments of the child process.
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

/// Criterion's folder: `CRITERION_HOME`, or below cargo's target folder.
fn criterion_home() -> PathBuf {
    if let Some(home) = std::env::var_os("CRITERION_HOME") {
        return home.into();
    }
    let given = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let built = || {
        let executable = Executable::current().ok()?.path();
        let target = executable.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
        target.map(Path::to_owned)
    };
    let target = given.or_else(built).unwrap_or_else(|| PathBuf::from("target"));
    target.join("criterion")
}

/// Checks that there is a baseline to compare with, before anything is measured.
///
/// # Errors
/// If there is none of that name. The error names those that there are.
pub(super) fn require_baseline(baseline: &str) -> Result<(), Exit> {
    let home = criterion_home();
    // The folders below it are group, function, parameter, baseline.
    let mut folders = vec![home.clone()];
    for _ in 0..4 {
        let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok());
        let below = entries.flatten().filter_map(|entry| Some(entry.ok()?.path()));
        folders = below.filter(|path| path.is_dir()).collect();
    }
    let names = folders.iter().filter_map(|folder| folder.file_name()?.to_str());
    let names: BTreeSet<&str> = names.filter(|name| !["report", "change"].contains(name)).collect();
    if names.contains(baseline) {
        return Ok(());
    }
    let home = home.display();
    Err(Exit::Usage(match names.is_empty() {
        true => format!(
            "there is no baseline `{baseline}`, and no other below {home}; try `--save-baseline {baseline}` first"
        ),
        false => {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("there is no baseline `{baseline}` below {home}; try {}", names.join(", "))
        }
    }))
}

/// Passes the run in `folder` to criterion in a child process. Criterion's output goes to the run's
/// `criterion.txt`, or to standard output if it compares with a baseline.
pub(super) fn start(args: &BenchArgs, folder: &Path) -> Result<(), Exit> {
    let forks = record::read(folder)?.run.plan.forks;
    let wanted = args.save_baseline.is_some() || args.baseline.is_some() || args.plots;
    if forks < LEAST_FORKS {
        if wanted {
            eprintln!(
                "criterion got no samples: it needs {LEAST_FORKS}, and each of the {forks} forks is one"
            );
        }
        return Ok(());
    }
    let failed = |reason: String| {
        Exit::Error(format!("cannot pass the samples to criterion: {reason}; the run itself is complete"))
    };
    let executable = Executable::current().map_err(|error| failed(error.to_string()))?;
    let mut command = executable.command();
    command.arg(REPLAY_ARGUMENT).arg(folder);
    for (flag, name) in [("--save-baseline", &args.save_baseline), ("--baseline", &args.baseline)] {
        if let Some(name) = name {
            command.arg(flag).arg(name);
        }
    }
    if args.plots {
        command.arg("--plots");
    }
    let log = folder.join("criterion.txt");
    if args.baseline.is_none() {
        let file =
            File::create(&log).map_err(|error| failed(format!("cannot write {}: {error}", log.display())))?;
        command.stdout(file);
    } else if args.color.on() {
        command.arg("--colour");
    }
    let status = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .map_err(|error| failed(format!("its process cannot be started: {error}")))?;
    if status.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&status.stderr);
    let line = errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("without a message");
    Err(failed(format!("its process ended: {line}")))
}

/// The `main` of the child process: gives the samples to criterion, which writes its files.
pub(super) fn serve(args: &[OsString]) -> ExitCode {
    let name = OsString::from("replay");
    let args = ReplayArgs::parse_from(std::iter::once(&name).chain(args));
    let journal = match record::read(&args.folder) {
        Ok(journal) => journal,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut criterion = Criterion::default()
        .with_measurement(Nanoseconds)
        .nresamples(2_000)
        .warm_up_time(Duration::from_nanos(1))
        .measurement_time(Duration::from_millis(10))
        .output_directory(&criterion_home())
        .with_output_color(args.colour);
    criterion = match args.plots {
        true => criterion.with_plots(),
        false => criterion.without_plots(),
    };
    if let Some(name) = args.save_baseline {
        criterion = criterion.save_baseline(name);
    }
    if let Some(name) = args.baseline {
        criterion = criterion.retain_baseline(name, true);
    }
    // Criterion needs the cells of a group together: those of a variant, at all thread counts.
    let mut groups: BTreeMap<String, Vec<(String, usize, Vec<f64>)>> = BTreeMap::new();
    for block in analyse(&journal.run, &journal.records).blocks {
        let BlockId { threads, .. } = block.block;
        let group = groups.entry(block.block.of_variant().to_string()).or_default();
        for cell in block.cells {
            let samples: Vec<f64> = cell.forks.iter().map(|fork| fork.value).collect();
            // With a sample of 0 criterion keeps the files of an older run.
            let usable = samples.iter().all(|sample| sample.is_finite() && *sample > 0.0);
            if cell.state == CellState::Measured && samples.len() >= LEAST_FORKS as usize && usable {
                group.push((cell.cell.contender, threads, samples));
            }
        }
    }
    for (name, cells) in groups {
        let mut group = criterion.benchmark_group(name);
        group.sampling_mode(SamplingMode::Flat);
        for (contender, threads, samples) in cells {
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
    ExitCode::SUCCESS
}

/// Wall time in fractional nanoseconds, which `Duration` cannot hold.
struct Nanoseconds;

impl Measurement for Nanoseconds {
    type Intermediate = ();
    type Value = f64;

    fn start(&self) {}

    fn end(&self, (): ()) -> f64 {
        unreachable!("iter_custom gives the samples")
    }

    fn add(&self, one: &f64, other: &f64) -> f64 {
        one + other
    }

    fn zero(&self) -> f64 {
        0.0
    }

    fn to_f64(&self, value: &f64) -> f64 {
        *value
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Nanoseconds
    }
}

impl ValueFormatter for Nanoseconds {
    fn scale_values(&self, typical: f64, values: &mut [f64]) -> &'static str {
        let (factor, unit) = match typical {
            ns if ns < 1e3 => (1.0, "ns"),
            ns if ns < 1e6 => (1e-3, "µs"),
            ns if ns < 1e9 => (1e-6, "ms"),
            _ => (1e-9, "s"),
        };
        for value in values {
            *value *= factor;
        }
        unit
    }

    fn scale_throughputs(&self, _: f64, throughput: &Throughput, values: &mut [f64]) -> &'static str {
        let count = match *throughput {
            Throughput::Elements(count) => count as f64,
            _ => 1.0,
        };
        for value in values {
            *value = count * 1e3 / *value;
        }
        "Mops/s"
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "ns"
    }
}
