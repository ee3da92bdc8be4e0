//! How many operations a worker does between two looks at the clock in an open window.

use std::time::Duration;

use super::OpenWindow;
use crate::sync::Instant;

/// The most operations of a chunk. Only a loop that takes no time, which was optimized away, reaches it.
const MOST: u64 = 1 << 32;

/// Chunks in a row that are too long before they become shorter: a preempted worker has one.
const TOO_LONG: u32 = 2;

/// A worker's size of chunks, which it finds as it works, first in the ramp. So it depends on no other window, and two
/// windows of a cell differ in it by chance alone. A worker that gets no turn in the ramp, or meets another pace after
/// it, finds its size in the window: with a wrong one the clock would be read too often, or counts would lag.
pub(super) struct ChunkSize {
    operations: u64,
    wanted: Option<Duration>,
    last: Option<Instant>,
    too_long: u32,
}

impl ChunkSize {
    pub(super) fn new(opening: OpenWindow) -> Self {
        Self { operations: opening.chunk, wanted: opening.chunk_time, last: None, too_long: 0 }
    }

    /// The operations of the next chunk.
    pub(super) fn operations(&self) -> u64 {
        self.operations
    }

    /// A chunk has ended, and all workers are at work. The next one is twice as large if that takes no longer than
    /// wanted, and half as large if several have taken longer.
    pub(super) fn ended(&mut self, now: Instant) {
        let Some((wanted, last)) = self.wanted.zip(self.last.replace(now)) else { return };
        let took = now.duration_since(last);
        if took > wanted {
            self.too_long += 1;
            if self.too_long >= TOO_LONG {
                self.too_long = 0;
                self.operations = (self.operations / 2).max(1);
            }
        } else {
            self.too_long = 0;
            if took * 2 <= wanted {
                self.operations = (self.operations * 2).min(MOST);
            }
        }
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;

    /// The sizes of the chunks of a worker whose operations take a number of nanoseconds.
    fn sizes(
        first: u64,
        wanted: Option<u64>,
        took_ns: impl Fn(usize, u64) -> u64,
        chunks: usize,
    ) -> Vec<u64> {
        let (window, ramp) = (Duration::ZERO, Duration::ZERO);
        let chunk_time = wanted.map(Duration::from_nanos);
        let mut size = ChunkSize::new(OpenWindow { window, ramp, chunk: first, chunk_time });
        let mut now = Instant::now();
        size.ended(now);
        let size_after = |index| {
            now += Duration::from_nanos(took_ns(index, size.operations()));
            size.ended(now);
            size.operations()
        };
        (0..chunks).map(size_after).collect()
    }

    #[test]
    fn chunks_double_until_one_takes_as_long_as_wanted() {
        assert_eq!(sizes(1, Some(1_000), |_, operations| operations * 100, 5), [2, 4, 8, 8, 8]);
        assert_eq!(sizes(3, None, |_, operations| operations * 100, 2), [3, 3]);
        let endless = sizes(1, Some(1_000), |_, _| 0, 40);
        assert_eq!(endless.last(), Some(&MOST));
    }

    #[test]
    fn chunks_become_shorter_if_two_in_a_row_are_too_long() {
        assert_eq!(
            sizes(64, Some(1_000), |_, operations| operations * 100, 8),
            [64, 32, 32, 16, 16, 8, 8, 8]
        );
        assert_eq!(sizes(1, Some(1_000), |_, _| 9_000_000, 3), [1, 1, 1]);
        let preempted_once = |index, operations| if index == 4 { 4_000_000 } else { operations * 100 };
        assert_eq!(sizes(1, Some(1_000), preempted_once, 7), [2, 4, 8, 8, 8, 8, 8]);
    }
}
