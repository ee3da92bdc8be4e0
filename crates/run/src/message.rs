//! Lines on standard error. A reader that stops early, such as `head`, one that does not read at all, or a full disk
//! never ends a run and never holds it up for long. So no code of this crate uses `eprintln!`, which panics or waits
//! then.

use std::fmt::Arguments;
use std::io::{self, Write};
use std::sync::Mutex;
use std::time::Duration;

use crate::record::printable;
use contend_analysis::text::number::plural;

/// How long a line waits for a reader whose pipe is full. Lines after it wait no longer until there is room.
const PATIENCE: Duration = Duration::from_secs(2);

/// The least that any system's pipe takes without waiting, once it says that it has room: POSIX's `PIPE_BUF`.
const AT_ONCE: usize = 512;

/// Standard error of this process.
static LINES: Mutex<Lines> = Mutex::new(Lines { missing: 0 });

/// Writes a line, or nothing if nobody reads it. Names of files and arguments may contain any character, a line end
/// too, so control characters are escaped here, where all messages come by.
pub(crate) fn write(line: Arguments<'_>) {
    if let Ok(mut lines) = LINES.lock() {
        lines.write(&line.to_string(), &mut io::stderr().lock(), &has_room);
    }
}

/// Lines for a reader that may not read.
struct Lines {
    /// Those that were left out since the last one that was written.
    missing: usize,
}

impl Lines {
    /// Writes a line to `out`, or counts it as missing where `out` does not have room for it within a time.
    fn write(&mut self, line: &str, out: &mut dyn Write, has_room: &dyn Fn(Duration) -> bool) {
        let (mut text, mut patience) = (as_line(line), PATIENCE);
        if self.missing > 0 {
            let lines = plural(self.missing, "line before this one is", "lines before this one are");
            (text, patience) = (format!("{lines} missing: nobody read them\n{text}"), Duration::ZERO);
        }
        for part in text.as_bytes().chunks(AT_ONCE) {
            if !has_room(patience) {
                self.missing += 1;
                return;
            }
            let _ = out.write_all(part);
            patience = PATIENCE; // so that a line that is begun is seldom cut
        }
        self.missing = 0;
    }
}

/// Whether standard error takes more within `patience`. What has no reader takes it too: writing fails then.
#[cfg(unix)]
fn has_room(patience: Duration) -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd;

    let stderr = io::stderr();
    let mut ends = [PollFd::new(stderr.as_fd(), PollFlags::POLLOUT)];
    let patience = PollTimeout::try_from(patience).unwrap_or(PollTimeout::ZERO);
    !matches!(poll(&mut ends, patience), Ok(0))
}

/// Whether standard error takes more.
#[cfg(not(unix))]
fn has_room(_: Duration) -> bool {
    true
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
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_reader_that_does_not_read_is_waited_for_once_and_told_what_is_missing() {
        let (mut lines, mut out) = (Lines { missing: 0 }, Vec::new());
        let (room, waited) = (Cell::new(true), Cell::new(Duration::ZERO));
        let has_room = |patience| {
            waited.set(waited.get() + if room.get() { Duration::ZERO } else { patience });
            room.get()
        };
        for (reads, line) in [(true, "1"), (false, "2"), (false, "3"), (true, "4"), (false, "5"), (true, "6")]
        {
            room.set(reads);
            lines.write(line, &mut out, &has_room);
        }
        let said = String::from_utf8(out).expect("text");
        let missing = |lines| format!("{lines} missing: nobody read them\n");
        let (two, one) = (missing("2 lines before this one are"), missing("1 line before this one is"));
        assert_eq!(said, format!("1\n{two}4\n{one}6\n"));
        assert_eq!(waited.get(), 2 * PATIENCE, "once for each time that nobody reads");
    }

    #[test]
    fn a_name_of_a_file_makes_no_line_of_its_own() {
        let text = "error: cannot read a\nFAILED counter/hot: forged\u{1b}[31m.toml";
        assert_eq!(as_line(text), "error: cannot read a\\nFAILED counter/hot: forged\\u{1b}[31m.toml\n");
    }
}
