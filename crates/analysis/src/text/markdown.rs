//! Names and text as GitHub's Markdown.

use std::fmt::Write;

use super::escape::{Escaped, code_spans};

/// Text as Markdown, with code between backticks.
pub fn markdown_words(text: &str) -> String {
    let parts = code_spans(text).map(|(part, code)| match code {
        true => markdown_name(part),
        false => markdown_text(part),
    });
    parts.collect()
}

/// Text as Markdown: markup is escaped, and the text stays one line.
pub fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '#' => {
                out.push('\\');
                out.push(character);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // No mention of a user.
            '@' if next.is_some_and(|next| next.is_ascii_alphanumeric()) => out.push_str("@\u{200b}"),
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// A name as Markdown code. A bar would end a table's cell even in code, and a backtick would end the code. So
/// such names become HTML's `code` with escaped text.
pub fn markdown_name(name: &str) -> String {
    let plain = |c: char| !c.is_control() && !"`|\\<>&".contains(c);
    if !name.is_empty() && name.chars().all(plain) && name.trim() == name {
        return format!("`{name}`");
    }
    let escaped = Escaped(name).to_string();
    let mut out = String::from("<code>");
    for character in escaped.chars() {
        match character {
            '|' | '`' | '\\' | '*' | '_' | '[' | ']' | '~' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out + "</code>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_words_are_inert() {
        assert_eq!(markdown_name("std::sync::Mutex"), "`std::sync::Mutex`");
        assert_eq!(markdown_name("a|b"), "<code>a&#124;b</code>");
        assert_eq!(markdown_name("a`b"), "<code>a&#96;b</code>");
        assert_eq!(markdown_text("@all *now*"), "@\u{200b}all \\*now\\*");
    }

    #[test]
    fn backticks_make_code() {
        let text = "Upserts (`*entry += 1`) of <all>";
        assert_eq!(markdown_words(text), "Upserts (`*entry += 1`) of &lt;all&gt;");
        assert_eq!(markdown_words("a ` b"), "a \\` b");
    }
}
