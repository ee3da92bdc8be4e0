//! `Select`, whose channels are a list, and `select!`, which has them in its text.

use crossbeam_channel::{Receiver, Sender, bounded, never, select};

use super::super::crossbeam;
use crate::capability::spin_for;
use crate::registry::Suite;
use crate::workload::select::{CAPACITY, Params, Patience, Select, TIMEOUT, Word, ends};

pub(super) fn register(suite: &mut Suite) {
    let package = "crossbeam-channel";
    let in_text = "The macro, which has the channels in its text. Begins at a random one, so none starves.";
    let select_macro = crossbeam(package, "crossbeam_channel::select+macro");
    suite.add::<Params, Macro>(select_macro.in_role("", in_text));
    let list = "The list of channels is made at run time. Begins at a random one, so none starves.";
    suite.add::<Params, Dynamic>(crossbeam(package, "crossbeam_channel::Select").in_role("", list));
}

/// crossbeam's `Select`.
struct Dynamic;

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
struct Macro;

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
