//! Queues made of a channel, of condition variables, or of a queue that no thread can wait at.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{AnySizeQueue, Endpoints, Locked, NAME, Queue, many_receivers, one_receiver};
use crate::capability::{Channel, Mpmc, MutexCondvar, PollQueue, spin_for};
use crate::registry::{Info, Suite};

/// Adds a channel to the routes with one receiver.
pub fn register_channel<C: Channel, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    one_receiver::<OneReceiver<C>, BOUNDED>(suite, info);
}

/// Adds a channel to the routes with many receivers.
pub fn register_mpmc<C: Mpmc, const BOUNDED: bool>(suite: &mut Suite, info: &Info, suffix: &str) {
    many_receivers::<ManyReceivers<C>, BOUNDED>(suite, &info.in_role(suffix, ""));
}

/// Adds a queue under a mutex to all routes, bounded and unbounded.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A VecDeque under a mutex, with a condition variable for room and one for messages. Each \
                change wakes one waiter.";
    let info = info.in_role("+Condvar", role);
    all_routes::<Locked<C>, true>(suite, &info);
    all_routes::<Locked<C>, false>(suite, &info);
}

/// Adds the same with its waiters counted.
pub fn register_counted_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A VecDeque under a mutex, with a condition variable and a count of waiters for room and for messages. \
                Each change wakes one waiter if somebody waits.";
    let info = info.in_role("+Condvar+counted", role);
    all_routes::<Locked<C>, true>(suite, &info);
    all_routes::<Locked<C>, false>(suite, &info);
}

/// Adds a queue that no thread can wait at to all routes.
pub fn register_poll_queue<Q: PollQueue, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    let role = "A thread that finds no room or no message polls 100 times, then yields between polls. It \
                burns its core while it waits. A count of senders beside the queue closes it.";
    all_routes::<Polled<Q>, BOUNDED>(suite, &info.in_role("", role).spins());
}

fn all_routes<Q: AnySizeQueue, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    one_receiver::<Q, BOUNDED>(suite, info);
    many_receivers::<Q, BOUNDED>(suite, info);
}

/// Adds the reasons for what is missing. Call it before the contenders are added.
pub fn register_exclusions(suite: &mut Suite) {
    let shared =
        "its receiver cannot be shared: in `1toN` and `NtoN` it is behind a Mutex, as `+locked-receiver`";
    for (contender, reason) in [
        ("std::sync::mpsc+shared", shared),
        (
            "std::sync::mpsc::channel+capacity",
            "it has no capacity, so it is in `unbounded` only: see sync_channel",
        ),
        ("serial", "a queue within one thread is a VecDeque, not a pattern of threads"),
        ("dashmap::DashMap", "a map has no order, and no thread can wait at it"),
        ("fibre", "its licence is MPL-2.0, and the crates that are measured have MIT, Apache-2.0 or BSD"),
        ("rayon", "a pool takes tasks, not messages: `pipeline` has its bridge"),
    ] {
        suite.exclude(NAME, contender, reason);
    }
}

/// Makes a channel a queue, given what it can do and how its receiver becomes many.
macro_rules! channel_queue {
    ($name:ident<$capability:ident>, |$receiver:ident, $count:ident| $receivers:expr) => {
        impl<C: $capability, M: Send + 'static> Queue<M> for $name<C> {
            type Sender = C::Sender<M>;
            type Receiver = C::Receiver<M>;

            fn endpoints(capacity: Option<usize>, senders: usize, $count: usize) -> Endpoints<Self, M> {
                let (sender, $receiver) = C::channel(capacity.unwrap_or(0));
                (vec![sender; senders], $receivers)
            }

            #[inline]
            fn pair(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
                C::channel(capacity.unwrap_or(0))
            }

            #[inline]
            fn send(sender: &mut Self::Sender, message: M) {
                C::send(sender, message);
            }

            #[inline]
            fn receive(receiver: &mut Self::Receiver) -> Option<M> {
                C::receive(receiver)
            }
        }
    };
}

/// A channel with one receiver.
pub struct OneReceiver<C>(C);

channel_queue!(OneReceiver<Channel>, |receiver, count| {
    assert_eq!(count, 1, "its receiver cannot be shared");
    vec![receiver]
});

/// A channel whose receiver can be cloned.
pub struct ManyReceivers<C>(C);

channel_queue!(ManyReceivers<Mpmc>, |receiver, count| vec![receiver; count]);

/// A queue whose waiting threads poll it.
pub struct Polled<Q>(Q);

pub struct PolledQueue<Q: PollQueue, M: Send + 'static> {
    queue: Q::Queue<M>,
    senders: AtomicUsize,
}

impl<Q: PollQueue, M: Send + 'static> PolledQueue<Q, M> {
    fn new(capacity: Option<usize>, senders: usize) -> Arc<Self> {
        Arc::new(Self { queue: Q::new(capacity), senders: AtomicUsize::new(senders) })
    }
}

/// Closes the queue when the last of them is dropped.
pub struct PolledSender<Q: PollQueue, M: Send + 'static>(Arc<PolledQueue<Q, M>>);

impl<Q: PollQueue, M: Send + 'static> Drop for PolledSender<Q, M> {
    fn drop(&mut self) {
        self.0.senders.fetch_sub(1, Ordering::Release);
    }
}

impl<Q: PollQueue, M: Send + 'static> Queue<M> for Polled<Q> {
    type Sender = PolledSender<Q, M>;
    type Receiver = Arc<PolledQueue<Q, M>>;

    fn endpoints(capacity: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, M> {
        let shared = PolledQueue::new(capacity, senders);
        let sender = |_| PolledSender(shared.clone());
        ((0..senders).map(sender).collect(), vec![shared.clone(); receivers])
    }

    #[inline]
    fn pair(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
        let shared = PolledQueue::new(capacity, 1);
        (PolledSender(shared.clone()), shared)
    }

    #[inline]
    fn send(PolledSender(shared): &mut Self::Sender, message: M) {
        let mut message = Some(message);
        spin_for(|| match Q::push(&shared.queue, message.take().expect("it was given back")) {
            Ok(()) => Some(()),
            Err(back) => {
                message = Some(back);
                None
            }
        });
    }

    #[inline]
    fn receive(shared: &mut Self::Receiver) -> Option<M> {
        spin_for(|| {
            // Read before the queue, so that what the last sender sent is seen.
            let closed = shared.senders.load(Ordering::Acquire) == 0;
            match Q::pop(&shared.queue) {
                Some(message) => Some(Some(message)),
                None => closed.then_some(None),
            }
        })
    }
}
