//! Reading a run from its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::plan_check::check_plan;
use crate::printable::{TEXT_LIMIT, printable};
use crate::record_file::{FILE_LIMIT, Problem, RecordFile};
use crate::sanitize::from_json;
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
    /// `against.jsonl`: the windows of the older build that the run's own is compared with. They are in a file of their
    /// own, so that no reader takes them for windows of the run's build.
    pub against: Vec<Record>,
    /// Whether the last round was cut off, because the run was killed.
    pub cut_off: bool,
    /// What is wrong with the records, and which of them are left out.
    pub problems: Vec<Problem>,
}

/// The file with the longer windows of a run's winners. It does not exist where none were measured.
pub const WINDOW_CHECK: &str = "window-check.jsonl";

/// The file with the records of [`Run::against`]. It does not exist where the run has one build.
pub const AGAINST: &str = "against.jsonl";

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
    #[error("{path}:{line}: {}", printable(&source.to_string(), TEXT_LIMIT))]
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

/// Reads the run in `folder`. A last round that was cut off is left out, and [`RunData::cut_off`] reports it. So are
/// records that are damaged or not of the plan, which [`RunData::problems`] names.
///
/// # Errors
/// Where a file is missing or too large, or `run.json` has another schema or cannot be parsed.
pub fn read(folder: &Path) -> Result<RunData, ReadError> {
    let run = read_metadata(folder)?;
    let samples = read_records(&folder.join("samples.jsonl"))?;
    let if_there = |name: &str| match folder.join(name) {
        path if path.exists() => read_records(&path),
        _ => Ok(RecordFile::default()),
    };
    let long = if_there(WINDOW_CHECK)?;
    let older = run.against.as_ref().map_or(Ok(RecordFile::default()), |_| if_there(AGAINST))?;
    let mut problems = samples.problems;
    let records = check_plan(&run.plan, "samples.jsonl", samples.records, &mut problems);
    problems.extend(long.problems);
    let long_records = long.records.into_iter().map(|(_, record)| record).collect();
    problems.extend(older.problems);
    let against = check_plan(&run.plan, AGAINST, older.records, &mut problems);
    let cut_off = samples.cut_off || long.cut_off || older.cut_off;
    Ok(RunData { run, records, long: long_records, against, cut_off, problems })
}

/// Reads the `run.json` of the run in `folder`. The run's name is that of the folder, which may have been renamed.
///
/// # Errors
/// As [`read`].
pub fn read_metadata(folder: &Path) -> Result<Run, ReadError> {
    let path = folder.join("run.json");
    let text = open(&path)?;
    let value: serde_json::Value = parse(&path, &text)?;
    match value.get("schema").and_then(serde_json::Value::as_u64) {
        Some(found) if found != u64::from(SCHEMA) => {
            let line = text.lines().position(|line| line.contains("\"schema\""));
            return Err(ReadError::Schema { path, line: line.map_or(1, |line| line + 1), found });
        }
        _ => {}
    }
    let mut run: Run = parse(&path, &text)?;
    if let Some(name) = folder_name(folder) {
        run.run = printable(&name, TEXT_LIMIT);
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

fn read_records(path: &Path) -> Result<RecordFile, ReadError> {
    RecordFile::read(path, false).map_err(|source| ReadError::File { path: path.to_owned(), source })
}

/// Reads a file of text that is not larger than any that was written.
fn open(path: &Path) -> Result<String, ReadError> {
    let read = || match fs::metadata(path)?.len() {
        size if size > FILE_LIMIT / 16 => Err(io::Error::other(format!("it has {size} bytes"))),
        _ => fs::read_to_string(path),
    };
    read().map_err(|source| ReadError::File { path: path.to_owned(), source })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, ReadError> {
    from_json(text).map_err(|source| ReadError::Line {
        path: path.to_owned(),
        line: source.line().max(1),
        source,
    })
}
