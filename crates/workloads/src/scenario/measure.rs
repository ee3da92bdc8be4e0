//! How a contender of a scenario is measured: the timed loop, and what is around it. Closures are types here, so
//! that the loop calls none through a pointer.

use std::hint::black_box;
use std::mem::take;
use std::sync::Arc;
use std::sync::atomic::{Ordering, compiler_fence};

use super::drawn::{Done, Drawn, Worked};
use crate::registry::{Info, MeasureClosure, RegisteredContender, Suite};
use crate::workload::open::downcast;
use contend_record::Class;
use contend_team::{Sample, StopRule, Window, WindowError, WorkerLoop};

/// Does `count` operations on a worker's handle, with its place, its tally and the contender's closure.
pub(super) type Timed<H, Op, T, F> = fn(&Drawn<Op>, &mut usize, &mut H, &mut T, &F, u64);

/// What a worker's tally is.
pub trait Tally: Default + Send + 'static {}

impl<T: Default + Send + 'static> Tally for T {}

/// What an operation is.
pub trait Operation: Send + Sync + 'static {}

impl<Op: Send + Sync + 'static> Operation for Op {}

/// A contender, with `H` as each worker's handle on it.
pub(super) struct Side<H, Op, T, F> {
    /// How many of the block's threads it uses.
    pub(super) workers: fn(usize) -> usize,
    /// A handle for each worker, on fresh state.
    pub(super) new: Box<dyn Fn(usize) -> Vec<H> + Send + Sync>,
    /// One operation.
    pub(super) operation: Arc<F>,
    /// The check.
    pub(super) check: Check<H, Op, T>,
}

pub(super) type Check<H, Op, T> = Box<dyn Fn(Vec<H>, &Done<'_, Op, T>) -> Result<(), String> + Send + Sync>;

impl<H: Send + 'static, Op: Operation, T: Tally, F: Send + Sync + 'static> Side<H, Op, T, F> {
    /// Adds the contender to the scenario's variants. The control's loop is `timed[1]`.
    #[track_caller]
    pub(super) fn register(
        self,
        suite: &mut Suite,
        scenario: &str,
        info: Info,
        class: Class,
        timed: [Timed<H, Op, T, F>; 2],
    ) {
        let (runnable, side) = (self.workers, Arc::new(self));
        let measure = timed.map(|timed| -> MeasureClosure<Drawn<Op>> {
            let side = side.clone();
            Box::new(move |drawn, window| side.measure(drawn, window, class, timed))
        });
        let addresses = timed.map(|timed| timed as *const () as usize);
        let contender = RegisteredContender::of_closures(info, class, runnable, addresses, measure);
        suite.add_to(scenario, contender);
    }

    fn measure(
        &self,
        drawn: &Arc<Drawn<Op>>,
        window: &mut Window<'_>,
        class: Class,
        timed: Timed<H, Op, T, F>,
    ) -> Result<Sample, WindowError> {
        let workers = (self.workers)(window.threads());
        let open = || {
            let handles = (self.new)(workers).into_iter().enumerate();
            let work = handles.map(|(index, handle)| -> Box<dyn WorkerLoop> {
                let start = drawn.start(index);
                let (drawn, operation, tally) = (drawn.clone(), self.operation.clone(), T::default());
                Box::new(Worker { drawn, start, at: start, handle, tally, operation, timed })
            });
            work.collect()
        };
        let close = |work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
            let (mut handles, mut worked) = (Vec::new(), Vec::new());
            for (work, &count) in work.into_iter().zip(counts) {
                let Worker { start, handle, tally, .. } = *downcast::<Worker<H, Op, T, F>>(work);
                handles.push(handle);
                worked.push(Worked { start, tally, count });
            }
            match class {
                Class::Floor => Ok(()),
                _ => (self.check)(handles, &Done::new(drawn, &worked)).map_err(WindowError::Wrong),
            }
        };
        // What is applied later or merged is fixed work, so that the end of it is timed too.
        let stop_rule = match class {
            Class::Immediate | Class::FixedKeys | Class::Floor => StopRule::Time,
            Class::Deferred | Class::Partitioned => StopRule::Pilot,
        };
        window.measure(stop_rule, &open, &close)
    }
}

/// A worker in a window.
struct Worker<H, Op, T, F> {
    drawn: Arc<Drawn<Op>>,
    start: usize,
    at: usize,
    handle: H,
    tally: T,
    operation: Arc<F>,
    timed: Timed<H, Op, T, F>,
}

impl<H: Send + 'static, Op: Operation, T: Tally, F: Send + Sync + 'static> WorkerLoop
    for Worker<H, Op, T, F>
{
    fn work(&mut self, operations: u64) {
        let Self { drawn, at, handle, tally, operation, timed, .. } = self;
        timed(drawn, at, handle, tally, operation, operations);
    }
}

/// The timed loop on state that workers share. The two copies differ only in a constant, which keeps the compiler
/// from merging them.
#[inline(never)]
pub(super) fn shared<const COPY: usize, S, Op, T: Tally, F: Fn(&S, &Op, &mut T)>(
    drawn: &Drawn<Op>,
    at: &mut usize,
    state: &mut Arc<S>,
    tally: &mut T,
    operation: &F,
    count: u64,
) {
    black_box(COPY);
    let state: &S = state; // its address stays in a register
    let mut own = take(tally); // the compiler keeps it in registers, if it is small
    drawn.next(at, count, |op| operation(state, op, &mut own));
    *tally = own;
}

/// The timed loop on a handle of the worker's own, and what ends its work.
#[inline(never)]
pub(super) fn own<const COPY: usize, H, Op, T: Tally, F: Fn(&mut H, &Op, &mut T), G: Fn(&mut H)>(
    drawn: &Drawn<Op>,
    at: &mut usize,
    handle: &mut H,
    tally: &mut T,
    (operation, flush): &(F, G),
    count: u64,
) {
    black_box(COPY);
    // The compiler could replace the loop by one operation if no other thread can see the state: see `open`.
    let handle = black_box(handle);
    let mut own = take(tally);
    drawn.next(at, count, |op| {
        compiler_fence(Ordering::SeqCst);
        operation(handle, op, &mut own);
    });
    flush(handle);
    *tally = own;
}
