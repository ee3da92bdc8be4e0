//! `contend prune --keep N`: deletes old runs.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::args::PruneArgs;
use super::exit::Exit;
use super::output::print;
use super::place::shown;
use crate::message::message;
use crate::record::read_metadata;
use crate::report;
use crate::session::{FolderLock, LockError, run_folders};
use contend_analysis::text::number;

/// Deletes all runs except the newest ones, and writes the links of the newest page again.
pub(super) fn prune(args: &PruneArgs) -> Result<Exit, Exit> {
    let mut folders = run_folders(&args.reports);
    // A link may lead to runs that somebody keeps elsewhere.
    folders.retain(|folder| !folder.is_symlink());
    let mut runs = folders.clone();
    runs.retain(|folder| is_readable(folder));
    runs.truncate(runs.len().saturating_sub(args.keep));
    let mut locks = Vec::new();
    for run in &runs {
        locks.push(lock(run)?);
    }
    let free = locks.iter().map(Option::is_some);
    let old: Vec<&PathBuf> =
        runs.iter().zip(free).filter_map(|(run, is_free)| is_free.then_some(run)).collect();
    let mut links = Links::default();
    let sizes: Vec<u64> = old.iter().map(|run| links.freed_by(run)).collect();
    for (run, bytes) in old.iter().zip(&sizes) {
        if !args.dry_run {
            fs::remove_dir_all(run).map_err(|error| cannot_delete(run, &error))?;
        }
        let verb = if args.dry_run { "would delete" } else { "deleted" };
        print(&format!("{verb} {} ({} MB)\n", shown(run), bytes.div_ceil(1 << 20)));
    }
    let verb = if args.dry_run { "would be freed" } else { "freed" };
    let freed: u64 = sizes.iter().sum();
    let kept = number::plural(folders.len() - old.len(), "run", "runs");
    print(&format!("{} MB {verb}, {kept} kept\n", freed.div_ceil(1 << 20)));
    if !old.is_empty() && !args.dry_run {
        publish_newest(&args.reports)?;
    }
    Ok(Exit::Success)
}

/// Whether `folder` is a run for sure. Otherwise its `run.json` is damaged or somebody else's, and it is named.
fn is_readable(folder: &Path) -> bool {
    let read = read_metadata(folder);
    if let Err(error) = &read {
        message!("kept {}, which may be no run: {error}", shown(folder));
    }
    read.is_ok()
}

/// The lock on `run`, so that nobody continues it meanwhile. None if somebody measures there, who is named.
fn lock(run: &Path) -> Result<Option<FolderLock>, Exit> {
    match FolderLock::take(run) {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::InUse { owner, .. }) => {
            message!("kept {}: {owner} measures there", shown(run));
            Ok(None)
        }
        Err(LockError::Io(error)) => Err(cannot_delete(run, &error)),
    }
}

fn cannot_delete(run: &Path, error: &io::Error) -> Exit {
    Exit::Error(format!("cannot delete {}: {error}; try again with more rights", shown(run)))
}

/// Makes the page of the newest run that of `reports`, which links to the others.
fn publish_newest(reports: &Path) -> Result<(), Exit> {
    let newest = run_folders(reports).pop().filter(|run| run.join("index.html").is_file());
    match newest.as_deref().and_then(Path::file_name) {
        Some(name) => report::publish(reports, name).map_err(Exit::error),
        None => match fs::remove_file(reports.join("index.html")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Exit::error(error)),
            _ => Ok(()),
        },
    }
}

/// How many links of a file are deleted, by device and number. Runs of one build share its executable, whose space is
/// free once the last link is gone.
#[derive(Default)]
struct Links(HashMap<(u64, u64), u64>);

impl Links {
    /// The bytes that deleting `folder` frees, after all folders before it.
    fn freed_by(&mut self, folder: &Path) -> u64 {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let sizes = entries.map(|entry| match (entry.file_type(), entry.metadata()) {
            (Ok(kind), _) if kind.is_dir() => self.freed_by(&entry.path()),
            (_, Ok(file)) if self.is_last(&file) => file.len(),
            _ => 0,
        });
        sizes.sum()
    }

    #[cfg(unix)]
    fn is_last(&mut self, file: &Metadata) -> bool {
        use std::os::unix::fs::MetadataExt;

        let deleted = self.0.entry((file.dev(), file.ino())).or_default();
        *deleted += 1;
        *deleted == file.nlink()
    }

    #[cfg(not(unix))]
    fn is_last(&mut self, _: &Metadata) -> bool {
        true
    }
}
