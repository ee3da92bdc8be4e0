//! A ring with one thread at each end, at which no thread can wait.

/// A bounded queue with one sender and one receiver, which both return at once. A type without fields names it.
pub trait Ring: 'static {
    /// The sender's end.
    type Producer<T: Send + 'static>: Send + 'static;
    /// The receiver's end.
    type Consumer<T: Send + 'static>: Send + 'static;

    /// An empty ring with room for `capacity` items.
    fn ring<T: Send + 'static>(capacity: usize) -> (Self::Producer<T>, Self::Consumer<T>);

    /// Adds an item.
    ///
    /// # Errors
    /// Gives the item back where the ring is full.
    fn push<T: Send + 'static>(producer: &mut Self::Producer<T>, item: T) -> Result<(), T>;

    /// Removes the oldest item.
    fn pop<T: Send + 'static>(consumer: &mut Self::Consumer<T>) -> Option<T>;

    /// Whether the sender is gone. Items that it added before may be left.
    fn is_closed<T: Send + 'static>(consumer: &Self::Consumer<T>) -> bool;
}
