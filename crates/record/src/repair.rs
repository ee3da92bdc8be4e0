//! Makes the files of records whole before a run is continued: what is damaged is set aside, and measured again.

use std::fs;
use std::io;
use std::path::Path;

use crate::read::read_metadata_and_seal;
use crate::record_file::{Problem, RECORDS_LIMIT, RecordFile};
use crate::regular_file::read_regular;
use crate::seal::sealed;
use crate::{AGAINST, Record, SAMPLES, WINDOW_CHECK};

/// The file that damaged lines of a run's records are set aside in.
pub const DAMAGED: &str = "damaged.jsonl";

/// Rewrites the files of records in `folder` without what is damaged or cut off, which is appended to [`DAMAGED`].
/// `replace` writes a file so that a reader sees the old one or the new one. Returns what was damaged.
///
/// # Errors
/// If a file cannot be read or written.
pub fn repair(folder: &Path, replace: impl Fn(&Path, &[u8]) -> io::Result<()>) -> io::Result<Vec<Problem>> {
    let run_is_sealed = read_metadata_and_seal(folder).is_ok_and(|(_, is_sealed)| is_sealed);
    let mut problems = Vec::new();
    for name in [SAMPLES, WINDOW_CHECK, AGAINST] {
        let path = folder.join(name);
        if name != SAMPLES && !path.exists() {
            continue;
        }
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
        let file = RecordFile::read(&path, run_is_sealed, true).map_err(named)?;
        let kept = kept(&file)?;
        if kept != file.text {
            set_aside(folder, &file, &replace)?;
            match kept.is_empty() && name != SAMPLES {
                // An empty one would look as if its records had been removed.
                true => fs::remove_file(&path).map_err(named)?,
                false => replace(&path, &kept)?,
            }
        }
        problems.extend(file.lost_end(name));
        problems.extend(file.problems);
    }
    Ok(problems)
}

/// The text of the rounds that count. Rounds of an older run are sealed.
fn kept(file: &RecordFile) -> io::Result<Vec<u8>> {
    let mut kept = Vec::with_capacity(file.text.len());
    if file.sealed {
        for range in &file.kept {
            kept.extend_from_slice(&file.text[range.clone()]);
            if !kept.ends_with(b"\n") {
                kept.push(b'\n');
            }
        }
        return Ok(kept);
    }
    let key = |record: &Record| (record.cell.block(), record.fork, record.round);
    for round in file.records.chunk_by(|(_, a), (_, b)| key(a) == key(b)) {
        kept.extend(sealed(round.iter().map(|(_, record)| record))?);
    }
    Ok(kept)
}

/// Appends all lines of `file` that do not count to [`DAMAGED`].
fn set_aside(
    folder: &Path,
    file: &RecordFile,
    replace: impl Fn(&Path, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut damaged = Vec::new();
    let mut at = 0;
    for range in &file.kept {
        damaged.extend_from_slice(&file.text[at..range.start]);
        at = range.end;
    }
    damaged.extend_from_slice(&file.text[at..]);
    if damaged.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    if !damaged.ends_with(b"\n") {
        damaged.push(b'\n');
    }
    let path = folder.join(DAMAGED);
    // It is replaced, since what lies there may be a link to a file of somebody else.
    let mut text = match read_regular(&path, RECORDS_LIMIT) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        found => found.map_err(|error| io::Error::new(error.kind(), format!("{DAMAGED}: {error}")))?,
    };
    text.extend(damaged);
    replace(&path, &text)
}
