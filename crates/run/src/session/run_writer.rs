//! Writes the folder of a run: `run.json`, and `samples.jsonl`, to which each round is appended when it
//! ends. A run that is killed keeps its finished rounds.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::resume::run_folders;
use crate::claim::FOLDER;
use crate::machine::utc_now;
use crate::record::{Record, Run, WINDOW_CHECK};

/// A run's folder that is open for records.
pub(super) struct RunWriter {
    folder: PathBuf,
    samples: BufWriter<File>,
    /// The file of the window check, opened with its first record.
    window_check: Option<BufWriter<File>>,
}

impl RunWriter {
    /// Creates the folder of a new run below `reports`, named by the time, and returns its name too.
    ///
    /// # Errors
    /// If `reports` cannot be created or written.
    pub(super) fn create(reports: &Path) -> io::Result<(Self, String)> {
        fs::create_dir_all(reports)?;
        ignore_runs(reports)?;
        let now = utc_now().trim_end_matches('Z').replace(':', "-");
        let names = std::iter::once(now.clone()).chain((2..).map(|n| format!("{now}-{n}")));
        for name in names {
            let folder = reports.join(&name);
            match fs::create_dir(&folder) {
                Ok(()) => return Ok((Self::open(folder)?, name)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        unreachable!("there is always another name")
    }

    /// Opens the folder of a run that is continued.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        Ok(Self { samples: append_to(&folder.join("samples.jsonl"))?, window_check: None, folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Replaces `run.json`. A reader sees the old file or the new one, never a part.
    pub(super) fn write_metadata(&self, run: &Run) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer_pretty(&mut file, run)?;
        file.write_all(b"\n")?;
        make_readable(file.as_file())?;
        file.persist(self.folder.join("run.json"))?;
        Ok(())
    }

    /// Copies a file of claims, against which the run's page is checked, into the folder.
    pub(super) fn write_claims(&self, name: &str, text: &str) -> io::Result<()> {
        let folder = self.folder.join(FOLDER);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), text)
    }

    /// Appends the records of a round.
    pub(super) fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        write_lines(&mut self.samples, records)
    }

    /// Appends the records of a round of the window check to their own file.
    pub(super) fn append_window_check<'a>(
        &mut self,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> io::Result<()> {
        let file = match &mut self.window_check {
            Some(file) => file,
            None => {
                let file = append_to(&self.folder.join(WINDOW_CHECK))?;
                self.window_check.insert(file)
            }
        };
        write_lines(file, records)
    }
}

/// Makes git ignore the runs below `reports`, except a reference run, unless the folder has runs or rules already.
fn ignore_runs(reports: &Path) -> io::Result<()> {
    let path = reports.join(".gitignore");
    if path.exists() || !run_folders(reports).is_empty() {
        return Ok(());
    }
    fs::write(path, "# Runs of this machine; delete this file to commit them.\n/*\n!/reference/\n")
}

fn append_to(path: &Path) -> io::Result<BufWriter<File>> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    Ok(BufWriter::new(file))
}

fn write_lines<'a>(
    file: &mut BufWriter<File>,
    records: impl IntoIterator<Item = &'a Record>,
) -> io::Result<()> {
    for record in records {
        serde_json::to_writer(&mut *file, record)?;
        file.write_all(b"\n")?;
    }
    file.flush()
}

/// Makes a temporary file, which is private, readable for all.
#[cfg(unix)]
pub(super) fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub(super) fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Removes the partial last line that a killed run may leave in its files of records.
///
/// # Errors
/// If a file cannot be read or written.
pub(super) fn truncate_partial_lines(folder: &Path) -> io::Result<()> {
    truncate_partial_line(&folder.join("samples.jsonl"))?;
    let window_check = folder.join(WINDOW_CHECK);
    if window_check.exists() {
        truncate_partial_line(&window_check)?;
    }
    Ok(())
}

fn truncate_partial_line(path: &Path) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let newline = bytes.iter().rposition(|byte| *byte == b'\n');
    let length = newline.map_or(0, |at| at + 1);
    OpenOptions::new().write(true).open(path)?.set_len(length as u64)
}
