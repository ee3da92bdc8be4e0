//! `Select`, with its channels in a list, and `select!`, with its channels in the code.

use crossbeam_channel::{Receiver, never, select};

use super::Bounded;
use crate::capability::spin_for;
use crate::contenders::crossbeam::crossbeam;
use crate::registry::Suite;
use crate::workload::select::{Drain, Params, Separate, TIMEOUT, WaitMode, Word};

pub(super) fn register(suite: &mut Suite) {
    let package = "crossbeam-channel";
    let macro_role = "The macro, with its channels in the code. Starts at a random channel, so none starves.";
    let select_macro = crossbeam(package, "crossbeam_channel::select+macro");
    suite.add::<Params, Separate<Bounded, Macro>>(select_macro.in_role("", macro_role));
    let list_role = "The list of channels is made at run time. Starts at a random channel, so none starves.";
    let select_list = crossbeam(package, "crossbeam_channel::Select");
    suite.add::<Params, Separate<Bounded, List>>(select_list.in_role("", list_role));
}

/// `Select`.
struct List;

impl Drain<Bounded> for List {
    #[inline]
    fn drain(receivers: Vec<Receiver<Word>>, mode: WaitMode, mut each: impl FnMut(usize, Word)) {
        let mut select = crossbeam_channel::Select::new();
        for receiver in &receivers {
            select.recv(receiver);
        }
        let mut open = receivers.len();
        while open > 0 {
            let ready = match mode {
                WaitMode::Block => select.select(),
                WaitMode::Timeout => match select.select_timeout(TIMEOUT) {
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
struct Macro;

/// The outcome of one select: a channel, and its message or its close. `None` where the time ran out.
type Outcome = Option<(usize, Option<Word>)>;

macro_rules! select_once {
    ($receivers:expr, $mode:expr, $($channel:literal)+) => {{
        let receivers: &[Receiver<Word>] = $receivers;
        match $mode {
            WaitMode::Block => select! {
                $(recv(receivers[$channel]) -> message => Some(($channel, message.ok())),)+
            },
            WaitMode::Timeout => select! {
                $(recv(receivers[$channel]) -> message => Some(($channel, message.ok())),)+
                default(TIMEOUT) => None,
            },
            WaitMode::Poll => spin_for(|| select! {
                $(recv(receivers[$channel]) -> message => Some(Some(($channel, message.ok()))),)+
                default => None,
            }),
        }
    }};
}

impl Drain<Bounded> for Macro {
    #[inline]
    fn drain(mut receivers: Vec<Receiver<Word>>, mode: WaitMode, mut each: impl FnMut(usize, Word)) {
        let mut open = receivers.len();
        let two = open == 2;
        while open > 0 {
            let outcome: Outcome = match two {
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
