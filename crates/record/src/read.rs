//! Reading a run from its folder.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::names::{AGAINST, MANIFEST, METADATA_LIMIT, RUN, SAMPLES, WINDOW_CHECK};
use crate::object_seal::is_moved;
use crate::plan_check::PlannedBlocks;
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
    /// The name that it was measured under, which is never a path. That of the folder if the file has none.
    pub name_before: String,
    /// What is wrong with the file.
    pub problem: Option<Problem>,
}

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
    /// The plan is one that no run can have.
    #[error("{path}: no run can have this plan: {what}")]
    Plan {
        /// The file.
        path: PathBuf,
        /// What is impossible, as a phrase.
        what: String,
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
    let (Metadata { run, problem, .. }, is_sealed) = read_metadata_and_seal(folder)?;
    let mut problems: Vec<Problem> = problem.into_iter().collect();
    let mut cut_off = false;
    // `expected` says how one knows that the file had records.
    let mut read_file = |name: &str, expected: Option<&str>| {
        let path = folder.join(name);
        let is_missing = name != SAMPLES && !path.exists();
        let file = match is_missing {
            true => RecordFile::default(),
            false => read_records(&path, is_sealed)?,
        };
        if let (true, Some(expected)) = (file.text.is_empty(), expected) {
            let what = if is_missing { "is missing" } else { "has no records" };
            // The plan says which records the others lack.
            let edited = name == WINDOW_CHECK;
            problems.push(Problem { edited, ..changed(name, format!("the file {what}, though {expected}")) });
        }
        let lost_end = file.lost_end(name);
        problems.extend(file.problems);
        match lost_end {
            // Nothing killed it, so its end was lost afterwards.
            Some(problem) if run.status == RunStatus::Complete => problems.push(problem),
            lost => cut_off |= lost.is_some(),
        }
        Ok::<_, ReadError>(file.records)
    };
    let complete = (run.status == RunStatus::Complete).then_some("run.json says that the run is complete");
    let in_manifest = |name| manifest_names(folder, name).then_some("manifest.json names it");
    let records = read_file(SAMPLES, complete)?;
    let long = read_file(WINDOW_CHECK, in_manifest(WINDOW_CHECK))?;
    let against = if run.against.is_some() { read_file(AGAINST, complete)? } else { Vec::new() };
    let planned = PlannedBlocks::of(&run.plan);
    let records = planned.check(SAMPLES, records, &mut problems);
    let long = PlannedBlocks::of_window_check(&run.plan).check(WINDOW_CHECK, long, &mut problems);
    let against = planned.check(AGAINST, against, &mut problems);
    Ok(RunData { run, records, long, against, cut_off, problems })
}

/// That a file is used, and is not as it was written.
fn changed(file: &str, what: String) -> Problem {
    Problem { file: file.to_owned(), lines: 1..2, what, left_out: false, edited: true }
}

/// Whether the manifest in `folder` names `file`. It is written when measuring ends, and a run of few winners may have
/// no window check.
fn manifest_names(folder: &Path, file: &str) -> bool {
    let manifest = read_regular(&folder.join(MANIFEST), METADATA_LIMIT);
    let manifest = manifest.ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    manifest.is_some_and(|manifest| manifest["sha256"][file].is_string())
}

/// Reads the `run.json` of the run in `folder`. The run's name is that of the folder, which may have been renamed.
///
/// # Errors
/// As [`read`].
pub fn read_metadata(folder: &Path) -> Result<Metadata, ReadError> {
    read_metadata_and_seal(folder).map(|(found, _)| found)
}

/// The same, and whether the file has a checksum, be it right or wrong. The rounds of such a run have some too.
pub(crate) fn read_metadata_and_seal(folder: &Path) -> Result<(Metadata, bool), ReadError> {
    let path = folder.join(RUN);
    let text = open(&path)?;
    let parsed: Result<Run, ReadError> = parse(&path, &text);
    if !parsed.as_ref().is_ok_and(|run| run.schema == SCHEMA) {
        check_schema(&path, &text)?;
    }
    let mut run = parsed?;
    if let Some(what) = run.plan.beyond_limits() {
        return Err(ReadError::Plan { path, what });
    }
    let mut name_before = printable(&run.run, TEXT_LIMIT);
    if let Some(name) = folder_name(folder) {
        run.run = printable(&name, TEXT_LIMIT);
    }
    // The file may say anything, and a path would lead out of the folder.
    if Path::new(&name_before).file_name() != Some(name_before.as_ref()) {
        name_before.clone_from(&run.run);
    }
    let seal = ObjectSeal::of(&text);
    let is_changed = seal == ObjectSeal::Broken || is_moved(&text);
    let what = "the file does not match its checksum: it was changed after it was written";
    let problem = is_changed.then(|| changed(RUN, what.to_owned()));
    Ok((Metadata { run, name_before, problem }, is_changed || seal == ObjectSeal::Whole))
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
    Some(resolved.as_deref().unwrap_or(folder).file_name()?.to_string_lossy().into_owned())
}

fn read_records(path: &Path, run_is_sealed: bool) -> Result<RecordFile, ReadError> {
    RecordFile::read(path, run_is_sealed, false)
        .map_err(|source| ReadError::File { path: path.to_owned(), source })
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
