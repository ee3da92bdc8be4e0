//! The ways to wait on several channels.

use std::time::Instant;

use super::{CAPACITY, NAME, Patience, Select, TIMEOUT, Word, contender};
use crate::contenders::std::Bounded;
use crate::contenders::{ReceiveTimeout, TryRecv, spin_for};
use crate::registry::{Info, Suite};

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let tagged = "One channel for all; each message says which it would have come from. Nothing to select, and one bound for all.";
    let polled = "try_recv on each in turn; where all are empty it looks again, 100 times, then yields between looks, and burns its core for as long.";
    let std = |name| Info::new(name).family("std channels").package("std");
    suite.contender(contender::<Tagged<Bounded>>(std("std::sync::mpsc::sync_channel+tagged").notes(tagged)));
    suite.contender(contender::<Polled<Bounded>>(std("std::sync::mpsc::sync_channel+polling").notes(polled)));
    suite.exclude(NAME, "std::sync::mpsc+select", "std has no select: it was removed before it was stable, in Rust 1.32; what is left is polling, or one channel for all");
    #[cfg(feature = "contenders")]
    {
        use crate::contenders::{crossbeam, flume};
        let cross = |name| Info::new(name).family("crossbeam").package("crossbeam-channel");
        suite.contender(contender::<crates::Macro>(cross("crossbeam_channel::select+macro").notes("The macro, which has the channels in its text. Begins at a random one, so none starves.")));
        suite.contender(contender::<crates::Dynamic>(cross("crossbeam_channel::Select").notes("The list of channels is made at run time. Begins at a random one, so none starves.")));
        suite.contender(contender::<Tagged<crossbeam::Bounded>>(cross("crossbeam_channel::bounded+tagged").notes(tagged)));
        suite.contender(contender::<Polled<crossbeam::Bounded>>(cross("crossbeam_channel::bounded+polling").notes(polled)));
        let flumes = |name| Info::new(name).family("flume").package("flume");
        suite.contender(contender::<crates::Selector>(flumes("flume::Selector").notes("Made anew for each wait, and has no way to look without waiting: `-default` waits for no time. Maintained for fixes only.")));
        suite.contender(contender::<Tagged<flume::Bounded>>(flumes("flume::bounded+tagged").notes("One channel for all; each message says which it would have come from. Nothing to select, and one bound for all. Maintained for fixes only.")));
        suite.contender(contender::<Polled<flume::Bounded>>(flumes("flume::bounded+polling").notes("try_recv on each in turn; where all are empty it looks again, 100 times, then yields between looks, and burns its core for as long. Maintained for fixes only.")));
    }
    suite.exclude(NAME, "std::sync::Mutex+Condvar", "one Condvar for several queues is one channel with tagged messages");
    suite.exclude(NAME, "rayon", "its tasks may not wait for messages");
    suite.exclude(NAME, "dashmap::DashMap", "a map lets nobody wait");
}

/// One channel for all.
pub(in crate::workload) struct Tagged<C>(C);

impl<C: ReceiveTimeout> Select for Tagged<C> {
    type Sender = (usize, C::Sender<(usize, Word)>);
    type Receiver = C::Receiver<(usize, Word)>;

    fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (sender, receiver) = C::channel(CAPACITY * channels);
        let ends = |_| {
            (0..channels)
                .map(|channel| (channel, sender.clone()))
                .collect()
        };
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
pub(in crate::workload) struct Polled<C>(C);

impl<C: ReceiveTimeout> Select for Polled<C> {
    type Sender = C::Sender<Word>;
    type Receiver = Vec<C::Receiver<Word>>;

    fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (ends, receivers): (Vec<_>, Vec<_>) =
            (0..channels).map(|_| C::channel(CAPACITY)).unzip();
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

#[cfg(feature = "contenders")]
mod crates {
    use std::time::Duration;

    use crossbeam_channel::{Receiver, Sender, bounded, never, select};

    use super::super::{CAPACITY, Patience, Select, TIMEOUT, Word};
    use crate::contenders::spin_for;

    fn ends<S: Clone, R>(
        channels: usize,
        senders: usize,
        channel: impl Fn() -> (S, R),
    ) -> (Vec<Vec<S>>, Vec<R>) {
        let (ends, receivers): (Vec<_>, Vec<_>) = (0..channels).map(|_| channel()).unzip();
        (vec![ends; senders], receivers)
    }

    /// crossbeam's `Select`.
    pub(super) struct Dynamic;

    impl Select for Dynamic {
        type Sender = Sender<Word>;
        type Receiver = Vec<Receiver<Word>>;

        fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
            ends(channels, senders, || bounded(CAPACITY))
        }

        #[inline]
        fn send(sender: &Self::Sender, message: Word) {
            sender.send(message).expect("the receiver lives");
        }

        #[inline]
        fn drain(receivers: Self::Receiver, patience: Patience, mut each: impl FnMut(usize, Word)) {
            let mut select = crossbeam_channel::Select::new();
            for receiver in &receivers {
                select.recv(receiver);
            }
            let mut open = receivers.len();
            while open > 0 {
                let ready = match patience {
                    Patience::Block => select.select(),
                    Patience::Timeout => match select.select_timeout(TIMEOUT) {
                        Ok(ready) => ready,
                        Err(_) => continue,
                    },
                    Patience::Poll => spin_for(|| select.try_select().ok()),
                };
                let channel = ready.index();
                match ready.recv(&receivers[channel]) {
                    Ok(message) => each(channel, message),
                    Err(_) => {
                        select.remove(channel);
                        open -= 1;
                    }
                }
            }
        }
    }

    /// crossbeam's `select!`.
    pub(super) struct Macro;

    /// What one turn of a select came to: a channel, and its message or its close.
    type Turn = Option<(usize, Option<Word>)>;

    macro_rules! turn {
        ($receivers:expr, $patience:expr, $($channel:literal)+) => {{
            let receivers: &[Receiver<Word>] = $receivers;
            match $patience {
                Patience::Block => select! {
                    $(recv(receivers[$channel]) -> message => Some(($channel, message.ok())),)+
                },
                Patience::Timeout => select! {
                    $(recv(receivers[$channel]) -> message => Some(($channel, message.ok())),)+
                    default(TIMEOUT) => None,
                },
                Patience::Poll => spin_for(|| select! {
                    $(recv(receivers[$channel]) -> message => Some(Some(($channel, message.ok()))),)+
                    default => None,
                }),
            }
        }};
    }

    impl Select for Macro {
        type Sender = Sender<Word>;
        type Receiver = Vec<Receiver<Word>>;

        fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
            ends(channels, senders, || bounded(CAPACITY))
        }

        #[inline]
        fn send(sender: &Self::Sender, message: Word) {
            sender.send(message).expect("the receiver lives");
        }

        #[inline]
        fn drain(
            mut receivers: Self::Receiver,
            patience: Patience,
            mut each: impl FnMut(usize, Word),
        ) {
            let mut open = receivers.len();
            let two = open == 2;
            while open > 0 {
                let turn: Turn = match two {
                    true => turn!(&receivers, patience, 0 1),
                    false => turn!(&receivers, patience, 0 1 2 3 4 5 6 7),
                };
                match turn {
                    None => {}
                    Some((channel, Some(message))) => each(channel, message),
                    Some((channel, None)) => {
                        // As Go sets it to nil: it is never ready again.
                        receivers[channel] = never();
                        open -= 1;
                    }
                }
            }
        }
    }

    /// A selector of what is open: which place in it is ready, and its message or its close.
    fn selector(
        open: &[(usize, flume::Receiver<Word>)],
    ) -> flume::Selector<'_, (usize, Option<Word>)> {
        let selector = flume::Selector::new();
        open.iter()
            .enumerate()
            .fold(selector, |selector, (place, (_, receiver))| {
                selector.recv(receiver, move |message| (place, message.ok()))
            })
    }

    /// flume's `Selector`.
    pub(super) struct Selector;

    impl Select for Selector {
        type Sender = flume::Sender<Word>;
        type Receiver = Vec<flume::Receiver<Word>>;

        fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
            ends(channels, senders, || flume::bounded(CAPACITY))
        }

        #[inline]
        fn send(sender: &Self::Sender, message: Word) {
            sender.send(message).expect("the receiver lives");
        }

        #[inline]
        fn drain(receivers: Self::Receiver, patience: Patience, mut each: impl FnMut(usize, Word)) {
            let mut open: Vec<_> = receivers.into_iter().enumerate().collect();
            while !open.is_empty() {
                let ready = match patience {
                    Patience::Block => selector(&open).wait(),
                    Patience::Timeout => match selector(&open).wait_timeout(TIMEOUT) {
                        Ok(ready) => ready,
                        Err(_) => continue,
                    },
                    Patience::Poll => {
                        spin_for(|| selector(&open).wait_timeout(Duration::ZERO).ok())
                    }
                };
                match ready {
                    (place, Some(message)) => each(open[place].0, message),
                    (place, None) => {
                        open.remove(place);
                    }
                }
            }
        }
    }
}
