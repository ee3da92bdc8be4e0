//! A checksum for a JSON file that is one object, such as `run.json`: its last field, over all bytes before it. A
//! changed digit elsewhere could otherwise not be told from what was written.

use serde::Deserialize;

/// What comes between the other fields and the seal's value.
const SEAL: &str = ",\n\"seal\": ";

/// No end is longer, with line ends of two characters too.
const LONGEST_END: usize = 64;

/// How a text ends that is sealed, with the CRC-32 of what comes before.
fn end(before: &[u8]) -> String {
    format!("{SEAL}{{\"crc32\": {}}}\n}}\n", crc32fast::hash(before))
}

/// What a sealed object's last field says of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectSeal {
    /// The text is as it was sealed.
    Whole,
    /// The text was changed after it was sealed.
    Broken,
    /// It has no seal, as those of older versions.
    Absent,
}

impl ObjectSeal {
    /// Checks the text of an object.
    pub fn of(text: &str) -> Self {
        let end_begins = text.floor_char_boundary(text.len().saturating_sub(LONGEST_END));
        let Some(at) = text[end_begins..].rfind(SEAL).map(|at| end_begins + at) else {
            return Self::Absent;
        };
        match text[at..] == end(&text.as_bytes()[..at]) {
            true => Self::Whole,
            false => Self::Broken,
        }
    }
}

/// Whether an object has a seal that is not where it was written: another program wrote the text again.
pub(crate) fn is_moved(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Sealed {
        seal: Option<serde::de::IgnoredAny>,
    }
    ObjectSeal::of(text) == ObjectSeal::Absent
        && text.contains("\"seal\"")
        && serde_json::from_str::<Sealed>(text).is_ok_and(|found| found.seal.is_some())
}

/// `text`, which is a JSON object, with its seal.
pub fn seal_object(text: &str) -> String {
    let text = text.trim_end();
    let fields = text.strip_suffix('}').unwrap_or(text).trim_end();
    let end = end(fields.as_bytes());
    format!("{fields}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_a_sealed_object_shows() {
        let text = seal_object("{\n  \"a\": [1, 2],\n  \"b\": {\"seal\": 3}\n}\n");
        assert_eq!(ObjectSeal::of(&text), ObjectSeal::Whole, "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(value["b"]["seal"] == 3 && value["seal"]["crc32"].is_u64());
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            let is_same = serde_json::from_str::<serde_json::Value>(&changed).is_ok_and(|changed| {
                changed["a"] == value["a"] && changed["b"] == value["b"] && changed["seal"].is_null()
            });
            assert!(is_same || ObjectSeal::of(&changed) != ObjectSeal::Whole, "{changed}");
        }
    }

    #[test]
    fn a_seal_that_another_program_moved_shows() {
        let text = seal_object("{\"a\": 1}");
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        for again in [text.replace('\n', "\r\n"), again.to_string()] {
            assert!(is_moved(&again) && !is_moved(&text), "{again}");
        }
        for absent in ["{\"a\": 1}", "{\"a\": \"\\\"seal\\\"\"}", "{\"a\": {\"seal\": 1}}", ""] {
            assert!(ObjectSeal::of(absent) == ObjectSeal::Absent && !is_moved(absent), "{absent}");
        }
    }
}
