//! Reading and atomic writing of files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::ReportError;

/// Creates a folder and its parents. A link in its place may lead to a folder of somebody else.
pub fn create_folder(path: &Path) -> Result<(), ReportError> {
    let created = match path.is_symlink() {
        true => Err(io::Error::other("it is a link, and nothing is written through one; remove it")),
        false => fs::create_dir_all(path),
    };
    created.map_err(|source| error(path, source))
}

/// Writes a temporary file, then renames it: readers see the old file or the new one, and a killed writer leaves the
/// old one.
pub fn write_atomic(path: &Path, text: &str) -> Result<(), ReportError> {
    let write = || -> io::Result<()> {
        let mut file = part_file(path.parent().unwrap_or(Path::new(".")))?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map_err(|failed| failed.error)?;
        Ok(())
    };
    write().map_err(|source| error(path, source))
}

/// How the name of a file that is being written begins, before the id of its process, and ends.
const PART: (&str, &str) = (".contend-", ".part");

/// A temporary file in `folder`, which the caller renames when it is whole.
///
/// # Errors
/// If it cannot be created.
pub fn part_file(folder: &Path) -> io::Result<NamedTempFile> {
    let prefix = format!("{}{}-", PART.0, std::process::id());
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(PART.1);
    #[cfg(unix)]
    {
        // Others may read a page, as far as the umask allows.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(without_name)
}

/// The system's error, without the name of the temporary file, which nobody has asked for.
fn without_name(error: io::Error) -> io::Error {
    let cause = error.get_ref().and_then(|named| named.source());
    let code = cause.and_then(|cause| cause.downcast_ref::<io::Error>()).and_then(io::Error::raw_os_error);
    code.map_or(error, io::Error::from_raw_os_error)
}

/// The id of the process that was writing the file `name`, if it is one of [`part_file`].
pub fn part_file_owner(name: &str) -> Option<u32> {
    let owner = name.strip_prefix(PART.0)?.strip_suffix(PART.1)?;
    owner.split('-').next()?.parse().ok()
}

/// Reads a file.
pub fn read(path: &Path) -> Result<String, ReportError> {
    fs::read_to_string(path).map_err(|source| error(path, source))
}

fn error(path: &Path, source: io::Error) -> ReportError {
    ReportError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.txt");
        write_atomic(&path, "one").unwrap();
        write_atomic(&path, "two").unwrap();
        assert_eq!(read(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        let nowhere = place.path().join("no/such/a.txt");
        assert!(write_atomic(&nowhere, "x").unwrap_err().to_string().contains("a.txt"));
    }
}
