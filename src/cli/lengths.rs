//! Whether winners are ones in longer windows too: planned before anything is measured, taken when all
//! else is there. The windows go to a file of their own. What to take, and what follows, is `verdict`'s
//! to say.

use std::collections::HashSet;
use std::io;
use std::time::Duration;

use super::measure::Writer;
use super::more::failed_before;
use super::progress::seconds;
use crate::record::{self, BlockPlan, CellId, Plan, Record, RunStatus, WindowCheck};
use crate::run::{Audience, Conductor, Halt, Preset, fork_takes};
use crate::verdict::{analyse, forks_needed, max_window_check_forks, window_check_blocks};

/// As long as windows are where threads outnumber cores.
const LENGTH: Duration = Duration::from_millis(40);

/// The share of blocks that is expected to have a winner. Nearly all of them need one fork: where the
/// first has the winner ahead, it is the last.
const WITH_WINNER: f64 = 0.5;

/// Plans the check of `plan`, and the time that it takes. A first look has none, nor has a plan that
/// can name no winner or has no window that is shorter.
pub(super) fn plan_for(plan: &mut Plan, preset: Preset) {
    let check = WindowCheck {
        window_ns: LENGTH.as_nanos() as u64,
        forks: max_window_check_forks(),
    };
    let covered = plan.blocks.iter().any(|block| check.covers(block));
    if preset != Preset::Quick && plan.forks >= forks_needed(2) && covered {
        plan.window_check = Some(check);
        plan.estimate_s += takes(plan).as_secs_f64();
    }
}

/// How long the check of `plan` is expected to take.
pub(super) fn takes(plan: &Plan) -> Duration {
    let Some(check) = plan.window_check else {
        return Duration::ZERO;
    };
    let pair = |block: &BlockPlan| {
        let mut pair = check.of(block, &[]);
        pair.cells.extend(block.cells.iter().take(2).cloned());
        fork_takes(&pair)
    };
    let covered = plan.blocks.iter().filter(|block| check.covers(block));
    covered.map(pair).sum::<Duration>().mul_f64(WITH_WINNER)
}

/// Measures the winners of `plan`, all of whose forks are there, and their runners-up in longer windows.
///
/// # Errors
/// As [`Conductor::run`], and where the records cannot be read back.
pub(super) fn spend(
    conductor: &Conductor<'_>,
    plan: &Plan,
    failed: &mut HashSet<CellId>,
    writer: &mut Writer,
) -> Result<(), Halt> {
    let Some(check) = plan.window_check else {
        return Ok(());
    };
    let mut journal = record::read(writer.folder()).map_err(|e| Halt::Broken(e.to_string()))?;
    journal.run.status = RunStatus::Complete;
    failed.extend(failed_before(&journal.records));
    let analysis = analyse(&journal.run, &journal.records);
    let done = Default::default();
    let mut apart = Apart {
        writer,
        long: journal.long,
    };
    for fork in 1..=check.forks {
        let blocks = window_check_blocks(&journal.run, &analysis, &apart.long, fork);
        let blocks: Vec<&BlockPlan> = blocks.iter().collect();
        if blocks.is_empty() {
            continue;
        }
        eprintln!(
            "{} {} in windows of {} ms, the two leaders alone, fork {fork} of at most {}: about {}",
            blocks.len(),
            if blocks.len() == 1 { "block" } else { "blocks" },
            check.window_ns / 1_000_000,
            check.forks,
            seconds(blocks.iter().map(|block| fork_takes(block)).sum()),
        );
        let pass = [(fork, blocks)];
        apart.writer.expect(&pass, &done);
        conductor.run(&pass, &done, failed, &mut apart)?;
    }
    Ok(())
}

/// Keeps longer windows apart from all others.
struct Apart<'w> {
    writer: &'w mut Writer,
    long: Vec<Record>,
}

impl Audience for Apart<'_> {
    fn round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        self.long.extend_from_slice(records);
        self.writer.long_round(block, records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Choice, plan};
    use crate::suite::suite;

    fn planned(choice: &Choice) -> Plan {
        let suite = suite();
        let mut plan = plan(&suite, choice, 2, 0).expect("a plan");
        let before = plan.estimate_s;
        plan_for(&mut plan, choice.preset);
        assert_eq!(plan.window_check.is_some(), plan.estimate_s > before);
        plan
    }

    #[test]
    fn a_check_is_planned_where_it_can_say_something_and_costs_little() {
        let standard = planned(&Choice::default());
        let check = standard.window_check.expect("windows of 8 ms");
        assert_eq!((check.window_ns, check.forks), (40_000_000, 7));
        let share = takes(&standard).as_secs_f64() / standard.estimate_s;
        // Without the crates that are compared a block has two or three cells, and as many in the check.
        assert!(!cfg!(feature = "patterns") || share < 0.02, "{share}");
        let without = [
            Choice {
                preset: Preset::Quick,
                ..Choice::default()
            },
            Choice {
                forks: Some(7),
                ..Choice::default()
            },
            Choice {
                window: Some(LENGTH),
                ..Choice::default()
            },
        ];
        for choice in without {
            assert_eq!(planned(&choice).window_check, None, "{choice:?}");
        }
    }
}
