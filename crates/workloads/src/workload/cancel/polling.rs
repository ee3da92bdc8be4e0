//! `polling`: what polling for the cancel costs the work. Open, and without a cancel.

use std::hint::black_box;

use super::Cancel;
use crate::workload::open::downcast;
use contend_record::Class;
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, StopRule, Window, WindowError, WorkerLoop};

/// Nanoseconds of work between two polls.
pub(super) const POLLED_NS: u64 = 100;

/// The work between two polls.
pub struct PollingParams {
    pub(super) iterations: u64,
}

/// A worker that polls.
pub(super) struct Poller<C: Cancel> {
    watch: C::Watch,
    /// What would cancel, kept by one of the workers.
    _canceller: Option<C>,
    iterations: u64,
    /// Polls that saw a cancel.
    cancels: u64,
    poll: fn(&mut Poller<C>, u64),
}

impl<C: Cancel> WorkerLoop for Poller<C> {
    fn work(&mut self, operations: u64) {
        (self.poll)(self, operations);
    }
}

#[inline(never)]
pub(super) fn poll<C: Cancel, const COPY: usize>(poller: &mut Poller<C>, count: u64) {
    black_box(COPY);
    for _ in 0..count {
        busy_loop(poller.iterations);
        poller.cancels += u64::from(C::cancelled(&mut poller.watch));
    }
}

/// Measures a window of workers that poll.
pub(super) fn measure<C: Cancel>(
    params: &PollingParams,
    window: &mut Window<'_>,
    poll: fn(&mut Poller<C>, u64),
) -> Result<Sample, WindowError> {
    let workers = window.threads();
    let open = || {
        let (canceller, mut watches) = C::new(workers);
        let mut canceller = Some(canceller);
        let mut work: Vec<Box<dyn WorkerLoop>> = Vec::with_capacity(workers);
        while let Some(watch) = watches.pop() {
            let (iterations, _canceller) = (params.iterations, canceller.take());
            work.push(Box::new(Poller { watch, _canceller, iterations, cancels: 0, poll }));
        }
        work
    };
    let close = |work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
        let pollers = work.into_iter().map(downcast::<Poller<C>>);
        let cancels: u64 = pollers.map(|poller| poller.cancels).sum();
        if cancels == 0 || C::CLASS == Class::Floor {
            return Ok(());
        }
        let polls: u64 = counts.iter().sum();
        Err(WindowError::Wrong(format!("{cancels} of {polls} polls saw a cancel that never was")))
    };
    window.measure(StopRule::Time, &open, &close)
}
