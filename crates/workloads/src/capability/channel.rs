//! Channels: one receiver or many, with a limit to a wait, with a capacity of 0.

use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The outcome of an attempt to receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryRecv<T> {
    /// A message.
    Message(T),
    /// No message yet.
    Empty,
    /// No message will come: all senders are gone.
    Closed,
}

/// A channel from many senders to one receiver. A type without fields names it: `struct Bounded;`.
///
/// Where receivers can be cloned, implement [`Mpmc`] instead, and this comes with it.
pub trait Channel: 'static {
    /// The sending half.
    type Sender<T: Send + 'static>: Clone + Send + Sync + 'static;
    /// The receiving half.
    type Receiver<T: Send + 'static>: Send + 'static;

    /// A channel that holds at most `capacity` messages, or any number where it cannot be bounded.
    fn channel<T: Send + 'static>(capacity: usize) -> (Self::Sender<T>, Self::Receiver<T>);

    /// Sends, waiting for room.
    ///
    /// # Panics
    /// Where the receiver is gone.
    fn send<T: Send + 'static>(sender: &Self::Sender<T>, message: T);

    /// Waits for a message; `None` when all senders are gone and the channel is empty.
    fn receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> Option<T>;

    /// Looks for a message without waiting.
    fn try_receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> TryRecv<T>;
}

/// A channel whose receiver can be cloned: many receivers take messages from one queue.
pub trait Mpmc: 'static {
    /// The sending half.
    type Sender<T: Send + 'static>: Clone + Send + Sync + 'static;
    /// The receiving half.
    type Receiver<T: Send + 'static>: Clone + Send + Sync + 'static;

    /// See [`Channel::channel`].
    fn channel<T: Send + 'static>(capacity: usize) -> (Self::Sender<T>, Self::Receiver<T>);

    /// See [`Channel::send`].
    ///
    /// # Panics
    /// Where all receivers are gone.
    fn send<T: Send + 'static>(sender: &Self::Sender<T>, message: T);

    /// See [`Channel::receive`].
    fn receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> Option<T>;

    /// See [`Channel::try_receive`].
    fn try_receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> TryRecv<T>;
}

impl<C: Mpmc> Channel for C {
    type Sender<T: Send + 'static> = C::Sender<T>;
    type Receiver<T: Send + 'static> = C::Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (C::Sender<T>, C::Receiver<T>) {
        <C as Mpmc>::channel(capacity)
    }

    #[inline(always)]
    fn send<T: Send + 'static>(sender: &C::Sender<T>, message: T) {
        <C as Mpmc>::send(sender, message);
    }

    #[inline(always)]
    fn receive<T: Send + 'static>(receiver: &C::Receiver<T>) -> Option<T> {
        <C as Mpmc>::receive(receiver)
    }

    #[inline(always)]
    fn try_receive<T: Send + 'static>(receiver: &C::Receiver<T>) -> TryRecv<T> {
        <C as Mpmc>::try_receive(receiver)
    }
}

/// A channel whose waits can have a limit.
pub trait ReceiveTimeout: Channel {
    /// Waits for a message at most as long as `limit`; [`TryRecv::Empty`] when the time is up.
    fn receive_timeout<T: Send + 'static>(receiver: &Self::Receiver<T>, limit: Duration) -> TryRecv<T>;
}

/// A channel that can have a capacity of 0: a sender waits until a receiver takes its message.
pub trait Rendezvous: Channel {}

/// A channel with one receiver, shared by standing behind a mutex, as worker pools made of std's parts
/// have it. A thread that waits for a message holds the mutex meanwhile.
pub struct LockedReceiver<C>(C);

impl<C: Channel> Mpmc for LockedReceiver<C> {
    type Sender<T: Send + 'static> = C::Sender<T>;
    type Receiver<T: Send + 'static> = Arc<Mutex<C::Receiver<T>>>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Self::Sender<T>, Self::Receiver<T>) {
        let (sender, receiver) = C::channel(capacity);
        (sender, Arc::new(Mutex::new(receiver)))
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Self::Sender<T>, message: T) {
        C::send(sender, message);
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> Option<T> {
        C::receive(&receiver.lock().unwrap())
    }

    #[inline]
    fn try_receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> TryRecv<T> {
        C::try_receive(&receiver.lock().unwrap())
    }
}

/// Both ends of a channel in one value, which threads use through a shared reference: a channel as a lock, or
/// as a pool of tokens.
pub trait SharedEnds: 'static {
    /// The two ends.
    type Ends<T: Send + 'static>: Send + Sync + 'static;

    /// The ends of a channel that holds at most `capacity` messages.
    fn ends<T: Send + 'static>(capacity: usize) -> Self::Ends<T>;

    /// Sends, waiting for room.
    fn send<T: Send + 'static>(ends: &Self::Ends<T>, message: T);

    /// Waits for a message.
    fn receive<T: Send + 'static>(ends: &Self::Ends<T>) -> T;
}

const SENDER_PRESENT: &str = "the sender is here";

impl<C: Mpmc> SharedEnds for C {
    type Ends<T: Send + 'static> = (<C as Mpmc>::Sender<T>, <C as Mpmc>::Receiver<T>);

    fn ends<T: Send + 'static>(capacity: usize) -> Self::Ends<T> {
        <C as Mpmc>::channel(capacity)
    }

    #[inline]
    fn send<T: Send + 'static>((sender, _): &Self::Ends<T>, message: T) {
        <C as Mpmc>::send(sender, message);
    }

    #[inline]
    fn receive<T: Send + 'static>((_, receiver): &Self::Ends<T>) -> T {
        <C as Mpmc>::receive(receiver).expect(SENDER_PRESENT)
    }
}

/// The ends of a channel whose receiver cannot be shared, and stands behind a mutex.
pub struct LockedEnds<C>(C);

impl<C: Channel> SharedEnds for LockedEnds<C> {
    type Ends<T: Send + 'static> = (C::Sender<T>, Mutex<C::Receiver<T>>);

    fn ends<T: Send + 'static>(capacity: usize) -> Self::Ends<T> {
        let (sender, receiver) = C::channel(capacity);
        (sender, Mutex::new(receiver))
    }

    #[inline]
    fn send<T: Send + 'static>((sender, _): &Self::Ends<T>, message: T) {
        C::send(sender, message);
    }

    #[inline]
    fn receive<T: Send + 'static>((_, receiver): &Self::Ends<T>) -> T {
        C::receive(&receiver.lock().unwrap()).expect(SENDER_PRESENT)
    }
}

/// Implements [`Channel`] or [`Mpmc`] for a package whose channel has the names of std's: `send`, `recv`,
/// `try_recv` with the errors `Empty` and `Disconnected`.
macro_rules! standard_channel {
    ($trait:ident for $name:ident, $sender:ident, $receiver:ident, $package:ident, $make:expr) => {
        impl $trait for $name {
            type Sender<T: Send + 'static> = $sender<T>;
            type Receiver<T: Send + 'static> = $receiver<T>;

            fn channel<T: Send + 'static>(capacity: usize) -> ($sender<T>, $receiver<T>) {
                let _ = capacity; // of no use where the channel has no bound
                $make(capacity)
            }

            #[inline(always)]
            fn send<T: Send + 'static>(sender: &$sender<T>, message: T) {
                sender.send(message).expect("the receiver lives");
            }

            #[inline(always)]
            fn receive<T: Send + 'static>(receiver: &$receiver<T>) -> Option<T> {
                receiver.recv().ok()
            }

            #[inline]
            fn try_receive<T: Send + 'static>(receiver: &$receiver<T>) -> TryRecv<T> {
                match receiver.try_recv() {
                    Ok(message) => TryRecv::Message(message),
                    Err($package::TryRecvError::Empty) => TryRecv::Empty,
                    Err($package::TryRecvError::Disconnected) => TryRecv::Closed,
                }
            }
        }
    };
}
pub(crate) use standard_channel;

/// Implements [`ReceiveTimeout`] for such a channel whose `recv_timeout` fails with `Timeout` or
/// `Disconnected`.
macro_rules! standard_receive_timeout {
    ($name:ident, $package:ident) => {
        impl ReceiveTimeout for $name {
            #[inline]
            fn receive_timeout<T: Send + 'static>(
                receiver: &Self::Receiver<T>,
                limit: Duration,
            ) -> TryRecv<T> {
                match receiver.recv_timeout(limit) {
                    Ok(message) => TryRecv::Message(message),
                    Err($package::RecvTimeoutError::Timeout) => TryRecv::Empty,
                    Err($package::RecvTimeoutError::Disconnected) => TryRecv::Closed,
                }
            }
        }
    };
}
pub(crate) use standard_receive_timeout;
