//! Receiving in batches: all messages that are there, in one call.

use std::collections::VecDeque;

use super::{Channel, Ring};

/// A channel whose receiver takes all messages that are there in one call.
pub trait BatchReceive: Channel {
    /// Appends all messages that are there to `messages`, which is empty. Waits for one if there is none. Appends none
    /// when all senders are gone and the channel is empty.
    fn receive_batch<T: Send + 'static>(receiver: &Self::Receiver<T>, messages: &mut VecDeque<T>);
}

/// A ring whose receiver removes all items that are there in one call.
pub trait BatchRing: Ring {
    /// Appends all items that are there to `items`, which is empty.
    fn pop_batch<T: Send + 'static>(consumer: &mut Self::Consumer<T>, items: &mut VecDeque<T>);
}

/// Has a function append to an empty deque that can append to a vector alone. No message is copied for it.
#[cfg(feature = "extra")]
pub(crate) fn as_vec<T, R>(messages: &mut VecDeque<T>, append: impl FnOnce(&mut Vec<T>) -> R) -> R {
    let mut all = Vec::from(std::mem::take(messages));
    let result = append(&mut all);
    *messages = all.into();
    result
}
