//! `queue`: messages pass through a buffer until it is closed, as in Go's buffered channel.
//!
//! A closed workload on the window's team. A lap is the life of one queue.

mod batches;
mod broadcast;
mod contenders;
mod lap;
mod locked;
mod message;
mod one_shot;
mod polled_ring;
mod request_reply;
mod route;
mod short_lived;
mod slow_consumer;
mod tally;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::hint::black_box;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::model::NoOp;
use crate::registry::{Description, Info, Strategy, Suite, Tier};
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Window, WindowError};

pub use batches::{InBatches, register_batch_channel, register_batch_condvar, register_batch_ring};
pub use broadcast::{BroadcastAll, Subscribers, register_broadcast, register_per_receiver};
pub use contenders::{
    OneReceiver, register_channel, register_condvar, register_counted_condvar, register_exclusions,
    register_mpmc, register_poll_queue,
};
use lap::Plan;
pub use locked::Locked;
pub use message::Message;
pub use one_shot::{SingleUse, register_one_shot};
pub use polled_ring::{PolledRing, register_ring};
pub use request_reply::RequestReply;
pub use route::{ManyToMany, ManyToOne, OneToMany, OneToOne, Route};
pub use short_lived::ShortLived;
pub use slow_consumer::SlowConsumer;
pub(super) use tally::{Tally, check};

/// The name in ids.
pub const NAME: &str = "queue";

/// Messages of a batch, from each sender.
const BATCH: u64 = 256;

/// The sending and the receiving ends of a queue.
pub type Endpoints<Q, M> = (Vec<<Q as Queue<M>>::Sender>, Vec<<Q as Queue<M>>::Receiver>);

/// A queue of messages that is closed when its last sender is dropped.
pub trait Queue<M: Send + 'static>: 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;
    /// A sender's end.
    type Sender: Send + 'static;
    /// A receiver's end.
    type Receiver: Send + 'static;

    /// Makes a queue that holds at most `capacity` messages, or any number.
    fn endpoints(capacity: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, M>;

    /// Makes a queue with one thread at each end.
    fn pair(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
        let (mut senders, mut receivers) = Self::endpoints(capacity, 1, 1);
        let ends = senders.pop().zip(receivers.pop());
        ends.expect("one of each was asked for")
    }

    /// Sends, and waits for room where the queue is full.
    fn send(sender: &mut Self::Sender, message: M);

    /// Waits for a message. Returns `None` when the queue is closed and empty.
    fn receive(receiver: &mut Self::Receiver) -> Option<M>;
}

/// A queue whose receiver can take all messages that are there.
pub trait BatchQueue<M: Send + 'static>: Queue<M> {
    /// Appends all messages that are there to `messages`, which is empty. Waits for one if there is none. Appends none
    /// when the queue is closed and empty.
    fn receive_batch(receiver: &mut Self::Receiver, messages: &mut VecDeque<M>);
}

/// A queue for all sizes of messages.
pub trait AnySizeQueue: Queue<Message<1>> + Queue<Message<32>> + Queue<Message<128>> {}

impl<Q: Queue<Message<1>> + Queue<Message<32>> + Queue<Message<128>>> AnySizeQueue for Q {}

/// Messages of `WORDS` words on the route `R`, through a queue that is bounded or not.
pub struct Params<R, const WORDS: usize, const BOUNDED: bool> {
    capacity: Option<usize>,
    route: PhantomData<R>,
}

impl<Q, R, const WORDS: usize, const BOUNDED: bool> Strategy<Params<R, WORDS, BOUNDED>> for Q
where
    Q: Queue<Message<WORDS>>,
    R: Route,
{
    const CLASS: Class = Q::CLASS;

    fn runnable(threads: usize) -> usize {
        R::ends(threads).iter().sum()
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params<R, WORDS, BOUNDED>>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        let [senders, receivers] = R::ends(window.threads());
        let plan = Plan {
            capacity: params.capacity,
            senders,
            receivers,
            with_caller: R::WITH_CALLER,
            every_receiver: false,
        };
        lap::measure::<Q, WORDS, COPY>(plan, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        lap::send::<Q, WORDS, COPY> as *const () as usize
    }
}

/// Adds a queue to the routes with one receiver, and where it lives for one message.
pub fn one_receiver<Q: AnySizeQueue, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    one_to_one::<Q, BOUNDED>(suite, info);
    on_route::<Q, ManyToOne, BOUNDED>(suite, info);
    suite.add::<Params<ManyToOne, 128, BOUNDED>, Q>(info.clone());
}

/// Adds a queue with one thread at each end to the variants that have one.
pub fn one_to_one<Q: AnySizeQueue, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    on_route::<Q, OneToOne, BOUNDED>(suite, info);
    suite.add::<Params<OneToOne, 128, BOUNDED>, Q>(info.clone());
    suite.add::<ShortLived<BOUNDED>, Q>(info.clone());
    if BOUNDED {
        suite.add::<RequestReply, Q>(info.clone());
        suite.add::<SlowConsumer, Q>(info.clone());
    }
}

/// Adds a queue to the routes with many receivers.
pub fn many_receivers<Q: AnySizeQueue, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    on_route::<Q, OneToMany, BOUNDED>(suite, info);
    on_route::<Q, ManyToMany, BOUNDED>(suite, info);
}

fn on_route<Q: AnySizeQueue, R: Route, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    suite.add::<Params<R, 1, BOUNDED>, Q>(info.clone());
    suite.add::<Params<R, 32, BOUNDED>, Q>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Messages pass through a buffer until it is closed",
        models: "Go's buffered channel, make(chan T, 64): producers send, and consumers range over it until \
                 close.",
        question: "Threads exchange a stream of messages. Which queue, of which capacity, with how many \
                   threads at each end?",
        timed: "A fixed number of messages through one queue, from the release of all threads until the last \
                receiver has seen the close. In `Nto1` and `1toN` the single end is one thread more than the \
                workers. In `NtoN` half of the workers send. A value is wall time per message. It includes the \
                receiver's tally, which the oracle needs; the floor's receivers tally as well. `slow-consumer`: the \
                CPU time of both threads per message, the receiver's own 1 µs included. `short-lived`: wall time \
                per queue, from making it to dropping it, of all workers together. `request-reply`: wall time per \
                answer. Each request goes through std's channel, whatever the answer goes through. `broadcast`: wall \
                time per message that is sent, until every receiver has it.",
        oracle: "Each message arrives once and whole, and each receiver gets the messages of a sender in \
                 order. Every receiver sees the close, and none before the queue is empty. `short-lived`: each queue \
                 gives back its message, and then its close. `request-reply`: each answer belongs to its request. \
                 `broadcast`: each receiver gets all messages once and in order.",
        operation: "message",
    });
    register_route::<OneToOne>(suite);
    register_size::<OneToOne, 128>(suite, "-1KiB");
    register_route::<ManyToOne>(suite);
    register_size::<ManyToOne, 128>(suite, "-1KiB");
    register_route::<OneToMany>(suite);
    register_route::<ManyToMany>(suite);
    slow_consumer::register(suite);
    short_lived::register(suite);
    request_reply::register(suite);
    broadcast::register(suite);
    suite.add::<SlowConsumer, NoOp>(floor());
    suite.add::<ShortLived<true>, NoOp>(floor());
    suite.add::<ShortLived<false>, NoOp>(floor());
    suite.add::<RequestReply, NoOp>(floor());
    suite.add::<Subscribers, NoOp>(floor());
}

fn register_route<R: Route>(suite: &mut Suite) {
    register_size::<R, 1>(suite, "");
    register_size::<R, 32>(suite, "-256B");
}

fn register_size<R: Route, const WORDS: usize>(suite: &mut Suite, suffix: &str) {
    for capacity in [1, 64, 1_024] {
        register_variant::<R, WORDS, true>(suite, Some(capacity), suffix);
    }
    register_variant::<R, WORDS, false>(suite, None, suffix);
    suite.add::<Params<R, WORDS, true>, NoOp>(floor());
    suite.add::<Params<R, WORDS, false>, NoOp>(floor());
}

/// About how many messages wait in a queue without bounds, and for each sender how many more.
const WAITING: [u64; 2] = [9_000, 3_000];

fn register_variant<R: Route, const WORDS: usize, const BOUNDED: bool>(
    suite: &mut Suite,
    capacity: Option<usize>,
    suffix: &str,
) {
    let held = capacity.map_or("unbounded".to_owned(), |capacity| capacity.to_string());
    let bytes = if WORDS == 128 { "1,024 bytes".to_owned() } else { format!("{} bytes", 8 * WORDS) };
    let name = format!("{}-{held}{suffix}", R::NAME);
    let title = format!("{}; capacity: {held}; messages of {bytes}", R::TITLE);
    let tier = match &*name {
        "1to1-64" | "Nto1-1024" => Tier::Standard,
        _ => Tier::Thorough,
    };
    let parameters = [("ends", R::NAME), ("capacity", &held), ("message", &bytes)];
    let prepare = move |_: &_| Params::<R, WORDS, BOUNDED> { capacity, route: PhantomData };
    let variant = suite.variant(NAME, &name, &title, &parameters, tier, prepare).at(R::COUNTS);
    if capacity.is_none() {
        let [all, of_sender] = WAITING.map(|messages| messages * 8 * WORDS as u64);
        variant.memory(all).memory_per_worker(of_sender);
    }
}

impl<M: Send + 'static> Queue<M> for NoOp {
    const CLASS: Class = Class::Floor;
    type Sender = ();
    type Receiver = ();

    fn endpoints(_: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, M> {
        (vec![(); senders], vec![(); receivers])
    }

    #[inline]
    fn send((): &mut (), message: M) {
        black_box(message);
    }

    #[inline]
    fn receive((): &mut ()) -> Option<M> {
        None
    }
}
