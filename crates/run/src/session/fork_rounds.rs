//! The rounds of one fork, one after the other: which of them count, which are measured again, and by which process.

use std::time::Instant;

use super::disturbances::{CLOCK_WENT_BACK, note};
use super::fork_handle::ForkHandle;
use super::observer::RoundObserver;
use super::resume::RoundsDone;
use super::round_state::{ForkState, RoundEnd, RunState};
use super::runner::{RunError, Runner};
use super::validity::{MeasuredWindow, WindowPosition, void_round, void_unreadable};
use crate::record::{BlockPlan, Record};

/// What is left of a fork.
pub(super) struct ForkRounds<'a> {
    block: &'a BlockPlan,
    fork: u32,
    /// The rounds to be measured, the next one last.
    left: Vec<u32>,
    state: ForkState,
    /// Its process; none before the first window, and after one that ended it.
    handle: Option<ForkHandle<'a>>,
    retries_left: u32,
}

impl<'a> ForkRounds<'a> {
    /// The rounds of a fork of `block` that are not `done`.
    pub(super) fn new(block: &'a BlockPlan, fork: u32, done: &RoundsDone) -> Self {
        let left = (1..=block.rounds).rev().filter(|round| !done.contains(block, fork, *round));
        let (left, state, retries_left) = (left.collect(), ForkState::default(), block.rounds);
        Self { block, fork, left, state, handle: None, retries_left }
    }

    /// Measures the next round, for the first time or again. Returns whether there was one.
    ///
    /// # Errors
    /// Why the run ends.
    pub(super) fn next(
        &mut self,
        runner: &'a Runner<'_>,
        run: &mut RunState<'_>,
        observer: &mut dyn RoundObserver,
    ) -> Result<bool, RunError> {
        let Some(&round) = self.left.last() else { return Ok(false) };
        let position = WindowPosition { fork: self.fork, round, position: 0 };
        let start = Instant::now();
        let retry_allowed = self.retries_left > 0 && run.retries.retry_allowed();
        let before = run.watch.read(self.process_id());
        let (mut windows, end) =
            runner.run_round(self.block, position, run, &mut self.state, &mut self.handle, retry_allowed)?;
        if !runner.check_only {
            note(&mut windows, &run.watch.since(&before, self.process_id()));
        }
        let disturbance = windows.iter().find_map(|window| window.disturbance.clone());
        let odd = match (&end, &disturbance) {
            (RoundEnd::Measured, None) if retry_allowed && !runner.check_only => {
                runner.odd_floor(position, &windows)
            }
            _ => None,
        };
        match (end, disturbance) {
            (RoundEnd::Failed(cell), _) => {
                void_round(&mut windows, &format!("its round was cut short by {cell}"));
                self.handle = None; // a new fork goes on without the cell
            }
            (RoundEnd::Lost(reason), _) => {
                void_round(&mut windows, reason);
                self.handle = None;
            }
            (RoundEnd::ClockWentBack, _) => {
                void_round(&mut windows, CLOCK_WENT_BACK);
                self.handle = None;
                if self.state.clock_went_back() {
                    self.left.clear();
                }
            }
            (RoundEnd::Measured, Some(disturbance)) if retry_allowed => {
                self.retries_left -= 1;
                run.retries.add_round(start.elapsed(), true);
                void_round(&mut windows, disturbance.reason());
            }
            (RoundEnd::Measured, _) if odd.is_some() => {
                self.retries_left -= 1;
                run.retries.add_round(start.elapsed(), true);
                void_round(&mut windows, odd.as_deref().unwrap_or_default());
                self.handle = None; // another process draws another layout
            }
            (RoundEnd::Measured, _) => {
                run.retries.add_round(start.elapsed(), false);
                // On a machine with steady theft the round counts as it is.
                void_unreadable(&mut windows);
                self.state.round_finished();
                self.left.pop();
            }
        }
        let records: Vec<Record> = windows.into_iter().map(|window: MeasuredWindow| window.record).collect();
        observer.round_finished(self.block, &records)?;
        Ok(true)
    }

    fn process_id(&self) -> Option<u32> {
        self.handle.as_ref().and_then(ForkHandle::process_id)
    }
}
