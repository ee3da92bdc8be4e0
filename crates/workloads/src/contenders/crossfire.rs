//! crossfire's channel.

use std::time::Duration;

use crossfire::mpmc::{self, Array, List};
use crossfire::{MRx, MTx, RecvTimeoutError, TryRecvError};

use super::{Mpmc, ReceiveTimeout, TryRecv};
use crate::model::Channel;

/// `mpmc::bounded_blocking`.
pub struct Bounded;

impl Channel for Bounded {
    type Sender<T: Send + 'static> = MTx<Array<T>>;
    type Receiver<T: Send + 'static> = MRx<Array<T>>;

    fn channel<T: Send + 'static>(capacity: usize) -> (MTx<Array<T>>, MRx<Array<T>>) {
        mpmc::bounded_blocking(capacity)
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &MTx<Array<T>>, message: T) {
        let sent = sender.send(message);
        assert!(sent.is_ok(), "the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &MRx<Array<T>>) -> Option<T> {
        receiver.recv().ok()
    }
}

/// `mpmc::unbounded_blocking`.
pub struct Unbounded;

impl Channel for Unbounded {
    type Sender<T: Send + 'static> = MTx<List<T>>;
    type Receiver<T: Send + 'static> = MRx<List<T>>;

    fn channel<T: Send + 'static>(_: usize) -> (MTx<List<T>>, MRx<List<T>>) {
        mpmc::unbounded_blocking()
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &MTx<List<T>>, message: T) {
        let sent = sender.send(message);
        assert!(sent.is_ok(), "the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &MRx<List<T>>) -> Option<T> {
        receiver.recv().ok()
    }
}

impl Mpmc for Bounded {
    type Ends<T: Send + 'static> = (MTx<Array<T>>, MRx<Array<T>>);

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
    fn try_receive<T: Send + 'static>(receiver: &MRx<Array<T>>) -> TryRecv<T> {
        match receiver.try_recv() {
            Ok(message) => TryRecv::Message(message),
            Err(TryRecvError::Empty) => TryRecv::Empty,
            Err(TryRecvError::Disconnected) => TryRecv::Closed,
        }
    }

    #[inline]
    fn receive_timeout<T: Send + 'static>(receiver: &MRx<Array<T>>, limit: Duration) -> TryRecv<T> {
        match receiver.recv_timeout(limit) {
            Ok(message) => TryRecv::Message(message),
            Err(RecvTimeoutError::Timeout) => TryRecv::Empty,
            Err(RecvTimeoutError::Disconnected) => TryRecv::Closed,
        }
    }
}
