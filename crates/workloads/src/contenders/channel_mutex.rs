//! A channel as a lock.

use crate::model::{Channel, Lock};

/// A channel both of whose ends all threads may use at once.
pub trait Mpmc: Channel {
    /// The two ends.
    type Ends<T: Send + 'static>: Send + Sync + 'static;

    /// A channel that holds at most `capacity` messages.
    fn ends<T: Send + 'static>(capacity: usize) -> Self::Ends<T>;

    /// Sends, waiting for room.
    fn put<T: Send + 'static>(ends: &Self::Ends<T>, message: T);

    /// StdCondvar for a message.
    fn take<T: Send + 'static>(ends: &Self::Ends<T>) -> T;
}

/// A channel of one message, which is the state: who received it is alone with it, until it is sent
/// back. The way of Go's tutorials, where the message stands for the state, without the danger of
/// touching the state while another has the token.
pub struct ChannelMutex<C: Mpmc, T: Send + 'static>(C::Ends<T>);

impl<C: Mpmc, T: Send + Sync + 'static> Lock for ChannelMutex<C, T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = ChannelMutex<C, U>;

    fn new(state: T) -> Self {
        let ends = C::ends(1);
        C::put(&ends, state);
        Self(ends)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let mut state = C::take(&self.0);
        let result = f(&mut state);
        C::put(&self.0, state);
        result
    }
}
