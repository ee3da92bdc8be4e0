//! The life of one queue, on the clock.

use std::any::Any;
use std::hint::black_box;

use super::{BATCH, Message, Queue, Tally, check};
use crate::workload::closed::{self, Lap};
use contend_record::Class;
use contend_team::{Padded, Sample, Task, Team, Window, WindowError};

/// The queue of a lap, and who uses it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) capacity: Option<usize>,
    pub(super) senders: usize,
    pub(super) receivers: usize,
    /// Whether the calling thread is the only sender or the only receiver.
    pub(super) with_caller: bool,
    /// Whether each receiver gets every message.
    pub(super) every_receiver: bool,
}

/// Sends all of a sender's messages, and drops the sender.
#[inline(never)]
pub(super) fn send<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    mut sender: Q::Sender,
    index: usize,
    count: u64,
) -> EndState {
    black_box(COPY);
    for number in 0..count {
        Q::send(&mut sender, Message::new(index, number));
    }
    EndState::default()
}

/// A receiver and its tally, on cache lines of their own.
type Reception<R> = Box<Padded<(R, Tally)>>;

/// Receives until the queue is closed.
#[inline(never)]
fn receive<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    reception: &mut Reception<Q::Receiver>,
) {
    black_box(COPY);
    let (receiver, tally) = &mut reception.0;
    while let Some(message) = Q::receive(receiver) {
        tally.add(&message);
    }
}

/// The floor of a receiver: tallies its share of all messages, or all of them, which no queue has carried. So what
/// queues are compared with has the cost of the tally too.
#[inline(never)]
fn tally_share<const WORDS: usize, const COPY: usize>(
    plan: Plan,
    index: usize,
    count: u64,
    tally: &mut Tally,
) {
    black_box(COPY);
    let (first, step) = if plan.every_receiver { (0, 1) } else { (index as u64, plan.receivers) };
    for number in (first..count).step_by(step) {
        for sender in 0..plan.senders {
            tally.add(&black_box(Message::<WORDS>::new(sender, number)));
        }
    }
}

/// What is left of a sender or a receiver when it is done.
#[derive(Default)]
pub(super) struct EndState {
    tally: Tally,
    /// The receiver. The last receiver frees the queue's buffer, so it is dropped off the clock.
    receiver: Option<Box<dyn Any + Send>>,
}

/// The tasks of one queue's life, in which each sender sends `count` messages. Receivers come first.
pub(super) fn tasks<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    plan: Plan,
    count: u64,
) -> Vec<Task<EndState>> {
    let (mut senders, mut receivers) = Q::endpoints(plan.capacity, plan.senders, plan.receivers);
    let mut tasks: Vec<Task<EndState>> = Vec::with_capacity(plan.senders + plan.receivers);
    while let Some(receiver) = receivers.pop() {
        let index = receivers.len();
        let mut reception = Box::new(Padded((receiver, Tally::of(plan.senders))));
        tasks.push(Box::new(move || {
            match Q::CLASS {
                Class::Floor => tally_share::<WORDS, COPY>(plan, index, count, &mut reception.0.1),
                _ => receive::<Q, WORDS, COPY>(&mut reception),
            }
            let tally = std::mem::take(&mut reception.0.1);
            EndState { tally, receiver: Some(reception) }
        }));
    }
    while let Some(sender) = senders.pop() {
        let index = senders.len();
        tasks.push(Box::new(move || send::<Q, WORDS, COPY>(sender, index, count)));
    }
    tasks
}

/// Runs the tasks of one queue's life, and checks what arrived. Compiled once for all queues.
pub(super) fn lap(
    team: &mut Team,
    plan: Plan,
    mut tasks: Vec<Task<EndState>>,
    count: u64,
) -> Result<Lap, WindowError> {
    // The only sender or the only receiver comes last, where the caller's task is taken from.
    if plan.senders > plan.receivers {
        tasks.rotate_left(plan.receivers);
    }
    let caller_task = match plan.with_caller {
        true => tasks.pop().map(|task| task as Box<dyn FnOnce() -> EndState>),
        false => None,
    };
    let (time, ends) = team.run_once(tasks, caller_task)?;
    let received = ends.into_iter().filter(|end| end.receiver.is_some());
    let tallies: Vec<Tally> = received.map(|end| end.tally).collect();
    if plan.every_receiver {
        // Each gets the same number of messages, so their shares say nothing.
        for (index, tally) in tallies.iter().rev().enumerate() {
            let wrong = |fault| WindowError::Wrong(format!("receiver {index}: {fault}"));
            check(std::slice::from_ref(tally), plan.senders, count).map_err(wrong)?;
        }
        return Ok(time.into());
    }
    check(&tallies, plan.senders, count).map_err(WindowError::Wrong)?;
    Ok(Lap { time, by_worker: tallies.iter().map(Tally::count).collect(), ..Lap::default() })
}

pub(super) fn measure<Q: Queue<Message<WORDS>>, const WORDS: usize, const COPY: usize>(
    plan: Plan,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    closed::measure_counted_laps(window, BATCH * plan.senders as u64, &mut |team, batches| {
        let count = BATCH * batches;
        let tasks = tasks::<Q, WORDS, COPY>(plan, count);
        lap(team, plan, tasks, count)
    })
}
