//! flume's channel, and its selector.

use std::time::Duration;

use flume::{Receiver, Sender};

use crate::capability::{Mpmc, ReceiveTimeout, Rendezvous, TryRecv, standard_channel, standard_receive_timeout};
use crate::registry::{Info, Suite};

/// `bounded`.
pub struct Bounded;

standard_channel!(Mpmc for Bounded, Sender, Receiver, flume, flume::bounded);
standard_receive_timeout!(Bounded, flume);
impl Rendezvous for Bounded {}

/// `unbounded`.
pub struct Unbounded;

standard_channel!(Mpmc for Unbounded, Sender, Receiver, flume, |_| flume::unbounded());

pub(super) fn register(suite: &mut Suite) {
    suite
        .channel::<Bounded>(Info::of_package("flume", "flume::bounded").facts(
            "Bounded, a VecDeque under a Mutex: a sender waits for room. Waiters park, and are served in their order. \
             Both ends can be cloned. Maintained for fixes only.",
        ))
        .shared_receiver()
        .rendezvous()
        .receive_timeout();
    suite
        .unbounded_channel::<Unbounded>(Info::of_package("flume", "flume::unbounded").facts(
            "A VecDeque under a Mutex; grows while receivers are slower. Both ends can be cloned. Maintained for fixes \
             only.",
        ))
        .shared_receiver();
    #[cfg(feature = "patterns")]
    select::register(suite);
}

#[cfg(feature = "patterns")]
mod select;
