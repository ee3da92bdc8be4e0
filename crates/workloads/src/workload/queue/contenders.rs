//! The queues.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{NAME, Queue, many_receivers, one_receiver};
use crate::contenders::MutexCondvar;
use crate::contenders::std::{Bounded, LockedReceiver, StdCondvar, Unbounded};
use crate::model::Channel;
use crate::registry::{Info, Suite};

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| Info::new(name).family(family).package("std");
    one_receiver::<Sole<Bounded>, true>(suite, &std("std::sync::mpsc::sync_channel", "std channels").notes("One receiver only. A sender waits for room."));
    one_receiver::<Sole<Unbounded>, false>(suite, &std("std::sync::mpsc::channel", "std channels").notes("One receiver only. Grows while the receiver is slower. Crossbeam's code since Rust 1.67."));
    many_receivers::<Many<LockedReceiver<Bounded>>, true>(suite, &std("std::sync::mpsc::sync_channel+locked-receiver", "std channels").notes("The one receiver in an Arc<Mutex<_>>: who waits for a message waits with the lock held."));
    many_receivers::<Many<LockedReceiver<Unbounded>>, false>(suite, &std("std::sync::mpsc::channel+locked-receiver", "std channels").notes("The one receiver in an Arc<Mutex<_>>: who waits for a message waits with the lock held."));
    locked::<StdCondvar>(suite, &std("std::sync::Mutex+Condvar", "std Mutex").notes("A VecDeque under a Mutex, a Condvar for room and one for messages; each change wakes one."));
    #[cfg(feature = "contenders")]
    crates(suite);
    suite.exclude(NAME, "std::sync::mpsc+shared", "its receiver cannot be shared: in `1toN` and `NtoN` it stands behind a Mutex, as `+locked-receiver`");
    suite.exclude(NAME, "std::sync::mpsc::channel+capacity", "it has none, and is in `unbounded` alone: sync_channel has one");
    #[cfg(feature = "contenders")]
    {
        suite.exclude(NAME, "crossbeam_queue::SegQueue+capacity", "it has none, and is in `unbounded` alone: ArrayQueue has one");
        suite.exclude(NAME, "crossbeam_queue::ArrayQueue+unbounded", "its capacity is fixed when it is made: SegQueue has none");
    }
    suite.exclude(NAME, "serial", "a queue within one thread is a VecDeque, and no pattern");
    suite.exclude(NAME, "dashmap::DashMap", "a map has no order, and lets nobody wait");
    suite.exclude(NAME, "rayon", "a pool is given work, not messages; `pipeline` has its bridge");
}

#[cfg(feature = "contenders")]
#[rustfmt::skip]
fn crates(suite: &mut Suite) {
    use crate::contenders::{crossbeam, flume, parking_lot};
    locked::<parking_lot::ParkingLotCondvar>(suite, &Info::new("parking_lot::Mutex+Condvar").family("parking_lot").package("parking_lot").notes("As with std's: a VecDeque under a Mutex, a Condvar for room and one for messages."));
    let cross = |name| Info::new(name).family("crossbeam").package("crossbeam-channel");
    any::<Many<crossbeam::Bounded>, true>(suite, &cross("crossbeam_channel::bounded").notes("An array; a sender waits for room. Both ends can be shared."));
    any::<Many<crossbeam::Unbounded>, false>(suite, &cross("crossbeam_channel::unbounded").notes("A list of blocks; grows while receivers are slower. Both ends can be shared."));
    let flume = |name| Info::new(name).family("flume").package("flume").notes("A VecDeque under a lock. Both ends can be shared. Maintained for fixes only.");
    any::<Many<flume::Bounded>, true>(suite, &flume("flume::bounded"));
    any::<Many<flume::Unbounded>, false>(suite, &flume("flume::unbounded"));
    let queue = |name| Info::new(name).family("crossbeam").package("crossbeam-queue").notes("Lock-free, and lets nobody wait: who finds no room or no message looks 100 times, then yields between looks, and burns its core for as long. The close is a count of senders beside it.");
    any::<lists::Polled<crossbeam_queue::ArrayQueue<()>>, true>(suite, &queue("crossbeam_queue::ArrayQueue"));
    any::<lists::Polled<crossbeam_queue::SegQueue<()>>, false>(suite, &queue("crossbeam_queue::SegQueue"));
}

/// Adds a queue to all routes.
fn any<Q, const BOUNDED: bool>(suite: &mut Suite, info: &Info)
where
    Q: Queue<super::Message<1>> + Queue<super::Message<32>>,
{
    one_receiver::<Q, BOUNDED>(suite, info);
    many_receivers::<Q, BOUNDED>(suite, info);
}

/// A locked queue fits everywhere.
fn locked<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    any::<Locked<C>, true>(suite, info);
    any::<Locked<C>, false>(suite, info);
}

/// A channel with one receiver.
pub(in crate::workload) struct Sole<C>(C);

impl<C: Channel, M: Send + 'static> Queue<M> for Sole<C> {
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
pub(in crate::workload) struct Many<C>(C);

impl<C: Channel, M: Send + 'static> Queue<M> for Many<C>
where
    C::Receiver<M>: Clone,
{
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
pub(in crate::workload) struct Locked<C>(C);

struct Buffer<M> {
    messages: VecDeque<M>,
    capacity: usize,
    senders: usize,
}

pub(in crate::workload) struct Shared<C: MutexCondvar, M: Send + 'static> {
    buffer: C::Mutex<Buffer<M>>,
    room: C::Condvar,
    message: C::Condvar,
}

/// Closes the queue when it is the last that is dropped.
pub(in crate::workload) struct Sender<C: MutexCondvar, M: Send + 'static>(Arc<Shared<C, M>>);

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
    type Receiver = Arc<Shared<C, M>>;

    fn open(
        capacity: Option<usize>,
        senders: usize,
        receivers: usize,
    ) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
        let shared = Arc::new(Shared {
            buffer: C::mutex(Buffer {
                messages: VecDeque::with_capacity(capacity.unwrap_or(0)),
                capacity: capacity.unwrap_or(usize::MAX),
                senders,
            }),
            room: C::Condvar::default(),
            message: C::Condvar::default(),
        });
        let sender = |_| Sender(shared.clone());
        (
            (0..senders).map(sender).collect(),
            vec![shared.clone(); receivers],
        )
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

/// crossbeam's queues, which nobody can wait for.
#[cfg(feature = "contenders")]
mod lists {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crossbeam_queue::{ArrayQueue, SegQueue};

    use super::Queue;
    use crate::contenders::spin_for;

    /// A queue that nobody can wait for.
    pub(super) trait Poll: 'static {
        type Of<M: Send + 'static>: Send + Sync + 'static;

        fn new<M: Send + 'static>(capacity: Option<usize>) -> Self::Of<M>;

        /// Gives the message back where there is no room.
        fn push<M: Send + 'static>(queue: &Self::Of<M>, message: M) -> Result<(), M>;

        fn pop<M: Send + 'static>(queue: &Self::Of<M>) -> Option<M>;
    }

    impl Poll for ArrayQueue<()> {
        type Of<M: Send + 'static> = ArrayQueue<M>;

        fn new<M: Send + 'static>(capacity: Option<usize>) -> ArrayQueue<M> {
            ArrayQueue::new(capacity.expect("it has a bound"))
        }

        #[inline]
        fn push<M: Send + 'static>(queue: &ArrayQueue<M>, message: M) -> Result<(), M> {
            queue.push(message)
        }

        #[inline]
        fn pop<M: Send + 'static>(queue: &ArrayQueue<M>) -> Option<M> {
            queue.pop()
        }
    }

    impl Poll for SegQueue<()> {
        type Of<M: Send + 'static> = SegQueue<M>;

        fn new<M: Send + 'static>(_: Option<usize>) -> SegQueue<M> {
            SegQueue::new()
        }

        #[inline]
        fn push<M: Send + 'static>(queue: &SegQueue<M>, message: M) -> Result<(), M> {
            queue.push(message);
            Ok(())
        }

        #[inline]
        fn pop<M: Send + 'static>(queue: &SegQueue<M>) -> Option<M> {
            queue.pop()
        }
    }

    /// Who waits looks again and again.
    pub(super) struct Polled<P>(P);

    pub(super) struct Shared<P: Poll, M: Send + 'static> {
        queue: P::Of<M>,
        senders: AtomicUsize,
    }

    pub(super) struct Sender<P: Poll, M: Send + 'static>(Arc<Shared<P, M>>);

    impl<P: Poll, M: Send + 'static> Drop for Sender<P, M> {
        fn drop(&mut self) {
            self.0.senders.fetch_sub(1, Ordering::Release);
        }
    }

    impl<P: Poll, M: Send + 'static> Queue<M> for Polled<P> {
        type Sender = Sender<P, M>;
        type Receiver = Arc<Shared<P, M>>;

        fn open(
            capacity: Option<usize>,
            senders: usize,
            receivers: usize,
        ) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
            let shared = Arc::new(Shared {
                queue: P::new(capacity),
                senders: AtomicUsize::new(senders),
            });
            let sender = |_| Sender(shared.clone());
            (
                (0..senders).map(sender).collect(),
                vec![shared.clone(); receivers],
            )
        }

        #[inline]
        fn send(Sender(shared): &mut Self::Sender, message: M) {
            let mut message = Some(message);
            spin_for(
                || match P::push(&shared.queue, message.take().expect("it was given back")) {
                    Ok(()) => Some(()),
                    Err(back) => {
                        message = Some(back);
                        None
                    }
                },
            );
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
}
