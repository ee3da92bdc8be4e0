//! The manifest of a run: the SHA-256 of each file that was measured or chosen, written when measuring ends. The other
//! files of a run are made of these, and can be made again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::run_writer::replace;
use crate::machine::sha256;
use crate::record::read_regular;
use crate::report::MADE_FROM_RECORDS;

/// The file's name.
const MANIFEST: &str = "manifest.json";

/// The largest manifest that is read, in bytes.
const LIMIT: u64 = 1 << 20;

/// The hashes of a run's files, by their path below its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    sha256: BTreeMap<String, String>,
}

impl Manifest {
    /// That of the files in `folder`, as they are now.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(crate) fn of(folder: &Path) -> io::Result<Self> {
        let mut manifest = Self::default();
        manifest.add(folder, "")?;
        Ok(manifest)
    }

    fn add(&mut self, folder: &Path, below: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let file = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{below}{file}");
            // Hidden files are the lock, and files that are being written.
            if name == MANIFEST || file.starts_with('.') || MADE_FROM_RECORDS.contains(&&*name) {
                continue;
            }
            match entry.file_type()?.is_dir() {
                true => self.add(&entry.path(), &format!("{name}/"))?,
                false => {
                    let hash = sha256(&entry.path());
                    let hash =
                        hash.map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
                    self.sha256.insert(name, hash);
                }
            }
        }
        Ok(())
    }

    /// Writes a file of `folder` that comes after measuring, such as criterion's output, and adds it to the manifest.
    ///
    /// # Errors
    /// If the file cannot be written, or the manifest cannot be read or written.
    #[cfg(feature = "criterion")]
    pub(crate) fn write_later(folder: &Path, file: &str, bytes: &[u8]) -> io::Result<()> {
        let path = folder.join(file);
        replace(&path, bytes)?;
        let Some(manifest) = Self::read(folder) else { return Ok(()) };
        let mut manifest = manifest.map_err(io::Error::other)?;
        manifest.sha256.insert(file.to_owned(), sha256(&path)?);
        manifest.write(folder)
    }

    /// Whether `file` of `folder` is another one than its manifest has, if there is one.
    ///
    /// # Errors
    /// What is wrong with the manifest.
    pub(crate) fn is_changed(folder: &Path, file: &str) -> Result<bool, String> {
        let manifest = Self::read(folder).transpose()?;
        let wanted = manifest.as_ref().and_then(|manifest| manifest.sha256.get(file));
        Ok(wanted.is_some_and(|wanted| sha256(&folder.join(file)).ok().as_ref() != Some(wanted)))
    }

    /// Writes it into `folder`, in place of an older one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        replace(&folder.join(MANIFEST), self.text().as_bytes())
    }

    /// Reads that of `folder`. None where there is none; the inner error says what is wrong with it.
    pub(crate) fn read(folder: &Path) -> Option<Result<Self, String>> {
        let bytes = match read_regular(&folder.join(MANIFEST), LIMIT) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => return Some(Err(format!("cannot read {MANIFEST}: {error}"))),
        };
        let read = serde_json::from_slice::<Self>(&bytes);
        Some(match read {
            Ok(manifest) if manifest.text().as_bytes() == bytes => Ok(manifest),
            _ => Err(format!("{MANIFEST} is not as it was written")),
        })
    }

    fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data") + "\n"
    }

    /// The names of its files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.sha256.keys().map(String::as_str)
    }

    /// How `now` differs from it: a sentence for each file that was changed, removed or added.
    pub(crate) fn differences(&self, now: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (name, hash) in &self.sha256 {
            match now.sha256.get(name) {
                Some(other) if other == hash => {}
                Some(_) => found.push(format!(
                    "{name} has another SHA-256 than in {MANIFEST}: one of the two was changed"
                )),
                None => found.push(format!("{name}, which {MANIFEST} names, is missing")),
            }
        }
        let added = now.files().filter(|name| !self.sha256.contains_key(*name));
        found.extend(added.map(|name| format!("{name} is not in {MANIFEST}: it was added later")));
        found
    }
}
