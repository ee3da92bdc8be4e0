//! `contend prune --keep N`: deletes old runs.

use std::fs;
use std::io;
use std::path::Path;

use super::args::PruneArgs;
use super::exit::Exit;
use super::output::print;
use super::place::shown;
use crate::report;
use crate::session::run_folders;

/// Deletes all runs except the newest ones, and writes the links of the newest page again.
pub(super) fn prune(args: &PruneArgs) -> Result<Exit, Exit> {
    let mut runs = run_folders(&args.reports);
    // A link may lead to runs that somebody keeps elsewhere.
    runs.retain(|run| !run.is_symlink());
    let old = runs.len().saturating_sub(args.keep);
    let mut freed = 0;
    for run in runs.iter().take(old) {
        let bytes = size(run);
        if !args.dry_run {
            fs::remove_dir_all(run).map_err(|error| {
                Exit::Error(format!("cannot delete {}: {error}; try again with more rights", shown(run)))
            })?;
        }
        freed += bytes;
        let verb = if args.dry_run { "would delete" } else { "deleted" };
        print(&format!("{verb} {} ({} MB)\n", shown(run), bytes.div_ceil(1 << 20)));
    }
    let verb = if args.dry_run { "would be freed" } else { "freed" };
    print(&format!("{} MB {verb}, {} runs kept\n", freed.div_ceil(1 << 20), runs.len() - old));
    if old > 0 && !args.dry_run {
        publish_newest(&args.reports)?;
    }
    Ok(Exit::Success)
}

/// Makes the page of the newest run that of `reports`, which links to the others.
fn publish_newest(reports: &Path) -> Result<(), Exit> {
    let newest = run_folders(reports).pop().filter(|run| run.join("index.html").is_file());
    let name = newest.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    match name {
        Some(name) => report::publish(reports, name).map_err(Exit::error),
        None => match fs::remove_file(reports.join("index.html")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Exit::error(error)),
            _ => Ok(()),
        },
    }
}

/// The size of all files below `folder`, in bytes.
fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => size(&entry.path()),
        _ => entry.metadata().map_or(0, |metadata| metadata.len()),
    });
    sizes.sum()
}
