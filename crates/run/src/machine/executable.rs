//! The executable of this process: the file that forks are started from, and its identity. A run's records are
//! evidence of one build only if parent and forks are the same executable.

use std::fs::Metadata;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::record::open_regular;

/// The file of the running image on Linux. It stays readable after the path was deleted or replaced.
const RUNNING_IMAGE: &str = "/proc/self/exe";

/// What Linux appends to the path of an executable that was deleted.
const DELETED: &str = " (deleted)";

/// The executable of this process, or of another build.
#[derive(Clone, Debug)]
pub(crate) struct Executable {
    /// The file to start and to read: the running image of this process where the system has one.
    file: PathBuf,
    /// Whether it is that of this process.
    is_own: bool,
    identity: Identity,
}

/// What distinguishes an executable from every other build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// The file's attributes, which tell without reading it whether it is still the same.
    stamp: Stamp,
    /// The SHA-256 of its content in hexadecimal; empty where it was not needed.
    sha256: String,
}

/// Attributes of a file that change when another build replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    modified_ns: u64,
}

impl Executable {
    /// The executable of this process. Its content is not read.
    ///
    /// # Errors
    /// If the system does not tell where it is, or it was deleted on a system without a running image.
    pub(crate) fn current() -> io::Result<Self> {
        let file = current_file()?;
        let stamp = Stamp::of(&file)?;
        Ok(Self { file, is_own: true, identity: Identity { stamp, sha256: String::new() } })
    }

    /// Another executable, with the hash of its content.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        // A path without a folder would be looked for in PATH.
        let file = path.canonicalize()?;
        if !file.is_file() {
            return Err(io::Error::other("it is no file")); // reading a pipe would wait for ever
        }
        let stamp = Stamp::of(&file)?;
        Self { file, is_own: false, identity: Identity { stamp, sha256: String::new() } }.hashed()
    }

    /// The same with the hash of its content.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn hashed(self) -> io::Result<Self> {
        let sha256 = sha256(&self.file)?;
        Ok(Self { identity: Identity { sha256, ..self.identity }, ..self })
    }

    /// Its identity.
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The path of the executable when it was started, for messages.
    pub(crate) fn path(&self) -> PathBuf {
        let own = if self.is_own { executable_path() } else { None };
        own.unwrap_or_else(|| self.file.clone())
    }

    /// A command that starts it.
    pub(crate) fn command(&self) -> Command {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has a name of the process"))]
        let mut command = Command::new(&self.file);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, self.path());
        command
    }

    /// Whether the file to start is still this executable. A running image always is.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.identity.sha256_of(&self.file).is_ok_and(|found| found == self.identity.sha256)
    }
}

impl Identity {
    /// The hash, or an empty text if it was not needed.
    pub(crate) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The hash of this process's executable. It is read only if its attributes are not those of `self`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn sha256_of_this_process(&self) -> io::Result<String> {
        self.sha256_of(&current_file()?)
    }

    fn sha256_of(&self, file: &Path) -> io::Result<String> {
        match Stamp::of(file)? == self.stamp {
            true => Ok(self.sha256.clone()),
            false => sha256(file),
        }
    }
}

/// The file of the running image, or the executable's path where there is none.
fn current_file() -> io::Result<PathBuf> {
    let image = Path::new(RUNNING_IMAGE);
    match cfg!(target_os = "linux") && image.exists() {
        true => Ok(image.to_owned()),
        false => std::env::current_exe(),
    }
}

/// The path that this process was started from, which may be deleted by now.
fn executable_path() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?;
    let stripped = path.to_str().and_then(|text| text.strip_suffix(DELETED));
    Some(match stripped {
        Some(stripped) if cfg!(target_os = "linux") && !path.exists() => stripped.into(),
        _ => path,
    })
}

impl Stamp {
    fn of(file: &Path) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let (device, inode) = device_and_inode(&metadata);
        Ok(Self {
            device,
            inode,
            length: metadata.len(),
            modified_ns: modified.map_or(0, |since| since.as_nanos() as u64),
        })
    }
}

#[cfg(unix)]
fn device_and_inode(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn device_and_inode(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

/// The SHA-256 of a file's content, in hexadecimal.
pub(crate) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = open_regular(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => digest.update(&buffer[..length]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "abc").expect("written");
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-4, appendix B
        assert_eq!(sha256(&file).expect("it can be read"), wanted);
    }

    /// On systems without a running image a fork is started from a path.
    #[test]
    fn a_replaced_or_deleted_file_is_noticed_and_a_touched_one_is_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("program");
        fs::write(&file, "one build").expect("written");
        let identity = Identity { stamp: Stamp::of(&file).expect("it is there"), sha256: String::new() };
        let built =
            Executable { file: file.clone(), is_own: false, identity }.hashed().expect("it can be read");
        assert!(built.is_unchanged());
        fs::remove_file(&file).expect("deleted");
        assert!(!built.is_unchanged());
        fs::write(&file, "one build").expect("written");
        assert!(built.is_unchanged(), "the same content at another time");
        fs::write(&file, "a second build").expect("written");
        assert!(!built.is_unchanged());
    }

    #[test]
    fn this_process_has_the_identity_of_its_executable() {
        let own = Executable::current().and_then(Executable::hashed).expect("it can be read");
        let other =
            Identity { stamp: Stamp { inode: 0, ..own.identity.stamp.clone() }, ..own.identity.clone() };
        assert_eq!(other.sha256_of_this_process().expect("it can be read"), own.identity().sha256());
        assert!(own.path().is_absolute() && own.is_unchanged());
    }
}
