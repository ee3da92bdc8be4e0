//! A file of records, read line by line. A bad line costs its round, never the file.

use std::io;
use std::ops::Range;
use std::path::Path;

use crate::printable::printable;
use crate::regular_file::read_regular;
use crate::sanitize::from_json;
use crate::seal::{Seal, is_whole, parts_agree, seal_of};
use crate::{Record, TEXT_LIMIT, VALUES};

/// The longest line, in bytes. A record of 1,000 workers has less than 32 kB.
const LINE_LIMIT: usize = 1 << 20;

/// The largest file of records that is read, in bytes: those of more than a million windows.
pub const RECORDS_LIMIT: u64 = 1 << 30;

/// The most that a time may differ from the quotient of a window and its operations, where these are few.
const MOST_ROUNDED: f64 = 0.5;

/// The most lines that may be no records, in a file in which they are the majority. Such a file is none of a run.
const MOST_BAD: usize = 10_000;

/// Something in a run's files that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Its lines, from 1.
    pub lines: Range<usize>,
    /// What is wrong.
    pub what: String,
    /// Whether the lines are left out.
    pub left_out: bool,
    /// Whether the lines were changed after they were written, and are used as they are.
    pub edited: bool,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, lines, what, left_out, .. } = self;
        write!(f, "{file}:{}: {what}", lines.start)?;
        if lines.len() > 1 {
            write!(f, " (up to line {})", lines.end - 1)?;
        }
        f.write_str(if *left_out { "; left out" } else { "" })
    }
}

/// The content of a file of records.
#[derive(Debug, Default)]
pub(crate) struct RecordFile {
    /// The records that count, each with its line.
    pub records: Vec<(usize, Record)>,
    pub problems: Vec<Problem>,
    /// The lines of the last round, if it was cut off.
    pub cut_off: Option<Range<usize>>,
    /// The text of the rounds that count, without line ends where the file lacks the last one.
    pub kept: Vec<Range<usize>>,
    /// Whether rounds are sealed, or were. Those of older runs are not.
    pub sealed: bool,
    pub text: Vec<u8>,
}

/// A line: its bytes in the file, and what it is.
struct Line {
    bytes: Range<usize>,
    parsed: Result<Record, String>,
    seal: Option<(Seal, usize)>,
}

impl RecordFile {
    /// Reads the file at `path`, of a run whose `run.json` is sealed or, as that of older runs, is not. If `strict`, a
    /// round that is not as it was sealed is left out even if its records make sense: it can be measured again.
    ///
    /// # Errors
    /// If it cannot be read, or is too large.
    pub(crate) fn read(path: &Path, run_is_sealed: bool, strict: bool) -> io::Result<Self> {
        let text = read_regular(path, RECORDS_LIMIT)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut file = Self { text, ..Self::default() };
        let lines = lines(&file.text)?;
        let has_seals = lines.iter().any(|line| line.seal.is_some());
        // One round without a seal was not finished. Several were sealed, one by one.
        let lost_seals = run_is_sealed && !has_seals && has_rounds(&lines);
        file.sealed = run_is_sealed || has_seals;
        if lost_seals {
            file.problems.push(Problem {
                file: name.clone(),
                lines: 1..lines.len() + 1,
                what: "the file has no checksums, though run.json has: they were removed".to_owned(),
                left_out: strict,
                edited: !strict,
            });
        }
        match (file.sealed, lost_seals) {
            (true, false) => file.take_sealed(&name, lines, strict),
            (true, true) if strict => {}
            _ => file.take_unsealed(&name, lines),
        }
        Ok(file)
    }

    /// What is wrong if its last round was cut off and nothing may have killed the run.
    pub(crate) fn lost_end(&self, name: &str) -> Option<Problem> {
        let what = "the last round was cut off".to_owned();
        let lines = self.cut_off.clone()?;
        Some(Problem { file: name.to_owned(), lines, what, left_out: true, edited: false })
    }

    /// Takes every line that is a record.
    fn take_unsealed(&mut self, name: &str, lines: Vec<Line>) {
        let last = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            match line.parsed {
                Ok(record) => {
                    self.kept.push(line.bytes);
                    self.records.push((index + 1, record));
                }
                Err(_) if index + 1 == last && !self.text.ends_with(b"\n") => {
                    self.cut_off = Some(last..last + 1);
                }
                Err(what) => self.leave_out(name, index..index + 1, what),
            }
        }
    }

    /// Takes whole rounds.
    fn take_sealed(&mut self, name: &str, mut lines: Vec<Line>, strict: bool) {
        let mut first = 0;
        for last in 0..lines.len() {
            let Some((seal, at)) = lines[last].seal else { continue };
            // Lines before the round belong to one that was not finished.
            let begin = (last + 1).saturating_sub(seal.windows).max(first);
            self.unfinished(name, &lines, first..begin);
            first = last + 1;
            let bytes = lines[begin].bytes.start..lines[last].bytes.start + at;
            let complete = last + 1 - begin == seal.windows;
            let whole = complete && is_whole(seal, &self.text[bytes]);
            let round = begin..last + 1;
            let broken = lines[round.clone()].iter().find_map(|line| line.parsed.as_ref().err());
            if !whole || broken.is_some() {
                let wrong = lines[round.clone()].iter().filter_map(|line| line.parsed.as_ref().ok());
                let wrong = wrong.filter_map(contradiction).next();
                let usable = complete && broken.is_none() && wrong.is_none() && !strict;
                let mut what = match (complete, whole) {
                    (false, _) => format!("the round has {} of its {} lines", round.len(), seal.windows),
                    (true, false) => "the round does not match its checksum".to_owned(),
                    (true, true) => "the round has a wrong line".to_owned(),
                };
                for more in [broken.cloned(), wrong].into_iter().flatten() {
                    what = format!("{what}: {more}");
                }
                let lines = round.start + 1..round.end + 1;
                let file = name.to_owned();
                self.problems.push(Problem { file, lines, what, left_out: !usable, edited: usable });
                if !usable {
                    continue;
                }
            }
            for index in round {
                let line = &mut lines[index];
                self.kept.push(line.bytes.clone());
                if let Ok(record) = std::mem::replace(&mut line.parsed, Err(String::new())) {
                    self.records.push((index + 1, record));
                }
            }
        }
        let rest = first..lines.len();
        let is_begun = lines[rest.clone()].iter().rev().skip(1).all(|line| line.parsed.is_ok());
        match !rest.is_empty() && is_begun {
            true => self.cut_off = Some(rest.start + 1..rest.end + 1),
            false => self.unfinished(name, &lines, rest),
        }
    }

    fn unfinished(&mut self, name: &str, lines: &[Line], range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let error = lines[range.clone()].iter().find_map(|line| line.parsed.as_ref().err());
        let what = error.map_or("the round was never finished".to_owned(), Clone::clone);
        self.leave_out(name, range, what);
    }

    fn leave_out(&mut self, name: &str, lines: Range<usize>, what: String) {
        let lines = lines.start + 1..lines.end + 1;
        self.problems.push(Problem { file: name.to_owned(), lines, what, left_out: true, edited: false });
    }
}

/// The lines of `text` that are not blank. Blank ones would not change what the others say.
///
/// # Errors
/// Where more than [`MOST_BAD`] of them are no records, and most of those so far.
fn lines(text: &[u8]) -> io::Result<Vec<Line>> {
    let (mut begin, mut bad) = (0, 0);
    let mut lines = Vec::new();
    for bytes in text.split_inclusive(|byte| *byte == b'\n') {
        let range = begin..begin + bytes.len();
        begin = range.end;
        let parsed = match bytes.len() > LINE_LIMIT {
            true => Err(format!("the line has {} bytes", bytes.len())),
            false => parse(bytes),
        };
        bad += usize::from(parsed.is_err());
        if bad > MOST_BAD && 2 * bad > lines.len() {
            let what =
                format!("more than {MOST_BAD} of its lines are no records: it is not the file of a run");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let seal = parsed.is_ok().then(|| seal_of(bytes)).flatten();
        lines.push(Line { bytes: range, parsed, seal });
    }
    Ok(lines)
}

/// Whether the records are of more than one round.
fn has_rounds(lines: &[Line]) -> bool {
    let rounds = lines.iter().filter_map(|line| line.parsed.as_ref().ok());
    let mut rounds = rounds.map(|record| (record.cell.block(), record.fork, record.round));
    rounds.next().is_some_and(|first| rounds.any(|round| round != first))
}

fn parse(line: &[u8]) -> Result<Record, String> {
    let text = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    let record = from_json(text).map_err(|error| printable(&error.to_string(), TEXT_LIMIT))?;
    match parts_agree(text, &record) {
        true => Ok(record),
        false => Err(format!(
            "its workload, variant, contender or threads are not those of its cell {}",
            record.cell
        )),
    }
}

/// What of a record contradicts itself, so that it cannot be what a window measured.
pub(crate) fn contradiction(record: &Record) -> Option<String> {
    use crate::Status;
    let Record { cell, ns_per_op, value, window_ns, .. } = record;
    if record.status != Status::Ok && record.valid {
        return Some(format!("{cell} is valid, and its status is not `ok`"));
    }
    if record.status != Status::Ok {
        let timed = ns_per_op.is_some() && record.status == Status::Failed;
        return timed.then(|| format!("{cell} failed, and has a time"));
    }
    if !record.valid {
        return Some(format!("{cell} is not valid, and its status is `ok`"));
    }
    if let Some(number) = [ns_per_op, value].into_iter().flatten().find(|number| !VALUES.contains(number)) {
        return Some(format!("{cell} has the value {number:?}"));
    }
    if ns_per_op.is_some() && value.is_some() {
        return Some(format!("{cell} has a time and another value"));
    }
    let operations = record.total_operations();
    if ns_per_op.is_none() && value.is_none() && operations > 0 {
        return Some(format!("{cell} has {operations} operations, and no time"));
    }
    if let Some(fewer) = record.used_for.filter(|all| *all < operations) {
        return Some(format!("{cell} has {operations} operations, and its CPU time was used for {fewer}"));
    }
    let ns_per_op = (*ns_per_op)?;
    if *window_ns == 0 || operations == 0 {
        return Some(format!("{cell} has a time, with {operations} operations in {window_ns} ns"));
    }
    let expected = *window_ns as f64 / operations as f64;
    // A tool may have rounded the operations of each worker.
    let tolerance = (1e-3 + record.operations.len() as f64 / operations as f64).min(MOST_ROUNDED);
    let differs = (ns_per_op - expected).abs() > tolerance * expected;
    differs.then(|| {
        format!("{cell} has {ns_per_op} ns per operation, but {operations} operations in {window_ns} ns")
    })
}
