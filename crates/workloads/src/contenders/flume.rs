//! flume's channel.

use std::time::Duration;

use flume::{Receiver, RecvTimeoutError, Sender, TryRecvError};

use super::{Mpmc, ReceiveTimeout, TryRecv};
use crate::model::Channel;

/// `bounded`.
pub struct Bounded;

impl Channel for Bounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        flume::bounded(capacity)
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        sender.send(message).expect("the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv().ok()
    }
}

/// `unbounded`.
pub struct Unbounded;

impl Channel for Unbounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(_: usize) -> (Sender<T>, Receiver<T>) {
        flume::unbounded()
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        sender.send(message).expect("the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv().ok()
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
        receiver.recv().expect("the sender is here")
    }
}

impl ReceiveTimeout for Bounded {
    #[inline]
    fn try_receive<T: Send + 'static>(receiver: &Receiver<T>) -> TryRecv<T> {
        match receiver.try_recv() {
            Ok(message) => TryRecv::Message(message),
            Err(TryRecvError::Empty) => TryRecv::Empty,
            Err(TryRecvError::Disconnected) => TryRecv::Closed,
        }
    }

    #[inline]
    fn receive_timeout<T: Send + 'static>(receiver: &Receiver<T>, limit: Duration) -> TryRecv<T> {
        match receiver.recv_timeout(limit) {
            Ok(message) => TryRecv::Message(message),
            Err(RecvTimeoutError::Timeout) => TryRecv::Empty,
            Err(RecvTimeoutError::Disconnected) => TryRecv::Closed,
        }
    }
}
