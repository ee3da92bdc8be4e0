//! crossbeam-queue: queues that no thread can wait at.

use crossbeam_queue::{ArrayQueue, SegQueue};

use super::crossbeam;
use crate::capability::PollQueue;
use crate::registry::Suite;

pub(super) fn register(suite: &mut Suite) {
    let info = |name| crossbeam("crossbeam-queue", name);
    let array = "Bounded: an array. Takes no lock; no thread can wait at it.";
    suite.poll_queue::<Array, true>(info("crossbeam_queue::ArrayQueue").facts(array));
    let segments = "Unbounded: a list of blocks of 31 items. Takes no lock; no thread can wait at it.";
    suite.poll_queue::<Segments, false>(info("crossbeam_queue::SegQueue").facts(segments));
    #[cfg(feature = "patterns")]
    for (contender, reason) in [
        (
            "crossbeam_queue::SegQueue+capacity",
            "it has no capacity, so it is in `unbounded` only: see ArrayQueue",
        ),
        ("crossbeam_queue::ArrayQueue+unbounded", "its capacity is fixed when it is made: see SegQueue"),
    ] {
        suite.exclude("queue", contender, reason);
    }
}

/// `ArrayQueue`.
pub struct Array;

impl PollQueue for Array {
    type Queue<T: Send + 'static> = ArrayQueue<T>;

    fn new<T: Send + 'static>(capacity: Option<usize>) -> ArrayQueue<T> {
        ArrayQueue::new(capacity.expect("it has a bound"))
    }

    #[inline]
    fn push<T: Send + 'static>(queue: &ArrayQueue<T>, item: T) -> Result<(), T> {
        queue.push(item)
    }

    #[inline]
    fn pop<T: Send + 'static>(queue: &ArrayQueue<T>) -> Option<T> {
        queue.pop()
    }
}

/// `SegQueue`.
pub struct Segments;

impl PollQueue for Segments {
    type Queue<T: Send + 'static> = SegQueue<T>;

    fn new<T: Send + 'static>(_: Option<usize>) -> SegQueue<T> {
        SegQueue::new()
    }

    #[inline]
    fn push<T: Send + 'static>(queue: &SegQueue<T>, item: T) -> Result<(), T> {
        queue.push(item);
        Ok(())
    }

    #[inline]
    fn pop<T: Send + 'static>(queue: &SegQueue<T>) -> Option<T> {
        queue.pop()
    }
}
