//! A channel for one message, which uses up both of its ends.

/// A channel for one message. A type without fields names it.
pub trait OneShot: 'static {
    /// The sending half.
    type Sender<T: Send + 'static>: Send + 'static;
    /// The receiving half.
    type Receiver<T: Send + 'static>: Send + 'static;

    /// A channel for one message.
    fn one_shot<T: Send + 'static>() -> (Self::Sender<T>, Self::Receiver<T>);

    /// Sends the message.
    ///
    /// # Panics
    /// Where the receiver is gone.
    fn send<T: Send + 'static>(sender: Self::Sender<T>, message: T);

    /// Waits for the message; `None` when the sender is gone and has sent none.
    fn receive<T: Send + 'static>(receiver: Self::Receiver<T>) -> Option<T>;
}
