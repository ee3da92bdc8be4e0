//! crossbeam's channel and lock.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use crossbeam_utils::sync::ShardedLock;

use super::{Mpmc, ReceiveTimeout, TryRecv};
use crate::model::{Channel, Lock};

impl<T: Send + Sync + 'static> Lock for ShardedLock<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = ShardedLock<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.write().unwrap())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.read().unwrap())
    }
}

/// `bounded`.
pub struct Bounded;

impl Channel for Bounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        crossbeam_channel::bounded(capacity)
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
        crossbeam_channel::unbounded()
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
