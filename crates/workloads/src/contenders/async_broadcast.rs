//! async-broadcast's channel, by its blocking calls.

use ::async_broadcast::{Receiver, Sender};

use super::exclusions;
use crate::capability::Broadcast;
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the documentation of the crate, and the changelog up to 0.7.2.
const CHECKED: Checked = Checked::on("2026-11-27", "0.7.2");

const NAME: &str = "async_broadcast::broadcast";

pub(super) fn register(suite: &mut Suite) {
    exclusions::broadcast(suite, NAME);
    let facts = "Made for async code. Here threads use its blocking calls, which says nothing of tasks. Bounded: a \
                 sender waits for the slowest receiver, unless overflow is on. A VecDeque under std's Mutex; each \
                 message is stored once, with a count of the receivers that it waits for.";
    suite.broadcast::<Channel>(Info::of_package("async-broadcast", NAME).checked(CHECKED).facts(facts));
}

/// `broadcast`.
struct Channel;

impl Broadcast for Channel {
    type Sender<T: Clone + Send + Sync + 'static> = Sender<T>;
    type Receiver<T: Clone + Send + Sync + 'static> = Receiver<T>;

    fn broadcast<T: Clone + Send + Sync + 'static>(
        capacity: usize,
        receivers: usize,
    ) -> (Sender<T>, Vec<Receiver<T>>) {
        let (sender, receiver) = ::async_broadcast::broadcast(capacity);
        (sender, vec![receiver; receivers])
    }

    #[inline]
    fn send<T: Clone + Send + Sync + 'static>(sender: &mut Sender<T>, message: T) {
        assert!(sender.broadcast_blocking(message).is_ok(), "the receivers live");
    }

    #[inline]
    fn receive<T: Clone + Send + Sync + 'static>(receiver: &mut Receiver<T>) -> Option<T> {
        receiver.recv_blocking().ok()
    }
}
