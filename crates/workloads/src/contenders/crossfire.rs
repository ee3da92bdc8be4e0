//! crossfire's channel, by its blocking calls.

use std::time::Duration;

use crossfire::mpmc::{self, Array, List};
use crossfire::{MRx, MTx, Rx, Tx, mpsc, spsc};

use super::exclusions;
use crate::capability::{Channel, Mpmc, ReceiveTimeout, TryRecv, standard_channel, standard_receive_timeout};
use crate::registry::{Checked, Info, Suite};
use crate::workload::queue::{self, Endpoints, Queue};

/// The review of the notes: the README, and the changelog up to 3.1.22.
const CHECKED: Checked = Checked::on("2026-11-26", "3.1.22");

pub(super) fn register(suite: &mut Suite) {
    // As its README asks of programs: on one CPU it yields and does not spin.
    crossfire::detect_backoff_cfg();
    let buffer = "it treats a capacity of 0 as 1, so sender and receiver do not meet";
    suite.exclude("handoff", "crossfire::mpmc::bounded", buffer);
    exclusions::channel(suite, "crossfire::mpmc::bounded");
    suite.exclude("queue", "crossfire::mpmc::bounded+batch", "it receives one message at a time");
    let bounded = "Bounded: a sender waits for room. An array, without a lock. Waiters spin, yield, then \
                   park. Both ends can be cloned.";
    suite
        .channel::<Bounded>(
            Info::of_package("crossfire", "crossfire::mpmc::bounded").checked(CHECKED).facts(bounded),
        )
        .shared_receiver()
        .receive_timeout();
    let unbounded = "Unbounded: grows while receivers are slower. A list of blocks, without a lock. Both \
                     ends can be cloned.";
    suite
        .unbounded_channel::<Unbounded>(
            Info::of_package("crossfire", "crossfire::mpmc::unbounded").facts(unbounded).checked(CHECKED),
        )
        .shared_receiver();
    one_receiver(suite);
}

/// Adds the channels that are made for one receiver, or for one sender too.
fn one_receiver(suite: &mut Suite) {
    let (mpsc, spsc) = ("crossfire::mpsc::bounded", "crossfire::spsc::bounded");
    exclusions::channel(suite, mpsc);
    suite.exclude("handoff", mpsc, "it treats a capacity of 0 as 1, so sender and receiver do not meet");
    let shared = "its receiver cannot be shared: see crossfire::mpmc";
    exclusions::each(suite, &["queue", "fan-out"], &format!("{mpsc}+shared"), shared);
    let facts = "Bounded: a sender waits for room. An array, without a lock, for one receiver. Waiters spin, yield, \
                 then park.";
    let info = |name| Info::of_package("crossfire", name).checked(CHECKED);
    suite.channel::<OneReceiver>(info(mpsc).facts(facts)).receive_timeout();
    suite.exclude(
        "queue",
        &format!("{spsc}+shared"),
        "it has one thread at each end, so it is in `1to1` only",
    );
    let facts = "Bounded: a sender waits for room. An array, without a lock, for one sender and one receiver. Waiters \
                 spin, yield, then park.";
    queue::one_to_one::<OneToOne, true>(suite, &info(spsc).facts(facts));
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

type SingleReceiver<T> = Rx<mpsc::Array<T>>;
type ManySenders<T> = MTx<mpsc::Array<T>>;

/// `mpsc::bounded_blocking`.
pub struct OneReceiver;

standard_channel!(Channel for OneReceiver, ManySenders, SingleReceiver, crossfire, mpsc::bounded_blocking);
standard_receive_timeout!(OneReceiver, crossfire);

/// `spsc::bounded_blocking`.
struct OneToOne;

impl<M: Send + 'static> Queue<M> for OneToOne {
    type Sender = Tx<spsc::Array<M>>;
    type Receiver = Rx<spsc::Array<M>>;

    fn endpoints(capacity: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, M> {
        assert_eq!([senders, receivers], [1, 1], "it has one thread at each end");
        let (sender, receiver) = spsc::bounded_blocking(capacity.expect("it has a bound"));
        (vec![sender], vec![receiver])
    }

    #[inline]
    fn send(sender: &mut Self::Sender, message: M) {
        let sent = sender.send(message);
        assert!(sent.is_ok(), "the receiver lives");
    }

    #[inline]
    fn receive(receiver: &mut Self::Receiver) -> Option<M> {
        receiver.recv().ok()
    }
}
