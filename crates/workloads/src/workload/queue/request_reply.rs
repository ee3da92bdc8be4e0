//! `request-reply`: a thread asks another, and each request carries the sender of a queue for its answer.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::{BATCH, Message, NAME, Queue};
use crate::registry::{Strategy, Suite, ThreadCounts, Tier};
use crate::workload::closed::{self, TaskResult};
use contend_record::Class;
use contend_team::{Sample, Task, Window, WindowError};

/// Pairs of workers, one of which asks the other.
pub struct RequestReply;

/// A request, and where its answer goes.
type Request<Q> = (Message<1>, <Q as Queue<Message<1>>>::Sender);

impl<Q: Queue<Message<1>>> Strategy<RequestReply> for Q {
    const CLASS: Class = Q::CLASS;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(
        _: &Arc<RequestReply>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<Q, COPY>(window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        ask::<Q, COPY> as *const () as usize
    }
}

/// Adds the variant.
pub(super) fn register(suite: &mut Suite) {
    let title = "half of the workers ask, each one other worker; each request carries a queue for its answer";
    let parameters =
        [("ends", "pairs"), ("capacity", "1"), ("message", "8 bytes"), ("requests", "std's channel")];
    suite
        .variant(NAME, "request-reply", title, &parameters, Tier::Thorough, |_| RequestReply)
        .at(ThreadCounts::Only(|threads| threads % 2 == 0));
}

/// The answer to a request, which no other request has.
#[inline]
fn answer_to(request: Message<1>) -> Message<1> {
    Message::new(request.sender() + 1, request.number() + 1)
}

/// Asks `count` times, and returns how many answers were missing or those of other requests.
#[inline(never)]
fn ask<Q: Queue<Message<1>>, const COPY: usize>(
    requests: SyncSender<Request<Q>>,
    worker: usize,
    count: u64,
) -> u64 {
    black_box(COPY);
    let mut wrong = 0;
    for number in 0..count {
        let (sender, mut receiver) = Q::pair(Some(1));
        let request = Message::new(worker, number);
        if requests.send((request, sender)).is_err() {
            return count - number + wrong; // the worker that answers has panicked, and says so itself
        }
        let answer = Q::receive(&mut receiver);
        wrong += u64::from(answer.is_none_or(|answer| answer.id() != answer_to(request).id()));
    }
    wrong
}

/// Answers until nobody asks any more.
#[inline(never)]
fn answer<Q: Queue<Message<1>>, const COPY: usize>(requests: Receiver<Request<Q>>) {
    black_box(COPY);
    for (request, mut sender) in requests {
        Q::send(&mut sender, answer_to(request));
    }
}

/// The tasks of a pair, with the oracle in the first.
fn pair<Q: Queue<Message<1>>, const COPY: usize>(worker: usize, count: u64) -> [Task<TaskResult>; 2] {
    let (sender, receiver) = sync_channel(1);
    let ask = move || match (Q::CLASS, ask::<Q, COPY>(sender, worker, count)) {
        (Class::Floor, _) | (_, 0) => Ok(()),
        (_, wrong) => Err(format!("{wrong} of {count} requests did not get their answer")),
    };
    let answer = || {
        answer::<Q, COPY>(receiver);
        Ok(())
    };
    [Box::new(ask), Box::new(answer)]
}

fn measure<Q: Queue<Message<1>>, const COPY: usize>(window: &mut Window<'_>) -> Result<Sample, WindowError> {
    let pairs = window.threads() / 2;
    closed::measure_team_laps(window, BATCH * pairs as u64, &mut |team, batches| {
        let tasks = (0..pairs).flat_map(|worker| pair::<Q, COPY>(worker, BATCH * batches));
        closed::run_tasks(team, tasks.collect(), None)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    use super::super::Endpoints;
    use super::*;
    use crate::model::NoOp;
    use contend_team::Team;

    /// std's channel, with a flaw.
    struct Flawed<const FLAW: u8>;

    const NONE: u8 = 0;
    const LOSES: u8 = 1;
    const SWAPS: u8 = 2;

    /// The answer that was held back, to be given to the next request.
    static HELD: Mutex<Option<Message<1>>> = Mutex::new(None);

    impl<const FLAW: u8> Queue<Message<1>> for Flawed<FLAW> {
        type Sender = Sender<Message<1>>;
        type Receiver = Receiver<Message<1>>;

        fn endpoints(_: Option<usize>, _: usize, _: usize) -> Endpoints<Self, Message<1>> {
            let (sender, receiver) = channel();
            (vec![sender], vec![receiver])
        }

        fn send(sender: &mut Self::Sender, message: Message<1>) {
            match FLAW {
                LOSES if message.number() == 7 => {}
                SWAPS => {
                    let before = HELD.lock().unwrap().replace(message);
                    sender.send(before.unwrap_or(message)).unwrap();
                }
                _ => sender.send(message).unwrap(),
            }
        }

        fn receive(receiver: &mut Self::Receiver) -> Option<Message<1>> {
            receiver.recv().ok()
        }
    }

    fn outcome<Q: Queue<Message<1>>>(threads: usize) -> Result<Sample, String> {
        let mut window = Window {
            team: &mut Team::new(threads),
            length: Duration::from_millis(2),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        measure::<Q, 0>(&mut window).map_err(|error| error.to_string())
    }

    #[test]
    fn each_answer_has_to_belong_to_its_request() {
        let sample = outcome::<Flawed<NONE>>(4).expect("it has no flaw");
        assert_eq!(sample.timing.total() % (2 * BATCH), 0, "{:?}", sample.timing);
        outcome::<NoOp>(2).expect("the floor answers nothing");
        let lost = outcome::<Flawed<LOSES>>(2).expect_err("an answer is lost");
        assert!(lost.contains("1 of 256 requests did not get their answer"), "{lost}");
        let swapped = outcome::<Flawed<SWAPS>>(2).expect_err("answers go to other requests");
        assert!(swapped.contains("255 of 256 requests did not get their answer"), "{swapped}");
    }
}
