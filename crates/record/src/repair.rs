//! Makes the files of records whole before a run is continued: what is damaged is set aside, and measured again.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::record_file::{Problem, RecordFile};
use crate::regular_file::require_regular;
use crate::seal::sealed;
use crate::{AGAINST, Record, WINDOW_CHECK};

/// The file that damaged lines of a run's records are set aside in.
pub const DAMAGED: &str = "damaged.jsonl";

/// Rewrites the files of records in `folder` without what is damaged or cut off, which is appended to [`DAMAGED`].
/// `replace` writes a file so that a reader sees the old one or the new one. Returns what was damaged.
///
/// # Errors
/// If a file cannot be read or written.
pub fn repair(folder: &Path, replace: impl Fn(&Path, &[u8]) -> io::Result<()>) -> io::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for name in ["samples.jsonl", WINDOW_CHECK, AGAINST] {
        let path = folder.join(name);
        if name != "samples.jsonl" && !path.exists() {
            continue;
        }
        let file = RecordFile::read(&path, true)?;
        let kept = kept(&file)?;
        if kept != file.text {
            set_aside(folder, &file)?;
            replace(&path, &kept)?;
        }
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
fn set_aside(folder: &Path, file: &RecordFile) -> io::Result<()> {
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
    if path.exists() {
        require_regular(&path)?; // to open a pipe would wait
    }
    let mut file: File = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(&damaged)?;
    file.sync_data()
}
