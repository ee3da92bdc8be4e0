//! `queue`: messages go through a buffer until it is closed. What Go's buffered channel is.
//!
//! A closed workload on the window's team: a lap is the life of one queue.

mod contenders;
mod message;
mod route;
mod tally;

use std::any::Any;
use std::hint::black_box;
use std::marker::PhantomData;
use std::time::Duration;

use crate::model::NoOp;
use crate::registry::{Description, Info, Strategy, Suite, Tier};
use crate::workload::closed;
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Task, Team, Window, WindowError};
use std::sync::Arc;

pub use contenders::{
    Locked, OneReceiver, register_channel, register_condvar, register_exclusions, register_mpmc,
    register_poll_queue,
};
pub use message::Message;
pub use route::{ManyToMany, ManyToOne, OneToMany, OneToOne, Route};
pub(super) use tally::{Tally, check};

/// The name in ids.
pub const NAME: &str = "queue";

/// Messages of a batch, from each sender.
const BATCH: u64 = 256;

/// What the buffers hold at most; the last has no bound.
const CAPACITIES: [Option<usize>; 4] = [Some(1), Some(64), Some(1_024), None];

/// A queue of `M`, from senders to receivers, that is closed when its last sender is dropped.
pub trait Queue<M: Send + 'static>: 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// A sender's end.
    type Sender: Send + 'static;
    /// A receiver's end.
    type Receiver: Send + 'static;

    /// The ends of a queue that holds at most `capacity` messages, or any number.
    fn open(
        capacity: Option<usize>,
        senders: usize,
        receivers: usize,
    ) -> (Vec<Self::Sender>, Vec<Self::Receiver>);

    /// Sends, waiting for room.
    fn send(sender: &mut Self::Sender, message: M);

    /// StdCondvar for a message; none when the queue is closed and empty.
    fn receive(receiver: &mut Self::Receiver) -> Option<M>;
}

/// Messages of `WORDS` words on a route, through a buffer that is bounded or not.
pub struct Params<R, const WORDS: usize, const BOUNDED: bool> {
    capacity: Option<usize>,
    route: PhantomData<R>,
}

/// What a lap needs to know of the traffic.
#[derive(Clone, Copy, Debug)]
struct Plan {
    capacity: Option<usize>,
    ends: [usize; 2],
    /// Whether the calling thread is the one sender or receiver.
    led: bool,
}

/// Sends all of a sender's messages, and is then dropped.
#[inline(never)]
fn send<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    mut sender: Q::Sender,
    index: usize,
    count: u64,
) -> EndState {
    black_box(COPY);
    for number in 0..count {
        Q::send(&mut sender, Message::new(index, number));
    }
    EndState::default()
}

/// Receives until the close.
#[inline(never)]
fn receive<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    receiver: &mut Q::Receiver,
    tally: &mut Tally,
) {
    black_box(COPY);
    while let Some(message) = Q::receive(receiver) {
        tally.add(&message);
    }
}

/// What is left of a sender or a receiver when it is done.
#[derive(Default)]
struct EndState {
    tally: Tally,
    /// The receiver: the last one frees the buffer, which belongs to no message. Dropped off the clock.
    _receiver: Option<Box<dyn Any + Send>>,
}

/// What there is to do in the life of one queue, in which each sender sends `count` messages:
/// receivers first.
fn parts<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    plan: Plan,
    count: u64,
) -> Vec<Task<EndState>> {
    let [senders, receivers] = plan.ends;
    let (mut sending, mut receiving) = Q::open(plan.capacity, senders, receivers);
    let mut parts: Vec<Task<EndState>> = Vec::with_capacity(senders + receivers);
    while let Some(receiver) = receiving.pop() {
        let (mut receiver, mut tally) = (Box::new(receiver), Tally::of(senders));
        parts.push(Box::new(move || {
            receive::<Q, WORDS, COPY>(&mut receiver, &mut tally);
            let _receiver: Option<Box<dyn Any + Send>> = Some(receiver);
            EndState { tally, _receiver }
        }));
    }
    while let Some(sender) = sending.pop() {
        let index = sending.len();
        parts.push(Box::new(move || send::<Q, WORDS, COPY>(sender, index, count)));
    }
    parts
}

/// One stretch on the clock: the life of one queue. Compiled once, whatever the queue.
fn lap(
    team: &mut Team,
    plan: Plan,
    mut parts: Vec<Task<EndState>>,
    count: u64,
    checked: bool,
) -> Result<Duration, WindowError> {
    let [senders, receivers] = plan.ends;
    // The one against the many comes last, where the lead's place is.
    if senders > receivers {
        parts.rotate_left(receivers);
    }
    let lead = match plan.led {
        true => parts.pop().map(|part| part as Box<dyn FnOnce() -> EndState>),
        false => None,
    };
    let (time, left) = team.run_once(parts, lead)?;
    if checked {
        let tallies: Vec<Tally> = left.into_iter().map(|left| left.tally).collect();
        check(&tallies, senders, count).map_err(WindowError::Wrong)?;
    }
    Ok(time)
}

fn measure<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    plan: Plan,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let [senders, _] = plan.ends;
    closed::measure_team_laps(window, BATCH * senders as u64, &mut |team, batches| {
        let count = BATCH * batches;
        let parts = parts::<Q, WORDS, COPY>(plan, count);
        lap(team, plan, parts, count, Q::CLASS != Class::Floor)
    })
}

impl<R: Route, const WORDS: usize, const BOUNDED: bool> Params<R, WORDS, BOUNDED> {
    fn plan(&self, threads: usize) -> Plan {
        Plan { capacity: self.capacity, ends: R::ends(threads), led: R::LED }
    }
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
        measure::<Q, WORDS, COPY>(params.plan(window.threads()), window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        send::<Q, WORDS, COPY> as *const () as usize
    }
}

/// Adds a queue to the routes with one receiver.
pub fn one_receiver<Q, const BOUNDED: bool>(suite: &mut Suite, info: &Info)
where
    Q: Queue<Message<1>> + Queue<Message<32>>,
{
    on_route::<Q, OneToOne, BOUNDED>(suite, info);
    on_route::<Q, ManyToOne, BOUNDED>(suite, info);
}

/// Adds a queue to the routes with many receivers.
pub fn many_receivers<Q, const BOUNDED: bool>(suite: &mut Suite, info: &Info)
where
    Q: Queue<Message<1>> + Queue<Message<32>>,
{
    on_route::<Q, OneToMany, BOUNDED>(suite, info);
    on_route::<Q, ManyToMany, BOUNDED>(suite, info);
}

fn on_route<Q, R: Route, const BOUNDED: bool>(suite: &mut Suite, info: &Info)
where
    Q: Queue<Message<1>> + Queue<Message<32>>,
{
    suite.add::<Params<R, 1, BOUNDED>, Q>(info.clone());
    suite.add::<Params<R, 32, BOUNDED>, Q>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Messages go through a buffer until it is closed",
        models: "Go's buffered channel, make(chan T, 64): producers send, consumers range over it until close.",
        question: "A stream of messages between threads: which queue, how large, and how many at each end?",
        timed: "From the release of all threads until the last receiver has seen the close, for a fixed number of messages, on one queue. `Nto1` and `1toN` have the one as a thread more than the workers; `NtoN` halves the workers. A value is wall time over messages.",
        oracle: "Each message that was sent arrived once, whole, and at each receiver in the order of its sender; every receiver saw the close, and none before the queue was empty.",
        operation: "message",
    });
    route::<OneToOne>(suite);
    route::<ManyToOne>(suite);
    route::<OneToMany>(suite);
    route::<ManyToMany>(suite);
}

fn route<R: Route>(suite: &mut Suite) {
    for capacity in CAPACITIES {
        size::<R, 1>(suite, capacity, "");
    }
    for capacity in CAPACITIES {
        size::<R, 32>(suite, capacity, "-256B");
    }
    suite.add::<Params<R, 1, true>, NoOp>(floor());
    suite.add::<Params<R, 1, false>, NoOp>(floor());
    suite.add::<Params<R, 32, true>, NoOp>(floor());
    suite.add::<Params<R, 32, false>, NoOp>(floor());
}

fn size<R: Route, const WORDS: usize>(suite: &mut Suite, capacity: Option<usize>, suffix: &str) {
    let held = capacity.map_or("unbounded".to_owned(), |capacity| capacity.to_string());
    let bytes = format!("{} bytes", 8 * WORDS);
    let name = format!("{}-{held}{suffix}", R::NAME);
    let title = format!("{}; capacity: {held}; messages of {bytes}", R::TITLE);
    let telling = ["1to1-64", "Nto1-1024"].contains(&&*name);
    let weight = if telling { Tier::Standard } else { Tier::Thorough };
    let parameters = [("ends", R::NAME), ("capacity", &held), ("message", &bytes)];
    let variant = match capacity {
        Some(_) => suite.variant(NAME, &name, &title, &parameters, weight, move |_| Params {
            capacity,
            route: PhantomData::<R>,
        }
            as Params<R, WORDS, true>),
        None => suite.variant(NAME, &name, &title, &parameters, weight, move |_| Params {
            capacity,
            route: PhantomData::<R>,
        }
            as Params<R, WORDS, false>),
    };
    variant.at(R::COUNTS);
}

impl<M: Send + 'static> Queue<M> for NoOp {
    const CLASS: Class = Class::Floor;
    type Sender = ();
    type Receiver = ();

    fn open(_: Option<usize>, senders: usize, receivers: usize) -> (Vec<()>, Vec<()>) {
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// One message, as a broken queue changes it on its way.
    trait Flaw: 'static {
        fn pass(message: Message<32>) -> Vec<Message<32>>;
    }

    struct Broken<F>(F);

    impl<F: Flaw> Queue<Message<32>> for Broken<F> {
        type Sender = Sender<Message<32>>;
        type Receiver = Receiver<Message<32>>;

        fn open(_: Option<usize>, senders: usize, _: usize) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
            let (sender, receiver) = channel();
            (vec![sender; senders], vec![receiver])
        }

        fn send(sender: &mut Self::Sender, message: Message<32>) {
            for message in F::pass(message) {
                sender.send(message).unwrap();
            }
        }

        fn receive(receiver: &mut Self::Receiver) -> Option<Message<32>> {
            receiver.recv().ok()
        }
    }

    fn fault<F: Flaw>() -> String {
        let plan = Plan { capacity: None, ends: [2, 1], led: true };
        let mut team = Team::new(2);
        let parts = parts::<Broken<F>, 32, 0>(plan, 100);
        let fault = lap(&mut team, plan, parts, 100, true);
        fault.unwrap_err().to_string()
    }

    struct Loses;
    struct Doubles;
    struct Swaps;
    struct Tears;
    struct Exchanges;

    impl Flaw for Loses {
        fn pass(message: Message<32>) -> Vec<Message<32>> {
            Vec::from_iter((message.number() != 50).then_some(message))
        }
    }

    impl Flaw for Doubles {
        fn pass(message: Message<32>) -> Vec<Message<32>> {
            vec![message; 1 + usize::from(message.number() == 99)]
        }
    }

    impl Flaw for Swaps {
        fn pass(message: Message<32>) -> Vec<Message<32>> {
            vec![Message::new(message.sender(), message.number() ^ 1)]
        }
    }

    impl Flaw for Tears {
        fn pass(mut message: Message<32>) -> Vec<Message<32>> {
            message.0[31] += u64::from(message.number() == 3);
            vec![message]
        }
    }

    impl Flaw for Exchanges {
        fn pass(message: Message<32>) -> Vec<Message<32>> {
            let other = message.number() + 900 * u64::from(message.number() == 99);
            vec![Message::new(message.sender(), other)]
        }
    }

    #[test]
    fn what_does_not_arrive_as_it_was_sent_is_named() {
        assert!(fault::<Loses>().starts_with("2 of 200 messages were lost"));
        assert!(fault::<Doubles>().contains("or twice"));
        assert!(fault::<Swaps>().contains("came after a later one"));
        assert!(fault::<Tears>().contains("in pieces of several"));
        assert!(fault::<Exchanges>().contains("not the ones that were sent"));
    }
}
