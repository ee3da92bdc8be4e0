//! What a terminal can show, by the variables that say so. An unset `TERM` is a terminal that shows plain text.

use std::env;
use std::io::{self, IsTerminal};

/// Whether a bar can be drawn on standard error.
pub(super) fn draws_bars() -> bool {
    has_escapes() && io::stderr().is_terminal()
}

/// Whether standard output is coloured, unless a flag says so. `NO_COLOR` comes first, then cargo's variable.
pub(super) fn is_coloured() -> bool {
    let value = |name| env::var(name).unwrap_or_default();
    match value("CARGO_TERM_COLOR").as_str() {
        _ if !value("NO_COLOR").is_empty() => false,
        "always" => true,
        "never" => false,
        _ => has_escapes() && io::stdout().is_terminal(),
    }
}

/// Whether terminals of this kind understand escape sequences.
fn has_escapes() -> bool {
    let name = env::var("TERM");
    name.map_or(cfg!(windows), |name| !["", "dumb"].contains(&name.as_str()))
}
