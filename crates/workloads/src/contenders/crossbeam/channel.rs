//! crossbeam-channel, and its two ways to select.

#[cfg(feature = "patterns")]
mod select;

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};

use super::crossbeam;
use crate::capability::{Mpmc, ReceiveTimeout, Rendezvous, TryRecv, standard_channel, standard_receive_timeout};
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
    let bounded = crossbeam("crossbeam-channel", "crossbeam_channel::bounded");
    suite
        .channel::<Bounded>(bounded.facts(
            "Bounded, an array: a sender waits for room. Waiters spin briefly, then park. Both ends can be cloned.",
        ))
        .shared_receiver()
        .rendezvous()
        .receive_timeout();
    let unbounded = crossbeam("crossbeam-channel", "crossbeam_channel::unbounded");
    suite
        .unbounded_channel::<Unbounded>(
            unbounded.facts("A list of blocks; grows while receivers are slower. Both ends can be cloned."),
        )
        .shared_receiver();
    #[cfg(feature = "patterns")]
    select::register(suite);
}
