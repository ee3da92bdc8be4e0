//! The passes of a run: one fork of each block, in random order, then the next one.

use std::collections::HashSet;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::fork_rounds::ForkRounds;
use super::observer::RoundObserver;
use super::resume::RoundsDone;
use super::round_state::RunState;
use super::runner::{Pass, RunError, Runner};
use super::seeds::mix;
use crate::record::{BlockPlan, CellId};

impl Runner<'_> {
    /// Measures `passes` one after the other, the blocks of each in random order. Rounds of `done` and cells
    /// of `failed` are left out. Cells that fail are added to `failed`.
    pub(crate) fn run(
        &self,
        passes: &[Pass<'_>],
        done: &RoundsDone,
        failed: &mut HashSet<CellId>,
        observer: &mut dyn RoundObserver,
    ) -> Result<(), RunError> {
        let mut state = RunState::new(failed, self.cpus);
        for (fork, blocks) in passes {
            for block in self.in_random_order(*fork, blocks) {
                self.run_fork(block, *fork, done, &mut state, observer)?;
            }
        }
        Ok(())
    }

    /// The blocks of a pass, in the order in which their forks are measured.
    pub(super) fn in_random_order<'p>(&self, fork: u32, blocks: &[&'p BlockPlan]) -> Vec<&'p BlockPlan> {
        let mut blocks = blocks.to_vec();
        blocks.shuffle(&mut StdRng::seed_from_u64(mix(self.seed, u64::from(fork))));
        blocks
    }

    /// Measures the rounds of one fork that are not `done`.
    fn run_fork(
        &self,
        block: &BlockPlan,
        fork: u32,
        done: &RoundsDone,
        run: &mut RunState<'_>,
        observer: &mut dyn RoundObserver,
    ) -> Result<(), RunError> {
        let mut rounds = ForkRounds::new(block, fork, done);
        while rounds.next(self, run, observer)? {}
        Ok(())
    }
}
