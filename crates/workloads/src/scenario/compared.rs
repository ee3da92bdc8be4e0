//! The contenders of a scenario, each by its closures.

use std::hint::black_box;
use std::sync::Arc;

use super::drawn::Done;
use super::measure::{Operation, Side, Tally, own, shared};
use crate::registry::{Info, Suite};
use crate::workload::open::floor;
use contend_record::Class;

/// The check of a scenario.
pub(super) type Check<Op, T, E> = dyn Fn(E, &Done<'_, Op, T>) -> Result<(), String> + Send + Sync;

/// A scenario of the suite, which takes contenders.
pub struct Compared<'s, Op, T, E> {
    pub(super) suite: &'s mut Suite,
    pub(super) name: String,
    pub(super) check: Arc<Check<Op, T, E>>,
}

impl<'s, Op: Operation, T: Tally, E: 'static> Compared<'s, Op, T, E> {
    /// The scenario `name` of the suite, with the floor alone.
    pub(super) fn new(
        suite: &'s mut Suite,
        name: String,
        check: impl Fn(E, &Done<'_, Op, T>) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        let mut compared = Self { suite, name, check: Arc::new(check) };
        compared.floor();
        compared
    }

    /// Adds a contender whose state all workers share. `new` makes it for each window, off the clock. `operation` does
    /// one operation, and counts in the worker's tally what the check needs of its answers. `end` is off the clock
    /// again, and takes what the check looks at.
    ///
    /// # Panics
    /// Where the scenario has a contender of that name, ignoring case.
    #[track_caller]
    pub fn contender<S: Send + Sync + 'static>(
        &mut self,
        info: impl Into<Info>,
        new: impl Fn() -> S + Send + Sync + 'static,
        operation: impl Fn(&S, &Op, &mut T) + Send + Sync + 'static,
        end: impl Fn(&S) -> E + Send + Sync + 'static,
    ) -> &mut Self {
        let check = self.check.clone();
        let side = Side {
            workers: |threads| threads,
            new: Box::new(move |workers| {
                let state = Arc::new(new());
                (0..workers).map(|_| state.clone()).collect()
            }),
            operation: Arc::new(operation),
            check: Box::new(move |states: Vec<Arc<S>>, done| check(end(&states[0]), done)),
        };
        let timed = [shared::<0, _, _, _, _>, shared::<1, _, _, _, _>];
        side.register(self.suite, &self.name, info.into(), Class::Immediate, timed);
        self
    }

    /// Adds a contender of which each worker has a handle of its own: a sender, a reader, a part of the state. `new`
    /// makes a handle for each of that many workers. `class` is what it promises of a read. Unless that is
    /// [`Class::Immediate`], workers do a fixed number of operations and then `flush`, which returns when they are
    /// applied or merged, and is timed too. A flush of an immediate contender has nothing to do.
    ///
    /// # Panics
    /// Where the scenario has a contender of that name, ignoring case.
    #[track_caller]
    pub fn contender_by_worker<H: Send + 'static>(
        &mut self,
        info: impl Into<Info>,
        class: Class,
        new: impl Fn(usize) -> Vec<H> + Send + Sync + 'static,
        operation: impl Fn(&mut H, &Op, &mut T) + Send + Sync + 'static,
        flush: impl Fn(&mut H) + Send + Sync + 'static,
        end: impl Fn(Vec<H>) -> E + Send + Sync + 'static,
    ) -> &mut Self {
        let (check, info) = (self.check.clone(), info.into());
        let name = info.name.clone();
        let side = Side {
            workers: |threads| threads,
            new: Box::new(move |workers| {
                let handles = new(workers);
                let found = handles.len();
                assert_eq!(
                    found, workers,
                    "`{name}` makes {found} handles for {workers} workers: make one for each"
                );
                handles
            }),
            operation: Arc::new((operation, flush)),
            check: Box::new(move |handles, done| check(end(handles), done)),
        };
        let timed = [own::<0, _, _, _, _, _>, own::<1, _, _, _, _, _>];
        side.register(self.suite, &self.name, info, class, timed);
        self
    }

    /// The driver's own cost.
    fn floor(&mut self) {
        let side = Side {
            workers: |threads| threads,
            new: Box::new(|workers| {
                let nothing = Arc::new(());
                vec![nothing; workers]
            }),
            operation: Arc::new(|(): &(), op: &Op, _: &mut T| {
                black_box(op);
            }),
            check: Box::new(|_, _| Ok(())),
        };
        let timed = [shared::<0, _, _, _, _>, shared::<1, _, _, _, _>];
        side.register(self.suite, &self.name, floor(), Class::Floor, timed);
    }
}
