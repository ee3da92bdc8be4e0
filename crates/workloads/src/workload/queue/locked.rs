//! A queue under a mutex, with condition variables.

use std::collections::VecDeque;
use std::mem::swap;
use std::sync::Arc;

use super::{BatchQueue, Endpoints, Queue};
use crate::capability::MutexCondvar;

/// A queue under a mutex.
pub struct Locked<C>(C);

struct Buffer<M> {
    messages: VecDeque<M>,
    capacity: usize,
    senders: usize,
}

pub struct LockedBuffer<C: MutexCondvar, M: Send + 'static> {
    buffer: C::Mutex<Buffer<M>>,
    room: C::Condvar,
    message: C::Condvar,
}

impl<C: MutexCondvar, M: Send + 'static> LockedBuffer<C, M> {
    fn new(capacity: Option<usize>, senders: usize) -> Arc<Self> {
        let messages = VecDeque::with_capacity(capacity.unwrap_or(0));
        Arc::new(Self {
            buffer: C::mutex(Buffer { messages, capacity: capacity.unwrap_or(usize::MAX), senders }),
            room: C::Condvar::default(),
            message: C::Condvar::default(),
        })
    }
}

/// Closes the queue when the last of them is dropped.
pub struct LockedSender<C: MutexCondvar, M: Send + 'static>(Arc<LockedBuffer<C, M>>);

impl<C: MutexCondvar, M: Send + 'static> Drop for LockedSender<C, M> {
    fn drop(&mut self) {
        let mut buffer = C::lock(&self.0.buffer);
        buffer.senders -= 1;
        if buffer.senders == 0 {
            C::notify_all(&self.0.message);
        }
    }
}

impl<C: MutexCondvar, M: Send + 'static> Queue<M> for Locked<C> {
    type Sender = LockedSender<C, M>;
    type Receiver = Arc<LockedBuffer<C, M>>;

    fn endpoints(capacity: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, M> {
        let shared = LockedBuffer::new(capacity, senders);
        let sender = |_| LockedSender(shared.clone());
        ((0..senders).map(sender).collect(), vec![shared.clone(); receivers])
    }

    #[inline]
    fn pair(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
        let shared = LockedBuffer::new(capacity, 1);
        (LockedSender(shared.clone()), shared)
    }

    #[inline]
    fn send(LockedSender(shared): &mut Self::Sender, message: M) {
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

impl<C: MutexCondvar, M: Send + 'static> BatchQueue<M> for Locked<C> {
    /// Exchanges the full buffer for the empty one.
    #[inline]
    fn receive_batch(shared: &mut Self::Receiver, messages: &mut VecDeque<M>) {
        let mut buffer = C::lock(&shared.buffer);
        while buffer.messages.is_empty() {
            if buffer.senders == 0 {
                return;
            }
            buffer = C::wait(&shared.message, buffer);
        }
        swap(&mut buffer.messages, messages);
        let bounded = buffer.capacity < usize::MAX;
        drop(buffer);
        if bounded {
            C::notify_all(&shared.room);
        }
    }
}
