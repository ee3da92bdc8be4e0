//! Waiting at several channels where a package has no select: one channel for all, or looking in turn.

use std::time::Instant;

use super::{CAPACITY, NAME, Params, Patience, Select, TIMEOUT, Word};
use crate::capability::{ReceiveTimeout, TryRecv, spin_for};
use crate::registry::{Info, Suite};

/// Adds one channel of tagged messages, and a look into each channel in turn.
pub fn register_receive_timeout<C: ReceiveTimeout>(suite: &mut Suite, info: &Info) {
    let tagged = "One channel for all; each message says which channel it stands for. Nothing to select, and one bound \
                  for all.";
    suite.add::<Params, Tagged<C>>(info.in_role("+tagged", tagged));
    let polled = "try_recv on each channel in turn. Where all are empty it looks again, 100 times, then yields between \
                  looks: it burns its core while it waits.";
    suite.add::<Params, Polled<C>>(info.in_role("+polling", polled));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    let std = "std has no select: it was removed before it was stable, in Rust 1.32; what is left is polling, or one channel for all";
    suite.exclude(NAME, "std::sync::mpsc+select", std);
    let condvar = "one Condvar for several queues is one channel with tagged messages";
    suite.exclude(NAME, "std::sync::Mutex+Condvar", condvar);
    suite.exclude(NAME, "rayon", "its tasks may not wait for messages");
    suite.exclude(NAME, "dashmap::DashMap", "no thread can wait at a map");
}

/// One channel for all.
pub struct Tagged<C>(C);

impl<C: ReceiveTimeout> Select for Tagged<C> {
    type Sender = (usize, C::Sender<(usize, Word)>);
    type Receiver = C::Receiver<(usize, Word)>;

    fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (sender, receiver) = C::channel(CAPACITY * channels);
        let ends = |_| (0..channels).map(|channel| (channel, sender.clone())).collect();
        ((0..senders).map(ends).collect(), receiver)
    }

    #[inline]
    fn send((channel, sender): &Self::Sender, message: Word) {
        C::send(sender, (*channel, message));
    }

    #[inline]
    fn drain(receiver: Self::Receiver, patience: Patience, mut each: impl FnMut(usize, Word)) {
        loop {
            let got = match patience {
                Patience::Block => C::receive(&receiver).map_or(TryRecv::Closed, TryRecv::Message),
                Patience::Timeout => C::receive_timeout(&receiver, TIMEOUT),
                Patience::Poll => spin_for(|| match C::try_receive(&receiver) {
                    TryRecv::Empty => None,
                    got => Some(got),
                }),
            };
            match got {
                TryRecv::Message((channel, message)) => each(channel, message),
                TryRecv::Empty => {}
                TryRecv::Closed => return,
            }
        }
    }
}

/// A look into each channel in turn.
pub struct Polled<C>(C);

impl<C: ReceiveTimeout> Select for Polled<C> {
    type Sender = C::Sender<Word>;
    type Receiver = Vec<C::Receiver<Word>>;

    fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (ends, receivers): (Vec<_>, Vec<_>) = (0..channels).map(|_| C::channel(CAPACITY)).unzip();
        (vec![ends; senders], receivers)
    }

    #[inline]
    fn send(sender: &Self::Sender, message: Word) {
        C::send(sender, message);
    }

    #[inline]
    fn drain(receivers: Self::Receiver, patience: Patience, mut each: impl FnMut(usize, Word)) {
        let mut open: Vec<_> = receivers.into_iter().enumerate().collect();
        while !open.is_empty() {
            let until = match patience {
                Patience::Timeout => Some(Instant::now() + TIMEOUT),
                Patience::Block | Patience::Poll => None,
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
