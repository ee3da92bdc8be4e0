//! Text from files made safe: every string of a run's files is printable and of a bounded length.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::printable::{TEXT_LIMIT, is_printable, printable};

/// Parses `text`, with its strings made printable.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    // What has to be made printable is rare. Parsing twice would cost as much again.
    if is_safe(text) {
        return serde_json::from_str(text);
    }
    let mut value: Value = serde_json::from_str(text)?;
    sanitize(&mut value);
    // Errors of the text itself know their line, so they come first.
    serde_json::from_str::<T>(text).and_then(|_| serde_json::from_value(value))
}

/// Whether no string of a JSON text has to be changed. False where that is not plain to see.
fn is_safe(text: &str) -> bool {
    let mut characters = text.char_indices();
    let mut last_quote = 0;
    while let Some((at, character)) = characters.next() {
        let is_safe = match character {
            '"' => {
                last_quote = at;
                true
            }
            // Others may be characters that are not printable.
            '\\' => characters.next().is_some_and(|(_, escaped)| matches!(escaped, '"' | '\\' | '/')),
            // Between values; in a string they are no JSON.
            '\n' | '\r' | '\t' => true,
            ' '..='~' => true,
            character => is_printable(character),
        };
        // A string is never longer than the distance of two quotes.
        if !is_safe || at - last_quote > TEXT_LIMIT {
            return false;
        }
    }
    true
}

fn sanitize(value: &mut Value) {
    match value {
        Value::String(text) => {
            if text.len() > TEXT_LIMIT || !text.chars().all(is_printable) {
                *text = printable(text, TEXT_LIMIT);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(sanitize),
        Value::Object(fields) => {
            let rename = |(name, mut value): (String, Value)| {
                sanitize(&mut value);
                (printable(&name, TEXT_LIMIT), value)
            };
            *fields = std::mem::take(fields).into_iter().map(rename).collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_safe_only_if_no_string_of_it_changes() {
        let long = "x".repeat(TEXT_LIMIT + 1);
        let texts = ["{}", "{\n\t\"a\": [1, \"ü \\\" \\\\ \\/\"]\r\n}", "[1, 2]"];
        let (unsafe_texts, numbers) = (
            ["\"\\n\"", "\"\\u202e\"", "\"\u{202e}\"", "\"a\u{1b}\"", "\"\\", &format!("\"{long}\"")],
            format!("[{}]", vec!["1"; TEXT_LIMIT].join(", ")),
        );
        assert!(texts.iter().all(|text| is_safe(text)));
        // The longest that is not cut, and several of them.
        let longest = format!("\"{}\"", "x".repeat(TEXT_LIMIT));
        assert!(is_safe(&longest) && is_safe(&format!("[{longest}, {longest}]")));
        assert!(unsafe_texts.iter().all(|text| !is_safe(text)));
        // A long list of numbers is parsed twice, to the same end.
        assert!(!is_safe(&numbers));
        assert_eq!(from_json::<Vec<u32>>(&numbers).unwrap().len(), TEXT_LIMIT);
        assert_eq!(from_json::<String>("\"a\\n\"").unwrap(), "a\\n");
        assert!(from_json::<String>(&format!("\"{long}\"")).unwrap().ends_with("more bytes)"));
    }
}
