//! Finds the folder of a run that a command names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::place::{as_typed, elsewhere, shown};
use crate::message::message;
use crate::record::{self, RunData, RunStatus};
use crate::report::{MACHINES, MERGED};
use crate::session::run_folders;
use crate::verdict::forks_needed;

/// The folder of `run`, or of the newest run below `reports`.
pub(super) fn named_or_newest(reports: &Path, run: Option<&Path>) -> Result<PathBuf, Exit> {
    match run {
        Some(run) => named(reports, run),
        None => run_folders(reports).pop().ok_or_else(|| {
            let reports = reports.display();
            Exit::Usage(format!("there is no run below {reports}; try `cargo bench` first"))
        }),
    }
}

/// The folder of `run`: a name below `reports`, a path, or a name below the reports of another package. A path to a
/// run below `reports` is that run.
fn named(reports: &Path, run: &Path) -> Result<PathBuf, Exit> {
    let mut candidates = [reports.join(run), as_typed(run)].into_iter().chain(elsewhere(reports, run));
    // Reading it says what is wrong where it is no file.
    let found = candidates.find(|folder| folder.join("run.json").symlink_metadata().is_ok());
    let found = found.map(|folder| below(reports, &folder).unwrap_or(folder));
    found.ok_or_else(|| {
        let is_merged = |folder: &&PathBuf| folder.join(MERGED).is_file();
        if let Some(merged) = [reports.join(run), as_typed(run)].iter().find(is_merged) {
            let machines = merged.join(MACHINES);
            let instead = match machines.is_dir() {
                true => format!("name a run below {}", shown(&machines)),
                false => "name a run".to_owned(),
            };
            return Exit::Usage(format!("`{}` is a page of several machines; {instead}", run.display()));
        }
        let known: Vec<_> = run_folders(reports)
            .iter()
            .filter_map(|run| Some(format!("`{}`", run.file_name()?.to_str()?)))
            .collect();
        let (run, reports) = (run.display(), reports.display());
        Exit::Usage(match known.is_empty() {
            true => {
                format!("cannot find the run `{run}`: there is none below {reports}; try `cargo bench` first")
            }
            false => format!("cannot find the run `{run}` below {reports}; try {}", known.join(", ")),
        })
    })
}

/// `folder` as a folder of `reports`, if that is where it lies, however it is named.
fn below(reports: &Path, folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let is_below = folder.parent()? == reports.canonicalize().ok()?;
    is_below.then(|| folder.file_name().map(|name| reports.join(name)))?
}

/// Whether `folder` is that of the newest run below `reports`.
pub(super) fn is_newest(reports: &Path, folder: &Path) -> bool {
    let is_below = folder.parent().is_some_and(|parent| parent == reports);
    is_below && run_folders(reports).last().is_some_and(|newest| newest == folder)
}

/// Problems of a run's records that are named one by one.
const MOST_PROBLEMS: usize = 10;

/// Prints what is wrong with a run's records.
pub(super) fn name_problems(journal: &RunData) {
    let name = &journal.run.run;
    if journal.cut_off {
        message!("run {name}: the last round was cut off and is left out");
    }
    for problem in journal.problems.iter().take(MOST_PROBLEMS) {
        message!("run {name}: {problem}");
    }
    if let Some(more) = journal.problems.len().checked_sub(MOST_PROBLEMS).filter(|more| *more > 0) {
        message!("run {name}: {more} more such lines");
    }
}

/// Reads a run that verdicts are drawn from.
///
/// # Errors
/// If it cannot be read, or has records of fewer than two forks, which support no verdict.
pub(super) fn read_for_verdicts(reports: &Path, run: Option<&Path>) -> Result<RunData, Exit> {
    let folder = named_or_newest(reports, run)?;
    let journal = record::read(&folder)?;
    let (run, records) = (&journal.run, &journal.records);
    let name = &run.run;
    // Of an empty file, the error below says the same.
    if !records.is_empty() || journal.problems.iter().any(|problem| problem.left_out) {
        name_problems(&journal);
    }
    if run.status != RunStatus::Complete {
        message!("run {name} is incomplete: cells without records are not compared; `--resume` completes it");
    }
    let too_few = |file: &str, line: usize, problem: &str| {
        let path = folder.join(file);
        let needed = forks_needed(2);
        Exit::Usage(format!(
            "{}:{line}: {problem}, and a verdict needs at least {needed} forks, since forks differ; try `--forks 12`",
            path.display()
        ))
    };
    if run.plan.forks < 2 {
        let line = line_with(&folder.join("run.json"), "\"forks\"");
        return Err(too_few("run.json", line, "the run has one fork"));
    }
    let valid: BTreeSet<u32> = records.iter().filter(|r| r.valid).map(|r| r.fork).collect();
    let problem = match valid.len() {
        0 => "the run has no valid record",
        1 => "the records are of one fork",
        _ => return Ok(journal),
    };
    Err(too_few("samples.jsonl", records.len().max(1), problem))
}

/// The number of the first line with `text`, from 1.
fn line_with(path: &Path, text: &str) -> usize {
    let file = record::read_regular_text(path, record::METADATA_LIMIT).unwrap_or_default();
    let index = file.lines().position(|line| line.contains(text));
    index.map_or(1, |index| index + 1)
}
