//! Receivers that take all messages that are there at once, and come back when they have used them up.

use std::collections::VecDeque;
use std::marker::PhantomData;

use super::{
    BatchQueue, Endpoints, Locked, ManyToOne, NAME, OneReceiver, OneToOne, Params, PolledRing, Queue, Route,
};
use crate::capability::{BatchReceive, BatchRing, MutexCondvar, spin_for};
use crate::registry::{Info, Suite};

/// A queue for all sizes of messages.
trait AnySize:
    BatchQueue<super::Message<1>> + BatchQueue<super::Message<32>> + BatchQueue<super::Message<128>>
{
}

impl<Q> AnySize for Q where
    Q: BatchQueue<super::Message<1>> + BatchQueue<super::Message<32>> + BatchQueue<super::Message<128>>
{
}

/// Adds a channel to the routes with one receiver, which takes all messages at once.
pub fn register_batch_channel<C: BatchReceive, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    let role =
        "The receiver takes all messages that are there in one call, and holds them beside the capacity.";
    let info = info.in_role("+batch", role);
    on_route::<OneReceiver<C>, OneToOne, BOUNDED>(suite, &info);
    on_route::<OneReceiver<C>, ManyToOne, BOUNDED>(suite, &info);
}

/// Adds a queue under a mutex, bounded and unbounded, whose receiver exchanges the whole buffer.
pub fn register_batch_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info, suffix: &str) {
    let role = "As without `+batch`, but the receiver exchanges the VecDeque for an empty one. It holds these messages \
                beside the capacity, and wakes all senders.";
    let info = info.in_role(&format!("{suffix}+batch"), role);
    on_route::<Locked<C>, OneToOne, true>(suite, &info);
    on_route::<Locked<C>, OneToOne, false>(suite, &info);
    on_route::<Locked<C>, ManyToOne, true>(suite, &info);
    on_route::<Locked<C>, ManyToOne, false>(suite, &info);
}

/// Adds a ring to the route with one thread at each end, whose receiver removes all items at once.
pub fn register_batch_ring<R: BatchRing>(suite: &mut Suite, info: &Info) {
    let role = "As without `+batch`, but the receiver removes all messages that are there in one call, and holds them \
                beside the capacity. A thread burns its core while it waits.";
    on_route::<PolledRing<R>, OneToOne, true>(suite, &info.in_role("+batch", role).spins());
}

fn on_route<Q: AnySize, R: Route, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    if BOUNDED {
        for size in ["", "-256B", "-1KiB"] {
            let one = "a queue of one message has no more to take";
            suite.exclude(&format!("{NAME}/{}-1{size}", R::NAME), &info.name, one);
        }
    }
    suite.add::<Params<R, 1, BOUNDED>, InBatches<Q>>(info.clone());
    suite.add::<Params<R, 32, BOUNDED>, InBatches<Q>>(info.clone());
    suite.add::<Params<R, 128, BOUNDED>, InBatches<Q>>(info.clone());
}

/// A queue whose receiver takes messages in batches.
pub struct InBatches<Q>(PhantomData<Q>);

impl<M: Send + 'static, Q: BatchQueue<M>> Queue<M> for InBatches<Q> {
    type Sender = Q::Sender;
    type Receiver = (Q::Receiver, VecDeque<M>);

    fn endpoints(capacity: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, M> {
        let (senders, receivers) = Q::endpoints(capacity, senders, receivers);
        (senders, receivers.into_iter().map(|receiver| (receiver, VecDeque::new())).collect())
    }

    #[inline]
    fn send(sender: &mut Self::Sender, message: M) {
        Q::send(sender, message);
    }

    #[inline]
    fn receive((receiver, messages): &mut Self::Receiver) -> Option<M> {
        if messages.is_empty() {
            Q::receive_batch(receiver, messages);
        }
        messages.pop_front()
    }
}

impl<C: BatchReceive, M: Send + 'static> BatchQueue<M> for OneReceiver<C> {
    #[inline]
    fn receive_batch(receiver: &mut Self::Receiver, messages: &mut VecDeque<M>) {
        C::receive_batch(receiver, messages);
    }
}

impl<R: BatchRing, M: Send + 'static> BatchQueue<M> for PolledRing<R> {
    #[inline]
    fn receive_batch(consumer: &mut Self::Receiver, messages: &mut VecDeque<M>) {
        spin_for(|| {
            // Read before the ring, so that what the sender added last is seen.
            let closed = R::is_closed(consumer);
            R::pop_batch(consumer, messages);
            (closed || !messages.is_empty()).then_some(())
        });
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::super::Message;
    use super::super::lap::{self, Plan};
    use super::*;
    use crate::capability::CountedWaiters;
    use crate::contenders::std::StdCondvar;
    use contend_team::{Team, Window};

    /// A queue that loses or doubles the last message of a batch, if there are several.
    struct Flawed<const DOUBLES: bool>;

    type Sound = Locked<StdCondvar>;

    impl<const DOUBLES: bool> Queue<Message<1>> for Flawed<DOUBLES> {
        type Sender = <Sound as Queue<Message<1>>>::Sender;
        type Receiver = <Sound as Queue<Message<1>>>::Receiver;

        fn endpoints(capacity: Option<usize>, s: usize, r: usize) -> Endpoints<Self, Message<1>> {
            Sound::endpoints(capacity, s, r)
        }

        fn send(sender: &mut Self::Sender, message: Message<1>) {
            Sound::send(sender, message);
        }

        fn receive(receiver: &mut Self::Receiver) -> Option<Message<1>> {
            Sound::receive(receiver)
        }
    }

    impl<const DOUBLES: bool> BatchQueue<Message<1>> for Flawed<DOUBLES> {
        fn receive_batch(receiver: &mut Self::Receiver, messages: &mut VecDeque<Message<1>>) {
            thread::sleep(Duration::from_micros(200)); // so that there are several
            Sound::receive_batch(receiver, messages);
            let last = if messages.len() > 1 { messages.pop_back() } else { None };
            if let Some(last) = last.filter(|_| DOUBLES) {
                messages.extend([last, last]);
            }
        }
    }

    /// The outcome of a window of two senders and one receiver.
    fn outcome<Q: BatchQueue<Message<1>>>(capacity: Option<usize>) -> Result<u64, String> {
        let plan = Plan { capacity, senders: 2, receivers: 1, with_caller: true, every_receiver: false };
        let mut window = Window {
            team: &mut Team::new(2),
            length: Duration::from_millis(2),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        let sample = lap::measure::<InBatches<Q>, 1, 0>(plan, &mut window);
        sample.map(|sample| sample.timing.total()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_message_of_a_batch_arrives_once() {
        for capacity in [Some(1), Some(2), Some(64), None] {
            assert!(outcome::<Sound>(capacity).expect("it is sound") > 0);
            assert!(outcome::<Locked<CountedWaiters<StdCondvar>>>(capacity).expect("it is sound") > 0);
            #[cfg(feature = "contenders")]
            assert!(outcome::<OneReceiver<crate::contenders::flume::Bounded>>(capacity.or(Some(8))).is_ok());
        }
    }

    #[test]
    fn a_lost_or_doubled_message_of_a_batch_is_found() {
        let lost = outcome::<Flawed<false>>(Some(64)).expect_err("messages are lost");
        assert!(lost.contains("messages were lost"), "{lost}");
        let doubled = outcome::<Flawed<true>>(Some(64)).expect_err("messages come twice");
        assert!(doubled.contains("came after a later one, or twice"), "{doubled}");
    }

    /// The queue's lock is taken once for all messages that are there.
    #[test]
    fn a_batch_is_all_that_is_there() {
        let (mut senders, mut receivers) = Sound::endpoints(Some(8), 1, 1);
        let mut sender = senders.pop().expect("one");
        let receiver = &mut receivers[0];
        (0..5).for_each(|number| Sound::send(&mut sender, Message::<1>::new(0, number)));
        let mut messages = VecDeque::new();
        Sound::receive_batch(receiver, &mut messages);
        let numbers: Vec<u64> = messages.drain(..).map(|message| message.number()).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
        drop(sender);
        Sound::receive_batch(receiver, &mut messages);
        assert!(messages.is_empty(), "it is closed");
    }
}
