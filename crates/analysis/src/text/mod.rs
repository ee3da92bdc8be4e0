//! How numbers, names and plans are written. Page, Markdown, terminal and messages all use this module, so a value
//! reads the same everywhere. Knows records, and no verdicts.

mod escape;
mod markdown;
mod nearest;
pub mod number;
mod plan;

use contend_record::Class;

pub use escape::{Escaped, code_spans, plain};
pub use markdown::{markdown_name, markdown_text, markdown_words};
pub use nearest::nearest;
pub use plan::{conditions, forks, forks_where};

/// The classes of two contenders that are compared across classes: `(classes immediate and deferred)`.
pub fn two_classes(one: Class, other: Class) -> String {
    format!("(classes {} and {})", one.name(), other.name())
}

/// Names in a sentence: at most `most` of them, and the number of the others.
pub fn named<T: AsRef<str>>(names: &[T], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
