//! async-channel's channel, by its blocking calls.

use async_channel::{Receiver, Sender, TryRecvError};

use super::exclusions;
use crate::capability::{Mpmc, TryRecv};
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the documentation of the crate, and the changelog up to 2.5.
const CHECKED: Checked = Checked::on("2026-11-26", "2.5.0");

pub(super) fn register(suite: &mut Suite) {
    let name = "async_channel::bounded";
    suite.exclude("handoff", name, "it has no capacity of 0");
    let select = "its blocking calls wait at one channel and have no limit: more than that needs an executor";
    suite.exclude("select", name, select);
    exclusions::channel(suite, name);
    suite.exclude("queue", &format!("{name}+batch"), "it receives one message at a time");
    let bounded = "Bounded: a sender waits for room. Made for async code, used here by its blocking calls. \
                   An array, without a lock; waiters park in a list under a Mutex. Both ends can be cloned.";
    suite
        .channel::<Bounded>(Info::of_package("async-channel", name).facts(bounded).checked(CHECKED))
        .shared_receiver();
    let unbounded = "Unbounded: grows while receivers are slower. Made for async code, used here by its \
                     blocking calls. Both ends can be cloned.";
    let info =
        Info::of_package("async-channel", "async_channel::unbounded").facts(unbounded).checked(CHECKED);
    suite.unbounded_channel::<Unbounded>(info).shared_receiver();
}

macro_rules! async_channel {
    ($name:ident, $make:expr) => {
        impl Mpmc for $name {
            type Sender<T: Send + 'static> = Sender<T>;
            type Receiver<T: Send + 'static> = Receiver<T>;

            fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Receiver<T>) {
                let _ = capacity; // unused where the channel has no bound
                $make(capacity)
            }

            #[inline]
            fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
                let sent = sender.send_blocking(message);
                assert!(sent.is_ok(), "the receiver lives");
            }

            #[inline]
            fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
                receiver.recv_blocking().ok()
            }

            #[inline]
            fn try_receive<T: Send + 'static>(receiver: &Receiver<T>) -> TryRecv<T> {
                match receiver.try_recv() {
                    Ok(message) => TryRecv::Message(message),
                    Err(TryRecvError::Empty) => TryRecv::Empty,
                    Err(TryRecvError::Closed) => TryRecv::Closed,
                }
            }
        }
    };
}

/// `bounded`.
pub struct Bounded;

async_channel!(Bounded, ::async_channel::bounded);

/// `unbounded`.
pub struct Unbounded;

async_channel!(Unbounded, |_| ::async_channel::unbounded());
