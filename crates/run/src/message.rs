//! Lines on standard error. A reader that stops early, such as `head`, or a full disk never ends a run. So no code
//! of this crate uses `eprintln!`, which panics then.

use std::fmt::Arguments;
use std::io::{self, Write};

use crate::record::printable;

/// Writes a line, or nothing if nobody reads it. Names of files and arguments may contain any character, a line end
/// too, so control characters are escaped here, where all messages come by.
pub(crate) fn write(line: Arguments<'_>) {
    let line = printable(&line.to_string(), usize::MAX) + "\n";
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// Formats a line and writes it to standard error.
macro_rules! message {
    ($($part:tt)*) => {
        $crate::message::write(format_args!($($part)*))
    };
}

pub(crate) use message;
