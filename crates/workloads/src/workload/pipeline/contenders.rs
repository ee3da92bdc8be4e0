//! A thread for each stage with queues between, and one loop.

use std::hint::black_box;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use super::{CAPACITY, Item, NAME, Params, Pipeline};
use crate::capability::{Channel, MutexCondvar, Ring};
use crate::registry::{Info, Suite};
use crate::workload::closed::Closed;
use crate::workload::queue::{Locked, OneReceiver, PolledRing, Queue};
use contend_record::Class;
use contend_team::{Task, Team, WindowError};

/// Adds a channel between two stages.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "Bounded. A stage ends when the stage before it has dropped its sender.";
    suite.add::<Params, ThreadPerStage<OneReceiver<C>>>(info.in_role("", role));
}

/// Adds a queue under a mutex between two stages.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A VecDeque under a mutex between two stages, with a condition variable for each side.";
    suite.add::<Params, ThreadPerStage<Locked<C>>>(info.in_role("+Condvar", role));
}

/// Adds the same with its waiters counted.
pub fn register_counted_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A VecDeque under a mutex between two stages, with a condition variable and a count of waiters for each \
                side. A change notifies if somebody waits.";
    suite.add::<Params, ThreadPerStage<Locked<C>>>(info.in_role("+Condvar+counted", role));
}

/// Adds a ring between two stages.
pub fn register_ring<R: Ring>(suite: &mut Suite, info: &Info) {
    let role = "A stage that finds no room or no item polls 100 times, then yields between polls. It burns its core \
                while it waits.";
    suite.add::<Params, ThreadPerStage<PolledRing<R>>>(info.in_role("", role).spins());
}

/// Adds the reasons for what is missing. Call it before the contenders are added.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "dashmap::DashMap", "a map has no order, and no thread can wait at it");
    let word =
        "an atomic holds one word, not items in order: `queue` has the queues that are built of atomics";
    suite.exclude(NAME, "atomics", word);
}

/// A thread for each stage, and a queue `Q` between each two.
pub(super) struct ThreadPerStage<Q>(PhantomData<Q>);

/// One stage's loop.
#[inline(never)]
fn stage<const COPY: usize>(
    index: usize,
    iterations: u64,
    mut from: impl FnMut() -> Option<Item>,
    mut to: impl FnMut(Item),
) {
    black_box(COPY);
    while let Some(item) = from() {
        to(item.pass(index, iterations));
    }
}

impl<Q: Queue<Item>> Closed for ThreadPerStage<Q> {
    const CLASS: Class = Q::CLASS;

    fn start(_: usize) -> Self {
        Self(PhantomData)
    }
}

impl<Q: Queue<Item>> Pipeline for ThreadPerStage<Q> {
    fn run<const COPY: usize>(
        &mut self,
        team: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Vec<Item>), WindowError> {
        let queue = || {
            let (mut senders, mut receivers) = Q::endpoints(Some(CAPACITY), 1, 1);
            let ends = senders.pop().zip(receivers.pop());
            ends.expect("one of each was asked for")
        };
        let (mut into_second, mut from_first) = queue();
        let (mut into_third, mut from_second) = queue();
        let first = move || {
            let mut items = (0..count).map(Item::new);
            let to = |item| Q::send(&mut into_second, item);
            stage::<COPY>(0, iterations, || items.next(), to);
            Vec::new()
        };
        let second = move || {
            let from = || Q::receive(&mut from_first);
            let to = |item| Q::send(&mut into_third, item);
            stage::<COPY>(1, iterations, from, to);
            Vec::new()
        };
        let mut items = Vec::with_capacity(count as usize);
        let third = move || {
            let from = || Q::receive(&mut from_second);
            stage::<COPY>(2, iterations, from, |item| items.push(item));
            items
        };
        let tasks: Vec<Task<Vec<Item>>> = vec![Box::new(first), Box::new(second), Box::new(third)];
        let (time, mut outcomes) = team.run_once(tasks, None)?;
        Ok((time, outcomes.pop().expect("the last stage has the items")))
    }
}

/// One loop on one thread. Ranked beside the threads, since the question is whether it suffices.
pub(super) struct OneLoop;

impl Closed for OneLoop {
    fn workers(_: usize) -> usize {
        1
    }

    fn start(_: usize) -> Self {
        Self
    }
}

impl Pipeline for OneLoop {
    fn run<const COPY: usize>(
        &mut self,
        _: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Vec<Item>), WindowError> {
        black_box(COPY);
        let mut items = Vec::with_capacity(count as usize);
        let start = Instant::now();
        for number in 0..count {
            items.push(Item::new(number).pass_all(iterations));
        }
        Ok((start.elapsed(), items))
    }
}
