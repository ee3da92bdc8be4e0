//! `pipeline`: three stages, each with its own thread, joined by queues, as in Go's pipelines of channels.
//!
//! A closed workload on the window's team of three.

mod contenders;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::model::NoOp;
use crate::registry::{Description, Suite, ThreadCounts, Tier, strategy};
use crate::workload::closed::{self, Closed, Lap};
use crate::workload::open::{floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Team, Window, WindowError};
use contenders::{OneLoop, ThreadPerStage};

pub use contenders::{
    register_channel, register_condvar, register_counted_condvar, register_exclusions, register_ring,
};

/// The name in ids.
pub const NAME: &str = "pipeline";

/// Items of a batch.
const BATCH: u64 = 256;

/// Items that a queue between two stages holds at most.
const CAPACITY: usize = 64;

/// Stages that each item passes.
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

    /// Passes one stage. The value tells which stages an item has passed, and in which order.
    #[inline]
    pub fn pass(self, stage: usize, iterations: u64) -> Self {
        busy_loop(iterations);
        let value = (self.value ^ stage as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { value, ..self }
    }

    /// Passes all stages in one call.
    #[inline]
    fn pass_all(self, iterations: u64) -> Self {
        (0..STAGES).fold(self, |item, stage| item.pass(stage, iterations))
    }
}

/// How long a stage works on an item.
pub struct Params {
    iterations: u64,
}

/// A way to bring items through three stages.
pub trait Pipeline: Closed {
    /// Whether items leave in the order in which they entered.
    const ORDERED: bool = true;

    /// Brings `count` items through. Returns how long that took, and the items in the order in which they left.
    ///
    /// # Errors
    /// A panic's message.
    fn run<const COPY: usize>(
        &mut self,
        team: &mut Team,
        count: u64,
        iterations: u64,
    ) -> Result<(Duration, Vec<Item>), WindowError>;

    /// The items that each worker took through all stages in the last call of [`run`](Self::run). Empty where each has
    /// a stage of its own, so that no item is that of one worker.
    fn by_worker(&self) -> Vec<u64> {
        Vec::new()
    }
}

strategy!(
    P: Pipeline, Params,
    |threads| P::workers(threads),
    |params, window| measure::<P, COPY>(params, window),
    measure::<P, COPY>,
);

fn measure<P: Pipeline, const COPY: usize>(
    params: &Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let mut contender = P::start(P::workers(window.threads()));
    closed::measure_counted_laps(window, BATCH, &mut |team, batches| {
        let count = BATCH * batches;
        let (time, items) = contender.run::<COPY>(team, count, params.iterations)?;
        if P::CLASS != Class::Floor {
            check(items, count, P::ORDERED).map_err(WindowError::Wrong)?;
        }
        Ok(Lap { time, by_worker: contender.by_worker(), ..Lap::default() })
    })
}

/// The oracle: every item left once, passed all stages, and kept its order where that is promised.
fn check(mut items: Vec<Item>, count: u64, ordered: bool) -> Result<(), String> {
    if !ordered {
        items.sort_unstable_by_key(|item| item.number);
    }
    let left = items.len() as u64;
    if left != count {
        return Err(format!("{left} items left the last stage, where {count} entered the first"));
    }
    for (&Item { number: found, value }, number) in items.iter().zip(0..) {
        if found != number {
            return Err(format!(
                "item {found} left where {number} was next: one was lost, doubled or overtaken"
            ));
        }
        if value != Item::new(number).pass_all(0).value {
            return Err(format!("item {number} did not pass all stages, each once and in order"));
        }
    }
    Ok(())
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Items pass three stages, each with its own thread",
        models: "Go's pipelines: the goroutine of each stage ranges over a channel and sends on the next. At \
                 its end it closes the next channel, so the close runs through to the last stage.",
        question: "Each item takes several steps. What runs them: a thread for each step with queues \
                   between, a pool that takes whole items, or one loop?",
        timed: "A fixed number of items, from the release of the three threads until the last stage has seen \
                the close. 64 items fit between two stages. rayon's pool of three threads is started before, \
                for each lap. A value is wall time per item.",
        oracle: "Every item leaves once, and has passed all stages in their order. Items leave in the order \
                 in which they entered, except from rayon's bridge, which promises no order.",
        operation: "item",
    });
    for (name, title, stage, ns, tier) in [
        ("nothing", "stages that take no time", "nothing", 0, Tier::Thorough),
        ("1us", "stages of about 1 µs", "1 µs", 1_000, Tier::Standard),
    ] {
        let parameters = [("stages", "3"), ("stage", stage)];
        suite
            .variant(NAME, name, title, &parameters, tier, move |settings| Params {
                iterations: if ns == 0 { 0 } else { settings.iterations(ns) },
            })
            .at(ThreadCounts::Own(&[STAGES]));
    }
    suite.add::<Params, ThreadPerStage<NoOp>>(floor());
    suite.add::<Params, OneLoop>(serial());
}
