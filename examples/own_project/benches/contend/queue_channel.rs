//! The one file of a channel that contend does not ship: a `VecDeque` under a mutex, with a condition
//! variable for each side. Its receivers can be cloned, so it implements `Mpmc`.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use contend::capability::{Mpmc, ReceiveTimeout, TryRecv};

struct Queue<T> {
    messages: VecDeque<T>,
    capacity: usize,
    senders: usize,
}

struct Shared<T> {
    queue: Mutex<Queue<T>>,
    room: Condvar,
    message: Condvar,
}

pub struct Sender<T>(Arc<Shared<T>>);

pub struct Receiver<T>(Arc<Shared<T>>);

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.queue.lock().unwrap().senders += 1;
        Self(self.0.clone())
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The last sender closes the channel.
impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut queue = self.0.queue.lock().unwrap();
        queue.senders -= 1;
        if queue.senders == 0 {
            self.0.message.notify_all();
        }
    }
}

impl<T> Receiver<T> {
    /// Waits for a message until `deadline`, or for as long as it takes.
    fn receive(&self, deadline: Option<Instant>) -> TryRecv<T> {
        let shared = &*self.0;
        let mut queue = shared.queue.lock().unwrap();
        loop {
            if let Some(message) = queue.messages.pop_front() {
                drop(queue);
                shared.room.notify_one();
                return TryRecv::Message(message);
            }
            if queue.senders == 0 {
                return TryRecv::Closed;
            }
            queue = match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => shared.message.wait(queue).unwrap(),
                Some(Duration::ZERO) => return TryRecv::Empty,
                Some(left) => shared.message.wait_timeout(queue, left).unwrap().0,
            };
        }
    }
}

/// The name under which contend knows the channel.
pub struct QueueChannel;

impl Mpmc for QueueChannel {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue { messages: VecDeque::new(), capacity, senders: 1 }),
            room: Condvar::new(),
            message: Condvar::new(),
        });
        (Sender(shared.clone()), Receiver(shared))
    }

    fn send<T: Send + 'static>(Sender(shared): &Sender<T>, message: T) {
        let mut queue = shared.queue.lock().unwrap();
        while queue.messages.len() >= queue.capacity {
            queue = shared.room.wait(queue).unwrap();
        }
        queue.messages.push_back(message);
        drop(queue);
        shared.message.notify_one();
    }

    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        match receiver.receive(None) {
            TryRecv::Message(message) => Some(message),
            TryRecv::Empty | TryRecv::Closed => None,
        }
    }

    fn try_receive<T: Send + 'static>(receiver: &Receiver<T>) -> TryRecv<T> {
        receiver.receive(Some(Instant::now()))
    }
}

impl ReceiveTimeout for QueueChannel {
    fn receive_timeout<T: Send + 'static>(receiver: &Receiver<T>, limit: Duration) -> TryRecv<T> {
        receiver.receive(Some(Instant::now() + limit))
    }
}
