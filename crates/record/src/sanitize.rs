//! Text from files made safe: every string of a run's files is printable and of a bounded length.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::printable::{TEXT_LIMIT, is_printable, printable};

/// Parses `text`, with its strings made printable.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    // An escape or another character is rare, and so is a long text. Parsing twice would cost as much again.
    let simple = text.len() <= TEXT_LIMIT && !text.contains('\\');
    if simple && text.trim_end().chars().all(is_printable) {
        return serde_json::from_str(text);
    }
    let mut value: Value = serde_json::from_str(text)?;
    sanitize(&mut value);
    // Errors of the text itself know their line, so they come first.
    serde_json::from_str::<T>(text).and_then(|_| serde_json::from_value(value))
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
