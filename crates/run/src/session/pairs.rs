//! Two builds in one run. Fork i of a block is measured by the run's own build and by an older one, round by round,
//! so that both see the same phase of the machine. The two processes live at once, and one of them sleeps. Which one
//! begins is random for the first fork of a block, and alternates from there over forks and rounds. Both draw the
//! same keys and the same order of cells. The older build's records are kept apart from all others.

use std::collections::HashSet;
use std::io;

use super::floor_check::FloorCheck;
use super::fork_rounds::ForkRounds;
use super::observer::RoundObserver;
use super::recorder::Recorder;
use super::resume::RoundsDone;
use super::round_state::RunState;
use super::runner::{Pass, RunError, Runner};
use super::seeds::{hash, mix};
use crate::machine::Executable;
use crate::record::{BlockPlan, CellId, Record};

/// The older build of a run.
pub(super) struct OlderForks {
    pub executable: Executable,
    /// What of it is measured.
    pub done: RoundsDone,
    /// Its cells that failed.
    pub failed: HashSet<CellId>,
    /// The floors of its finished forks, by which odd ones are taken again.
    pub floors: FloorCheck,
}

/// Measures `passes` by the build of `runner` and by `older`, pair by pair. Rounds that are done and cells that failed
/// are left out, on each side its own.
///
/// # Errors
/// As [`Runner::run`].
pub(super) fn run(
    runner: &Runner<'_>,
    older: &mut OlderForks,
    passes: &[Pass<'_>],
    done: &RoundsDone,
    failed: &mut HashSet<CellId>,
    recorder: &mut Recorder<'_>,
) -> Result<(), RunError> {
    let OlderForks { executable, done: older_done, failed: older_failed, floors } = older;
    let older_runner = runner.of_build(executable.clone(), std::mem::take(floors));
    let mut state = RunState::new(failed, runner.cpus);
    let mut older_state = RunState::new(older_failed, runner.cpus);
    for (fork, blocks) in passes {
        for block in runner.in_random_order(*fork, blocks) {
            let mut own = ForkRounds::new(block, *fork, done);
            let mut theirs = ForkRounds::new(block, *fork, older_done);
            let mut is_older = older_begins(runner.seed, block, *fork);
            let mut left = true;
            while left {
                left = false;
                for is_older in [is_older, !is_older] {
                    left |= match is_older {
                        true => theirs.next(&older_runner, &mut older_state, &mut OlderRecorder(recorder))?,
                        false => own.next(runner, &mut state, recorder)?,
                    };
                }
                is_older = !is_older;
            }
        }
    }
    Ok(())
}

/// Whether the older build begins this pair.
fn older_begins(seed: u64, block: &BlockPlan, fork: u32) -> bool {
    let first = mix(seed, hash(&block.block.to_string())) & 1;
    (first + u64::from(fork)).is_multiple_of(2)
}

/// Keeps the records of the older build apart.
struct OlderRecorder<'a, 'b>(&'a mut Recorder<'b>);

impl RoundObserver for OlderRecorder<'_, '_> {
    fn round_finished(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.0.older_round(block, records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_build_begins_every_second_pair_and_the_first_one_is_random() {
        let block = |name: &str| {
            let id = format!("counter/{name}/2").parse().expect("an id");
            contend_fixture::block_of(id, &["a"], |_| crate::record::Class::Immediate)
        };
        let mut begun = 0;
        for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            let order: Vec<bool> = (1..=12).map(|fork| older_begins(7, &block(name), fork)).collect();
            assert!(order.windows(2).all(|two| two[0] != two[1]), "{order:?}");
            begun += usize::from(order[0]);
        }
        assert!((1..8).contains(&begun), "{begun} of 8 blocks begin with the older build");
    }
}
