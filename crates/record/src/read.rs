//! Reading a run back from its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Record, Run, SCHEMA};

/// A run as read back: what is true of all of it, and every record.
#[derive(Clone, Debug)]
pub struct RunData {
    /// `run.json`.
    pub run: Run,
    /// `samples.jsonl`, in the order written.
    pub records: Vec<Record>,
    /// `window-check.jsonl`: the longer windows of winners and their runners-up, which stand apart so
    /// that nothing else is drawn from them.
    pub long: Vec<Record>,
    /// Whether the last line was cut off, as a killed run may leave it.
    pub cut_off: bool,
}

/// The file that holds the longer windows of a run's winners. There is none where none was taken.
pub const WINDOW_CHECK: &str = "window-check.jsonl";

/// Why a run cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file that should be there cannot be opened.
    #[error("{path}: {source}; a run's folder holds run.json and samples.jsonl")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line that is not what it should be.
    #[error("{path}:{line}: {source}")]
    Line {
        /// In which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file of another version.
    #[error(
        "{path}:{line}: schema {found}, but this contend reads schema {SCHEMA}; use the contend that measured the run"
    )]
    Schema {
        /// In which file.
        path: PathBuf,
        /// Which line names it, from 1.
        line: usize,
        /// The version found.
        found: u64,
    },
}

/// Reads the run in `folder`. A last line that was cut off is left out, and said; any other line
/// that cannot be read is an error that names it.
pub fn read(folder: &Path) -> Result<RunData, ReadError> {
    let path = folder.join("run.json");
    let text = open(&path)?;
    let value: serde_json::Value = parse(&path, 1, &text)?;
    match value.get("schema").and_then(serde_json::Value::as_u64) {
        Some(found) if found != u64::from(SCHEMA) => {
            let line = text.lines().position(|line| line.contains("\"schema\""));
            return Err(ReadError::Schema {
                path,
                line: line.map_or(1, |line| line + 1),
                found,
            });
        }
        _ => {}
    }
    let run: Run = parse(&path, 1, &text)?;

    let (records, cut_off) = records(&folder.join("samples.jsonl"))?;
    let path = folder.join(WINDOW_CHECK);
    let (long, long_cut_off) = match path.exists() {
        true => self::records(&path)?,
        false => (Vec::new(), false),
    };
    Ok(RunData {
        run,
        records,
        long,
        cut_off: cut_off || long_cut_off,
    })
}

/// The records of a file, and whether its last line was cut off.
fn records(path: &Path) -> Result<(Vec<Record>, bool), ReadError> {
    let text = open(path)?;
    let mut records = Vec::new();
    let mut cut_off = false;
    let mut lines = text.split_inclusive('\n').enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        match parse(path, index + 1, line) {
            Ok(record) => records.push(record),
            Err(_) if lines.peek().is_none() && !line.ends_with('\n') => cut_off = true,
            Err(error) => return Err(error),
        }
    }
    Ok((records, cut_off))
}

fn open(path: &Path) -> Result<String, ReadError> {
    fs::read_to_string(path).map_err(|source| ReadError::File {
        path: path.to_owned(),
        source,
    })
}

fn parse<T: serde::de::DeserializeOwned>(
    path: &Path,
    line: usize,
    text: &str,
) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|source| ReadError::Line {
        path: path.to_owned(),
        line: line + source.line().saturating_sub(1),
        source,
    })
}
