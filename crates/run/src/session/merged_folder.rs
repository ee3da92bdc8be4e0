//! The folder of a merged run, and that of a machine among several.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use super::run_writer::replace;
use crate::claim::FOLDER;
use crate::record::{RUN, Run, WINDOW_CHECK, require_regular, sealed_run};

/// Writes the files of `run`, which is merged of the runs in `parts`, into `folder`: their records one after the
/// other, their claims, and a manifest.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn write_union(folder: &Path, run: &Run, parts: &[PathBuf]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for file in ["samples.jsonl", WINDOW_CHECK] {
        let present: Vec<PathBuf> =
            parts.iter().map(|part| part.join(file)).filter(|path| path.is_file()).collect();
        if present.is_empty() {
            continue;
        }
        let mut joined = File::create(folder.join(file))?;
        for path in present {
            io::copy(&mut File::open(path)?, &mut joined)?;
        }
        joined.sync_all()?;
    }
    let claims = folder.join(FOLDER);
    for part in parts {
        let Ok(entries) = fs::read_dir(part.join(FOLDER)) else { continue };
        fs::create_dir_all(&claims)?;
        for entry in entries {
            let entry = entry?;
            let to = claims.join(entry.file_name());
            if !to.exists() {
                require_regular(&entry.path())?;
                fs::copy(entry.path(), to)?;
            }
        }
    }
    replace(&folder.join(RUN), sealed_run(run)?.as_bytes())?;
    Manifest::of(folder)?.write(folder)
}

/// Puts the files of the run in `from` into `to` as well: as links to the same data where the file system has these.
///
/// # Errors
/// If a file can be neither linked nor copied.
pub(crate) fn link_run(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with('.') {
            continue; // the lock, and files that are being written
        }
        let to = to.join(&name);
        match entry.file_type()?.is_dir() {
            true => link_run(&entry.path(), &to)?,
            false => match fs::hard_link(entry.path(), &to) {
                Ok(()) => {}
                Err(_) => {
                    require_regular(&entry.path())?;
                    fs::copy(entry.path(), &to)?;
                }
            },
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_linked_with_its_folders_and_without_hidden_files() {
        let kept = tempfile::tempdir().expect("a folder");
        let (from, to) = (kept.path().join("a"), kept.path().join("b/c"));
        fs::create_dir_all(from.join("charts")).expect("a folder");
        for file in ["run.json", ".lock", "charts/x.svg"] {
            fs::write(from.join(file), file).expect("a file");
        }
        link_run(&from, &to).expect("it is linked");
        assert_eq!(fs::read_to_string(to.join("charts/x.svg")).expect("a file"), "charts/x.svg");
        assert!(to.join("run.json").is_file() && !to.join(".lock").exists());
    }
}
