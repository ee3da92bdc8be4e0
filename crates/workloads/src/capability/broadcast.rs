//! Channels whose every receiver gets every message.

use super::Channel;

/// A channel from one sender to several receivers, each of which gets every message. A type without fields names it.
pub trait Broadcast: 'static {
    /// The sending half.
    type Sender<T: Clone + Send + Sync + 'static>: Send + 'static;
    /// The receiving half.
    type Receiver<T: Clone + Send + Sync + 'static>: Send + 'static;

    /// The ends of a channel in which each receiver may be at most `capacity` messages behind.
    fn broadcast<T: Clone + Send + Sync + 'static>(
        capacity: usize,
        receivers: usize,
    ) -> (Self::Sender<T>, Vec<Self::Receiver<T>>);

    /// Sends to all receivers, and waits for room: no receiver loses a message.
    ///
    /// # Panics
    /// Where a receiver is gone.
    fn send<T: Clone + Send + Sync + 'static>(sender: &mut Self::Sender<T>, message: T);

    /// Waits for the next message; `None` when the sender is gone and all messages were received.
    fn receive<T: Clone + Send + Sync + 'static>(receiver: &mut Self::Receiver<T>) -> Option<T>;
}

/// A channel for each receiver.
pub struct PerReceiver<C>(C);

impl<C: Channel> Broadcast for PerReceiver<C> {
    type Sender<T: Clone + Send + Sync + 'static> = Vec<C::Sender<T>>;
    type Receiver<T: Clone + Send + Sync + 'static> = C::Receiver<T>;

    fn broadcast<T: Clone + Send + Sync + 'static>(
        capacity: usize,
        receivers: usize,
    ) -> (Self::Sender<T>, Vec<Self::Receiver<T>>) {
        (0..receivers).map(|_| C::channel(capacity)).unzip()
    }

    #[inline]
    fn send<T: Clone + Send + Sync + 'static>(senders: &mut Self::Sender<T>, message: T) {
        for sender in senders {
            C::send(sender, message.clone());
        }
    }

    #[inline]
    fn receive<T: Clone + Send + Sync + 'static>(receiver: &mut Self::Receiver<T>) -> Option<T> {
        C::receive(receiver)
    }
}
