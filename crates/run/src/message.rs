//! Lines on standard error. A reader that stops early, such as `head`, or a full disk never ends a run. So no code
//! of this crate uses `eprintln!`, which panics then.

use std::fmt::Arguments;
use std::io::{self, Write};

/// Writes a line, or nothing if nobody reads it.
pub(crate) fn write(line: Arguments<'_>) {
    let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

/// Formats a line and writes it to standard error.
macro_rules! message {
    ($($part:tt)*) => {
        $crate::message::write(format_args!($($part)*))
    };
}

pub(crate) use message;
