//! State that one thread owns; the other threads send it operations.

use std::thread::JoinHandle;

use super::{Model, Shared, handles, spawn};
use crate::capability::Channel;
use contend_record::Class;

/// The capacity of an owner's inbox, if the channel has a bound.
pub const INBOX: usize = 1_024;

/// A message to the owner. Its type depends on the model's operations, not on the model, so that models
/// with the same operations share the compiled channel.
enum Message<W, R> {
    Write(W),
    Read { read: R, worker: usize },
    Settle { worker: usize },
}

type MessageTo<M> = Message<<M as Model>::Write, <M as Model>::Read>;

/// A message back to a worker.
enum Reply<A> {
    Answer(A),
    Settled,
}

/// The adapter that makes a contender of a channel: a thread behind it owns the model.
///
/// A write is sent without waiting. A read waits for its answer, which comes back through a channel of the
/// same kind, one for each worker.
pub struct Actor<C: Channel, M: Model> {
    worker: usize,
    inbox: C::Sender<MessageTo<M>>,
    replies: C::Receiver<Reply<M::Answer>>,
    /// Kept by the first handle. Returns the digest.
    owner: Option<JoinHandle<u64>>,
}

impl<C: Channel, M: Model> Actor<C, M> {
    fn reply(&self) -> Reply<M::Answer> {
        C::receive(&self.replies).expect("the owner lives as long as its handles")
    }
}

impl<C: Channel, M: Model> Shared<M> for Actor<C, M> {
    const CLASS: Class = Class::Deferred;
    const HELPERS: u32 = 1;

    fn new_handles(mut model: M, workers: usize) -> Vec<Self> {
        let (inbox, messages) = C::channel::<MessageTo<M>>(INBOX);
        let mut senders = Vec::with_capacity(workers);
        let mut receivers = Vec::with_capacity(workers);
        for _ in 0..workers {
            let (sender, receiver) = C::channel::<Reply<M::Answer>>(1);
            senders.push(sender);
            receivers.push(receiver);
        }
        let mut owner = Some(spawn(Box::new(move || {
            while let Some(message) = C::receive(&messages) {
                match message {
                    Message::Write(write) => model.write(write),
                    Message::Read { read, worker } => {
                        C::send(&senders[worker], Reply::Answer(model.read(read)));
                    }
                    Message::Settle { worker } => C::send(&senders[worker], Reply::Settled),
                }
            }
            model.digest()
        })));
        let mut receivers = receivers.into_iter();
        handles(workers, |worker| Actor {
            worker,
            inbox: inbox.clone(),
            replies: receivers.next().expect("one was made for each"),
            owner: owner.take(),
        })
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        C::send(&self.inbox, Message::Write(write));
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        let worker = self.worker;
        C::send(&self.inbox, Message::Read { read, worker });
        match self.reply() {
            Reply::Answer(answer) => answer,
            Reply::Settled => unreachable!("a worker has one request under way"),
        }
    }

    fn flush(&mut self) {
        let worker = self.worker;
        C::send(&self.inbox, Message::Settle { worker });
        match self.reply() {
            Reply::Settled => (),
            Reply::Answer(_) => unreachable!("a worker has one request under way"),
        }
    }

    fn into_digest(mut handles: Vec<Self>) -> u64 {
        let owner = handles[0].owner.take().expect("the first handle keeps it");
        drop(handles); // the last sender goes, and with it the owner's loop
        owner.join().expect("the owner did not panic")
    }
}
