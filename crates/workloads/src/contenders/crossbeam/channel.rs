//! crossbeam-channel: its channels and its two ways to select.

mod select;

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};

use super::crossbeam;
use crate::capability::{
    Mpmc, ReceiveTimeout, Rendezvous, TryRecv, standard_channel, standard_receive_timeout,
};
use crate::registry::Suite;

/// `bounded`.
pub struct Bounded;

standard_channel!(Mpmc for Bounded, Sender, Receiver, crossbeam_channel, crossbeam_channel::bounded);
standard_receive_timeout!(Bounded, crossbeam_channel);
impl Rendezvous for Bounded {}

/// `unbounded`.
pub struct Unbounded;

standard_channel!(Mpmc for Unbounded, Sender, Receiver, crossbeam_channel, |_| crossbeam_channel::unbounded());

pub(super) fn register(suite: &mut Suite) {
    #[cfg(feature = "patterns")]
    suite.exclude("queue", "crossbeam_channel::bounded+batch", "its try_iter receives one message at a time");
    let info = |name| crossbeam("crossbeam-channel", name);
    let bounded = "Bounded: a sender waits for room. An array, without a lock; waiters spin, yield, then park. Of \
                   capacity 0: a list of waiters under a Mutex, who park at once. Both ends can be cloned.";
    suite
        .channel::<Bounded>(info("crossbeam_channel::bounded").facts(bounded))
        .shared_receiver()
        .rendezvous()
        .receive_timeout()
        .selector::<select::Macro>(info("crossbeam_channel::select+macro").in_role("", select::MACRO))
        .selector::<select::List>(info("crossbeam_channel::Select").in_role("", select::LIST));
    let unbounded = "Unbounded: grows while receivers are slower. A list of blocks of 31 messages, without a \
                     lock. Both ends can be cloned.";
    suite
        .unbounded_channel::<Unbounded>(info("crossbeam_channel::unbounded").facts(unbounded))
        .shared_receiver();
}
