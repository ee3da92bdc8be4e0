//! A wait at several channels by a future that polls them all.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use super::tokio;
use crate::capability::{SELECT_TIMEOUT, WaitMode, spin_for};
use crate::registry::Suite;
use crate::workload::select::{CAPACITY, Params, Select, Word};

pub(super) fn register(suite: &mut Suite) {
    let role = "A future that polls all channels in turn, on a current-thread runtime with a timer.";
    suite.add::<Params, Channels>(tokio("tokio::sync::mpsc+select").in_role("", role));
}

/// Channels that one future polls.
struct Channels;

/// Those that are open: each with its number.
struct Open {
    channels: Vec<(usize, mpsc::Receiver<Word>)>,
    /// Which is looked at first: all in turn, so that none starves.
    first: usize,
}

impl Open {
    /// A message and its channel; none where one was closed.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<(usize, Word)>> {
        let count = self.channels.len();
        self.first += 1;
        for place in (0..count).map(|place| (self.first + place) % count) {
            let (channel, receiver) = &mut self.channels[place];
            match receiver.poll_recv(context) {
                Poll::Ready(Some(message)) => return Poll::Ready(Some((*channel, message))),
                Poll::Ready(None) => {
                    self.channels.remove(place);
                    return Poll::Ready(None);
                }
                Poll::Pending => {}
            }
        }
        Poll::Pending
    }

    async fn next(&mut self) -> Option<(usize, Word)> {
        std::future::poll_fn(|context| self.poll(context)).await
    }
}

impl Select for Channels {
    type Sender = mpsc::Sender<Word>;
    type Receiver = (Runtime, Open);

    fn endpoints(channels: usize, senders: usize) -> (Vec<Vec<Self::Sender>>, Self::Receiver) {
        let (ends, receivers): (Vec<_>, Vec<_>) = (0..channels).map(|_| mpsc::channel(CAPACITY)).unzip();
        let runtime = Builder::new_current_thread().enable_time().build();
        let open = Open { channels: receivers.into_iter().enumerate().collect(), first: 0 };
        (vec![ends; senders], (runtime.expect("it starts no thread"), open))
    }

    #[inline]
    fn send(sender: &Self::Sender, message: Word) {
        sender.blocking_send(message).expect("the receiver lives");
    }

    #[inline]
    fn drain((runtime, mut open): Self::Receiver, mode: WaitMode, mut each: impl FnMut(usize, Word)) {
        while mode == WaitMode::Poll && !open.channels.is_empty() {
            // Outside of the runtime, whose tasks are made to yield after some messages.
            let look = || {
                let mut context = Context::from_waker(Waker::noop());
                match open.poll(&mut context) {
                    Poll::Ready(turn) => Some(turn),
                    Poll::Pending => None,
                }
            };
            if let Some((channel, message)) = spin_for(look) {
                each(channel, message);
            }
        }
        runtime.block_on(async {
            while !open.channels.is_empty() {
                let turn = match mode {
                    WaitMode::Timeout => {
                        let next = pin!(open.next());
                        let timeout = tokio::time::timeout(SELECT_TIMEOUT, next);
                        timeout.await.unwrap_or(None)
                    }
                    _ => open.next().await,
                };
                if let Some((channel, message)) = turn {
                    each(channel, message);
                }
            }
        });
    }
}
