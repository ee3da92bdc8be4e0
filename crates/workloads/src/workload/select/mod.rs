//! `select`: one thread waits at several channels at once, as Go's `select`.
//!
//! A closed workload on the window's team: all workers send, and one more thread selects.

mod contenders;
#[cfg(test)]
mod tests;

use std::hint::black_box;
use std::time::Duration;

use crate::capability::WaitMode;
use crate::model::NoOp;
use crate::registry::{Description, Suite, Tier, strategy};
use crate::workload::closed;
use crate::workload::open::floor;
use crate::workload::queue::{Tally, check};
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Task, Team, Window, WindowError};

pub use crate::workload::queue::Message;
pub use contenders::{Separate, register_exclusions, register_receive_timeout, register_selector};

/// The name in ids.
pub const NAME: &str = "select";

/// Messages of a batch, from each sender on each channel.
const BATCH: u64 = 16;

/// Messages that each channel holds at most.
pub const CAPACITY: usize = 64;

/// What the channels carry.
pub type Word = Message<1>;

/// A way to wait at several channels.
pub trait Select: 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;
    /// One sender's end of one channel.
    type Sender: Send + 'static;
    /// The receiving end of all channels.
    type Receiver;

    /// Makes `channels` channels. Returns, for each sender, its end of each channel, and the receiving end.
    fn endpoints(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver);

    /// Sends, and waits for room where the channel is full.
    fn send(sender: &Self::Sender, message: Word);

    /// Receives from all channels until all are closed, and calls `each(channel, message)`.
    fn drain(receiver: Self::Receiver, mode: WaitMode, each: impl FnMut(usize, Word));
}

/// How many channels there are, and how the select waits.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    channels: usize,
    mode: WaitMode,
}

strategy!(
    S: Select, Params,
    |threads| threads + 1,
    |params, window| measure::<S, COPY>(**params, window),
    drain::<S, COPY>,
);

/// Sends a sender's messages on each channel in turn. The messages of one sender on one channel keep their
/// order, so each such pair counts as a sender of its own.
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
    S::drain(receiver, params.mode, |channel, message| {
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
    let (ends, receiver) = S::endpoints(params.channels, senders);
    let task = |(index, ends)| -> Task<Tally> { Box::new(move || send::<S, COPY>(ends, index, count)) };
    let tasks = ends.into_iter().enumerate().map(task).collect();
    let caller_task = move || drain::<S, COPY>(receiver, params, senders);
    let (time, tallies) = team.run_once(tasks, Some(Box::new(caller_task)))?;
    if S::CLASS != Class::Floor {
        check(&tallies, senders * params.channels, count).map_err(WindowError::Wrong)?;
    }
    Ok(time)
}

fn measure<S: Select, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let senders = window.threads() * params.channels;
    closed::measure_team_laps(window, BATCH * senders as u64, &mut |team, batches| {
        lap::<S, COPY>(team, params, BATCH * batches)
    })
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "One thread waits at several channels at once",
        models: "Go's select: a goroutine waits at 2 or 8 channels until all are closed. It waits without a \
                 limit, with a timeout (time.After), or not at all (select with default).",
        question: "One consumer has several sources. What should it use: select over channels, one channel \
                   with tagged messages, or polling?",
        timed: "A fixed number of messages, from the release of all threads until the selecting thread has \
                seen the close of all channels. Workers send on all channels in turn; one more thread \
                selects. Each channel holds 64. `-timeout`: each wait arms a timeout of 1 s, which never \
                runs out. `-default`: the select does not wait, and is called again. A value is wall time \
                per message.",
        oracle: "Each message arrives once, from the channel it was sent on. The messages of one sender on \
                 one channel keep their order. The close of every channel is seen.",
        operation: "message",
    });
    for (mode, suffix, waits) in [
        (WaitMode::Block, "", "waits forever"),
        (WaitMode::Timeout, "-timeout", "waits with a timeout"),
        (WaitMode::Poll, "-default", "does not wait"),
    ] {
        for channels in [2, 8] {
            let tier = match (mode, channels) {
                (WaitMode::Block, 2) => Tier::Standard,
                _ => Tier::Thorough,
            };
            let (name, title) = (format!("{channels}{suffix}"), format!("{channels} channels; {waits}"));
            let count = channels.to_string();
            let parameters = [("channels", &*count), ("select", waits)];
            suite.variant(NAME, &name, &title, &parameters, tier, move |_| Params { channels, mode });
        }
    }
    suite.add::<Params, NoOp>(floor());
}

impl Select for NoOp {
    const CLASS: Class = Class::Floor;
    type Sender = ();
    type Receiver = ();

    fn endpoints(channels: usize, senders: usize) -> (Vec<Vec<()>>, ()) {
        (vec![vec![(); channels]; senders], ())
    }

    #[inline]
    fn send((): &(), message: Word) {
        black_box(message);
    }

    fn drain((): (), _: WaitMode, _: impl FnMut(usize, Word)) {}
}
