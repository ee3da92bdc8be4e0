//! Passes the samples of a run to criterion, so that its statistics, baselines and pages below
//! `target/criterion` work as usual.
//!
//! Each fork is one sample, since rounds of one fork are not independent. Criterion runs in a child process,
//! since it ends its process on errors.

mod baselines;
mod child;
mod home;
mod measurement;

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use super::REPLAY_ARGUMENT;
use super::args::BenchArgs;
use super::exit::Exit;
use super::output::print;
use crate::machine::Executable;
use crate::message::message;
use crate::record::{Plan, printable};
use crate::session::Manifest;

pub(super) use child::serve;

/// The file of a run that has criterion's output.
const LOG: &str = "criterion.txt";

/// The fewest samples that criterion takes.
const LEAST_FORKS: u32 = 10;

/// How the lines begin in which criterion says that it could not write a file.
const CRITERION_ERROR: &str = "Criterion.rs ERROR: ";

/// How the lines begin in which the child process names a cell with too few samples.
const TOO_FEW: &str = "too few samples: ";

/// How the lines begin in which criterion shows its progress.
const PROGRESS: &str = "Benchmarking ";

/// The last lines of criterion's errors that a message has, and its most characters.
const LAST_LINES: usize = 4;
const LONGEST_REASON: usize = 600;

/// The number of cells without a baseline that a message names.
const NAMED: usize = 6;

/// What is to be done with criterion after the run, checked before anything is measured.
pub(super) struct Replay {
    home: PathBuf,
    /// Cells of the plan that the baseline to compare with does not have.
    missing: Vec<String>,
    /// Whether there is anything to do.
    wanted: bool,
}

/// Checks, before anything is measured, that criterion can do what `args` ask for.
///
/// # Errors
/// If there are too few forks, nothing to compare with, or no place to write to.
pub(super) fn prepare(args: &BenchArgs, plan: &Plan) -> Result<Replay, Exit> {
    let home = home::criterion_home();
    let asked = [
        ("--save-baseline", args.save_baseline.is_some()),
        ("--baseline", args.baseline_name().is_some()),
        ("--plots", args.plots),
    ];
    let asked = asked.into_iter().find_map(|(flag, given)| given.then_some(flag));
    let fewest = plan.blocks.iter().map(|block| plan.forks_of(block)).min().unwrap_or(0);
    let wanted = fewest >= LEAST_FORKS && !args.discard_baseline;
    if let (Some(flag), true) = (asked, fewest < LEAST_FORKS) {
        return Err(Exit::Usage(format!(
            "`{flag}` needs at least {LEAST_FORKS} forks, since each is one of criterion's samples, and the plan has \
             {fewest}; try `--forks 12`"
        )));
    }
    let mut missing = Vec::new();
    if let Some(name) = args.baseline_name() {
        match baselines::missing(&home, name, plan) {
            Ok(found) => missing = found,
            Err(_) if args.baseline.is_none() => missing = baselines::cells_of(plan), // a lenient one
            Err(error) => return Err(error),
        }
    }
    if wanted && let Err(error) = home::check_writable(&home) {
        let reason =
            format!("cannot write to criterion's folder {}: {error}; try `{}`", home.display(), home::HOME);
        if asked.is_some() {
            return Err(Exit::Error(reason));
        }
        message!("{reason}");
        return Ok(Replay { home, missing, wanted: false });
    }
    Ok(Replay { home, missing, wanted })
}

impl Replay {
    /// Passes the run in `folder` to criterion in a child process. Criterion's output goes to the run's
    /// `criterion.txt`, or to standard output if it compares with a baseline.
    ///
    /// # Errors
    /// If criterion fails, with its own words.
    pub(super) fn start(&self, args: &BenchArgs, folder: &Path) -> Result<(), Exit> {
        if !self.wanted {
            return Ok(());
        }
        let failed = |reason: String| {
            Exit::Error(format!("cannot pass the samples to criterion: {reason}; the run itself is complete"))
        };
        let executable = Executable::current().map_err(|error| failed(error.to_string()))?;
        let mut command = executable.command();
        command.arg(REPLAY_ARGUMENT).arg(folder).env(home::HOME, &self.home);
        for (flag, name) in
            [("--save-baseline", args.save_baseline.as_deref()), ("--baseline", args.baseline_name())]
        {
            if let Some(name) = name {
                command.arg(format!("{flag}={name}"));
            }
        }
        if args.plots {
            command.arg("--plots");
        }
        let compares = args.baseline_name().is_some();
        if compares && args.color.on() {
            command.arg("--colour");
        }
        // All of its output is read, so that a closed pipe of ours is no error of criterion's.
        let output = command
            .stdin(Stdio::null())
            .output()
            .map_err(|error| failed(format!("its process cannot be started: {error}")))?;
        let text = String::from_utf8_lossy(&output.stdout);
        if compares {
            print(&text);
            self.name_missing(args.baseline_name().unwrap_or_default());
        } else {
            let written = Manifest::write_later(folder, LOG, text.as_bytes());
            written.map_err(|error| failed(format!("cannot write {error}")))?;
        }
        if let Some(line) = text.lines().find_map(|line| line.strip_prefix(CRITERION_ERROR)) {
            return Err(failed(format!("it says: {line}")));
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        let short: Vec<_> = errors.lines().filter_map(|line| line.strip_prefix(TOO_FEW)).collect();
        if !short.is_empty() && (compares || args.save_baseline.is_some()) {
            let reason = format!(
                "fewer than {LEAST_FORKS} forks of {} are valid, since the machine was disturbed or their values are \
                 0; try more `--forks`",
                named(&short)
            );
            match args.save_baseline.is_some() {
                true => return Err(failed(reason)),
                false => message!("not compared: {reason}"),
            }
        }
        match output.status.success() {
            true => Ok(()),
            false => Err(failed(reason(output.status, &errors))),
        }
    }

    /// Names the cells that were not compared.
    fn name_missing(&self, baseline: &str) {
        if self.missing.is_empty() {
            return;
        }
        let missing = named(&self.missing);
        message!("not compared, since they are not in the baseline `{baseline}`: {missing}");
    }
}

/// The first few of `cells` by name.
fn named(cells: &[impl AsRef<str>]) -> String {
    let named: Vec<_> = cells.iter().take(NAMED).map(AsRef::as_ref).collect();
    match cells.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// How its process ended: criterion's last words, without its progress and what the runtime says about panics.
fn reason(status: ExitStatus, errors: &str) -> String {
    let is_reason = |line: &&str| {
        let of_runtime = line.starts_with("note: ") || line.starts_with("thread ") && line.ends_with(':');
        !(line.is_empty() || of_runtime || line.starts_with(TOO_FEW) || line.starts_with(PROGRESS))
    };
    let lines: Vec<_> = errors.split(['\n', '\r']).map(str::trim).filter(is_reason).collect();
    match &lines[lines.len().saturating_sub(LAST_LINES)..] {
        [] => format!("its process ended: {status}"),
        last => format!("it says: {}", printable(&last.join(" "), LONGEST_REASON)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn the_reason_is_short_whatever_was_printed() {
        let progress =
            "Benchmarking counter/hot/std::sync::Mutex/2: Warming up for 1.0000 ns\r\n".repeat(2_000);
        let killed = reason(ExitStatus::from_raw(9), &progress);
        assert_eq!(killed, "its process ended: signal: 9 (SIGKILL)");
        let panicked =
            format!("{progress}thread 'main' (7) panicked at x.rs:1:2:\nNo space left\nnote: run with\n");
        assert_eq!(reason(ExitStatus::from_raw(101 << 8), &panicked), "it says: No space left");
        let long = format!("{}\nlast", "word ".repeat(100_000));
        assert!(reason(ExitStatus::from_raw(1 << 8), &long).len() < 2 * LONGEST_REASON);
    }
}
