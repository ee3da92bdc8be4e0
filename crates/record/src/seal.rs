//! Rounds as checksummed units in a file of records. The last record of each round has a field `seal`: how many lines
//! the round has, and the CRC-32 of their bytes up to the field. It is a field, not a line of its own, so that every
//! line of the file stays a record for programs that know nothing of it.

use crate::sanitize::from_json;
use crate::{CellId, Record, Run, seal_object};

/// What comes between the last record's own fields and its seal.
const SEAL: &str = ",\"seal\":";

/// A round's seal, as JSON.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Seal {
    /// Lines of the round, this one included.
    pub windows: usize,
    /// The CRC-32 of all bytes of these lines before the field `seal`.
    pub crc32: u32,
}

/// The lines of a round, sealed: to be appended in one write. Empty if there are no records.
///
/// # Errors
/// If a record cannot be written as JSON.
pub fn sealed<'a>(records: impl IntoIterator<Item = &'a Record>) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut windows = 0;
    for record in records {
        if windows > 0 {
            bytes.push(b'\n');
        }
        write(&mut bytes, record)?;
        windows += 1;
    }
    if windows == 0 {
        return Ok(bytes);
    }
    bytes.pop(); // the record's closing brace
    let seal = Seal { windows, crc32: crc32fast::hash(&bytes) };
    bytes.extend_from_slice(SEAL.as_bytes());
    serde_json::to_writer(&mut bytes, &seal)?;
    bytes.extend_from_slice(b"}\n");
    Ok(bytes)
}

/// The text of `run.json`, sealed.
///
/// # Errors
/// If the run cannot be written as JSON.
pub fn sealed_run(run: &Run) -> serde_json::Result<String> {
    Ok(seal_object(&serde_json::to_string_pretty(run)?))
}

/// Writes a record as a line without its end. The parts of its cell's id stand beside the id, for programs that group
/// by them.
fn write(to: &mut Vec<u8>, record: &Record) -> serde_json::Result<()> {
    let line = serde_json::to_string(record)?;
    let after_id = FIRST.len() + serde_json::to_string(&record.cell)?.len();
    to.extend_from_slice(&line.as_bytes()[..after_id]);
    to.extend_from_slice(parts(&record.cell)?.as_bytes());
    to.extend_from_slice(&line.as_bytes()[after_id..]);
    Ok(())
}

/// What a record begins with.
const FIRST: &str = "{\"cell\":";

/// The parts of a cell's id as fields of its record, with a comma before each.
fn parts(cell: &CellId) -> serde_json::Result<String> {
    let text = |text: &str| serde_json::to_string(text);
    let (workload, variant, contender) =
        (text(&cell.workload)?, text(&cell.variant)?, text(&cell.contender)?);
    let threads = cell.threads;
    Ok(format!(
        ",\"workload\":{workload},\"variant\":{variant},\"contender\":{contender},\"threads\":{threads}"
    ))
}

/// The parts of a cell's id as a line has them, in any order and spelling.
#[derive(serde::Deserialize)]
struct Parts {
    workload: Option<String>,
    variant: Option<String>,
    contender: Option<String>,
    threads: Option<usize>,
}

/// Whether the fields of a line agree with its cell's id. Records before these fields have none. A tool that wrote the
/// line again may have spaced or ordered it in another way.
pub(crate) fn parts_agree(line: &str, record: &Record) -> bool {
    const NAMES: [&str; 4] = ["\"workload\"", "\"variant\"", "\"contender\"", "\"threads\""];
    let named = || NAMES.iter().map(|name| line.matches(name).count());
    // As this crate writes it: each name once.
    if parts(&record.cell).is_ok_and(|parts| line.contains(&parts)) && named().all(|count| count == 1) {
        return true;
    }
    if named().all(|count| count == 0) {
        return true;
    }
    // A name that stands twice is an error: programs differ in which one they take.
    let Ok(Parts { workload, variant, contender, threads }) = from_json(line) else {
        return false;
    };
    let cell = &record.cell;
    let is = |part: Option<String>, of: &str| part.is_none_or(|part| part == of);
    is(workload, &cell.workload)
        && is(variant, &cell.variant)
        && is(contender, &cell.contender)
        && threads.is_none_or(|threads| threads == cell.threads)
}

/// The seal of a line, and where its field begins; none if the line has none.
pub(crate) fn seal_of(line: &[u8]) -> Option<(Seal, usize)> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    let at = line.rfind(SEAL)?;
    let json = line[at + SEAL.len()..].strip_suffix('}')?;
    let seal: Seal = serde_json::from_str(json).ok()?;
    (seal.windows > 0).then_some((seal, at)) // its own line is one
}

/// Whether `bytes`, the lines of a round up to its field `seal`, are those that were sealed.
pub(crate) fn is_whole(seal: Seal, bytes: &[u8]) -> bool {
    crc32fast::hash(bytes) == seal.crc32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_round_is_records_alone_and_shows_every_change() {
        let record = |name: &str| Record::blank(format!("counter/hot/{name}/2").parse().unwrap(), 1, 1);
        let bytes = sealed(&[record("a"), record("b")]).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let is_record = |line: &str| serde_json::from_str::<Record>(line).is_ok();
        assert!(text.lines().count() == 2 && text.lines().all(is_record));
        assert!(text.ends_with('\n'));
        let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(line["workload"], "counter");
        assert_eq!(line["variant"], "hot");
        assert_eq!(line["contender"], "a");
        assert_eq!(line["threads"], 2);
        let second = text.find('\n').unwrap() + 1;
        let (seal, at) = seal_of(&bytes[second..]).unwrap();
        assert_eq!(seal.windows, 2);
        let content = &bytes[..second + at];
        assert!(is_whole(seal, content));
        for index in 0..content.len() {
            let mut changed = content.to_vec();
            changed[index] ^= 1;
            assert!(!is_whole(seal, &changed), "{index}");
        }
        assert!(seal_of(&bytes[..second]).is_none());
        assert!(sealed(&[]).unwrap().is_empty());
        assert!(seal_of(text[second..].replace("\"windows\":2", "\"windows\":0").as_bytes()).is_none());
    }

    #[test]
    fn parts_that_contradict_the_id_are_found_in_any_spelling() {
        let record = Record::blank("counter/hot/a/2".parse().unwrap(), 1, 1);
        let line = String::from_utf8(sealed([&record]).unwrap()).unwrap();
        let agrees = |line: &str| {
            let record: Record = serde_json::from_str(line).unwrap();
            parts_agree(line, &record)
        };
        assert!(agrees(&line));
        let spaced = line.replace("\":", "\": ").replace(",\"", ", \"");
        let turned = line.replace(",\"threads\":2", "").replace("{\"cell\"", "{\"threads\":2,\"cell\"");
        let fewer = line.replace(",\"contender\":\"a\"", "");
        let none = serde_json::to_string(&record).unwrap();
        for same in [&spaced, &turned, &fewer, &none] {
            assert!(same.trim_end() != line.trim_end() && agrees(same), "{same}");
        }
        // A text that speaks of the fields is no field.
        let reason = Some("{\"workload\":\"map\"}, \"threads\": 9".to_owned());
        let record = Record { status: crate::Status::Failed, reason, ..record };
        assert!(agrees(&String::from_utf8(sealed([&record]).unwrap()).unwrap()));
        for (from, to) in [
            ("\"workload\":\"counter\"", "\"workload\":\"map\""),
            ("\"variant\":\"hot\"", "\"variant\":\"cold\""),
            ("\"contender\":\"a\"", "\"contender\":\"b\""),
            ("\"threads\":2", "\"threads\":3"),
            ("\"threads\":2", "\"threads\":\"2\""),
            ("\"threads\":2", "\"threads\":2,\"threads\":3"),
            ("\"cell\":\"counter/hot/a/2\"", "\"cell\":\"counter/hot/a/4\""),
        ] {
            for line in [&line, &spaced] {
                let changed = line.replacen(from, to, 1).replacen(&from.replace(':', ": "), to, 1);
                assert!(changed != **line && !agrees(&changed), "{changed}");
            }
        }
    }
}
