//! The locks and channels, one file a crate and nothing else in it: each says how its crate spells
//! the operations that the [models](crate::model) are written in.
//!
//! Small abilities that some of them have beyond those are traits here.

pub mod std;

#[cfg(feature = "contenders")]
pub mod crossbeam;
#[cfg(feature = "contenders")]
pub mod flume;
#[cfg(feature = "contenders")]
pub mod parking_lot;
#[cfg(feature = "contenders")]
pub mod rayon;
mod token;

pub use token::{Shareable, Token};

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
