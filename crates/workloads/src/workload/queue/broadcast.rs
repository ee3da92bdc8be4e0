//! `broadcast`: one thread sends, and every worker gets every message.

use std::marker::PhantomData;
use std::sync::Arc;

use super::lap::{self, Plan};
use super::{BATCH, Endpoints, Message, NAME, Queue};
use crate::capability::{Broadcast, Channel, PerReceiver};
use crate::registry::{Info, Strategy, Suite, Tier};
use crate::workload::closed;
use contend_record::Class;
use contend_team::{Sample, Window, WindowError};

/// Messages that a receiver may be behind.
const CAPACITY: usize = 1_024;

/// All workers get every message.
pub struct Subscribers;

impl<Q: Queue<Message<1>>> Strategy<Subscribers> for Q {
    const CLASS: Class = Q::CLASS;

    fn runnable(threads: usize) -> usize {
        threads + 1
    }

    fn measure<const COPY: usize>(
        _: &Arc<Subscribers>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<Q, COPY>(window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        lap::send::<Q, 1, COPY> as *const () as usize
    }
}

/// Adds the variant.
pub(super) fn register(suite: &mut Suite) {
    let title =
        "one more thread sends, each worker gets every message; a receiver may be 1,024 messages behind";
    let parameters = [("ends", "1toN, all get all"), ("capacity", "1024"), ("message", "8 bytes")];
    suite.variant(NAME, "broadcast", title, &parameters, Tier::Thorough, |_| Subscribers);
}

/// Adds a channel whose every receiver gets every message.
pub fn register_broadcast<B: Broadcast>(suite: &mut Suite, info: &Info) {
    suite.add::<Subscribers, BroadcastAll<B>>(info.clone());
}

/// Adds a channel for each receiver.
pub fn register_per_receiver<C: Channel>(suite: &mut Suite, info: &Info) {
    let role =
        "A channel for each receiver. The sender sends a copy to each in turn, and waits where one is full.";
    register_broadcast::<PerReceiver<C>>(suite, &info.in_role("+per-receiver", role));
}

/// A queue whose every receiver gets every message.
pub struct BroadcastAll<B>(PhantomData<B>);

impl<B: Broadcast> Queue<Message<1>> for BroadcastAll<B> {
    type Sender = B::Sender<Message<1>>;
    type Receiver = B::Receiver<Message<1>>;

    fn endpoints(capacity: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, Message<1>> {
        assert_eq!(senders, 1, "it has one sender");
        let (sender, receivers) = B::broadcast(capacity.expect("it has a bound"), receivers);
        (vec![sender], receivers)
    }

    #[inline]
    fn send(sender: &mut Self::Sender, message: Message<1>) {
        B::send(sender, message);
    }

    #[inline]
    fn receive(receiver: &mut Self::Receiver) -> Option<Message<1>> {
        B::receive(receiver)
    }
}

fn measure<Q: Queue<Message<1>>, const COPY: usize>(window: &mut Window<'_>) -> Result<Sample, WindowError> {
    let plan = Plan {
        capacity: Some(CAPACITY),
        senders: 1,
        receivers: window.threads(),
        with_caller: true,
        every_receiver: true,
    };
    closed::measure_counted_laps(window, BATCH, &mut |team, batches| {
        let count = BATCH * batches;
        lap::lap(team, plan, lap::tasks::<Q, 1, COPY>(plan, count), count)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;

    use super::*;
    use crate::contenders::std::Bounded;
    use crate::model::NoOp;
    use contend_team::Team;

    /// A channel for each receiver, of which the second gets something else.
    struct Flawed<const FLAW: u8>;

    const LOSES: u8 = 0;
    const DOUBLES: u8 = 1;
    const SHARES: u8 = 2;

    impl<const FLAW: u8> Queue<Message<1>> for Flawed<FLAW> {
        type Sender = (Vec<Sender<Message<1>>>, usize);
        type Receiver = Receiver<Message<1>>;

        fn endpoints(_: Option<usize>, _: usize, receivers: usize) -> Endpoints<Self, Message<1>> {
            let (senders, receivers) = (0..receivers).map(|_| channel()).unzip();
            (vec![(senders, 0)], receivers)
        }

        fn send((senders, sent): &mut Self::Sender, message: Message<1>) {
            *sent += 1;
            for (index, sender) in senders.iter().enumerate() {
                let copies = match FLAW {
                    LOSES if index == 1 && message.number() == 7 => 0,
                    DOUBLES if index == 1 && message.number() == 7 => 2,
                    SHARES if *sent % 2 == index => 0,
                    _ => 1,
                };
                (0..copies).for_each(|_| sender.send(message).unwrap());
            }
        }

        fn receive(receiver: &mut Self::Receiver) -> Option<Message<1>> {
            receiver.recv().ok()
        }
    }

    fn outcome<Q: Queue<Message<1>>>() -> Result<Sample, String> {
        let mut window = Window {
            team: &mut Team::new(2),
            length: Duration::from_millis(2),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        measure::<Q, 0>(&mut window).map_err(|error| error.to_string())
    }

    #[test]
    fn every_receiver_has_to_get_every_message_once() {
        let sample = outcome::<BroadcastAll<PerReceiver<Bounded>>>().expect("it has no flaw");
        assert_eq!(sample.timing.operations.len(), 1, "a message counts once, however many receive it");
        assert_eq!(sample.timing.total() % sample.timing.chunk, 0, "{:?}", sample.timing);
        outcome::<NoOp>().expect("the floor sends nothing");
        let lost = outcome::<Flawed<LOSES>>().expect_err("a message is lost");
        assert!(lost.contains("receiver 1: 1 of 256 messages were lost"), "{lost}");
        let doubled = outcome::<Flawed<DOUBLES>>().expect_err("a message comes twice");
        assert!(
            doubled.contains("receiver 1: message 7 of sender 0 came after a later one, or twice"),
            "{doubled}"
        );
        let shared = outcome::<Flawed<SHARES>>().expect_err("each message goes to one receiver");
        assert!(shared.contains("128 of 256 messages were lost"), "{shared}");
    }
}
