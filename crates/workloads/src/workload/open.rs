//! Open workloads: workers call operations on shared state until the time is up. One driver serves all of
//! them and every contender.

use std::any::Any;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{Ordering, compiler_fence};

use crate::model::applied;
use crate::model::{Model, NoOp, Sequential, Shared};
use crate::registry::{Info, Strategy, Suite};
use contend_record::{Class, FLOOR};
use contend_team::{Sample, StopRule, Timing, Window, WindowError, WorkerLoop};

/// Streams of operations that a window may need for each thread.
pub const STREAMS_PER_THREAD: usize = 8;

/// A stream of operations on a model for each worker, and the check of their outcome.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no workload whose contenders share a model",
    note = "name the parameters of a workload, not its model: `suite.add::<contend::workload::map::Keys, _>(info)`"
)]
pub trait OpenWorkload: Send + Sync + Sized + 'static {
    /// Operations in a turn of the timed loop where no other thread can see the state. A turn of one addition takes one
    /// cycle or two, by where the compiler put it: two copies of that loop were distinguished, at 0.30 and 0.58 ns.
    const PER_TURN: u64 = 1;

    /// The state.
    type Model: Model;
    /// A worker's place in its stream, and what the check needs of its answers.
    type Worker: Send + 'static;

    /// The state that a window starts from.
    fn model(&self) -> Self::Model;

    /// The start of a worker's stream. `index` is below the size of the team, or below
    /// [`STREAMS_PER_THREAD`] times that for a pool that splits the work itself.
    fn worker(&self, index: usize) -> Self::Worker;

    /// The team's operations in a window, if the number must be the same for every contender.
    fn total(&self) -> Option<u64> {
        None
    }

    /// The operations of a worker after which its stream repeats, if the workers do different things in it. A window
    /// then is whole cycles of fixed work, so that the proportion of these things is the same for every contender.
    fn cycle(&self) -> Option<u64> {
        None
    }

    /// Its own measure of a window and the unit, if that is not wall time for each operation.
    fn metric(&self, _timing: &Timing) -> Option<(f64, &'static str)> {
        None
    }

    /// Does the next operation of the stream.
    fn operation<S: Shared<Self::Model>>(&self, worker: &mut Self::Worker, shared: &mut S);

    /// Looks at the state through each of the `handles`, off the clock, after all writes were applied. A handle
    /// that does not see them all breaks the promise of its class. With `thorough`, in a part of the windows, it
    /// looks longer.
    fn probe<S: Shared<Self::Model>>(
        &self,
        _workers: &[(Self::Worker, u64)],
        _handles: &mut [S],
        _thorough: bool,
    ) -> Probe {
        Probe::default()
    }

    /// A state whose writes are watched, and a write that counts in it: see `applied`. None if the state cannot be
    /// watched.
    fn watched(&self) -> Option<(Self::Model, <Self::Model as Model>::Write)> {
        None
    }

    /// The oracle: checks `digest` and the answers against the operations of the workers. Each worker comes
    /// with the number of operations that it did.
    ///
    /// # Errors
    /// A sentence that names what was lost.
    fn check(&self, class: Class, workers: &[(Self::Worker, u64)], digest: u64) -> Result<(), String>;
}

/// What [`OpenWorkload::probe`] found.
#[derive(Debug, Default)]
pub struct Probe {
    /// What its own writes added to the digest.
    pub added: u64,
    /// What a handle did not see.
    pub fault: Option<String>,
}

impl<W: OpenWorkload, S: Shared<W::Model>> Strategy<W> for S {
    const CLASS: Class = S::CLASS;
    const WORKERS_RUN_ON: bool = true;

    fn runnable(threads: usize) -> usize {
        S::workers(threads) + S::HELPERS as usize
    }

    fn measure<const COPY: usize>(workload: &Arc<W>, window: &mut Window<'_>) -> Result<Sample, WindowError> {
        measure(workload, window, operations::<W, S, COPY>)
    }

    fn loop_address<const COPY: usize>() -> usize {
        operations::<W, S, COPY> as *const () as usize
    }
}

/// Adds the contenders that every open workload has: the floor and the serial loop.
pub fn register<W: OpenWorkload>(suite: &mut Suite) {
    suite.add::<W, NoOp>(floor());
    suite.add::<W, Sequential<W::Model>>(serial());
}

/// The driver's cost in any workload.
pub fn floor() -> Info {
    Info::new(FLOOR).family("driver").facts(
        "The same driver, loop and key stream with an operation that does nothing. Drawn, never subtracted or ranked.",
    )
}

/// The serial loop in any workload.
pub fn serial() -> Info {
    Info::new("serial")
        .family("serial")
        .package("std")
        .facts("One worker at every thread count, and nothing shared: what concurrency has to beat.")
}

/// Whether writes are applied some time after the call that makes them.
fn is_deferred(class: Class) -> bool {
    match class {
        Class::Immediate | Class::FixedKeys | Class::Floor => false,
        Class::Deferred | Class::Partitioned => true,
    }
}

/// Whether no other thread can see a worker's state.
fn is_private(class: Class) -> bool {
    class == Class::Partitioned
}

/// When a window stops. Deferred writes are fixed work, so that applying them is timed too.
pub(crate) fn stop_rule<W: OpenWorkload>(workload: &W, class: Class, workers: usize) -> StopRule {
    match (workload.total(), workload.cycle()) {
        (Some(total), _) => StopRule::Operations(total / workers as u64),
        (None, Some(cycle)) => StopRule::Cycles(cycle),
        (None, None) if is_deferred(class) => StopRule::Pilot,
        (None, None) => StopRule::Time,
    }
}

/// The timed loop of a contender. The worker is present before and after it.
pub(crate) type Operations<W, S> = fn(&W, &mut Option<<W as OpenWorkload>::Worker>, &mut S, u64);

/// A worker: its place in the stream, and its handle on the state.
struct WorkerState<W: OpenWorkload, S> {
    workload: Arc<W>,
    worker: Option<W::Worker>,
    shared: S,
    operations: Operations<W, S>,
}

impl<W: OpenWorkload, S: Send + 'static> WorkerLoop for WorkerState<W, S> {
    fn work(&mut self, count: u64) {
        (self.operations)(&self.workload, &mut self.worker, &mut self.shared, count);
    }
}

fn measure<W: OpenWorkload, S: Shared<W::Model>>(
    workload: &Arc<W>,
    window: &mut Window<'_>,
    operations: Operations<W, S>,
) -> Result<Sample, WindowError> {
    let count = S::workers(window.threads());
    // The pilot's windows, at the start of each fork.
    let thorough = window.check_only || window.pilot.is_none();
    // Plain loops and `pop` instead of iterators: this is compiled for every contender.
    let open = || {
        let mut work: Vec<Box<dyn WorkerLoop>> = Vec::with_capacity(count);
        let mut handles = S::new_handles(workload.model(), count);
        assert_handles(handles.len(), count);
        while let Some(shared) = handles.pop() {
            work.push(Box::new(WorkerState {
                workload: workload.clone(),
                worker: Some(workload.worker(handles.len())),
                shared,
                operations,
            }));
        }
        work.reverse();
        work
    };
    let close = |mut work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
        let mut workers = Vec::with_capacity(count);
        let mut shared = Vec::with_capacity(count);
        work.reverse();
        while let Some(work) = work.pop() {
            let hand = *downcast::<WorkerState<W, S>>(work);
            let worker = hand.worker.expect(WORKER_PRESENT);
            workers.push((worker, counts[workers.len()]));
            shared.push(hand.shared);
        }
        let mut probe = Probe::default();
        // These branches are constants, so that what a class does not need is not compiled for its contenders.
        if const { !matches!(S::CLASS, Class::Floor) } {
            probe = workload.probe(&workers, &mut shared, thorough);
        }
        let mut unapplied = None;
        if const { matches!(S::CLASS, Class::Deferred) } {
            unapplied = fault_of_flush::<W, S>(workload, count, thorough);
        }
        let digest = S::into_digest(shared);
        outcome(&**workload, S::CLASS, &workers, digest, (probe, unapplied), S::advice)
    };
    let stop_rule = stop_rule(&**workload, S::CLASS, count);
    let mut sample = window.measure(stop_rule, &open, &close)?;
    sample.custom_metric = workload.metric(&sample.timing);
    Ok(sample)
}

/// What `flush` of the contender leaves undone, if the state can be watched.
fn fault_of_flush<W: OpenWorkload, S: Shared<W::Model>>(
    workload: &Arc<W>,
    workers: usize,
    thorough: bool,
) -> Option<String> {
    let (model, write) = thorough.then(|| workload.watched()).flatten()?;
    applied::fault_of_flush::<W::Model, S>(model, write, workers)
}

/// What the oracle says of a window, then what the probe and the check of `flush` found. Compiled once for each
/// workload.
fn outcome<W: OpenWorkload>(
    workload: &W,
    class: Class,
    workers: &[(W::Worker, u64)],
    digest: u64,
    (probe, unapplied): (Probe, Option<String>),
    advice: fn() -> Option<String>,
) -> Result<(), WindowError> {
    if class == Class::Floor {
        return Ok(());
    }
    let checked = workload.check(class, workers, digest.wrapping_sub(probe.added));
    checked.and_then(|()| probe.fault.or(unapplied).map_or(Ok(()), Err)).map_err(|fault| {
        let advice = advice().map(|advice| format!("; {advice}"));
        WindowError::Wrong(fault + &advice.unwrap_or_default())
    })
}

/// With fewer handles than workers some workers would be idle, or share one.
fn assert_handles(made: usize, wanted: usize) {
    assert_eq!(made, wanted, "it made {made} handles for {wanted} workers");
}

/// The work of a window as the type that it was made as.
pub(crate) fn downcast<T: WorkerLoop>(work: Box<dyn WorkerLoop>) -> Box<T> {
    let work: Box<dyn Any> = work;
    work.downcast().expect("a window gives back what it got")
}

pub(crate) const WORKER_PRESENT: &str = "a worker is lost only by a panic in the loop, which ends the window";

/// The timed loop. The two copies differ only in a constant, which keeps the compiler from merging them.
#[inline(never)]
pub(crate) fn operations<W: OpenWorkload, S: Shared<W::Model>, const COPY: usize>(
    workload: &W,
    worker: &mut Option<W::Worker>,
    shared: &mut S,
    count: u64,
) {
    black_box(COPY);
    // Moved out for the loop, so that the place in a ring stays in a register.
    let mut at = worker.take().expect(WORKER_PRESENT);
    // The compiler could replace the loop by one addition if no other thread can see the state. So that
    // handle is opaque, and a compiler fence separates the iterations without an instruction. A handle that
    // is opaque in each iteration would go through the stack. Shared state needs neither: its address stays
    // in a register, since a lock that loads its address first costs 1 to 2 ns more.
    let private = is_private(S::CLASS);
    // Reborrowed, because the variable that was opaque is loaded from the stack at each use.
    let shared = if private { &mut *black_box(shared) } else { shared };
    let per_turn = if private { W::PER_TURN } else { 1 };
    for _ in 0..count / per_turn {
        turn(workload, &mut at, shared, per_turn);
    }
    turn(workload, &mut at, shared, count % per_turn);
    *worker = Some(at);
    if is_deferred(S::CLASS) {
        shared.flush();
    }
}

/// A turn of the timed loop.
#[inline(always)]
fn turn<W: OpenWorkload, S: Shared<W::Model>>(workload: &W, at: &mut W::Worker, shared: &mut S, count: u64) {
    for _ in 0..count {
        if is_private(S::CLASS) {
            compiler_fence(Ordering::SeqCst);
        }
        workload.operation(at, shared);
    }
}
