//! Waiting at several sources without a select: one channel for all, or polling each channel.

use std::marker::PhantomData;
use std::time::Instant;

use super::{CAPACITY, NAME, Params, Select, Word};
use crate::capability::{Channel, ReceiveTimeout, SELECT_TIMEOUT, Selector, TryRecv, WaitMode, spin_for};
use crate::registry::{Info, Suite};

/// Adds one channel of tagged messages, and polling of each channel in turn.
pub fn register_receive_timeout<C: ReceiveTimeout>(suite: &mut Suite, info: &Info) {
    let tagged = "One channel for all sources, with one bound. Each message says which source it is from, so \
                  there is nothing to select.";
    suite.add::<Params, Tagged<C>>(info.in_role("+tagged", tagged));
    let polling = "try_recv on each channel in turn. Where all are empty it polls them 100 times, then \
                   yields between polls. It burns its core while it waits.";
    suite.add::<Params, Separate<C, Polling>>(info.in_role("+polling", polling).spins());
}

/// Adds a way to wait at several channels of a kind.
pub fn register_selector<C: Channel, S: Selector<C>>(suite: &mut Suite, info: Info) {
    suite.add::<Params, Separate<C, S>>(info);
}

/// Adds the reasons for what is missing. Call it before the contenders are added.
pub fn register_exclusions(suite: &mut Suite) {
    let std = "std has none: its unstable one was deprecated in Rust 1.32 and then removed, which leaves polling or \
               one channel for all";
    for (contender, reason) in [
        ("std::sync::mpsc+select", std),
        ("std::sync::Mutex+Condvar", "one Condvar for several queues is one channel with tagged messages"),
        ("rayon", "its tasks must not wait for messages"),
        ("dashmap::DashMap", "no thread can wait at a map"),
    ] {
        suite.exclude(NAME, contender, reason);
    }
}

/// One channel for all sources.
pub struct Tagged<C>(C);

impl<C: ReceiveTimeout> Select for Tagged<C> {
    type Sender = (usize, C::Sender<(usize, Word)>);
    type Receiver = C::Receiver<(usize, Word)>;

    fn endpoints(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (sender, receiver) = C::channel(CAPACITY * channels);
        let ends = |_| (0..channels).map(|channel| (channel, sender.clone())).collect();
        ((0..senders).map(ends).collect(), receiver)
    }

    #[inline]
    fn send((channel, sender): &Self::Sender, message: Word) {
        C::send(sender, (*channel, message));
    }

    #[inline]
    fn drain(receiver: Self::Receiver, mode: WaitMode, mut each: impl FnMut(usize, Word)) {
        loop {
            let received = match mode {
                WaitMode::Block => C::receive(&receiver).map_or(TryRecv::Closed, TryRecv::Message),
                WaitMode::Timeout => C::receive_timeout(&receiver, SELECT_TIMEOUT),
                WaitMode::Poll => spin_for(|| match C::try_receive(&receiver) {
                    TryRecv::Empty => None,
                    received => Some(received),
                }),
            };
            match received {
                TryRecv::Message((channel, message)) => each(channel, message),
                TryRecv::Empty => {}
                TryRecv::Closed => return,
            }
        }
    }
}

/// A channel of the kind `C` for each source, and `S` to wait at them.
pub struct Separate<C, S>(PhantomData<(C, S)>);

impl<C: Channel, S: Selector<C>> Select for Separate<C, S> {
    type Sender = C::Sender<Word>;
    type Receiver = Vec<C::Receiver<Word>>;

    fn endpoints(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (ends, receivers): (Vec<_>, Vec<_>) = (0..channels).map(|_| C::channel(CAPACITY)).unzip();
        (vec![ends; senders], receivers)
    }

    #[inline]
    fn send(sender: &Self::Sender, message: Word) {
        C::send(sender, message);
    }

    #[inline]
    fn drain(receivers: Self::Receiver, mode: WaitMode, each: impl FnMut(usize, Word)) {
        S::drain(receivers, mode, each);
    }
}

/// Polls each channel in turn.
struct Polling;

impl<C: ReceiveTimeout> Selector<C> for Polling {
    #[inline]
    fn drain<T: Send + 'static>(
        receivers: Vec<C::Receiver<T>>,
        mode: WaitMode,
        mut each: impl FnMut(usize, T),
    ) {
        let mut open: Vec<_> = receivers.into_iter().enumerate().collect();
        while !open.is_empty() {
            let until = match mode {
                WaitMode::Timeout => Some(Instant::now() + SELECT_TIMEOUT),
                WaitMode::Block | WaitMode::Poll => None,
            };
            spin_for(|| {
                let mut any = false;
                open.retain(|(channel, receiver)| match C::try_receive(receiver) {
                    TryRecv::Message(message) => {
                        each(*channel, message);
                        any = true;
                        true
                    }
                    TryRecv::Empty => true,
                    TryRecv::Closed => {
                        any = true;
                        false
                    }
                });
                let late = || until.is_some_and(|until| Instant::now() >= until);
                (any || late()).then_some(())
            });
        }
    }
}
