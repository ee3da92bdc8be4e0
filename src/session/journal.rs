//! A run's folder while it is written: `run.json`, and `samples.jsonl`, to which every round is
//! appended when it is over. A run that is killed keeps what it has.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::NamedTempFile;

use crate::claim::FOLDER;
use crate::record::{Record, Run, WINDOW_CHECK};

/// A folder that records go to.
pub(crate) struct Journal {
    folder: PathBuf,
    samples: BufWriter<File>,
    /// Longer windows, once there is one.
    long: Option<BufWriter<File>>,
}

impl Journal {
    /// Makes the folder of a new run below `reports`, named by the time, and returns its name.
    ///
    /// # Errors
    /// Where `reports` cannot be made or written.
    pub(crate) fn create(reports: &Path) -> io::Result<(Self, String)> {
        fs::create_dir_all(reports)?;
        let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let now = now.trim_end_matches('Z').replace(':', "-");
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

    /// Opens the folder of a run that is to go on.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        Ok(Self { samples: appending(&folder.join("samples.jsonl"))?, long: None, folder })
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes `run.json` anew, whole.
    pub(crate) fn describe(&self, run: &Run) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer_pretty(&mut file, run)?;
        file.write_all(b"\n")?;
        readable(file.as_file())?;
        file.persist(self.folder.join("run.json"))?;
        Ok(())
    }

    /// Keeps a file of claims, which the run's page is held against.
    pub(crate) fn keep_claims(&self, name: &str, text: &str) -> io::Result<()> {
        let folder = self.folder.join(FOLDER);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), text)
    }

    /// Appends the records of a round.
    pub(crate) fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        write(&mut self.samples, records)
    }

    /// Appends the records of longer windows, which stand in a file of their own.
    pub(crate) fn append_long<'a>(
        &mut self,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> io::Result<()> {
        let file = match &mut self.long {
            Some(file) => file,
            None => self.long.insert(appending(&self.folder.join(WINDOW_CHECK))?),
        };
        write(file, records)
    }
}

fn appending(path: &Path) -> io::Result<BufWriter<File>> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    Ok(BufWriter::new(file))
}

fn write<'a>(file: &mut BufWriter<File>, records: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
    for record in records {
        serde_json::to_writer(&mut *file, record)?;
        file.write_all(b"\n")?;
    }
    file.flush()
}

/// Temporary files are private; a run's are for everybody.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Cuts off what a killed run left behind the last whole record of each file.
///
/// # Errors
/// Where the file cannot be read or written.
pub(crate) fn mend(folder: &Path) -> io::Result<()> {
    mend_file(&folder.join("samples.jsonl"))?;
    let long = folder.join(WINDOW_CHECK);
    if long.exists() {
        mend_file(&long)?;
    }
    Ok(())
}

fn mend_file(path: &Path) -> io::Result<()> {
    let text = fs::read(path)?;
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    OpenOptions::new().write(true).open(path)?.set_len(whole as u64)
}
