//! `pipeline`: three stages, each with its thread, joined by queues. Go's pipelines of channels.
//!
//! A closed workload on the window's team of three.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::capability::{Channel, MutexCondvar};
use crate::model::NoOp;
use crate::registry::{Description, Info, Strategy, Suite, ThreadCounts, Tier};
use crate::workload::closed;
use crate::workload::open::{floor, serial};
use crate::workload::queue::Queue;
use crate::workload::queue::{Locked, OneReceiver};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Task, Team, Window, WindowError};
use std::sync::Arc;

/// The name in ids.
pub const NAME: &str = "pipeline";

/// Items of a batch.
const BATCH: u64 = 256;

/// What stands between two stages at most.
const CAPACITY: usize = 64;

/// Stages that an item goes through.
const STAGES: usize = 3;

/// An item on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    number: u64,
    value: u64,
}

impl Item {
    /// The item of a number, before the first stage.
    pub fn new(number: u64) -> Self {
        Self { number, value: number }
    }

    /// What a stage makes of it. That of no two is the same, nor in another order.
    #[inline]
    pub fn pass(self, stage: usize, iterations: u64) -> Self {
        busy_loop(iterations);
        let value = (self.value ^ stage as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { value, ..self }
    }

    /// What it is at the end.
    fn wanted(number: u64) -> u64 {
        let through = |item: Self, stage| item.pass(stage, 0);
        (0..STAGES).fold(Self::new(number), through).value
    }
}

/// How long a stage takes for an item.
pub struct Params {
    iterations: u64,
}

/// What came out at the end.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In the order in which they left.
    pub items: Vec<Item>,
}

/// A way to bring items through three stages.
pub trait Pipeline: 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// Whether items leave in the order in which they came.
    const ORDERED: bool = true;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Brings `count` items through, and says how long that took.
    fn run<const COPY: usize>(
        team: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Outcome), WindowError>;
}

fn measure<P: Pipeline, const COPY: usize>(
    params: &Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    closed::measure_team_laps(window, BATCH, &mut |team, batches| {
        let count = BATCH * batches;
        let (time, outcome) = P::run::<COPY>(team, count, params.iterations)?;
        if P::CLASS != Class::Floor {
            check(outcome, count, P::ORDERED).map_err(WindowError::Wrong)?;
        }
        Ok(time)
    })
}

/// Every item left once, by all stages, and in order where that is promised.
fn check(outcome: Outcome, count: u64, ordered: bool) -> Result<(), String> {
    let mut items = outcome.items;
    if !ordered {
        items.sort_unstable_by_key(|item| item.number);
    }
    let left = items.len() as u64;
    if left != count {
        return Err(format!("{left} items left the last stage, where {count} entered the first"));
    }
    for (item, number) in items.iter().zip(0..) {
        if item.number != number {
            return Err(format!(
                "item {} left where {number} was next: one was lost, doubled or overtaken",
                item.number
            ));
        }
        if item.value != Item::wanted(number) {
            return Err(format!("item {number} did not pass all stages, each once and in order"));
        }
    }
    Ok(())
}

impl<P: Pipeline> Strategy<Params> for P {
    const CLASS: Class = P::CLASS;

    fn runnable(threads: usize) -> usize {
        P::workers(threads)
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<P, COPY>(params, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        measure::<P, COPY> as *const () as usize
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Items go through three stages, each with its thread",
        models: "Go's pipelines: a goroutine for each stage ranges over a channel, and sends on the next, which it closes at its end, so that the close runs through to the last.",
        question: "Several steps for each item: a thread for each step with queues between, a pool that takes items whole, or one loop?",
        timed: "From the release of the three threads until the last stage has seen the close, for a fixed number of items; 64 fit between two stages. rayon's pool of three lives for a lap. A value is wall time over items.",
        oracle: "Every item leaves once, changed by all stages in their order, and items leave in the order in which they came (rayon's bridge promises no order).",
        operation: "item",
    });
    suite
        .variant(
            NAME,
            "nothing",
            "stages that take no time",
            &[("stages", "3"), ("stage", "nothing")],
            Tier::Thorough,
            |_| Params { iterations: 0 },
        )
        .at(ThreadCounts::Own(&[STAGES]));
    suite
        .variant(
            NAME,
            "1us",
            "stages of about 1 µs",
            &[("stages", "3"), ("stage", "1 µs")],
            Tier::Standard,
            |setting| Params { iterations: setting.iterations(1_000) },
        )
        .at(ThreadCounts::Own(&[STAGES]));
    suite.add::<Params, Through<NoOp>>(floor());
    suite.add::<Params, Serial>(serial());
}

/// Adds a channel between two stages.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "Bounded; a stage ends when the one before has dropped its sender.";
    suite.add::<Params, Through<OneReceiver<C>>>(info.in_role("", role));
}

/// Adds a locked queue between two stages.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A VecDeque under a mutex between two stages, with a condition variable for each side.";
    suite.add::<Params, Through<Locked<C>>>(info.in_role("+Condvar", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "dashmap::DashMap", "a map has no order, and no thread can wait at it");
    suite.exclude(
        NAME,
        "atomics",
        "an atomic holds a word, not items in order: see `queue` for queues that are built of them",
    );
}

/// Each stage a thread, and queues between them.
pub(super) struct Through<Q>(Q);

/// One end of the pipeline, or what lies between.
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

impl<Q: Queue<Item>> Pipeline for Through<Q> {
    const CLASS: Class = Q::CLASS;

    fn run<const COPY: usize>(
        team: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Outcome), WindowError> {
        let joint = || {
            let (mut senders, mut receivers) = Q::open(Some(CAPACITY), 1, 1);
            let ends = senders.pop().zip(receivers.pop());
            ends.expect("one of each was asked for")
        };
        let (mut into_second, mut from_first) = joint();
        let (mut into_third, mut from_second) = joint();
        let first = move || {
            let mut items = (0..count).map(Item::new);
            let to = |item| Q::send(&mut into_second, item);
            stage::<COPY>(0, iterations, || items.next(), to);
            Outcome::default()
        };
        let second = move || {
            let from = || Q::receive(&mut from_first);
            let to = |item| Q::send(&mut into_third, item);
            stage::<COPY>(1, iterations, from, to);
            Outcome::default()
        };
        let mut items = Vec::with_capacity(count as usize);
        let third = move || {
            let from = || Q::receive(&mut from_second);
            stage::<COPY>(2, iterations, from, |item| items.push(item));
            Outcome { items }
        };
        let parts: Vec<Task<Outcome>> = vec![Box::new(first), Box::new(second), Box::new(third)];
        let (time, mut outcomes) = team.run_once(parts, None)?;
        let last = outcomes.pop().expect("the last stage has the items");
        Ok((time, last))
    }
}

/// One loop.
struct Serial;

impl Pipeline for Serial {
    fn workers(_: usize) -> usize {
        1
    }

    fn run<const COPY: usize>(
        _: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Outcome), WindowError> {
        black_box(COPY);
        let mut items = Vec::with_capacity(count as usize);
        let start = Instant::now();
        for number in 0..count {
            let through = |item: Item, stage| item.pass(stage, iterations);
            items.push((0..STAGES).fold(Item::new(number), through));
        }
        Ok((start.elapsed(), Outcome { items }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(change: impl FnOnce(&mut Vec<Item>)) -> String {
        let (_, mut outcome) = Serial::run::<0>(&mut Team::new(1), 10, 0).unwrap();
        assert_eq!(check(Outcome { items: outcome.items.clone() }, 10, true), Ok(()));
        change(&mut outcome.items);
        check(outcome, 10, true).unwrap_err()
    }

    #[test]
    fn what_does_not_leave_as_it_should_is_named() {
        let lost = says(|items| _ = items.remove(3));
        assert_eq!(lost, "9 items left the last stage, where 10 entered the first");
        let overtaken = says(|items| items.swap(3, 4));
        assert!(overtaken.starts_with("item 4 left where 3 was next"), "{overtaken}");
        let skipped = says(|items| items[5] = Item::new(5).pass(0, 0).pass(2, 0));
        assert_eq!(skipped, "item 5 did not pass all stages, each once and in order");
        let swapped = says(|items| items[5] = Item::new(5).pass(1, 0).pass(0, 0).pass(2, 0));
        assert_eq!(swapped, "item 5 did not pass all stages, each once and in order");
    }

    /// A queue that loses an item: the whole way through the team.
    struct Loses;

    impl Queue<Item> for Loses {
        type Sender = std::sync::mpsc::Sender<Item>;
        type Receiver = std::sync::mpsc::Receiver<Item>;

        fn open(_: Option<usize>, _: usize, _: usize) -> (Vec<Self::Sender>, Vec<Self::Receiver>) {
            let (sender, receiver) = std::sync::mpsc::channel();
            (vec![sender], vec![receiver])
        }

        fn send(sender: &mut Self::Sender, item: Item) {
            if item.number != 7 {
                sender.send(item).unwrap();
            }
        }

        fn receive(receiver: &mut Self::Receiver) -> Option<Item> {
            receiver.recv().ok()
        }
    }

    #[test]
    fn a_queue_that_loses_is_found_out() {
        let mut team = Team::new(STAGES);
        let (_, outcome) = Through::<Loses>::run::<0>(&mut team, 20, 0).unwrap();
        let says = check(outcome, 20, true).unwrap_err();
        assert_eq!(says, "19 items left the last stage, where 20 entered the first");
    }
}
