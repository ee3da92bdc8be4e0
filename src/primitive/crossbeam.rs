//! crossbeam's channel.

use crossbeam_channel::{Receiver, Sender};

use crate::model::Channel;

/// `bounded`.
pub struct Bounded;

impl Channel for Bounded {
    type Sender<T: Send + 'static> = Sender<T>;
    type Receiver<T: Send + 'static> = Receiver<T>;

    fn channel<T: Send + 'static>(capacity: usize) -> (Sender<T>, Receiver<T>) {
        crossbeam_channel::bounded(capacity)
    }

    #[inline]
    fn send<T: Send + 'static>(sender: &Sender<T>, message: T) {
        sender.send(message).expect("the receiver lives");
    }

    #[inline]
    fn receive<T: Send + 'static>(receiver: &Receiver<T>) -> Option<T> {
        receiver.recv().ok()
    }
}
