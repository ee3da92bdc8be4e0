//! How numbers, names and words are written: page, Markdown, terminal and messages all come here, so that a value
//! reads the same everywhere. Knows records, and nothing that is concluded from them.

mod escape;
mod markdown;
pub mod number;
mod plan;

pub use escape::{Escaped, code_spans, plain};
pub use markdown::{markdown_name, markdown_text, markdown_words};
pub use plan::{forks, forks_where};
