//! `contend check [FILE]`: claims against a run.

use std::path::{Path, PathBuf};

use super::args::{CheckArgs, Writing};
use super::outcome::Outcome;
use super::read::{evidence, say};
use crate::claim::{Checked, ClaimFile, Outcome as Claimed, evaluate, markdown, shipped, terminal};
use crate::verdict::analyse;

/// Where a project keeps its claims.
const FOLDER: &str = "claims";

/// Checks claims, and fails where one does.
pub(super) fn check(args: &CheckArgs) -> Result<Outcome, Outcome> {
    let paths = match &args.file {
        Some(file) => vec![file.clone()],
        None => in_folder(Path::new(FOLDER))?,
    };
    let read = |path: &PathBuf| ClaimFile::read(path).map_err(Outcome::usage);
    let files: Vec<ClaimFile> = paths.iter().map(read).collect::<Result<_, _>>()?;
    let journal = evidence(&args.reports, args.run.as_deref())?;
    for file in &files {
        file.suits(&journal.run).map_err(Outcome::usage)?;
    }
    // What ships speaks of contenders that a suite of one's own need not have.
    let files = if files.is_empty() { shipped() } else { files };
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
    let fails = checked.iter().any(|claim| claim.outcome == Claimed::Fails);
    Ok(match fails {
        true => Outcome::Failed,
        false => Outcome::Fine,
    })
}

/// The files of claims in a folder, sorted; none where there is no such folder.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Outcome> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Outcome::Usage(format!("{}: {error}", folder.display()))),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(Outcome::usage)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
