//! What a contender prints: captured, bounded, and shown with the cell that failed.

use std::io::Read;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::record::printable;

/// The most bytes that a contender may print during one request. More would keep the parent busy, which measures
/// on the same machine.
const MOST_BYTES: u64 = 1 << 20;

/// Bytes that are kept from the start and from the end of the output.
const KEPT: usize = 1_024;

/// Characters of the output that are shown.
const SHOWN: usize = 400;

/// How long to wait for output that a process wrote just before it answered or ended.
const SETTLE: Duration = Duration::from_millis(50);

/// The captured output of one fork.
#[derive(Clone, Default)]
pub(super) struct CapturedOutput(Arc<Mutex<Captured>>);

#[derive(Default)]
struct Captured {
    start: Vec<u8>,
    end: Vec<u8>,
    total: u64,
    closed: bool,
}

impl Captured {
    fn add(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let to_start = bytes.len().min(KEPT - self.start.len());
        self.start.extend_from_slice(&bytes[..to_start]);
        self.end.extend_from_slice(&bytes[to_start..]);
        let surplus = self.end.len().saturating_sub(KEPT);
        self.end.drain(..surplus);
    }
}

impl CapturedOutput {
    /// Captures all of `pipe` in a thread, which ends with the pipe, or when it holds too much.
    ///
    /// # Errors
    /// If the system refuses the thread.
    pub(super) fn start(&self, mut pipe: impl Read + Send + 'static) -> std::io::Result<()> {
        let output = self.clone();
        std::thread::Builder::new().spawn(move || {
            let mut buffer = [0; 4_096];
            loop {
                let read = pipe.read(&mut buffer).unwrap_or(0);
                if read > 0 {
                    output.add(&buffer[..read]);
                }
                if read == 0 || output.is_too_much() {
                    output.lock().closed = true;
                    return;
                }
            }
        })?;
        Ok(())
    }

    /// Adds output that came another way.
    pub(super) fn add(&self, bytes: &[u8]) {
        self.lock().add(bytes);
    }

    /// Whether more was printed than is allowed.
    pub(super) fn is_too_much(&self) -> bool {
        self.lock().total > MOST_BYTES
    }

    /// Forgets the output so far. Called before each request.
    pub(super) fn clear(&self) {
        let mut captured = self.lock();
        captured.start.clear();
        captured.end.clear();
        captured.total = 0;
    }

    /// The output since the last request, printable and shortened; none if there is none. Waits a moment for the
    /// end of it.
    pub(super) fn text(&self) -> Option<String> {
        let end = Instant::now() + SETTLE;
        let mut seen = u64::MAX;
        loop {
            let captured = self.lock();
            if captured.closed || captured.total == seen || Instant::now() >= end {
                break;
            }
            seen = captured.total;
            drop(captured);
            std::thread::sleep(SETTLE / 5);
        }
        let captured = self.lock();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let left_out = captured.total.saturating_sub((captured.start.len() + captured.end.len()) as u64);
        let text = match left_out {
            0 => text(&[&captured.start[..], &captured.end].concat()),
            _ => format!("{} … {}", text(&captured.start[..KEPT / 4]), text(&captured.end)),
        };
        (!text.is_empty()).then(|| printable(&text, SHOWN))
    }

    fn lock(&self) -> MutexGuard<'_, Captured> {
        self.0.lock().expect("no thread panics with it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_kept_from_both_ends_and_escaped() {
        let output = CapturedOutput::default();
        assert_eq!(output.text(), None);
        output.add(b"one\n\x1b[2Jtwo\n");
        assert_eq!(output.text().as_deref(), Some("one\\n\\u{1b}[2Jtwo"));
        output.clear();
        output.add(&[b'x'; 5_000]);
        output.add(b"the end");
        let text = output.text().expect("output");
        assert!(text.contains(" … xxx") && text.chars().count() < 450, "{text}");
        assert!(!output.is_too_much());
        output.add(&[0; 1 << 20]);
        assert!(output.is_too_much());
    }

    #[test]
    fn a_pipe_that_holds_too_much_is_left() {
        let output = CapturedOutput::default();
        output.start(std::io::repeat(b'!')).expect("a thread");
        let end = Instant::now() + Duration::from_secs(20);
        while !output.lock().closed {
            assert!(Instant::now() < end, "it never ends");
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(output.is_too_much());
    }
}
