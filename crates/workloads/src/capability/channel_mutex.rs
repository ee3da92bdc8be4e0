//! A channel as a lock.

use super::{Lock, Mpmc};

/// A channel of one message, which is the state: the thread that received it is alone with it until it
/// sends it back. Go's tutorials send a token that stands for the state; here no thread can touch the
/// state while another has the token.
pub struct ChannelMutex<C: Mpmc, T: Send + 'static> {
    sender: C::Sender<T>,
    receiver: C::Receiver<T>,
}

impl<C: Mpmc, T: Send + Sync + 'static> Lock for ChannelMutex<C, T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = ChannelMutex<C, U>;

    fn new(state: T) -> Self {
        let (sender, receiver) = C::channel(1);
        C::send(&sender, state);
        Self { sender, receiver }
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let mut state = C::receive(&self.receiver).expect("the sender is here");
        let result = f(&mut state);
        C::send(&self.sender, state);
        result
    }
}
