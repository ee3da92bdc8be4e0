//! Writes the folder of a run: `run.json`, and `samples.jsonl`, to which each round is appended when it ends, sealed
//! by a checksum. A run that is killed keeps its finished rounds.
//!
//! Data reach the disk (`fsync`) when `run.json` is written, every five seconds, and at the end. A power cut costs at
//! most the rounds of the last five seconds.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::folder_lock::{FolderLock, LockError};
use super::resume::run_folders;
use crate::claim::FOLDER;
use crate::machine::utc_now;
use crate::record::{
    AGAINST, RECORDS_LIMIT, RUN, Record, Run, SAMPLES, WINDOW_CHECK, is_shared, read_regular,
    require_regular, sealed, sealed_run,
};

/// The time between two points at which records reach the disk.
const SYNC_INTERVAL: Duration = Duration::from_secs(5);

/// A run's folder that is open for records. No other process writes to it meanwhile.
pub(super) struct RunWriter {
    folder: PathBuf,
    samples: RecordWriter,
    /// The file of the window check, opened with its first record.
    window_check: Option<RecordWriter>,
    /// The file of the older build, opened with its first record.
    against: Option<RecordWriter>,
    _lock: FolderLock,
}

impl RunWriter {
    /// Creates the folder of a new run below `reports`, named by the time, and returns its name too.
    ///
    /// # Errors
    /// If `reports` cannot be created or written.
    pub(super) fn create(reports: &Path) -> Result<(Self, String), LockError> {
        fs::create_dir_all(reports)?;
        ignore_runs(reports)?;
        let now = utc_now().trim_end_matches('Z').replace(':', "-");
        let names = std::iter::once(now.clone()).chain((2..).map(|n| format!("{now}-{n}")));
        for name in names {
            let folder = reports.join(&name);
            match fs::create_dir(&folder) {
                Ok(()) => {
                    let opened = FolderLock::take(&folder).and_then(|lock| Self::open(folder.clone(), lock));
                    if opened.is_err() {
                        let _ = fs::remove_dir_all(&folder); // this process made it, and nothing is in it
                    }
                    return Ok((opened?, name));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("there is always another name")
    }

    /// Opens the folder of a run that is continued, and whose files are whole.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn open(folder: PathBuf, lock: FolderLock) -> Result<Self, LockError> {
        let samples = RecordWriter::open(&folder.join(SAMPLES))?;
        Ok(Self { samples, window_check: None, against: None, folder, _lock: lock })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Replaces `run.json`, after all records so far have reached the disk.
    pub(super) fn write_metadata(&mut self, run: &Run) -> io::Result<()> {
        self.sync()?;
        replace(&self.folder.join(RUN), sealed_run(run)?.as_bytes())
    }

    /// Copies a file of claims, against which the run's page is checked, into the folder.
    pub(super) fn write_claims(&self, name: &str, text: &str) -> io::Result<()> {
        let folder = self.folder.join(FOLDER);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), text)
    }

    /// Appends the records of a round.
    pub(super) fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        self.samples.append(records)
    }

    /// Appends the records of a round of the window check to their own file.
    pub(super) fn append_window_check<'a>(
        &mut self,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> io::Result<()> {
        opened(&mut self.window_check, &self.folder.join(WINDOW_CHECK))?.append(records)
    }

    /// Appends the records of a round of the older build to their own file.
    pub(super) fn append_against<'a>(
        &mut self,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> io::Result<()> {
        opened(&mut self.against, &self.folder.join(AGAINST))?.append(records)
    }

    /// Has all records reach the disk.
    fn sync(&mut self) -> io::Result<()> {
        let files = [Some(&mut self.samples), self.window_check.as_mut(), self.against.as_mut()];
        files.into_iter().flatten().try_for_each(RecordWriter::sync)
    }
}

/// Makes git ignore the runs below `reports`, except a reference run, unless the folder has runs or rules already.
fn ignore_runs(reports: &Path) -> io::Result<()> {
    let path = reports.join(".gitignore");
    if fs::symlink_metadata(&path).is_ok() || !run_folders(reports).is_empty() {
        return Ok(());
    }
    replace(&path, b"# Runs of this machine; delete this file to commit them.\n/*\n!/reference/\n")
}

/// The file at `path`, opened where it is not yet.
fn opened<'a>(file: &'a mut Option<RecordWriter>, path: &Path) -> io::Result<&'a mut RecordWriter> {
    Ok(match file {
        Some(file) => file,
        None => file.insert(RecordWriter::open(path)?),
    })
}

/// A file of records, appended to in whole rounds.
struct RecordWriter {
    file: File,
    /// Bytes of whole rounds.
    length: u64,
    synced: Instant,
}

impl RecordWriter {
    fn open(path: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(path).is_ok() {
            make_own(path)?;
        }
        let file =
            OpenOptions::new().create(true).append(true).open(path).map_err(|error| named(path, error))?;
        Ok(Self { length: file.metadata()?.len(), file, synced: Instant::now() })
    }

    /// Appends a sealed round. If that fails, for example on a full disk, no part of it stays.
    fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        let round = sealed(records)?;
        if let Err(error) = self.file.write_all(&round) {
            let _ = self.file.set_len(self.length); // a reader leaves a part of a round out anyway
            return Err(error);
        }
        self.length += round.len() as u64;
        if self.synced.elapsed() >= SYNC_INTERVAL {
            self.sync()?;
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.synced = Instant::now();
        self.file.sync_data()
    }
}

/// Makes what lies at `path` a file of this name alone. What is written to a link, or to a file of several names, would
/// be written to a file of somebody else.
fn make_own(path: &Path) -> io::Result<()> {
    if !is_shared(path)? {
        return require_regular(path).map_err(|error| named(path, error)); // a pipe would wait for a reader
    }
    let text = match read_regular(path, RECORDS_LIMIT) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(), // a link that leads nowhere
        found => found.map_err(|error| named(path, error))?,
    };
    replace(path, &text)
}

/// Replaces a file. A reader sees the old one or the new one, never a part, also after a power cut. A link is replaced
/// as well, and what it leads to stays as it is.
///
/// # Errors
/// If the file cannot be written. The error names it.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = crate::report::part_file(folder)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    };
    write().map_err(|error| named(path, error))
}

/// `error` with the name of its file.
fn named(path: &Path, error: io::Error) -> io::Error {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    io::Error::new(error.kind(), format!("{file}: {error}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_through_a_link_or_to_a_file_of_two_names() {
        let place = tempfile::tempdir().expect("a folder");
        let at = |name: &str| place.path().join(name);
        let records = [Record::blank("counter/hot/a/2".parse().expect("an id"), 1, 1)];
        fs::write(at("victim"), "before\n").expect("it can be written");
        fs::hard_link(at("victim"), at("second")).expect("a link");
        std::os::unix::fs::symlink(at("victim"), at("link")).expect("a link");
        for name in ["second", "link"] {
            RecordWriter::open(&at(name)).and_then(|mut file| file.append(&records)).expect("it is written");
            let text = fs::read_to_string(at(name)).expect("a file");
            assert!(text.starts_with("before\n{\"cell\"") && !at(name).is_symlink(), "{name}: {text}");
            assert_eq!(fs::read_to_string(at("victim")).expect("a file"), "before\n", "{name}");
        }
        std::os::unix::fs::symlink(at("nowhere"), at("lost")).expect("a link");
        RecordWriter::open(&at("lost")).and_then(|mut file| file.append(&records)).expect("it is written");
        assert!(!at("nowhere").exists() && at("lost").is_file());
        let error = RecordWriter::open(Path::new("/dev/null")).err().expect("it is no file").to_string();
        assert_eq!(error, "null: it is a pipe or a device, not a file");
    }
}
