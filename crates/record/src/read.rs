//! Reading a run from its folder.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::object_seal::is_moved;
use crate::plan_check::check_plan;
use crate::printable::{TEXT_LIMIT, printable};
use crate::record_file::{Problem, RecordFile};
use crate::regular_file::read_regular;
use crate::sanitize::from_json;
use crate::{ObjectSeal, Record, Run, RunStatus, SCHEMA};

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
    /// Whether the last round was cut off, because the run was killed. In a complete run that is a problem.
    pub cut_off: bool,
    /// What is wrong with the files, and which records are left out.
    pub problems: Vec<Problem>,
}

/// `run.json`, as read from a run's folder.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// The run.
    pub run: Run,
    /// The name that it was measured under.
    pub name_before: String,
    /// What is wrong with the file.
    pub problem: Option<Problem>,
}

/// The file with the facts of a run.
pub const RUN: &str = "run.json";

/// The largest `run.json` that is read, in bytes.
pub const METADATA_LIMIT: u64 = 64 << 20;

/// The file with the records of a run.
pub const SAMPLES: &str = "samples.jsonl";

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
    /// A line is no text.
    #[error("{path}:{line}: invalid UTF-8")]
    Text {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
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
    let Metadata { run, problem, .. } = read_metadata(folder)?;
    let mut problems: Vec<Problem> = problem.into_iter().collect();
    let mut cut_off = false;
    let mut read_file = |name: &str, is_needed: bool| {
        let path = folder.join(name);
        if !is_needed && !path.exists() {
            return Ok(Vec::new());
        }
        let file = read_records(&path)?;
        problems.extend(file.problems);
        match file.cut_off {
            // Nothing killed it, so its end was lost afterwards.
            Some(lines) if run.status == RunStatus::Complete => problems.push(lost_end(name, lines)),
            at => cut_off |= at.is_some(),
        }
        Ok(file.records)
    };
    let records = read_file(SAMPLES, true)?;
    let long = read_file(WINDOW_CHECK, false)?;
    let against = if run.against.is_some() { read_file(AGAINST, false)? } else { Vec::new() };
    let records = check_plan(&run.plan, SAMPLES, records, &mut problems);
    let long = long.into_iter().map(|(_, record)| record).collect();
    let against = check_plan(&run.plan, AGAINST, against, &mut problems);
    Ok(RunData { run, records, long, against, cut_off, problems })
}

/// That the last lines of a complete run are no whole round.
fn lost_end(file: &str, lines: Range<usize>) -> Problem {
    let what = "the last round was cut off".to_owned();
    Problem { file: file.to_owned(), lines, what, left_out: true, edited: false }
}

/// Reads the `run.json` of the run in `folder`. The run's name is that of the folder, which may have been renamed.
///
/// # Errors
/// As [`read`].
pub fn read_metadata(folder: &Path) -> Result<Metadata, ReadError> {
    let path = folder.join(RUN);
    let text = open(&path)?;
    let parsed: Result<Run, ReadError> = parse(&path, &text);
    if !parsed.as_ref().is_ok_and(|run| run.schema == SCHEMA) {
        check_schema(&path, &text)?;
    }
    let mut run = parsed?;
    let name_before = printable(&run.run, TEXT_LIMIT);
    if let Some(name) = folder_name(folder) {
        run.run = printable(&name, TEXT_LIMIT);
    }
    let is_changed = ObjectSeal::of(&text) == ObjectSeal::Broken || is_moved(&text);
    let problem = is_changed.then(|| Problem {
        file: RUN.to_owned(),
        lines: 1..2,
        what: "the file does not match its checksum: it was changed after it was written".to_owned(),
        left_out: false,
        edited: true,
    });
    Ok(Metadata { run, name_before, problem })
}

/// Whether the text is that of a run of this version, as far as its field `schema` says.
fn check_schema(path: &Path, text: &str) -> Result<(), ReadError> {
    let value: serde_json::Value = parse(path, text)?;
    match value.get("schema").and_then(serde_json::Value::as_u64) {
        Some(found) if found != u64::from(SCHEMA) => {
            let line = text.lines().position(|line| line.contains("\"schema\""));
            let line = line.map_or(1, |line| line + 1);
            Err(ReadError::Schema { path: path.to_owned(), line, found })
        }
        _ => Ok(()),
    }
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

/// Reads a text that is not larger than any that was written.
fn open(path: &Path) -> Result<String, ReadError> {
    let bytes = read_regular(path, METADATA_LIMIT)
        .map_err(|source| ReadError::File { path: path.to_owned(), source })?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        ReadError::Text { path: path.to_owned(), line }
    })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, ReadError> {
    from_json(text).map_err(|source| ReadError::Line {
        path: path.to_owned(),
        line: source.line().max(1),
        source,
    })
}
