//! Text from outside, such as a panic's message, made safe to show anywhere: no control characters, no invisible or
//! reordering ones, and a bounded length.

use std::fmt::Write;

/// The most characters of a text that a file of a run may hold.
pub const TEXT_LIMIT: usize = 4_000;

/// `text` with each character that a terminal, page or log would not show as itself escaped, like `\n` and
/// `\u{1b}`. After `limit` characters the rest is replaced by its length.
pub fn printable(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit.saturating_mul(4)));
    for (count, (at, character)) in text.char_indices().enumerate() {
        if count == limit {
            let _ = write!(out, "… ({} more bytes)", text.len() - at);
            break;
        }
        match is_printable(character) {
            true => out.push(character),
            false => out.extend(character.escape_default()),
        }
    }
    out
}

/// Whether `character` is shown as itself: no control character, and none that is invisible or reorders its
/// neighbours.
pub fn is_printable(character: char) -> bool {
    let hidden = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    !character.is_control() && !hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_do_not_show_as_themselves_are_escaped() {
        assert_eq!(printable("a `b` – ü\u{1f600}", 99), "a `b` – ü\u{1f600}");
        assert_eq!(printable("x\nFAILED y\u{1b}[31m", 99), "x\\nFAILED y\\u{1b}[31m");
        assert_eq!(printable("a\u{202e}b\u{200b}\u{9b}", 99), "a\\u{202e}b\\u{200b}\\u{9b}");
        assert_eq!(printable("äöü", 2), "äö… (2 more bytes)");
        assert_eq!(printable(&"\u{0}".repeat(20_000_000), 3).len(), 3 * 5 + "… (19999997 more bytes)".len());
    }
}
