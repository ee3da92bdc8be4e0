//! Locks and channels by their blocking calls.

use std::cell::RefCell;
use std::collections::VecDeque;

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};
use tokio::sync::{Mutex, RwLock};

use crate::capability::{BatchReceive, Channel, Lock, TryRecv, as_vec};

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

/// Messages of a batch at most, since a sender may be as fast as the receiver.
const BATCH: usize = 1_024;

/// Implements [`BatchReceive`] by `blocking_recv_many`.
macro_rules! batch_receive {
    ($name:ident) => {
        impl BatchReceive for $name {
            #[inline]
            fn receive_batch<T: Send + 'static>(receiver: &Self::Receiver<T>, messages: &mut VecDeque<T>) {
                as_vec(messages, |messages| receiver.borrow_mut().blocking_recv_many(messages, BATCH));
            }
        }
    };
}

batch_receive!(Bounded);
batch_receive!(Unbounded);
