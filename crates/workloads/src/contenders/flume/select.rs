//! `Selector`.

use std::time::Duration;

use crate::capability::spin_for;
use crate::registry::{Info, Suite};
use crate::workload::select::{CAPACITY, Params, Patience, Select, TIMEOUT, Word, ends};

pub(super) fn register(suite: &mut Suite) {
    let role = "Made for each wait, and has no way to look without waiting: `-default` waits for no time.";
    let info = Info::of_package("flume", "flume::Selector").facts("Maintained for fixes only.");
    suite.add::<Params, Selector>(info.in_role("", role));
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
struct Selector;

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
