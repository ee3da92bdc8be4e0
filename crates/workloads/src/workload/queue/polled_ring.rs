//! A queue made of a ring with one thread at each end.

use super::{Endpoints, Queue, one_to_one};
use crate::capability::{Ring, spin_for};
use crate::registry::{Info, Suite};

/// Adds a ring to the route with one thread at each end.
pub fn register_ring<R: Ring>(suite: &mut Suite, info: &Info) {
    let role = "A thread that finds no room or no message polls 100 times, then yields between polls. It burns its \
                core while it waits. The sender's drop closes it.";
    one_to_one::<PolledRing<R>, true>(suite, &info.in_role("", role).spins());
}

/// A ring whose two threads poll it.
pub struct PolledRing<R>(R);

impl<R: Ring, M: Send + 'static> Queue<M> for PolledRing<R> {
    type Sender = R::Producer<M>;
    type Receiver = R::Consumer<M>;

    fn endpoints(capacity: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, M> {
        assert_eq!([senders, receivers], [1, 1], "it has one thread at each end");
        let (producer, consumer) = R::ring(capacity.expect("it has a bound"));
        (vec![producer], vec![consumer])
    }

    #[inline]
    fn send(producer: &mut Self::Sender, message: M) {
        let mut message = Some(message);
        spin_for(|| match R::push(producer, message.take().expect("it was given back")) {
            Ok(()) => Some(()),
            Err(back) => {
                message = Some(back);
                None
            }
        });
    }

    #[inline]
    fn receive(consumer: &mut Self::Receiver) -> Option<M> {
        spin_for(|| {
            // Read before the ring, so that what the sender added last is seen.
            let closed = R::is_closed(consumer);
            match R::pop(consumer) {
                Some(message) => Some(Some(message)),
                None => closed.then_some(None),
            }
        })
    }
}
