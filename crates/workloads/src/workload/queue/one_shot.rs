//! A channel for one message as a queue that lives for one message.

use super::{Endpoints, Message, Queue, RequestReply, ShortLived};
use crate::capability::OneShot;
use crate::registry::{Info, Suite};

/// Adds a channel for one message where a queue carries one.
pub fn register_one_shot<O: OneShot>(suite: &mut Suite, info: &Info) {
    suite.add::<ShortLived<true>, SingleUse<O>>(info.clone());
    suite.add::<RequestReply, SingleUse<O>>(info.clone());
}

/// A queue for one message.
pub struct SingleUse<O>(O);

impl<O: OneShot> Queue<Message<1>> for SingleUse<O> {
    type Sender = Option<O::Sender<Message<1>>>;
    type Receiver = Option<O::Receiver<Message<1>>>;

    fn endpoints(_: Option<usize>, senders: usize, receivers: usize) -> Endpoints<Self, Message<1>> {
        assert_eq!([senders, receivers], [1, 1], "it has one thread at each end");
        let (sender, receiver) = O::one_shot();
        (vec![Some(sender)], vec![Some(receiver)])
    }

    #[inline]
    fn pair(_: Option<usize>) -> (Self::Sender, Self::Receiver) {
        let (sender, receiver) = O::one_shot();
        (Some(sender), Some(receiver))
    }

    #[inline]
    fn send(sender: &mut Self::Sender, message: Message<1>) {
        O::send(sender.take().expect("it sends once"), message);
    }

    /// The message, and `None` from then on: a receiver that was used up has seen the close.
    #[inline]
    fn receive(receiver: &mut Self::Receiver) -> Option<Message<1>> {
        receiver.take().and_then(O::receive)
    }
}
