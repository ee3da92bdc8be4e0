//! `polling`: what looking for the cancel costs the work. Open, and nobody cancels.

use std::hint::black_box;

use super::Cancel;
use crate::workload::open::downcast;
use contend_record::Class;
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, StopRule, Window, WindowError, WorkerLoop};

/// Nanoseconds of work between two looks.
pub(super) const POLLED_NS: u64 = 100;

/// Work between two looks.
pub struct Looks {
    pub(super) iterations: u64,
}

/// A worker that looks, and is not told.
pub(super) struct Looker<C: Cancel> {
    watch: C::Watch,
    /// Kept by the first.
    _token: Option<C>,
    iterations: u64,
    told: u64,
    looks: fn(&mut Looker<C>, u64),
}

impl<C: Cancel> WorkerLoop for Looker<C> {
    fn work(&mut self, operations: u64) {
        (self.looks)(self, operations);
    }
}

#[inline(never)]
pub(super) fn looks<C: Cancel, const COPY: usize>(looker: &mut Looker<C>, count: u64) {
    black_box(COPY);
    for _ in 0..count {
        busy_loop(looker.iterations);
        looker.told += u64::from(C::cancelled(&mut looker.watch));
    }
}

/// One window of workers that look.
pub(super) fn polling<C: Cancel>(
    setting: &Looks,
    window: &mut Window<'_>,
    looks: fn(&mut Looker<C>, u64),
) -> Result<Sample, WindowError> {
    let workers = window.threads();
    let open = || {
        let (token, mut watches) = C::new(workers);
        let mut token = Some(token);
        let mut work: Vec<Box<dyn WorkerLoop>> = Vec::with_capacity(workers);
        while let Some(watch) = watches.pop() {
            work.push(Box::new(Looker {
                watch,
                _token: token.take(),
                iterations: setting.iterations,
                told: 0,
                looks,
            }));
        }
        work
    };
    let close = |work: Vec<Box<dyn WorkerLoop>>, counts: &[u64]| {
        let lookers = work.into_iter().map(downcast::<Looker<C>>);
        let told: u64 = lookers.map(|looker| looker.told).sum();
        if told == 0 || C::CLASS == Class::Floor {
            return Ok(());
        }
        let all: u64 = counts.iter().sum();
        Err(WindowError::Wrong(format!("{told} of {all} looks saw a cancel that was not")))
    };
    window.measure(StopRule::Time, &open, &close)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_cancel_that_was_not_is_named() {
        let mut window = Window {
            team: &mut contend_team::Team::new(1),
            length: Duration::from_millis(1),
            pilot: &mut None,
            check_only: true,
        };
        struct Hasty;
        impl Cancel for Hasty {
            type Watch = ();
            fn new(workers: usize) -> (Self, Vec<()>) {
                (Hasty, vec![(); workers])
            }
            fn cancelled((): &mut ()) -> bool {
                true
            }
            fn sleep((): &mut ()) {}
            fn cancel(self) {}
        }
        let fault = polling(&Looks { iterations: 0 }, &mut window, looks::<Hasty, 0>);
        let says = fault.unwrap_err().to_string();
        assert!(says.ends_with("looks saw a cancel that was not"), "{says}");
    }
}
