//! crossfire's channel, by its blocking calls.

use std::time::Duration;

use crossfire::mpmc::{self, Array, List};
use crossfire::{MRx, MTx};

use super::exclusions;
use crate::capability::{Mpmc, ReceiveTimeout, TryRecv, standard_channel, standard_receive_timeout};
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the README, and the changelog up to 3.1.22.
const CHECKED: Checked = Checked::on("2026-11-26", "3.1.22");

pub(super) fn register(suite: &mut Suite) {
    let buffer = "it treats a capacity of 0 as 1, so sender and receiver do not meet";
    suite.exclude("handoff", "crossfire::mpmc::bounded", buffer);
    exclusions::channel(suite, "crossfire::mpmc::bounded");
    let bounded = "Bounded: a sender waits for room. An array, without a lock. Waiters spin, yield, then \
                   park. Both ends can be cloned.";
    suite
        .channel::<Bounded>(Info::of_package("crossfire", "crossfire::mpmc::bounded").checked(CHECKED).facts(bounded))
        .shared_receiver()
        .receive_timeout();
    let unbounded = "Unbounded: grows while receivers are slower. A list of blocks, without a lock. Both \
                     ends can be cloned.";
    suite
        .unbounded_channel::<Unbounded>(
            Info::of_package("crossfire", "crossfire::mpmc::unbounded").facts(unbounded).checked(CHECKED),
        )
        .shared_receiver();
}

type ArraySender<T> = MTx<Array<T>>;
type ArrayReceiver<T> = MRx<Array<T>>;
type ListSender<T> = MTx<List<T>>;
type ListReceiver<T> = MRx<List<T>>;

/// `mpmc::bounded_blocking`.
pub struct Bounded;

standard_channel!(Mpmc for Bounded, ArraySender, ArrayReceiver, crossfire, mpmc::bounded_blocking);
standard_receive_timeout!(Bounded, crossfire);

/// `mpmc::unbounded_blocking`.
pub struct Unbounded;

standard_channel!(Mpmc for Unbounded, ListSender, ListReceiver, crossfire, |_| mpmc::unbounded_blocking());
