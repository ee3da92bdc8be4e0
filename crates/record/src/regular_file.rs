//! Reading files that somebody else may have made. A pipe would make a reader wait for ever, and a device has no end.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Opens a file to read it.
///
/// # Errors
/// If it cannot be opened, or is a folder, a pipe or a device.
pub fn open_regular(path: &Path) -> io::Result<File> {
    require_regular(path)?;
    File::open(path)
}

/// The content of a file that has at most `limit` bytes.
///
/// # Errors
/// As [`open_regular`], or if it has more bytes.
pub fn read_regular(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let too_large = |size: u64| {
        io::Error::other(format!("it has {size} bytes, more than the {limit} of the longest such file"))
    };
    let file = open_regular(path)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Err(too_large(size));
    }
    let mut bytes = Vec::with_capacity(size as usize);
    // Some files have a size of 0, and others grow.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(too_large(bytes.len() as u64)),
        false => Ok(bytes),
    }
}

/// The text of a file that has at most `limit` bytes.
///
/// # Errors
/// As [`read_regular`], or if it is no UTF-8.
pub fn read_regular_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read_regular(path, limit)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is no UTF-8 text"))
}

/// Checks that `path`, or what a link there leads to, is a file.
///
/// # Errors
/// If there is nothing, or it is a folder, a pipe or a device.
pub fn require_regular(path: &Path) -> io::Result<()> {
    let kind = fs::metadata(path)?.file_type();
    match kind.is_file() {
        true => Ok(()),
        false if kind.is_dir() => Err(io::Error::other("it is a folder")),
        false => Err(io::Error::other("it is a pipe or a device, not a file")),
    }
}

/// Whether what is written to the file at `path` would be written to one of another name as well: it is a link, or
/// (on Unix) has several names.
///
/// # Errors
/// If there is nothing.
pub fn is_shared(path: &Path) -> io::Result<bool> {
    let data = fs::symlink_metadata(path)?;
    #[cfg(unix)]
    let names = std::os::unix::fs::MetadataExt::nlink(&data);
    #[cfg(not(unix))]
    let names = 1;
    Ok(data.is_symlink() || data.is_file() && names > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_read_and_no_more_than_the_limit() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("file");
        fs::write(&path, "four").unwrap();
        assert_eq!(read_regular(&path, 4).unwrap(), b"four");
        assert_eq!(read_regular_text(&path, 5).unwrap(), "four");
        let error = read_regular(&path, 3).unwrap_err().to_string();
        assert_eq!(error, "it has 4 bytes, more than the 3 of the longest such file");
        assert!(read_regular(place.path(), 9).unwrap_err().to_string().contains("it is a folder"));
        fs::write(&path, [b'a', 0xff]).unwrap();
        assert!(read_regular_text(&path, 9).unwrap_err().to_string().contains("it is no UTF-8 text"));
        assert_eq!(open_regular(&place.path().join("no")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_and_a_file_of_two_names_are_shared() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        fs::write(at("file"), "x").unwrap();
        std::os::unix::fs::symlink(at("nowhere"), at("link")).unwrap();
        let shared = |name: &str| is_shared(&at(name)).ok();
        assert_eq!(["file", "link", "none"].map(shared), [Some(false), Some(true), None]);
        fs::hard_link(at("file"), at("second")).unwrap();
        assert_eq!(["file", "second"].map(shared), [Some(true); 2]);
        assert!(!is_shared(place.path()).unwrap(), "folders have many links");
    }

    #[test]
    #[cfg(unix)]
    fn pipes_and_devices_are_no_files() {
        let place = tempfile::tempdir().unwrap();
        let (pipe, link) = (place.path().join("pipe"), place.path().join("link"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for path in [&pipe, &link, Path::new("/dev/null")] {
            let error = read_regular(path, 9).unwrap_err().to_string();
            assert!(error.contains("it is a pipe or a device"), "{error}");
        }
    }
}
