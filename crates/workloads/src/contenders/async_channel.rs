//! async-channel's channel.

use async_channel::{Receiver, Sender};

use super::Mpmc;
use crate::model::Channel;

/// `bounded`.
pub struct Bounded;

impl Channel for Bounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        async_channel::bounded(capacity)
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        let sent = sender.send_blocking(message);
        assert!(sent.is_ok(), "the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv_blocking().ok()
    }
}

/// `unbounded`.
pub struct Unbounded;

impl Channel for Unbounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(_: usize) -> (Sender<T>, Receiver<T>) {
        async_channel::unbounded()
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        let sent = sender.send_blocking(message);
        assert!(sent.is_ok(), "the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv_blocking().ok()
    }
}

impl Mpmc for Bounded {
    type Ends<T: Send + 'static> = (Sender<T>, Receiver<T>);

    fn ends<T: Send + 'static>(capacity: usize) -> Self::Ends<T> {
        Self::channel(capacity)
    }

    #[inline]
    fn put<T: Send + 'static>((sender, _): &Self::Ends<T>, message: T) {
        Self::send(sender, message);
    }

    #[inline]
    fn take<T: Send + 'static>((_, receiver): &Self::Ends<T>) -> T {
        receiver.recv_blocking().expect("the sender is here")
    }
}
