//! Reading a run from its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Record, Run, SCHEMA};

/// All data of a run, as read from its folder.
#[derive(Clone, Debug)]
pub struct RunData {
    /// `run.json`.
    pub run: Run,
    /// `samples.jsonl`, in the order written.
    pub records: Vec<Record>,
    /// `window-check.jsonl`: the longer windows of winners and their runners-up. They are in a file of their own,
    /// because they make no verdict: they can only refute a winner.
    pub long: Vec<Record>,
    /// Whether the last line was cut off, because the run was killed.
    pub cut_off: bool,
}

/// The file with the longer windows of a run's winners. It does not exist where none were measured.
pub const WINDOW_CHECK: &str = "window-check.jsonl";

/// The errors of reading a run.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file cannot be opened.
    #[error("cannot read {path}: {source}; a run's folder has run.json and samples.jsonl")]
    File {
        /// Its path.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A line is not valid.
    #[error("{path}:{line}: {source}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The parser's error.
        source: serde_json::Error,
    },
    /// The files have another version.
    #[error(
        "{path}:{line}: schema {found}, but this contend reads schema {SCHEMA}; use the version that measured the run"
    )]
    Schema {
        /// The file.
        path: PathBuf,
        /// The line with the version, from 1.
        line: usize,
        /// The version found.
        found: u64,
    },
}

/// Reads the run in `folder`. A last line that was cut off is left out, and [`RunData::cut_off`] reports it.
///
/// # Errors
/// Where a file is missing, has another schema, or has a line that cannot be parsed.
pub fn read(folder: &Path) -> Result<RunData, ReadError> {
    let run = read_metadata(folder)?;
    let (records, cut_off) = records(&folder.join("samples.jsonl"))?;
    let path = folder.join(WINDOW_CHECK);
    let (long, long_cut_off) = match path.exists() {
        true => self::records(&path)?,
        false => (Vec::new(), false),
    };
    Ok(RunData { run, records, long, cut_off: cut_off || long_cut_off })
}

/// Reads the `run.json` of the run in `folder`. The run's name is that of the folder, which may have been renamed.
///
/// # Errors
/// As [`read`].
pub fn read_metadata(folder: &Path) -> Result<Run, ReadError> {
    let path = folder.join("run.json");
    let text = open(&path)?;
    let value: serde_json::Value = parse(&path, 1, &text)?;
    match value.get("schema").and_then(serde_json::Value::as_u64) {
        Some(found) if found != u64::from(SCHEMA) => {
            let line = text.lines().position(|line| line.contains("\"schema\""));
            return Err(ReadError::Schema { path, line: line.map_or(1, |line| line + 1), found });
        }
        _ => {}
    }
    let mut run: Run = parse(&path, 1, &text)?;
    if let Some(name) = folder_name(folder) {
        run.run = name;
    }
    Ok(run)
}

/// The name of `folder`, also where its path ends with `.` or `..`.
fn folder_name(folder: &Path) -> Option<String> {
    let resolved = match folder.file_name() {
        Some(_) => None,
        None => Some(folder.canonicalize().ok()?),
    };
    Some(resolved.as_deref().unwrap_or(folder).file_name()?.to_str()?.to_owned())
}

/// Reads the records of a file, and whether its last line was cut off.
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
    fs::read_to_string(path).map_err(|source| ReadError::File { path: path.to_owned(), source })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, line: usize, text: &str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|source| ReadError::Line {
        path: path.to_owned(),
        line: line + source.line().saturating_sub(1),
        source,
    })
}
