//! A wait at several channels at once.

use std::time::Duration;

use super::Channel;

/// The limit of a wait that has one. It never runs out: the cost of arming it is what is measured.
pub const SELECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How a select waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitMode {
    /// Until a message or a close comes.
    Block,
    /// At most for [`SELECT_TIMEOUT`].
    Timeout,
    /// Not at all, as with Go's `default`.
    Poll,
}

/// A way to wait at several channels of the kind `C` at once, as Go's `select`. A type without fields names it.
pub trait Selector<C: Channel>: 'static {
    /// Receives from all channels until all are closed, and calls `each(channel, message)`. Each wait is as `mode`
    /// says; after one that ran out, the next begins.
    fn drain<T: Send + 'static>(receivers: Vec<C::Receiver<T>>, mode: WaitMode, each: impl FnMut(usize, T));
}
