//! oneshot: a channel for one message.

use ::oneshot::{Receiver, Sender};

use super::exclusions;
use crate::capability::OneShot;
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the README, the documentation of `Sender::send` and `Receiver::recv`, and the changelog up
/// to 0.2.1.
const CHECKED: Checked = Checked::on("2026-11-27", "0.2.1");

const NAME: &str = "oneshot::channel";

pub(super) fn register(suite: &mut Suite) {
    exclusions::one_shot(suite, NAME);
    let facts = "For one message: sending and receiving use up their ends. A send never waits. One atomic state, \
                 without a lock. A receiver that finds no message parks at once.";
    suite.one_shot::<Channel>(Info::of_package("oneshot", NAME).checked(CHECKED).facts(facts));
}

/// `channel`.
struct Channel;

impl OneShot for Channel {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn one_shot<T: Send + 'static>() -> (Sender<T>, Receiver<T>) {
        ::oneshot::channel()
    }

    #[inline]
    fn send<T: Send + 'static>(sender: Sender<T>, message: T) {
        assert!(sender.send(message).is_ok(), "the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: Receiver<T>) -> Option<T> {
        receiver.recv().ok()
    }
}
