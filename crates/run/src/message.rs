//! Lines on standard error. A reader that stops early, such as `head`, or a full disk never ends a run. So no code
//! of this crate uses `eprintln!`, which panics then.

use std::fmt::Arguments;
use std::io::{self, Write};

use crate::record::printable;

/// Writes a line, or nothing if nobody reads it. Names of files and arguments may contain any character, a line end
/// too, so control characters are escaped here, where all messages come by.
pub(crate) fn write(line: Arguments<'_>) {
    let _ = io::stderr().lock().write_all(as_line(&line.to_string()).as_bytes());
}

fn as_line(text: &str) -> String {
    printable(text, usize::MAX) + "\n"
}

/// Formats a line and writes it to standard error.
macro_rules! message {
    ($($part:tt)*) => {
        $crate::message::write(format_args!($($part)*))
    };
}

pub(crate) use message;

#[cfg(test)]
mod tests {
    use super::as_line;

    #[test]
    fn a_name_of_a_file_makes_no_line_of_its_own() {
        let text = "error: cannot read a\nFAILED counter/hot: forged\u{1b}[31m.toml";
        assert_eq!(as_line(text), "error: cannot read a\\nFAILED counter/hot: forged\\u{1b}[31m.toml\n");
    }
}
