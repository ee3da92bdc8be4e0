//! Sentences of text, contenders' names and numbers, written as HTML, Markdown or plain text. Each format escapes names
//! by its own rules.

use std::fmt::Write;

use contend_analysis::text::{Escaped, code_spans, markdown_name, markdown_text, number};
use contend_analysis::verdict::Verdict;

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Text.
    Text(String),
    /// The kind of verdict where none is the fastest: `unresolved:`.
    Tag(&'static str),
    /// The name of a contender or variant.
    Name(String),
    /// The name that the sentence is about.
    Subject(String),
    /// A speed-up with its interval.
    Speedup(Verdict),
    /// A ratio of times with its interval: estimate, lower and upper end.
    Ratio(f64, f64, f64),
    /// Speed-ups over several thread counts: the least and the greatest estimate.
    Range(f64, f64),
}

/// A sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence(pub Vec<Span>);

impl Sentence {
    /// Adds text.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span::Text(text.into()));
        self
    }

    /// Adds the kind of verdict.
    pub fn tag(mut self, tag: &'static str) -> Self {
        self.0.push(Span::Tag(tag));
        self
    }

    /// Adds a name.
    pub fn name(mut self, name: &str) -> Self {
        self.0.push(Span::Name(name.to_owned()));
        self
    }

    /// Adds the name that the sentence is about.
    pub fn subject(mut self, name: &str) -> Self {
        self.0.push(Span::Subject(name.to_owned()));
        self
    }

    /// Adds a speed-up.
    pub fn speedup(mut self, verdict: &Verdict) -> Self {
        self.0.push(Span::Speedup(verdict.clone()));
        self
    }

    /// Adds a ratio of times with its interval.
    pub fn ratio(mut self, estimate: f64, low: f64, high: f64) -> Self {
        self.0.push(Span::Ratio(estimate, low, high));
        self
    }

    /// Adds a list of names: `a, b and c`. Of more than `most`, the rest is counted.
    pub fn names(mut self, names: &[String], last: &str, most: usize) -> Self {
        let cut = names.len() > most;
        let shown = if cut { &names[..most - 1] } else { names };
        for (index, name) in shown.iter().enumerate() {
            self = match index {
                0 => self,
                _ if !cut && index + 1 == shown.len() => self.text(format!(" {last} ")),
                _ => self.text(", "),
            };
            self = self.subject(name);
        }
        match cut {
            true => self.text(format!(" {last} {} others", names.len() - shown.len())),
            false => self,
        }
    }

    /// Adds another sentence's parts.
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// As HTML. Attributes have the exact numbers, named as in `verdicts.json`.
    pub fn html(&self) -> String {
        let mut out = String::new();
        for span in &self.0 {
            let _ = match span {
                Span::Text(text) => write!(out, "{}", Escaped(text)),
                Span::Tag(tag) => write!(out, "<em>{tag}</em>"),
                Span::Name(name) => write!(out, "{}", html_name(name)),
                Span::Subject(name) => write!(out, "<b>{}</b>", html_name(name)),
                Span::Speedup(verdict) => write!(out, "{}", html_speedup(verdict)),
                Span::Ratio(estimate, low, high) => write!(out, "{}", html_ratio(*estimate, *low, *high)),
                Span::Range(..) => write!(out, "{}", Escaped(&span.plain_number())),
            };
        }
        out
    }

    /// As GitHub's Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for span in &self.0 {
            let _ = match span {
                Span::Text(text) => write!(out, "{}", markdown_text(text)),
                Span::Tag(tag) => write!(out, "{tag}"),
                Span::Name(name) => write!(out, "{}", markdown_name(name)),
                Span::Subject(name) => write!(out, "**{}**", markdown_name(name)),
                other => write!(out, "{}", other.plain_number()),
            };
        }
        out
    }
}

impl Span {
    fn plain_number(&self) -> String {
        match self {
            Self::Speedup(verdict) => {
                let (estimate, low, high) = verdict.speedup();
                number::times_with_interval(estimate, low, high)
            }
            Self::Ratio(estimate, low, high) => number::times_with_interval(*estimate, *low, *high),
            Self::Range(low, high) => {
                let (low, high) = (number::times(*low), number::times(*high));
                if low == high { low } else { format!("{low} to {high}") }
            }
            Self::Text(text) | Self::Name(text) | Self::Subject(text) => text.clone(),
            Self::Tag(tag) => (*tag).to_owned(),
        }
    }
}

fn html_speedup(verdict: &Verdict) -> String {
    let (estimate, low, high) = verdict.speedup();
    format!(
        "<span class=\"factor\" data-ratio=\"{}\" data-low=\"{}\" data-high=\"{}\"><b>{}</b> \
         <i>({}–{})</i></span>",
        verdict.ratio,
        verdict.low,
        verdict.high,
        number::times(estimate),
        number::short(low),
        number::short(high),
    )
}

/// A ratio with its interval, without attributes: it is shown as it is.
pub fn html_ratio(estimate: f64, low: f64, high: f64) -> String {
    let (low, high) = (number::short(low), number::short(high));
    format!("<b>{}</b> <i>({low}–{high})</i>", number::times(estimate))
}

/// A name as code, with line break opportunities. The style sheet gives code its own writing direction.
pub fn html_name(name: &str) -> String {
    format!("<code>{}</code>", broken_name(name))
}

/// The characters that stay on one line of a name, unless a single segment has more.
const ON_ONE_LINE: usize = 16;

/// A name as HTML that may be broken between its segments, where a part would become long otherwise.
pub fn broken_name(name: &str) -> String {
    let mut out = String::new();
    let mut on_line = 0;
    for segment in segments(name) {
        let long = segment.chars().count();
        if on_line > 0 && on_line + long > ON_ONE_LINE {
            out.push_str("<wbr>");
            on_line = 0;
        }
        on_line += long;
        let _ = write!(out, "{}", Escaped(segment));
    }
    out
}

/// The segments of a name: `counter/`, `std::`, `Mutex`, `+Condvar`.
fn segments(name: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut start = 0;
    for (at, character) in name.char_indices() {
        let end = match character {
            '/' => at + 1,
            ':' if name[..at].ends_with(':') => at + 1,
            '+' => at,
            _ => continue,
        };
        segments.push(&name[start..end]);
        start = end;
    }
    segments.push(&name[start..]);
    segments
}

/// Text as HTML, with code between backticks.
pub fn html_text(text: &str) -> String {
    let mut out = String::new();
    for (part, code) in code_spans(text) {
        let escaped = Escaped(part);
        let _ = match code {
            true => write!(out, "<code>{escaped}</code>"),
            false => write!(out, "{escaped}"),
        };
    }
    out
}

/// The name of a file or folder as a relative URL.
pub fn url(name: impl AsRef<[u8]>) -> String {
    let mut out = String::new();
    for byte in name.as_ref().iter().copied() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_in_every_format() {
        let hostile = "</script><img src=x onerror=alert(1)>";
        let sentence = Sentence::default().subject(hostile).text(" | wins");
        assert!(!sentence.html().contains("<img") && !sentence.html().contains("</script"));
        assert!(!sentence.markdown().contains("<img"));
        assert!(sentence.markdown().ends_with("\\| wins"));
    }

    #[test]
    fn long_names_may_be_broken_between_their_segments() {
        let broken = |name: &str| broken_name(name);
        assert_eq!(broken("std::sync::Mutex"), "std::sync::Mutex");
        assert_eq!(broken("std::sync::Mutex+Condvar+counted"), "std::sync::Mutex<wbr>+Condvar+counted");
        assert_eq!(
            broken("counter/hot/parking_lot::FairMutex/4"),
            "counter/hot/<wbr>parking_lot::<wbr>FairMutex/4"
        );
        assert_eq!(broken("crossbeam_channel::bounded"), "crossbeam_channel::<wbr>bounded");
        assert_eq!(broken("mine::<T>::new+a&b"), "mine::&lt;T&gt;::new<wbr>+a&amp;b");
        assert_eq!(broken("+"), "+");
        assert_eq!(broken(""), "");
    }

    #[test]
    fn backticks_make_code() {
        let text = "Upserts (`*entry += 1`) of <all>";
        assert_eq!(html_text(text), "Upserts (<code>*entry += 1</code>) of &lt;all&gt;");
        assert_eq!(html_text("a ` b"), "a ` b");
    }

    #[test]
    fn lists_are_read_as_lists() {
        let names = |count: usize| -> Vec<String> { (0..count).map(|i| i.to_string()).collect() };
        let markdown = |count| Sentence::default().names(&names(count), "and", 4).markdown();
        let list = |count| markdown(count).replace(['*', '`'], "");
        assert_eq!(list(1), "0");
        assert_eq!(list(2), "0 and 1");
        assert_eq!(list(4), "0, 1, 2 and 3");
        assert_eq!(list(6), "0, 1, 2 and 3 others");
    }
}
