//! `Selector`.

use std::time::Duration;

use flume::Receiver;

use super::Bounded;
use crate::capability::{SELECT_TIMEOUT, Selector, WaitMode, spin_for};

/// How `Selector` is used.
pub(super) const ROLE: &str = "Made again for each wait. Takes a random channel of those that are ready, by the \
    default feature `eventual-fairness`. It cannot poll: `-default` waits with a limit of 0. Version 0.12 may report a \
    close before the last messages, so these are then taken by drain.";

/// A selector over the open channels. It yields the place of the ready one, and its message or its close.
fn selector<T: Send + 'static>(open: &[(usize, Receiver<T>)]) -> flume::Selector<'_, (usize, Option<T>)> {
    open.iter().enumerate().fold(flume::Selector::new(), |selector, (place, (_, receiver))| {
        selector.recv(receiver, move |message| (place, message.ok()))
    })
}

/// `Selector`.
pub(super) struct FlumeSelector;

impl Selector<Bounded> for FlumeSelector {
    #[inline]
    fn drain<T: Send + 'static>(receivers: Vec<Receiver<T>>, mode: WaitMode, mut each: impl FnMut(usize, T)) {
        let mut open: Vec<_> = receivers.into_iter().enumerate().collect();
        while !open.is_empty() {
            let ready = match mode {
                WaitMode::Block => selector(&open).wait(),
                WaitMode::Timeout => match selector(&open).wait_timeout(SELECT_TIMEOUT) {
                    Ok(ready) => ready,
                    Err(_) => continue,
                },
                WaitMode::Poll => spin_for(|| selector(&open).wait_timeout(Duration::ZERO).ok()),
            };
            match ready {
                (place, Some(message)) => each(open[place].0, message),
                (place, None) => {
                    // Its receiver looks for a message, and then for the close. Messages and the close may come in
                    // between.
                    let (channel, receiver) = open.remove(place);
                    receiver.drain().for_each(|message| each(channel, message));
                }
            }
        }
    }
}
