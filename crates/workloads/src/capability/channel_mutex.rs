//! A channel as a lock.

use super::{Lock, SharedEnds};

/// A channel of one message, which is the state: the thread that received it is alone with it until it
/// sends it back. Go's tutorials send a token that stands for the state; here no thread can touch the
/// state while another has the token.
pub struct ChannelMutex<C: SharedEnds, T: Send + 'static>(C::Ends<T>);

impl<C: SharedEnds, T: Send + Sync + 'static> Lock for ChannelMutex<C, T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = ChannelMutex<C, U>;

    fn new(state: T) -> Self {
        let ends = C::ends(1);
        C::send(&ends, state);
        Self(ends)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let mut state = C::receive(&self.0);
        let result = f(&mut state);
        C::send(&self.0, state);
        result
    }
}
