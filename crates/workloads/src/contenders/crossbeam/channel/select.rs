//! `Select`, with its channels in a list, and `select!`, with its channels in the code.

use crossbeam_channel::{Receiver, never, select};

use super::Bounded;
use crate::capability::{SELECT_TIMEOUT, Selector, WaitMode, spin_for};

/// How the macro is used.
pub(super) const MACRO: &str =
    "The macro, with its channels in the code. Starts at a random channel, so none starves.";

/// How the list is used.
pub(super) const LIST: &str =
    "The list of channels is made at run time. Starts at a random channel, so none starves.";

/// `Select`.
pub(super) struct List;

impl Selector<Bounded> for List {
    #[inline]
    fn drain<T: Send + 'static>(receivers: Vec<Receiver<T>>, mode: WaitMode, mut each: impl FnMut(usize, T)) {
        let mut select = crossbeam_channel::Select::new();
        for receiver in &receivers {
            select.recv(receiver);
        }
        let mut open = receivers.len();
        while open > 0 {
            let ready = match mode {
                WaitMode::Block => select.select(),
                WaitMode::Timeout => match select.select_timeout(SELECT_TIMEOUT) {
                    Ok(ready) => ready,
                    Err(_) => continue,
                },
                WaitMode::Poll => spin_for(|| select.try_select().ok()),
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

/// `select!`.
pub(super) struct Macro;

/// The outcome of one select: a channel, and its message or its close. `None` where the time ran out.
type Outcome<T> = Option<(usize, Option<T>)>;

macro_rules! select_once {
    ($receivers:expr, $mode:expr, $($channel:literal)+) => {{
        let receivers: &[Receiver<_>] = $receivers;
        match $mode {
            WaitMode::Block => select! {
                $(recv(receivers[$channel]) -> message => Some(($channel, message.ok())),)+
            },
            WaitMode::Timeout => select! {
                $(recv(receivers[$channel]) -> message => Some(($channel, message.ok())),)+
                default(SELECT_TIMEOUT) => None,
            },
            WaitMode::Poll => spin_for(|| select! {
                $(recv(receivers[$channel]) -> message => Some(Some(($channel, message.ok()))),)+
                default => None,
            }),
        }
    }};
}

impl Selector<Bounded> for Macro {
    #[inline]
    fn drain<T: Send + 'static>(
        mut receivers: Vec<Receiver<T>>,
        mode: WaitMode,
        mut each: impl FnMut(usize, T),
    ) {
        let mut open = receivers.len();
        let two = open == 2;
        while open > 0 {
            let outcome: Outcome<T> = match two {
                true => select_once!(&receivers, mode, 0 1),
                false => select_once!(&receivers, mode, 0 1 2 3 4 5 6 7),
            };
            match outcome {
                None => {}
                Some((channel, Some(message))) => each(channel, message),
                Some((channel, None)) => {
                    // As Go's select does with a nil channel: it is never ready again.
                    receivers[channel] = never();
                    open -= 1;
                }
            }
        }
    }
}
