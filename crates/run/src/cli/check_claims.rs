//! `contend check [FILE]`: checks claims against a run.

use std::path::{Path, PathBuf};

use super::args::{CheckArgs, OutputFormat};
use super::exit::Exit;
use super::output::{print, print_json};
use super::place::{as_typed, claims_to_read};
use super::run_folder::{named_or_newest, read_for_verdicts};
use crate::claim::{Checked, Claim, ClaimFile, ClaimStatus, FOLDER, evaluate, files_in, markdown, terminal};
use crate::claims::{ShippedClaims, parse_claims};
use crate::message::message;
use crate::record::Run;
use crate::verdict::analyse_run;
use contend_analysis::text::number;

/// Prints the outcome of each claim, and fails if a claim does.
pub(super) fn check(args: &CheckArgs, shipped: ShippedClaims) -> Result<Exit, Exit> {
    let paths = match &args.file {
        Some(file) => vec![as_typed(file)],
        None => files_in(&claims_to_read()).map_err(Exit::usage)?,
    };
    let read = |path: &PathBuf| ClaimFile::read(path).map_err(Exit::usage);
    let files: Vec<ClaimFile> = paths.iter().map(read).collect::<Result<_, _>>()?;
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    let journal = read_for_verdicts(&args.reports, Some(&folder))?;
    let run = &journal.run;
    for file in &files {
        file.validate_against(run).map_err(Exit::usage)?;
    }
    // Shipped claims may name contenders that a user's own suite lacks, so they are not validated.
    let files = match files.is_empty() {
        true => parse_claims(shipped),
        false => files,
    };
    warn_of_later_claims(&files, &folder, run);
    let analysis = analyse_run(&journal);
    let checked: Vec<Checked> = files.iter().flat_map(|file| evaluate(file, run, &analysis)).collect();
    match args.format {
        OutputFormat::Table => print(&terminal(&checked, run, args.color.on())),
        OutputFormat::Markdown => print(&markdown(&checked, run)),
        OutputFormat::Json => print_json(&checked)?,
    }
    let fails = checked.iter().any(|claim| claim.outcome == ClaimStatus::Fails);
    Ok(match fails {
        true => Exit::Failed,
        false => Exit::Success,
    })
}

/// Warns of claims that were written after the run in `folder` began.
fn warn_of_later_claims(files: &[ClaimFile], folder: &Path, run: &Run) {
    let folder = folder.join(FOLDER);
    let kept: Result<Vec<ClaimFile>, _> =
        ClaimFile::read_all(&folder, &folder).and_then(|files| files.into_iter().collect());
    let kept = match kept {
        Ok(kept) => kept,
        Err(error) => {
            return message!("cannot tell which claims were written before the run: {error}");
        }
    };
    let is_kept = |claim: &Claim| {
        let mut kept = kept.iter().flat_map(|file| &file.claims);
        claim.not_testable.is_some() || kept.any(|kept| kept.states_the_same_as(claim))
    };
    for file in files {
        let later = file.claims.iter().filter(|claim| !is_kept(claim)).count();
        if later > 0 {
            message!(
                "{}: run {} was begun without {later} of {}; if written from its results, a claim is tested by the \
                 next run",
                file.path.display(),
                run.run,
                number::plural(file.claims.len(), "claim", "claims"),
            );
        }
    }
}
