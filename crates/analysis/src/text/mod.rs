//! How numbers, names and plans are written. Page, Markdown, terminal and messages all use this module, so a value
//! reads the same everywhere. Knows records, and no verdicts.

mod escape;
mod markdown;
mod nearest;
pub mod number;
mod plan;

pub use escape::{Escaped, code_spans, plain};
pub use markdown::{markdown_name, markdown_text, markdown_words};
pub use nearest::nearest;
pub use plan::{conditions, forks, forks_where};
