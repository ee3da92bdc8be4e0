//! Standard output.

use std::io::{self, Write};

use super::exit::Exit;

/// Prints `text`. A reader that stops early, such as `head`, is no error.
pub(super) fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Prints `value` as JSON.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), Exit> {
    let json = serde_json::to_string_pretty(value).map_err(Exit::error)?;
    print(&(json + "\n"));
    Ok(())
}
