//! Queues that need only what a channel, a condition variable or a queue without a wait can do.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Message, NAME, Queue, many_receivers, one_receiver};
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

/// Adds a queue under a mutex to all routes, bounded and not.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A VecDeque under a mutex, a condition variable for room and one for messages; each change wakes one.";
    let info = info.in_role("+Condvar", role);
    all_routes::<Locked<C>, true>(suite, &info);
    all_routes::<Locked<C>, false>(suite, &info);
}

/// Adds a queue that nobody can wait at to all routes.
pub fn register_poll_queue<Q: PollQueue, const BOUNDED: bool>(suite: &mut Suite, info: &Info) {
    let role = "A thread that finds no room or no message looks 100 times, then yields between looks: it burns its core \
                while it waits. The close is a count of senders beside the queue.";
    all_routes::<Polled<Q>, BOUNDED>(suite, &info.in_role("", role));
}

fn all_routes<Q, const BOUNDED: bool>(suite: &mut Suite, info: &Info)
where
    Q: Queue<Message<1>> + Queue<Message<32>>,
{
    one_receiver::<Q, BOUNDED>(suite, info);
    many_receivers::<Q, BOUNDED>(suite, info);
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    for (contender, reason) in [
        (
            "std::sync::mpsc+shared",
            "its receiver cannot be shared: in `1toN` and `NtoN` it stands behind a Mutex, as `+locked-receiver`",
        ),
        (
            "std::sync::mpsc::channel+capacity",
            "it has none, and is in `unbounded` alone: sync_channel has one",
        ),
        ("serial", "a queue within one thread is a VecDeque, and no pattern"),
        ("dashmap::DashMap", "a map has no order, and no thread can wait at it"),
        ("rayon", "a pool is given work, not messages; `pipeline` has its bridge"),
    ] {
        suite.exclude(NAME, contender, reason);
    }
}

/// A channel with one receiver.
pub struct OneReceiver<C>(C);

impl<C: Channel, M: Send + 'static> Queue<M> for OneReceiver<C> {
    type Sender = C::Sender<M>;
    type Receiver = C::Receiver<M>;

    fn open(
        capacity: Option<usize>,
        senders: usize,
        receivers: usize,
    ) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
        assert_eq!(receivers, 1, "its receiver cannot be shared");
        let (sender, receiver) = C::channel(capacity.unwrap_or(0));
        (vec![sender; senders], vec![receiver])
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

/// A channel whose receiver can be shared.
pub struct ManyReceivers<C>(C);

impl<C: Mpmc, M: Send + 'static> Queue<M> for ManyReceivers<C> {
    type Sender = C::Sender<M>;
    type Receiver = C::Receiver<M>;

    fn open(
        capacity: Option<usize>,
        senders: usize,
        receivers: usize,
    ) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
        let (sender, receiver) = C::channel(capacity.unwrap_or(0));
        (vec![sender; senders], vec![receiver; receivers])
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

/// A queue under a mutex.
pub struct Locked<C>(C);

struct Buffer<M> {
    messages: VecDeque<M>,
    capacity: usize,
    senders: usize,
}

pub struct Guarded<C: MutexCondvar, M: Send + 'static> {
    buffer: C::Mutex<Buffer<M>>,
    room: C::Condvar,
    message: C::Condvar,
}

/// Closes the queue when it is the last that is dropped.
pub struct Sender<C: MutexCondvar, M: Send + 'static>(Arc<Guarded<C, M>>);

impl<C: MutexCondvar, M: Send + 'static> Drop for Sender<C, M> {
    fn drop(&mut self) {
        let mut buffer = C::lock(&self.0.buffer);
        buffer.senders -= 1;
        if buffer.senders == 0 {
            C::notify_all(&self.0.message);
        }
    }
}

impl<C: MutexCondvar, M: Send + 'static> Queue<M> for Locked<C> {
    type Sender = Sender<C, M>;
    type Receiver = Arc<Guarded<C, M>>;

    fn open(
        capacity: Option<usize>,
        senders: usize,
        receivers: usize,
    ) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
        let shared = Arc::new(Guarded {
            buffer: C::mutex(Buffer {
                messages: VecDeque::with_capacity(capacity.unwrap_or(0)),
                capacity: capacity.unwrap_or(usize::MAX),
                senders,
            }),
            room: C::Condvar::default(),
            message: C::Condvar::default(),
        });
        let sender = |_| Sender(shared.clone());
        ((0..senders).map(sender).collect(), vec![shared.clone(); receivers])
    }

    #[inline]
    fn send(Sender(shared): &mut Self::Sender, message: M) {
        let mut buffer = C::lock(&shared.buffer);
        while buffer.messages.len() >= buffer.capacity {
            buffer = C::wait(&shared.room, buffer);
        }
        buffer.messages.push_back(message);
        drop(buffer);
        C::notify_one(&shared.message);
    }

    #[inline]
    fn receive(shared: &mut Self::Receiver) -> Option<M> {
        let mut buffer = C::lock(&shared.buffer);
        loop {
            if let Some(message) = buffer.messages.pop_front() {
                let bounded = buffer.capacity < usize::MAX;
                drop(buffer);
                if bounded {
                    C::notify_one(&shared.room);
                }
                return Some(message);
            }
            if buffer.senders == 0 {
                return None;
            }
            buffer = C::wait(&shared.message, buffer);
        }
    }
}

/// Who waits looks again and again.
pub struct Polled<P>(P);

pub struct Polling<P: PollQueue, M: Send + 'static> {
    queue: P::Queue<M>,
    senders: AtomicUsize,
}

pub struct PollSender<P: PollQueue, M: Send + 'static>(Arc<Polling<P, M>>);

impl<P: PollQueue, M: Send + 'static> Drop for PollSender<P, M> {
    fn drop(&mut self) {
        self.0.senders.fetch_sub(1, Ordering::Release);
    }
}

impl<P: PollQueue, M: Send + 'static> Queue<M> for Polled<P> {
    type Sender = PollSender<P, M>;
    type Receiver = Arc<Polling<P, M>>;

    fn open(
        capacity: Option<usize>,
        senders: usize,
        receivers: usize,
    ) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
        let shared = Arc::new(Polling { queue: P::new(capacity), senders: AtomicUsize::new(senders) });
        let sender = |_| PollSender(shared.clone());
        ((0..senders).map(sender).collect(), vec![shared.clone(); receivers])
    }

    #[inline]
    fn send(PollSender(shared): &mut Self::Sender, message: M) {
        let mut message = Some(message);
        spin_for(|| match P::push(&shared.queue, message.take().expect("it was given back")) {
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
            // Before the look into the queue: what the last sender sent is seen then.
            let closed = shared.senders.load(Ordering::Acquire) == 0;
            match P::pop(&shared.queue) {
                Some(message) => Some(Some(message)),
                None => closed.then_some(None),
            }
        })
    }
}
