//! Escaping of text from outside: for markup and for a terminal.

use std::fmt::{self, Display, Write};

use contend_record::is_printable;

/// Text for an element or an attribute of HTML or SVG: markup is escaped. Characters that XML does not allow, or that
/// reorder their neighbours, are replaced.
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' | '\r' => f.write_char(' ')?,
                other if is_printable(other) => f.write_char(other)?,
                _ => f.write_char('\u{fffd}')?,
            }
        }
        Ok(())
    }
}

/// Text with the characters replaced that do not show as themselves, for a terminal.
pub fn plain(text: &str) -> String {
    text.chars().map(|character| if is_printable(character) { character } else { '\u{fffd}' }).collect()
}

/// The parts of a text, each with whether it is code between backticks. An unclosed backtick is text.
pub fn code_spans(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let closed = text.matches('`').count().is_multiple_of(2);
    let whole = (!closed).then_some((text, false));
    let parts = text.split('`').enumerate().filter(move |_| closed);
    whole
        .into_iter()
        .chain(parts.map(|(index, part)| (part, index % 2 == 1)))
        .filter(|(part, _)| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}"), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(Escaped("<\u{202e}\u{9b}\n").to_string(), "&lt;\u{fffd}\u{fffd} ");
    }
}
