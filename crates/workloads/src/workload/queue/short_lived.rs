//! `short-lived`: a channel for each answer, as in a request that carries one. Making and dropping it is the work.

use std::hint::black_box;
use std::sync::Arc;

use super::{BATCH, Message, NAME, Queue};
use crate::registry::{Strategy, Suite, Tier};
use crate::workload::closed::{self, TaskResult};
use contend_record::Class;
use contend_team::{Sample, Task, Window, WindowError};

/// Queues that live for one message, with a capacity of 1 or without a bound.
pub struct ShortLived<const BOUNDED: bool>;

impl<Q: Queue<Message<1>>, const BOUNDED: bool> Strategy<ShortLived<BOUNDED>> for Q {
    const CLASS: Class = Q::CLASS;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(
        _: &Arc<ShortLived<BOUNDED>>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<Q, BOUNDED, COPY>(window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        lives::<Q, BOUNDED, COPY> as *const () as usize
    }
}

/// Adds the two variants.
pub(super) fn register(suite: &mut Suite) {
    let does = "each worker makes a queue, sends and receives one message, and drops it";
    let parameters =
        |capacity| [("ends", "both in one worker"), ("capacity", capacity), ("message", "8 bytes")];
    let title = format!("{does}; capacity: 1");
    suite.variant(NAME, "short-lived", &title, &parameters("1"), Tier::Thorough, |_| ShortLived::<true>);
    let title = format!("{does}; no bound");
    let parameters = parameters("unbounded");
    suite.variant(
        NAME,
        "short-lived-unbounded",
        &title,
        &parameters,
        Tier::Thorough,
        |_| ShortLived::<false>,
    );
}

/// The lives of `count` queues. Returns how many lost or changed their message, and how many hid their close.
#[inline(never)]
fn lives<Q: Queue<Message<1>>, const BOUNDED: bool, const COPY: usize>(
    worker: usize,
    count: u64,
) -> [u64; 2] {
    black_box(COPY);
    let (mut wrong, mut open) = (0, 0);
    for number in 0..count {
        let (mut sender, mut receiver) = Q::pair(BOUNDED.then_some(1));
        let message = Message::new(worker, number);
        Q::send(&mut sender, message);
        wrong += u64::from(Q::receive(&mut receiver).is_none_or(|got| got.id() != message.id()));
        drop(sender);
        open += u64::from(Q::receive(&mut receiver).is_some());
    }
    [wrong, open]
}

/// A worker's task: its queues' lives, and the oracle.
fn task<Q: Queue<Message<1>>, const BOUNDED: bool, const COPY: usize>(
    worker: usize,
    count: u64,
) -> Task<TaskResult> {
    Box::new(move || {
        let [wrong, open] = lives::<Q, BOUNDED, COPY>(worker, count);
        match (Q::CLASS, wrong, open) {
            (Class::Floor, ..) | (_, 0, 0) => Ok(()),
            (_, 0, open) => Err(format!("{open} of {count} queues had a message after the last one")),
            (_, wrong, _) => {
                Err(format!("{wrong} of {count} queues did not give back the message that was sent"))
            }
        }
    })
}

fn measure<Q: Queue<Message<1>>, const BOUNDED: bool, const COPY: usize>(
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let workers = window.threads();
    closed::measure_team_laps(window, BATCH * workers as u64, &mut |team, batches| {
        let task = |worker| task::<Q, BOUNDED, COPY>(worker, BATCH * batches);
        closed::run_tasks(team, (0..workers).map(task).collect(), None)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;

    use super::super::Endpoints;
    use super::*;
    use contend_team::Team;

    /// std's channel, with a flaw.
    struct Flawed<const FLAW: u8>;

    const NONE: u8 = 0;
    const LOSES: u8 = 1;
    const CHANGES: u8 = 2;
    const STAYS_OPEN: u8 = 3;

    impl<const FLAW: u8> Queue<Message<1>> for Flawed<FLAW> {
        type Sender = Sender<Message<1>>;
        type Receiver = (Receiver<Message<1>>, Option<Message<1>>);

        fn endpoints(_: Option<usize>, _: usize, _: usize) -> Endpoints<Self, Message<1>> {
            let (sender, receiver) = channel();
            (vec![sender], vec![(receiver, None)])
        }

        fn send(sender: &mut Self::Sender, message: Message<1>) {
            let seventh = message.number() == 7;
            match FLAW {
                LOSES if seventh => {}
                CHANGES if seventh => sender.send(Message::new(message.sender(), 8)).unwrap(),
                _ => sender.send(message).unwrap(),
            }
        }

        fn receive((receiver, last): &mut Self::Receiver) -> Option<Message<1>> {
            match receiver.try_recv() {
                Ok(message) => (*last.insert(message)).into(),
                Err(_) => last.take().filter(|_| FLAW == STAYS_OPEN),
            }
        }
    }

    fn outcome<const FLAW: u8>() -> Result<Sample, String> {
        let mut window = Window {
            team: &mut Team::new(2),
            length: Duration::from_millis(2),
            pilot: &mut None,
            earlier: None,
            check_only: false,
        };
        measure::<Flawed<FLAW>, true, 0>(&mut window).map_err(|error| error.to_string())
    }

    #[test]
    fn each_queue_has_to_give_back_its_message_and_then_its_close() {
        let sample = outcome::<NONE>().expect("it has no flaw");
        assert_eq!(sample.timing.total() % (2 * BATCH), 0, "{:?}", sample.timing);
        for lost in [outcome::<LOSES>(), outcome::<CHANGES>()] {
            assert!(lost.unwrap_err().contains("1 of 256 queues did not give back the message"));
        }
        let open = outcome::<STAYS_OPEN>().unwrap_err();
        assert!(open.contains("256 of 256 queues had a message after the last one"), "{open}");
    }
}
