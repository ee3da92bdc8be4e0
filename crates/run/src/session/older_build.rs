//! An older build of the suite, which a run measures beside its own. It is asked before anything is written: whether it
//! is a contend of the same fork protocol, and whether it has all planned cells.

use std::collections::HashSet;
use std::io;
use std::process::Stdio;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::child_process::ChildProcess;
use super::fork_death::ForkError;
use super::protocol::{BlockSetup, Request, Response};
use crate::machine::Executable;
use crate::record::{CONTROL, CellId, FLOOR, Run, TEXT_LIMIT, printable};

/// Why an older build cannot be measured beside this one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OlderBuildError {
    /// It cannot be started.
    #[error("cannot start {file} as a fork: {error}; name an executable that has your suite")]
    NotStarted {
        /// The file.
        file: String,
        /// The system's reason.
        error: io::Error,
    },
    /// It is something other than a contend of this fork protocol.
    #[error(
        "{file} does not answer as a fork of this contend does ({reason}); name an older build of the same bench \
         target or command"
    )]
    NoFork {
        /// The file.
        file: String,
        /// What it did.
        reason: String,
    },
    /// It lacks planned cells.
    #[error(
        "{file} lacks {missing} of the planned cells, such as {example}; leave out what it lacks by `--skip FILTER`, \
         or select what both have"
    )]
    LacksCells {
        /// The file.
        file: String,
        /// How many it lacks.
        missing: usize,
        /// One of them.
        example: String,
    },
    /// The check was interrupted.
    #[error("interrupted")]
    Interrupted,
}

/// Checks that `executable` can measure the plan of `run`.
///
/// # Errors
/// If it cannot. The error says why, in one sentence.
pub(crate) fn check_older_build(
    executable: &Executable,
    run: &Run,
    memory_limit: u64,
    deadline: Duration,
) -> Result<(), OlderBuildError> {
    let file = executable.path().display().to_string();
    speaks_protocol(executable, run, memory_limit, deadline, &file)?;
    let known = cells(executable, run, &file)?;
    let planned = run.plan.blocks.iter().flat_map(|block| {
        let names = block.cells.iter().map(|cell| cell.contender.as_str());
        // The driver has the floor and each control's second copy.
        let names = names.filter(|name| *name != FLOOR && !name.ends_with(CONTROL));
        names.map(|name| block.block.cell(name))
    });
    let missing: Vec<CellId> = planned.filter(|cell| !known.contains(&cell.to_string())).collect();
    match missing.first() {
        None => Ok(()),
        Some(example) => {
            let example = example.to_string();
            Err(OlderBuildError::LacksCells { file, missing: missing.len(), example })
        }
    }
}

/// Prepares the first block in a fork of `executable`.
fn speaks_protocol(
    executable: &Executable,
    run: &Run,
    memory_limit: u64,
    deadline: Duration,
    file: &str,
) -> Result<(), OlderBuildError> {
    let Some(block) = run.plan.blocks.first() else { return Ok(()) };
    let not_started = |error| OlderBuildError::NotStarted { file: file.to_owned(), error };
    let no_fork = |reason| OlderBuildError::NoFork { file: file.to_owned(), reason };
    let mut child = ChildProcess::start(executable, memory_limit).map_err(not_started)?;
    let request = Request::Prepare(BlockSetup {
        block: block.block.clone(),
        seed: run.seed,
        work: run.work.clone(),
        window_ns: block.window_ns,
        check_only: true,
        pin: false,
        executable: Some(executable.identity().clone()),
    });
    match child.ask(&request, deadline, &AtomicBool::new(false)) {
        Ok(Response::Ready { executable: theirs }) if theirs == executable.identity().sha256() => Ok(()),
        Ok(Response::Ready { .. }) => Err(no_fork("its forks are another executable".to_owned())),
        Ok(Response::Refused(reason) | Response::Failed(reason)) => Err(no_fork(reason)),
        Ok(
            Response::Measured(_)
            | Response::Changed(_)
            | Response::OtherFailed { .. }
            | Response::Clock(_)
            | Response::ClockWentBack,
        ) => Err(no_fork("it answered what was not asked".to_owned())),
        Err(ForkError::Interrupted) => Err(OlderBuildError::Interrupted),
        Err(error) => Err(no_fork(error.to_string())),
    }
}

/// The ids of all cells that `executable` has at the planned thread counts.
fn cells(executable: &Executable, run: &Run, file: &str) -> Result<HashSet<String>, OlderBuildError> {
    let mut threads: Vec<usize> = run.plan.blocks.iter().map(|block| block.block.threads).collect();
    threads.sort_unstable();
    threads.dedup();
    let threads: Vec<String> = threads.iter().map(ToString::to_string).collect();
    let mut command = executable.command();
    command
        .args(["run", "--list", "--format", "terse", "--threads", &threads.join(",")])
        .stdin(Stdio::null());
    let not_started = |error| OlderBuildError::NotStarted { file: file.to_owned(), error };
    let output = command.output().map_err(not_started)?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let reason = printable(errors.lines().next().unwrap_or("it lists no cells"), TEXT_LIMIT);
        return Err(OlderBuildError::NoFork { file: file.to_owned(), reason });
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.strip_suffix(": benchmark")).map(str::to_owned).collect())
}
