//! Locks and channels by their blocking calls.

use std::cell::RefCell;

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};
use tokio::sync::{Mutex, RwLock};

use crate::capability::{Channel, Lock, TryRecv};

impl<T: Send + Sync + 'static> Lock for Mutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Mutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.blocking_lock())
    }
}

impl<T: Send + Sync + 'static> Lock for RwLock<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = RwLock<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.blocking_write())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.blocking_read())
    }
}

/// `mpsc::channel`. Receiving needs the receiver mutably, which a cell lends: one thread has it.
pub struct Bounded;

impl Channel for Bounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = RefCell<Receiver<T>>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Self::Receiver<T>) {
        let (sender, receiver) = mpsc::channel(capacity);
        (sender, RefCell::new(receiver))
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        let sent = sender.blocking_send(message);
        sent.expect("the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> Option<T> {
        receiver.borrow_mut().blocking_recv()
    }

    #[inline]
    fn try_receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> TryRecv<T> {
        match receiver.borrow_mut().try_recv() {
            Ok(message) => TryRecv::Message(message),
            Err(TryRecvError::Empty) => TryRecv::Empty,
            Err(TryRecvError::Disconnected) => TryRecv::Closed,
        }
    }
}

/// `mpsc::unbounded_channel`.
pub struct Unbounded;

impl Channel for Unbounded {
    type Sender<T: Send + 'static> = UnboundedSender<T>;
    type Receiver<T: Send + 'static> = RefCell<UnboundedReceiver<T>>;

    fn channel<T: Send + 'static>(_: usize) -> (UnboundedSender<T>, Self::Receiver<T>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (sender, RefCell::new(receiver))
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &UnboundedSender<T>, message: T) {
        sender.send(message).expect("the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> Option<T> {
        receiver.borrow_mut().blocking_recv()
    }

    #[inline]
    fn try_receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> TryRecv<T> {
        match receiver.borrow_mut().try_recv() {
            Ok(message) => TryRecv::Message(message),
            Err(TryRecvError::Empty) => TryRecv::Empty,
            Err(TryRecvError::Disconnected) => TryRecv::Closed,
        }
    }
}
