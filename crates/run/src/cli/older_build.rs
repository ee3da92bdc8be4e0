//! `--against RUN` and `--against-bin FILE`: finds the older build that a run is measured beside, and checks it before
//! anything is written.

use std::path::Path;

use super::args::{BenchArgs, FailOn};
use super::exit::Exit;
use super::place::as_typed;
use super::run_folder::named_or_newest;
use crate::compare::{Change, Compared};
use crate::machine::Executable;
use crate::message::message;
use crate::record::{OlderBuild, Run, read_metadata};
use crate::session::{OWN, OlderBuildError, check_older_build, kept};
use contend_analysis::text::number;

/// An older build, and what is known of it.
pub(super) struct Older {
    pub executable: Executable,
    pub build: OlderBuild,
}

/// The older build of the arguments, if they name one. `own` is the executable of this process.
pub(super) fn older_build(args: &BenchArgs, own: &Executable) -> Result<Option<Older>, Exit> {
    match (&args.against, &args.against_bin) {
        (Some(run), _) => of_run(args, run, own).map(Some),
        (None, Some(file)) => of_file(file).map(Some),
        (None, None) => Ok(None),
    }
}

fn of_file(file: &Path) -> Result<Older, Exit> {
    let executable = Executable::at(&as_typed(file)).map_err(|error| {
        let file = file.display();
        Exit::Usage(format!(
            "cannot read {file}, the older build of `--against-bin`: {error}; name the file of an executable"
        ))
    })?;
    let build = described(&executable, file);
    Ok(Older { executable, build })
}

fn of_run(args: &BenchArgs, run: &Path, own: &Executable) -> Result<Older, Exit> {
    let folder = named_or_newest(&args.reports, Some(run))?;
    let metadata = read_metadata(&folder)?.run;
    let name = &metadata.run;
    let Some(sha256) = &metadata.executable else {
        return Err(Exit::Usage(format!(
            "cannot measure against run {name}: it does not say which executable it is of; name a file by \
             `--against-bin FILE`"
        )));
    };
    let same = (own.identity().sha256() == sha256).then(|| own.clone());
    let found = same.or_else(|| kept(&folder, OWN, sha256)).ok_or_else(|| {
        Exit::Usage(format!(
            "cannot measure against run {name}: its executable (SHA-256 {sha256:.12}…) is not there any more, or it \
             was replaced; keep a copy of an executable before a change, and name it by `--against-bin FILE`"
        ))
    })?;
    let commit = metadata.environment.facts.iter().find(|fact| fact.key == "commit");
    let commit = commit.map(|fact| fact.value.clone()).filter(|commit| commit != "unknown");
    let build = OlderBuild { run: Some(name.clone()), commit, ..described(&found, &found.path()) };
    Ok(Older { executable: found, build })
}

fn described(executable: &Executable, file: &Path) -> OlderBuild {
    OlderBuild {
        executable: executable.identity().sha256().to_owned(),
        file: file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned(),
        run: None,
        commit: None,
    }
}

/// Checks that `older` can measure the plan of `run`, and notes in `run` that it is measured.
pub(super) fn measure_beside(args: &BenchArgs, run: &mut Run, older: &Older) -> Result<(), Exit> {
    let checked = check_older_build(&older.executable, run, args.memory_limit(), args.deadline);
    checked.map_err(|error| match error {
        OlderBuildError::Interrupted => Exit::Interrupted,
        error => Exit::usage(error),
    })?;
    if run.executable.as_ref() == Some(&older.build.executable) && !args.quiet {
        message!("the older build is this one: what differs is noise");
    }
    run.against = Some(older.build.clone());
    Ok(())
}

/// Whether `--fail-on` fails a run with this comparison.
pub(super) fn fails(fail_on: FailOn, compared: &Compared) -> bool {
    let missing = compared.counts.of(Change::NotCompared);
    if missing > 0 {
        let cells = number::plural(missing as usize, "cell was", "cells were");
        message!("{cells} not compared: one of the builds has no times");
    }
    let changes = fail_on.changes();
    let together = compared.together.iter().map(|of| Change::Compared(of.outcome));
    changes.iter().any(|kind| compared.counts.of(*kind) > 0)
        || together.into_iter().any(|of| changes.contains(&of))
}
