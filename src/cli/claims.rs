//! `contend check [FILE]`: claims against a run. And the claims that a run is begun with.

use std::path::{Path, PathBuf};

use super::args::{CheckArgs, Writing};
use super::outcome::Outcome;
use super::read::{evidence, named_or_newest, say};
use crate::claim::{
    Checked, Claim, ClaimFile, ClaimStatus, FOLDER, evaluate, files_in, markdown, terminal,
};
use crate::record::Run;
use crate::suite::{SHIPPED_CLAIMS, shipped_claims};
use crate::verdict::analyse;

/// Checks claims, and fails where one does.
pub(super) fn check(args: &CheckArgs) -> Result<Outcome, Outcome> {
    let paths = match &args.file {
        Some(file) => vec![file.clone()],
        None => files_in(Path::new(FOLDER)).map_err(Outcome::usage)?,
    };
    let read = |path: &PathBuf| ClaimFile::read(path).map_err(Outcome::usage);
    let files: Vec<ClaimFile> = paths.iter().map(read).collect::<Result<_, _>>()?;
    let folder = named_or_newest(&args.reports, args.run.as_deref())?;
    let journal = evidence(&args.reports, Some(&folder))?;
    for file in &files {
        file.validate_against(&journal.run)
            .map_err(Outcome::usage)?;
    }
    // What ships speaks of contenders that a suite of one's own need not have.
    let files = if files.is_empty() {
        shipped_claims()
    } else {
        files
    };
    let kept = folder.join(FOLDER);
    match ClaimFile::read_all(&kept, &kept) {
        Ok(kept) => late(&files, &kept, &journal.run)
            .iter()
            .for_each(|late| eprintln!("{late}")),
        Err(error) => eprintln!("with which claims the run was begun cannot be told: {error}"),
    }
    let analysis = analyse(&journal.run, &journal.records);
    let checked: Vec<Checked> = files
        .iter()
        .flat_map(|file| evaluate(file, &journal.run, &analysis))
        .collect();
    match args.format {
        Writing::Table => say(&terminal(&checked, &journal.run, args.color.on())),
        Writing::Markdown => say(&markdown(&checked, &journal.run)),
        Writing::Json => {
            let json = serde_json::to_string_pretty(&checked);
            let json = json.map_err(|error| Outcome::Broken(error.to_string()))?;
            say(&(json + "\n"));
        }
    }
    let fails = checked
        .iter()
        .any(|claim| claim.outcome == ClaimStatus::Fails);
    Ok(match fails {
        true => Outcome::Failed,
        false => Outcome::Fine,
    })
}

/// A sentence for each file with claims that `run` was not begun with: `kept` are those that it was.
fn late(files: &[ClaimFile], kept: &[ClaimFile], run: &Run) -> Vec<String> {
    let known = |claim: &Claim| {
        let mut kept = kept.iter().flat_map(|file| &file.claims);
        claim.not_testable.is_some() || kept.any(|kept| kept.states_the_same_as(claim))
    };
    let of_file = |file: &ClaimFile| {
        let late = file.claims.iter().filter(|claim| !known(claim)).count();
        (late > 0).then(|| {
            format!(
                "{}: run {} was begun without {late} of these {} claims; where they were written for what it shows, \
                 the next run is their test",
                file.path.display(),
                run.run,
                file.claims.len(),
            )
        })
    };
    files.iter().filter_map(of_file).collect()
}

/// The claims that a new run is to be held against, as the folder of the run keeps them: those of the
/// current folder, or else those that ship. A file's name and its text.
///
/// # Errors
/// Where one cannot be read or says what cannot be of `run`: before anything is measured.
pub(super) fn for_run(run: &Run) -> Result<Vec<(String, String)>, Outcome> {
    let mut kept = Vec::new();
    for path in files_in(Path::new(FOLDER)).map_err(Outcome::usage)? {
        let file = ClaimFile::read(&path).map_err(Outcome::usage)?;
        file.validate_against(run).map_err(Outcome::usage)?;
        let text = std::fs::read_to_string(&path).map_err(Outcome::usage)?;
        let name = path.file_name().unwrap_or_default();
        kept.push((name.to_string_lossy().into_owned(), text));
    }
    if kept.is_empty() {
        let shipped = SHIPPED_CLAIMS.iter();
        kept.extend(shipped.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    }
    Ok(kept)
}
