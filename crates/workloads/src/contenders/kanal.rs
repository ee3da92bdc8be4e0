//! kanal's channel.

use std::collections::VecDeque;
use std::time::Duration;

use kanal::{ReceiveErrorTimeout, Receiver, Sender};

use super::exclusions;
use crate::capability::{BatchReceive, Mpmc, ReceiveTimeout, Rendezvous, TryRecv, as_vec};
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the README, and the sources of its lock and of its waits.
const CHECKED: Checked = Checked::on("2026-11-26", "0.1.1");

pub(super) fn register(suite: &mut Suite) {
    let late =
        "with a limit of 0, version 0.1.1 checks the clock before the close, and mostly misses the close";
    suite.exclude("cancel", "kanal::bounded+recv_timeout", late);
    exclusions::channel(suite, "kanal::bounded");
    let bounded = "Bounded: a sender waits for room. A VecDeque under a spin lock. A sender copies its \
                   message straight to a waiting receiver. Waiters yield 256 times, then park. Both ends can \
                   be cloned.";
    suite
        .channel::<Bounded>(Info::of_package("kanal", "kanal::bounded").checked(CHECKED).facts(bounded))
        .shared_receiver()
        .rendezvous()
        .batch_receive()
        .receive_timeout();
    let unbounded =
        "Unbounded: grows while receivers are slower. A VecDeque under a spin lock. Both ends can be cloned.";
    suite
        .unbounded_channel::<Unbounded>(
            Info::of_package("kanal", "kanal::unbounded").checked(CHECKED).facts(unbounded),
        )
        .batch_receive()
        .shared_receiver();
}

macro_rules! kanal_channel {
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
                let sent = sender.send(message);
                assert!(sent.is_ok(), "the receiver lives");
            }

            #[inline]
            fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
                receiver.recv().ok()
            }

            #[inline]
            fn try_receive<T: Send + 'static>(receiver: &Receiver<T>) -> TryRecv<T> {
                match receiver.try_recv() {
                    Ok(Some(message)) => TryRecv::Message(message),
                    Ok(None) => TryRecv::Empty,
                    Err(_) => TryRecv::Closed,
                }
            }
        }

        impl BatchReceive for $name {
            #[inline]
            fn receive_batch<T: Send + 'static>(receiver: &Receiver<T>, messages: &mut VecDeque<T>) {
                as_vec(messages, |messages| {
                    if receiver.drain_into(messages) == Ok(0) {
                        messages.extend(receiver.recv());
                    }
                });
            }
        }
    };
}

/// `bounded`.
pub struct Bounded;

kanal_channel!(Bounded, kanal::bounded);
impl Rendezvous for Bounded {}

/// `unbounded`.
pub struct Unbounded;

kanal_channel!(Unbounded, |_| kanal::unbounded());

impl ReceiveTimeout for Bounded {
    #[inline]
    fn receive_timeout<T: Send + 'static>(receiver: &Receiver<T>, limit: Duration) -> TryRecv<T> {
        match receiver.recv_timeout(limit) {
            Ok(message) => TryRecv::Message(message),
            Err(ReceiveErrorTimeout::Timeout) => TryRecv::Empty,
            Err(_) => TryRecv::Closed,
        }
    }
}
