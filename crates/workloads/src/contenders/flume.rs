//! flume: its channel and its selector.

mod select;

use std::collections::VecDeque;
use std::time::Duration;

use flume::{Receiver, Sender};

use crate::capability::{
    BatchReceive, Mpmc, ReceiveTimeout, Rendezvous, TryRecv, standard_channel, standard_receive_timeout,
};
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the README, with its features and "casual maintenance", and the changelog up to 0.12.
const CHECKED: Checked = Checked::on("2026-11-26", "0.12.0");

fn flume(name: &str) -> Info {
    Info::of_package("flume", name).checked(CHECKED)
}

/// Implements [`BatchReceive`] by `drain`, which returns at once.
macro_rules! batch_receive {
    ($name:ident) => {
        impl BatchReceive for $name {
            #[inline]
            fn receive_batch<T: Send + 'static>(receiver: &Receiver<T>, messages: &mut VecDeque<T>) {
                messages.extend(receiver.drain());
                if messages.is_empty() {
                    messages.extend(receiver.recv());
                }
            }
        }
    };
}

/// `bounded`.
pub struct Bounded;

standard_channel!(Mpmc for Bounded, Sender, Receiver, flume, flume::bounded);
standard_receive_timeout!(Bounded, flume);
impl Rendezvous for Bounded {}
batch_receive!(Bounded);

/// `unbounded`.
pub struct Unbounded;

standard_channel!(Mpmc for Unbounded, Sender, Receiver, flume, |_| flume::unbounded());
batch_receive!(Unbounded);

pub(super) fn register(suite: &mut Suite) {
    let bounded = "Bounded: a sender waits for room. A VecDeque under a Mutex. Waiters park at once, and are \
                   served in the order in which they came. Both ends can be cloned. Maintained for fixes, \
                   hardly for features.";
    let selector = flume("flume::Selector").facts("Maintained for fixes, hardly for features.");
    suite
        .channel::<Bounded>(flume("flume::bounded").facts(bounded))
        .shared_receiver()
        .rendezvous()
        .batch_receive()
        .receive_timeout()
        .selector::<select::FlumeSelector>(selector.in_role("", select::ROLE));
    let unbounded = "Unbounded: grows while receivers are slower. A VecDeque under a Mutex. Both ends can be \
                     cloned. Maintained for fixes, hardly for features.";
    suite
        .unbounded_channel::<Unbounded>(flume("flume::unbounded").facts(unbounded))
        .batch_receive()
        .shared_receiver();
}
