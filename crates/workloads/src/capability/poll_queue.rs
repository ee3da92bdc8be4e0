//! A queue that no thread can wait at.

/// A queue that many threads push to and pop from, and that no thread can wait at. A type without fields
/// names it.
pub trait PollQueue: 'static {
    /// The queue.
    type Queue<T: Send + 'static>: Send + Sync + 'static;

    /// An empty queue that holds at most `capacity` items, or any number.
    ///
    /// # Panics
    /// Where it needs a bound and there is none.
    fn new<T: Send + 'static>(capacity: Option<usize>) -> Self::Queue<T>;

    /// Adds an item.
    ///
    /// # Errors
    /// Gives the item back where there is no room.
    fn push<T: Send + 'static>(queue: &Self::Queue<T>, item: T) -> Result<(), T>;

    /// Takes the oldest item.
    fn pop<T: Send + 'static>(queue: &Self::Queue<T>) -> Option<T>;
}
