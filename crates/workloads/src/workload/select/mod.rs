//! `select`: one thread waits on several channels at once. Go's `select`.
//!
//! A closed workload on the window's team: all workers send, one thread more selects.

mod contenders;

use std::hint::black_box;
use std::time::Duration;

use crate::model::NoOp;
use crate::registry::{Description, Strategy, Suite, Tier};
use crate::workload::closed;
use crate::workload::open::floor;
use crate::workload::queue::{Tally, check};
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Task, Team, Window, WindowError};
use std::sync::Arc;

pub use crate::workload::queue::Message;
pub use contenders::{register_exclusions, register_receive_timeout};

/// The name in ids.
pub const NAME: &str = "select";

/// Messages of a batch, from each sender on each channel.
const BATCH: u64 = 16;

/// What each channel holds at most.
pub const CAPACITY: usize = 64;

/// How long a select with a timeout waits. None runs out: that it is armed is what is measured.
pub const TIMEOUT: Duration = Duration::from_secs(1);

/// How long a select waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Until there is something.
    Block,
    /// At most a second.
    Timeout,
    /// Not at all: Go's `default`.
    Poll,
}

/// What goes through the channels.
pub type Word = Message<1>;

/// A way to wait on several channels.
pub trait Select: 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// One sender's end of one channel.
    type Sender: Send + 'static;
    /// All channels' other end.
    type Receiver;

    /// For each sender its end of each of `channels` channels; and their other end.
    fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver);

    /// Sends, waiting for room.
    fn send(sender: &Self::Sender, message: Word);

    /// Receives from all channels, as they come, until all are closed: `each(channel, message)`.
    fn drain(receiver: Self::Receiver, patience: Patience, each: impl FnMut(usize, Word));
}

/// How many channels, and how it waits.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    channels: usize,
    patience: Patience,
}

/// Sends a sender's messages, on each channel in turn. Who sent what on which channel is a lane: in
/// it, order is promised.
#[inline(never)]
fn send<S: Select, const COPY: usize>(senders: Vec<S::Sender>, index: usize, count: u64) -> Tally {
    black_box(COPY);
    let channels = senders.len();
    for number in 0..count {
        for (channel, sender) in senders.iter().enumerate() {
            S::send(sender, Message::new(index * channels + channel, number));
        }
    }
    Tally::default()
}

/// Selects until all channels are closed.
#[inline(never)]
fn drain<S: Select, const COPY: usize>(receiver: S::Receiver, params: Params, senders: usize) -> Tally {
    black_box(COPY);
    let mut tally = Tally::of(senders * params.channels);
    S::drain(receiver, params.patience, |channel, message| {
        tally.add(&message);
        let sent_on = message.sender() % params.channels;
        if sent_on != channel {
            tally.note(|| format!("a message of channel {sent_on} came from channel {channel}"));
        }
    });
    tally
}

/// One stretch on the clock: the life of all channels.
fn lap<S: Select, const COPY: usize>(
    team: &mut Team,
    params: Params,
    count: u64,
) -> Result<Duration, WindowError> {
    let senders = team.size();
    let (ends, receiver) = S::open(params.channels, senders);
    let part = |(index, ends)| -> Task<Tally> { Box::new(move || send::<S, COPY>(ends, index, count)) };
    let parts = ends.into_iter().enumerate().map(part).collect();
    let lead = move || drain::<S, COPY>(receiver, params, senders);
    let (time, tallies) = team.run_once(parts, Some(Box::new(lead)))?;
    if S::CLASS != Class::Floor {
        check(&tallies, senders * params.channels, count).map_err(WindowError::Wrong)?;
    }
    Ok(time)
}

fn measure<S: Select, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let lanes = window.threads() * params.channels;
    closed::measure_team_laps(window, BATCH * lanes as u64, &mut |team, batches| {
        lap::<S, COPY>(team, params, BATCH * batches)
    })
}

impl<S: Select> Strategy<Params> for S {
    const CLASS: Class = S::CLASS;

    fn runnable(threads: usize) -> usize {
        threads + 1
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<S, COPY>(**params, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        drain::<S, COPY> as *const () as usize
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "One thread waits on several channels at once",
        models: "Go's select: a goroutine waits on 2 or 8 channels, with a timeout (time.After) or with a default params (select/default) that does not block, until all are closed.",
        question: "Several sources, one consumer: select over channels, one channel with tagged messages, or polling?",
        timed: "From the release of all threads until the one that selects has seen the close of all channels, for a fixed number of messages. Workers send, on all channels in turn, and one thread more selects; each channel holds 64. `-timeout`: a timeout of 1 s is armed in each wait and never runs out; `-default`: it looks, and looks again. A value is wall time over messages.",
        oracle: "Each message arrives once, from the channel it was sent on, and in the order of its sender and channel; the close of every channel is seen.",
        operation: "message",
    });
    let kinds = [
        (Patience::Block, "", "waits for ever"),
        (Patience::Timeout, "-timeout", "waits with a timeout"),
        (Patience::Poll, "-default", "does not wait"),
    ];
    for (patience, suffix, waits) in kinds {
        for channels in [2, 8] {
            let weight = match (patience, channels) {
                (Patience::Block, 2) => Tier::Standard,
                _ => Tier::Thorough,
            };
            let name = format!("{channels}{suffix}");
            let title = format!("{channels} channels; {waits}");
            let count = channels.to_string();
            let parameters = [("channels", &*count), ("select", waits)];
            suite.variant(NAME, &name, &title, &parameters, weight, move |_| Params { channels, patience });
        }
    }
    suite.add::<Params, NoOp>(floor());
}

impl Select for NoOp {
    const CLASS: Class = Class::Floor;
    type Sender = ();
    type Receiver = ();

    fn open(channels: usize, senders: usize) -> (Vec<Vec<()>>, ()) {
        (vec![vec![(); channels]; senders], ())
    }

    #[inline]
    fn send((): &(), message: Word) {
        black_box(message);
    }

    fn drain((): (), _: Patience, _: impl FnMut(usize, Word)) {}
}

/// A channel each, and as many of its sending halves as senders.
pub fn ends<S: Clone, R>(
    channels: usize,
    senders: usize,
    channel: impl Fn() -> (S, R),
) -> (Vec<Vec<S>>, Vec<R>) {
    let (ends, receivers): (Vec<_>, Vec<_>) = (0..channels).map(|_| channel()).unzip();
    (vec![ends; senders], receivers)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Reads one channel after the other, and gets one thing wrong.
    struct Broken<const FLAW: usize>;

    impl<const FLAW: usize> Select for Broken<FLAW> {
        type Sender = Sender<Word>;
        type Receiver = Vec<Receiver<Word>>;

        fn open(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
            let (senders_of, receivers): (Vec<_>, Vec<_>) = (0..channels).map(|_| channel()).unzip();
            (vec![senders_of; senders], receivers)
        }

        fn send(sender: &Sender<Word>, message: Word) {
            let _ = sender.send(message); // who reads may have stopped
        }

        fn drain(receivers: Self::Receiver, _: Patience, mut each: impl FnMut(usize, Word)) {
            for (channel, receiver) in receivers.iter().enumerate() {
                if FLAW == 0 && channel == 1 {
                    continue; // as if its close had been seen
                }
                for message in receiver {
                    each(if FLAW == 1 { 0 } else { channel }, message);
                    if FLAW == 2 {
                        each(channel, message);
                    }
                }
            }
        }
    }

    fn fault<S: Select>() -> String {
        let params = Params { channels: 2, patience: Patience::Block };
        let fault = lap::<S, 0>(&mut Team::new(2), params, 50);
        fault.unwrap_err().to_string()
    }

    #[test]
    fn a_channel_that_is_left_and_one_that_is_mistaken_are_named() {
        let left = fault::<Broken<0>>();
        assert!(left.starts_with("100 of 200 messages were lost"), "{left}");
        assert_eq!(fault::<Broken<1>>(), "a message of channel 1 came from channel 0");
        let doubled = fault::<Broken<2>>();
        assert!(doubled.contains("or twice"), "{doubled}");
    }
}
