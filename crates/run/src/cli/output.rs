//! Standard output. A reader that stops early, such as `head`, is no error and never ends a command. A full disk is
//! an error of commands whose output is their result, and no error of a run, which has files.

use std::io::{self, Write};
use std::sync::Mutex;

use super::exit::Exit;

/// The first failure of this process to write its output.
static FAILURE: Mutex<Option<String>> = Mutex::new(None);

/// Prints `text`.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = printed
        && error.kind() != io::ErrorKind::BrokenPipe
        && let Ok(mut failure) = FAILURE.lock()
    {
        failure.get_or_insert_with(|| format!("cannot write to standard output: {error}"));
    }
}

/// Prints `value` as JSON.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), Exit> {
    let json = serde_json::to_string_pretty(value).map_err(Exit::error)?;
    print(&(json + "\n"));
    Ok(())
}

/// Why output could not be written so far, if that happened.
pub(super) fn failure() -> Option<String> {
    FAILURE.lock().ok()?.take()
}
