//! The suite's windows, adapter and loop, with crossbeam's channel compiled in this crate, as that of the
//! loop by hand is. The compiler lays the same source out in another way for each crate that uses it, and a
//! channel's ends find another balance then, which is no part of what the driver adds.

use contend::capability::TryRecv;
use contend::model::Actor;
use contend::workload::counter::{self, Count};
use contend::{Channel, Info, Suite};
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};

pub fn register(suite: &mut Suite) {
    counter::contender::<Actor<Here, Count>>(suite, &Info::new("compiled-here::crossbeam_channel"));
}

/// A type of this crate, so that whatever has it among its parameters is compiled here.
struct Here;

impl Channel for Here {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        bounded(capacity)
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        sender.send(message).unwrap();
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv().ok()
    }

    fn try_receive<T: Send + 'static>(receiver: &Receiver<T>) -> TryRecv<T> {
        match receiver.try_recv() {
            Ok(message) => TryRecv::Message(message),
            Err(TryRecvError::Empty) => TryRecv::Empty,
            Err(TryRecvError::Disconnected) => TryRecv::Closed,
        }
    }
}
