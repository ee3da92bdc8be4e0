//! The window check: whether winners also win in longer windows. It is planned before anything is measured,
//! and runs after everything else. Its records go to their own file. The analysis chooses the cells and
//! draws the conclusions.

use std::collections::HashSet;
use std::io;
use std::time::Duration;

use super::observer::{Phase, RoundObserver};
use super::plan::{Preset, fork_estimate};
use super::recorder::Recorder;
use super::resume::{RoundsDone, failed_cells};
use super::runner::{RunError, Runner, windows_left};
use crate::record::{self, BlockPlan, CellId, Plan, Record, RunStatus, WindowCheck};
use crate::verdict::{analyse, forks_needed, max_window_check_forks, window_check_blocks};

/// The length of its windows: twice that of blocks with more threads than cores.
const WINDOW: Duration = Duration::from_millis(40);

/// The length in the thorough preset, which has the time for windows in which contenders age.
const THOROUGH_WINDOW: Duration = Duration::from_secs(1);

/// The expected share of blocks with a winner. Nearly all of them need one fork, since a winner that leads in
/// the first fork ends the check.
const WITH_WINNER: f64 = 0.5;

/// Adds the check to `plan`. There is none in the quick preset, with too few forks for a winner, without shorter
/// windows, or in one process.
pub(super) fn add_to_plan(plan: &mut Plan, preset: Preset) {
    let window = if preset == Preset::Thorough { THOROUGH_WINDOW } else { WINDOW };
    let check = WindowCheck { window_ns: window.as_nanos() as u64, forks: max_window_check_forks() };
    let covered = plan.blocks.iter().any(|block| check.covers(block));
    if preset != Preset::Quick && plan.forks >= forks_needed(2) && covered && !plan.in_process {
        plan.window_check = Some(check);
    }
}

/// How long the check of `plan` is expected to take.
pub(super) fn estimate(plan: &Plan) -> Duration {
    plan.blocks.iter().map(|block| estimate_of(plan, block)).sum()
}

/// How long the check of a block of `plan` is expected to take.
pub(super) fn estimate_of(plan: &Plan, block: &BlockPlan) -> Duration {
    let Some(check) = plan.window_check.filter(|check| check.covers(block)) else {
        return Duration::ZERO;
    };
    let mut pair = check.of(block, &[]);
    pair.cells.extend(block.cells.iter().take(2).cloned());
    fork_estimate(&pair).mul_f64(WITH_WINNER)
}

/// Measures winners and runners-up of `plan`, all of whose forks are done, in longer windows.
///
/// # Errors
/// As [`Runner::run`], and if the records cannot be read back.
pub(super) fn run_phase(
    runner: &Runner<'_>,
    plan: &Plan,
    failed: &mut HashSet<CellId>,
    recorder: &mut Recorder<'_>,
) -> Result<(), RunError> {
    let Some(check) = plan.window_check else {
        return Ok(());
    };
    let mut journal = record::read(recorder.folder())?;
    journal.run.status = RunStatus::Complete;
    failed.extend(failed_cells(&journal.records));
    let analysis = analyse(&journal.run, &journal.records);
    let done = RoundsDone::default();
    let mut recorder = CheckRecorder { recorder, records: journal.long };
    for fork in 1..=check.forks {
        let blocks = window_check_blocks(&journal.run, &analysis, &recorder.records, fork);
        let blocks: Vec<&BlockPlan> = blocks.iter().collect();
        if blocks.is_empty() {
            continue;
        }
        let phase = Phase::WindowCheck {
            blocks: blocks.len(),
            window: Duration::from_nanos(check.window_ns),
            fork,
            most_forks: check.forks,
            estimate: blocks.iter().map(|block| fork_estimate(block)).sum(),
        };
        let pass = [(fork, blocks)];
        recorder.phase_started(&phase, windows_left(&pass, &done));
        runner.run(&pass, &done, failed, &mut recorder)?;
    }
    Ok(())
}

/// Keeps the records of the check apart from all others.
struct CheckRecorder<'a, 'b> {
    recorder: &'a mut Recorder<'b>,
    records: Vec<Record>,
}

impl RoundObserver for CheckRecorder<'_, '_> {
    fn phase_started(&mut self, phase: &Phase, windows: u64) {
        self.recorder.phase_started(phase, windows);
    }

    fn round_finished(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.records.extend_from_slice(records);
        self.recorder.window_check_round(block, records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::plan::{Selection, plan};
    use contend_workloads::suite;

    fn planned(selection: &Selection) -> Plan {
        let suite = suite();
        let mut plan = plan(&suite, selection, 2, 0).expect("a plan");
        add_to_plan(&mut plan, selection.preset);
        assert_eq!(plan.window_check.is_some(), !estimate(&plan).is_zero());
        plan
    }

    #[test]
    fn a_check_is_planned_if_it_can_conclude_something_and_costs_little() {
        let standard = planned(&Selection::default());
        let check = standard.window_check.expect("windows of 8 ms");
        assert_eq!((check.window_ns, check.forks), (40_000_000, 7));
        let share = estimate(&standard).as_secs_f64() / standard.estimate_s;
        // Without the contenders a block has two or three cells, and as many in the check.
        assert!(!cfg!(feature = "patterns") || share < 0.02, "{share}");
        let thorough = planned(&Selection { preset: Preset::Thorough, ..Selection::default() });
        assert_eq!(thorough.window_check.map(|check| check.window_ns), Some(1_000_000_000));
        let without = [
            Selection { preset: Preset::Quick, ..Selection::default() },
            Selection { forks: Some(7), ..Selection::default() },
            Selection { window: Some(WINDOW), ..Selection::default() },
            Selection { in_process: true, ..Selection::default() },
        ];
        for selection in without {
            assert_eq!(planned(&selection).window_check, None, "{selection:?}");
        }
    }
}
