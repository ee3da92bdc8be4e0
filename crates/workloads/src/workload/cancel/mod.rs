//! `cancel`: workers are told to stop, as by Go's `context`.
//!
//! The variants `busy` and `asleep` are closed, and time the way from the cancel to the end of the last
//! worker. `polling` is open, and times what polling for the cancel costs the work.

mod contenders;
mod polling;
mod stopping;
#[cfg(test)]
mod tests;

use std::hint::black_box;

use crate::model::NoOp;
use crate::registry::{Description, Info, Suite, ThreadCounts, Tier, strategy};
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};

pub use contenders::{
    POLL_INTERVAL, register_channel, register_condvar, register_exclusions, register_mpmc,
    register_receive_timeout,
};
use polling::{POLLED_NS, PollingParams};

/// The name in ids.
pub const NAME: &str = "cancel";

/// Nanoseconds of work between two polls of a busy worker.
const SLICE_NS: u64 = 1_000;

/// A way to tell workers to stop.
pub trait Cancel: Sized + Send + 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;
    /// A worker's end.
    type Watch: Send + 'static;

    /// Makes the end that cancels, and an end for each worker.
    fn new(workers: usize) -> (Self, Vec<Self::Watch>);

    /// Whether the worker is to stop.
    fn cancelled(watch: &mut Self::Watch) -> bool;

    /// Waits until the worker is to stop.
    fn sleep(watch: &mut Self::Watch);

    /// Tells all workers to stop.
    fn cancel(self);
}

/// What workers do until the cancel.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    /// Iterations of work between two polls; `None` where workers sleep.
    slice: Option<u64>,
}

strategy!(
    C: Cancel, Params,
    |threads| threads,
    |params, window| stopping::measure::<C, COPY>(**params, window),
    stopping::work::<C, COPY>,
);

strategy!(
    C: Cancel, PollingParams,
    |threads| threads,
    |params, window| polling::measure(params, window, polling::poll::<C, COPY>),
    polling::poll::<C, COPY>,
);

/// Adds a contender to all variants.
pub fn add<C: Cancel>(suite: &mut Suite, info: &Info) {
    suite.add::<Params, C>(info.clone());
    suite.add::<PollingParams, C>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Workers are told to stop",
        models: "Go's context.WithCancel (and WithTimeout, WithDeadline): cancel closes ctx.Done(). \
                 Goroutines see it in a select or poll ctx.Err(), and return.",
        question: "Threads must stop when told. What should tell them: a flag, a closed channel, or a \
                   condition variable? How soon are they gone, and what does polling cost?",
        timed: "`busy` and `asleep`: from each cancel to the end of the last worker. Starting and joining \
                the workers is not timed. Busy workers poll between slices of 1 µs. `polling`: slices of \
                about 100 ns and the polls between them, of all workers, between two snapshots of their \
                counts, without a cancel.",
        oracle: "After a cancel all workers are gone, by their own count and by the process's number of \
                 threads. Without a cancel no worker sees one.",
        operation: "cancel or look",
    });
    let busy = "workers that poll between slices of 1 µs";
    suite
        .variant(NAME, "busy", busy, &[("slice", "1 µs")], Tier::Standard, |settings| Params {
            slice: Some(settings.iterations(SLICE_NS)),
        })
        .at(ThreadCounts::Own(&[2, 8, 64]));
    let asleep = "workers that sleep until they are told";
    suite
        .variant(NAME, "asleep", asleep, &[], Tier::Thorough, |_| Params { slice: None })
        .at(ThreadCounts::Own(&[2, 8, 64]));
    let polling = "what polling costs: slices of 100 ns, each with a poll";
    suite.variant(NAME, "polling", polling, &[("slice", "100 ns")], Tier::Standard, |settings| {
        PollingParams { iterations: settings.iterations(POLLED_NS) }
    });
    add::<NoOp>(suite, &floor());
}

impl Cancel for NoOp {
    const CLASS: Class = Class::Floor;
    type Watch = ();

    fn new(workers: usize) -> (Self, Vec<()>) {
        (Self, vec![(); workers])
    }

    #[inline]
    fn cancelled((): &mut ()) -> bool {
        black_box(true)
    }

    fn sleep((): &mut ()) {}

    fn cancel(self) {}
}
