//! The locks and channels, one file a crate and nothing else in it: each says how its crate spells
//! the operations that the [models](crate::model) are written in.
//!
//! Small abilities that some of them have beyond those are traits here.

pub mod std;

#[cfg(feature = "extra")]
pub mod async_channel;
mod channel_mutex;
#[cfg(feature = "contenders")]
pub mod crossbeam;
#[cfg(feature = "extra")]
pub mod crossfire;
#[cfg(feature = "contenders")]
pub mod flume;
#[cfg(feature = "extra")]
pub mod kanal;
#[cfg(feature = "contenders")]
pub mod parking_lot;
#[cfg(feature = "contenders")]
pub mod rayon;
mod spin;
#[cfg(feature = "extra")]
pub mod spin_lock;
#[cfg(feature = "extra")]
pub mod tokio;
#[cfg(feature = "extra")]
mod wait;

use ::std::ops::DerefMut;
use ::std::time::Duration;

use crate::model::Channel;

pub use channel_mutex::{ChannelMutex, Mpmc};
pub use spin::spin_for;
#[cfg(feature = "extra")]
pub use wait::block_on;

/// What an attempt to receive came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryRecv<T> {
    /// A message.
    Message(T),
    /// None yet.
    Empty,
    /// None will come: all senders are gone.
    Closed,
}

/// A channel whose receiver need not wait for ever.
pub trait ReceiveTimeout: Channel {
    /// Looks for a message.
    fn try_receive<T: Send + 'static>(receiver: &Self::Receiver<T>) -> TryRecv<T>;

    /// StdCondvar for a message, but not longer than `limit`.
    fn receive_timeout<T: Send + 'static>(
        receiver: &Self::Receiver<T>,
        limit: Duration,
    ) -> TryRecv<T>;
}

/// A crate's mutex and its condition variables, apart from each other: for waiting on more than one
/// condition, and for waking only one of those that wait.
pub trait MutexCondvar: 'static {
    /// The mutex.
    type Mutex<T: Send + 'static>: Send + Sync + 'static;
    /// Who holds it.
    type Guard<'a, T: Send + 'static>: DerefMut<Target = T>;
    /// A condition variable.
    type Condvar: Default + Send + Sync + 'static;

    /// An unlocked mutex.
    fn mutex<T: Send + 'static>(state: T) -> Self::Mutex<T>;

    /// Locks.
    fn lock<T: Send + 'static>(mutex: &Self::Mutex<T>) -> Self::Guard<'_, T>;

    /// Sleeps, unlocked, until a notification; may wake without one.
    fn wait<'a, T: Send + 'static>(
        condvar: &Self::Condvar,
        guard: Self::Guard<'a, T>,
    ) -> Self::Guard<'a, T>;

    /// As [`wait`](MutexCondvar::wait), but not longer than `limit`.
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Self::Condvar,
        guard: Self::Guard<'a, T>,
        limit: Duration,
    ) -> Self::Guard<'a, T>;

    /// Wakes one that sleeps.
    fn notify_one(condvar: &Self::Condvar);

    /// Wakes all that sleep.
    fn notify_all(condvar: &Self::Condvar);
}

/// A lock with a condition variable.
pub trait Monitor: Send + Sync + 'static {
    /// What is locked.
    type State: Send + 'static;

    /// An unlocked one.
    fn new(state: Self::State) -> Self;

    /// Calls `f` alone. Wakes nobody.
    fn with_mut<R>(&self, f: impl FnOnce(&mut Self::State) -> R) -> R;

    /// Sleeps until `f`, called alone, has something; woken to try again by a notification.
    fn wait_for<R>(&self, f: impl FnMut(&mut Self::State) -> Option<R>) -> R;

    /// Wakes all that sleep.
    fn notify_all(&self);
}
