//! The lock on a run's folder: one process measures there at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::machine::utc_now;
use crate::record::is_shared;

/// The file that is locked. Hidden, since it is no part of the run.
const FILE: &str = ".lock";

/// The most bytes of the lock's text that are read.
const TEXT_LIMIT: u64 = 200;

/// Why a folder cannot be locked or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LockError {
    /// Another process measures there.
    #[error("{} is in use: {owner} measures there; wait for its end, or begin a new run", .folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// Who measures there.
        owner: String,
    },
    /// A file cannot be opened.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A lock, which ends with the process at the latest.
pub(crate) struct FolderLock {
    path: PathBuf,
    /// None where the file system has no locks.
    file: Option<File>,
}

impl Drop for FolderLock {
    /// Removes the file while it is locked. Where that is not possible it stays, without harm.
    fn drop(&mut self) {
        if cfg!(unix) && self.file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl FolderLock {
    /// Locks `folder`.
    ///
    /// # Errors
    /// If another process has locked it, or the lock's file cannot be opened.
    pub(crate) fn take(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join(FILE);
        // A link may lead to a file of somebody else, which must not be emptied.
        if fs::symlink_metadata(&path).is_ok_and(|data| !data.is_file()) {
            return Err(io::Error::other(format!("{FILE} is no file")).into());
        }
        let mut options = OpenOptions::new();
        let mut file = options.create(true).truncate(false).read(true).write(true).open(&path)?;
        match file.try_lock() {
            // Its last owner removed it between the two calls, and others would lock another file.
            Ok(()) if !is_at(&file, &path) => Self::take(folder),
            // What is written to it would be written to a file of somebody else.
            Ok(()) if is_shared(&path)? => {
                fs::remove_file(&path)?;
                Self::take(folder)
            }
            Ok(()) => {
                file.set_len(0)?;
                file.seek(SeekFrom::Start(0))?;
                write!(file, "process {} since {}", std::process::id(), utc_now())?;
                Ok(Self { path, file: Some(file) })
            }
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let read = file.take(TEXT_LIMIT).read_to_string(&mut owner);
                let known = read.is_ok() && !owner.is_empty();
                let owner =
                    if known { crate::record::printable(&owner, 100) } else { "a process".to_owned() };
                Err(LockError::InUse { folder: folder.to_owned(), owner })
            }
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Ok(Self { path, file: None })
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// Whether `file` is the one at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let ids = |data: fs::Metadata| (data.dev(), data.ino());
    let (open, there) = (file.metadata().map(ids), fs::metadata(path).map(ids));
    open.is_ok_and(|open| there.is_ok_and(|there| open == there))
}

/// Nothing removes the file here.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(all(test, unix))] // elsewhere a locked file cannot be read
mod tests {
    use super::*;

    #[test]
    fn a_locked_folder_names_its_owner_until_the_lock_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = FolderLock::take(folder.path()).expect("it is free");
        let error = FolderLock::take(folder.path()).err().expect("it is locked").to_string();
        assert!(error.contains(&format!("process {} since 20", std::process::id())), "{error}");
        drop(lock);
        assert!(!folder.path().join(FILE).exists());
        assert!(FolderLock::take(folder.path()).is_ok());
    }

    #[test]
    fn a_link_in_place_of_the_lock_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let other = folder.path().join("other");
        fs::write(&other, "of somebody else").expect("it can be written");
        std::os::unix::fs::symlink(&other, folder.path().join(FILE)).expect("a link");
        let error = FolderLock::take(folder.path()).err().expect("it is no file").to_string();
        assert!(error.contains(".lock is no file"), "{error}");
        assert_eq!(fs::read_to_string(&other).expect("it is there"), "of somebody else");
    }

    #[test]
    fn a_second_name_in_place_of_the_lock_is_replaced_and_not_written_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let other = folder.path().join("other");
        fs::write(&other, "of somebody else").expect("it can be written");
        fs::hard_link(&other, folder.path().join(FILE)).expect("a link");
        let lock = FolderLock::take(folder.path()).expect("it is free");
        assert!(FolderLock::take(folder.path()).is_err(), "it is locked");
        drop(lock);
        assert_eq!(fs::read_to_string(&other).expect("it is there"), "of somebody else");
    }
}
