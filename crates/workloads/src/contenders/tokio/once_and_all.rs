//! A channel for one message, and one whose every receiver gets every message.

use tokio::sync::{broadcast, oneshot};

use super::tokio;
use crate::capability::{Broadcast, OneShot, spin_for};
use crate::registry::Suite;

pub(super) fn register(suite: &mut Suite) {
    let facts = "Made for async code. Here a thread receives by blocking_recv, which says nothing of tasks. For one \
                 message: sending and receiving use up their ends. A send never waits. One atomic state.";
    suite.one_shot::<OneMessage>(tokio("tokio::sync::oneshot").facts(facts));
    let facts = "Made for async code. Here a thread receives by blocking_recv, which says nothing of tasks. A ring of \
                 slots with a lock each, and one for its end. It has no room to wait for: a full one overwrites the \
                 oldest message, and a receiver that is too slow loses it.";
    let role = "No receiver may lose a message. So the sender looks at len once in half the capacity, and polls until \
                half of it is free.";
    suite.broadcast::<Overwriting>(tokio("tokio::sync::broadcast").facts(facts).in_role("", role).spins());
}

/// `oneshot::channel`.
struct OneMessage;

impl OneShot for OneMessage {
    type Sender<T: Send + 'static> = oneshot::Sender<T>;
    type Receiver<T: Send + 'static> = oneshot::Receiver<T>;

    fn one_shot<T: Send + 'static>() -> (oneshot::Sender<T>, oneshot::Receiver<T>) {
        oneshot::channel()
    }

    #[inline]
    fn send<T: Send + 'static>(sender: oneshot::Sender<T>, message: T) {
        assert!(sender.send(message).is_ok(), "the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: oneshot::Receiver<T>) -> Option<T> {
        receiver.blocking_recv().ok()
    }
}

/// `broadcast::channel`.
struct Overwriting;

/// A sender that waits for receivers before it overwrites what they have not seen.
struct Publisher<T> {
    sender: broadcast::Sender<T>,
    capacity: usize,
    /// Messages that may be sent before it looks again.
    free: usize,
}

impl Broadcast for Overwriting {
    type Sender<T: Clone + Send + Sync + 'static> = Publisher<T>;
    type Receiver<T: Clone + Send + Sync + 'static> = broadcast::Receiver<T>;

    fn broadcast<T: Clone + Send + Sync + 'static>(
        capacity: usize,
        receivers: usize,
    ) -> (Publisher<T>, Vec<broadcast::Receiver<T>>) {
        let sender = broadcast::Sender::new(capacity);
        let receivers = (0..receivers).map(|_| sender.subscribe()).collect();
        (Publisher { sender, capacity, free: capacity }, receivers)
    }

    #[inline]
    fn send<T: Clone + Send + Sync + 'static>(publisher: &mut Publisher<T>, message: T) {
        if publisher.free == 0 {
            let half = publisher.capacity.div_ceil(2);
            spin_for(|| (publisher.sender.len() + half <= publisher.capacity).then_some(()));
            publisher.free = half;
        }
        publisher.free -= 1;
        assert!(publisher.sender.send(message).is_ok(), "a receiver lives");
    }

    #[inline]
    fn receive<T: Clone + Send + Sync + 'static>(receiver: &mut broadcast::Receiver<T>) -> Option<T> {
        match receiver.blocking_recv() {
            Ok(message) => Some(message),
            Err(broadcast::error::RecvError::Closed) => None,
            Err(lost @ broadcast::error::RecvError::Lagged(_)) => panic!("{lost}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slowest receiver starts when a second thread has sent more than the channel holds.
    #[test]
    fn a_slow_receiver_loses_nothing() {
        const MESSAGES: u64 = 100;
        for capacity in [1, 2, 8] {
            let (mut sender, mut receivers) = Overwriting::broadcast::<u64>(capacity, 2);
            let sending = std::thread::spawn(move || {
                (0..MESSAGES).for_each(|number| Overwriting::send(&mut sender, number));
            });
            let mut slow = receivers.pop().expect("there are two");
            let mut fast = receivers.pop().expect("there are two");
            let fast = std::thread::spawn(move || while Overwriting::receive(&mut fast).is_some() {});
            for number in 0..MESSAGES {
                if number % 16 == 0 {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                assert_eq!(Overwriting::receive(&mut slow), Some(number), "capacity {capacity}");
            }
            assert_eq!(Overwriting::receive(&mut slow), None);
            sending.join().expect("it sends all");
            fast.join().expect("it loses nothing either");
        }
    }
}
