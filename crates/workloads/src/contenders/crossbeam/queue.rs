//! crossbeam-queue: queues that no thread can wait at.

use crossbeam_queue::{ArrayQueue, SegQueue};

use super::crossbeam;
use crate::capability::PollQueue;
use crate::registry::Suite;

pub(super) fn register(suite: &mut Suite) {
    let package = "crossbeam-queue";
    suite.poll_queue::<Array, true>(
        crossbeam(package, "crossbeam_queue::ArrayQueue").facts("Bounded, an array. Lock-free; no thread can wait at it."),
    );
    suite.poll_queue::<Segments, false>(
        crossbeam(package, "crossbeam_queue::SegQueue")
            .facts("Unbounded, allocates in segments. Lock-free; no thread can wait at it."),
    );
    #[cfg(feature = "patterns")]
    {
        let seg = "it has none, and is in `unbounded` alone: ArrayQueue has one";
        suite.exclude("queue", "crossbeam_queue::SegQueue+capacity", seg);
        let array = "its capacity is fixed when it is made: SegQueue has none";
        suite.exclude("queue", "crossbeam_queue::ArrayQueue+unbounded", array);
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
