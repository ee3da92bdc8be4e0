//! crossfire's channel.

use std::time::Duration;

use crossfire::mpmc::{self, Array, List};
use crossfire::{MRx, MTx, RecvTimeoutError, TryRecvError};

use super::exclusions;
use crate::capability::{Mpmc, ReceiveTimeout, TryRecv};
use crate::registry::{Info, Suite};

pub(super) fn register(suite: &mut Suite) {
    let buffer = "a capacity of 0 is taken for 1: a buffer, at which sender and receiver do not meet";
    suite.exclude("handoff", "crossfire::mpmc::bounded", buffer);
    exclusions::channel(suite, "crossfire::mpmc::bounded");
    suite
        .channel::<Bounded>(
            Info::of_package("crossfire", "crossfire::mpmc::bounded")
                .facts("An array, lock-free; waiters spin, yield, and park at last."),
        )
        .shared_receiver()
        .receive_timeout();
    suite
        .unbounded_channel::<Unbounded>(
            Info::of_package("crossfire", "crossfire::mpmc::unbounded")
                .facts("A list, lock-free; grows while receivers are slower. Both ends can be cloned."),
        )
        .shared_receiver();
}

macro_rules! crossfire_channel {
    ($name:ident, $flavor:ident, $make:expr) => {
        impl Mpmc for $name {
            type Sender<T: Send + 'static> = MTx<$flavor<T>>;
            type Receiver<T: Send + 'static> = MRx<$flavor<T>>;

            fn channel<T: Send + 'static>(capacity: usize) -> (MTx<$flavor<T>>, MRx<$flavor<T>>) {
                let _ = capacity; // of no use where the channel has no bound
                $make(capacity)
            }

            #[inline]
            fn send<T: Send + 'static>(sender: &MTx<$flavor<T>>, message: T) {
                let sent = sender.send(message);
                assert!(sent.is_ok(), "the receiver lives");
            }

            #[inline]
            fn receive<T: Send + 'static>(receiver: &MRx<$flavor<T>>) -> Option<T> {
                receiver.recv().ok()
            }

            #[inline]
            fn try_receive<T: Send + 'static>(receiver: &MRx<$flavor<T>>) -> TryRecv<T> {
                match receiver.try_recv() {
                    Ok(message) => TryRecv::Message(message),
                    Err(TryRecvError::Empty) => TryRecv::Empty,
                    Err(TryRecvError::Disconnected) => TryRecv::Closed,
                }
            }
        }
    };
}

/// `mpmc::bounded_blocking`.
pub struct Bounded;

crossfire_channel!(Bounded, Array, mpmc::bounded_blocking);

/// `mpmc::unbounded_blocking`.
pub struct Unbounded;

crossfire_channel!(Unbounded, List, |_| mpmc::unbounded_blocking());

impl ReceiveTimeout for Bounded {
    #[inline]
    fn receive_timeout<T: Send + 'static>(receiver: &MRx<Array<T>>, limit: Duration) -> TryRecv<T> {
        match receiver.recv_timeout(limit) {
            Ok(message) => TryRecv::Message(message),
            Err(RecvTimeoutError::Timeout) => TryRecv::Empty,
            Err(RecvTimeoutError::Disconnected) => TryRecv::Closed,
        }
    }
}
