//! Time where it is needed: what is left of a budget after the planned forks goes to blocks whose
//! leaders are not told apart, look by look. Which blocks these are follows from the records; the looks
//! are the plan's. A block gets all forks up to its next look, or none.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::lengths;
use super::measure::{Done, Writer, rounds_done};
use super::progress::seconds;
use crate::record::{self, BlockPlan, CellId, Plan, Record, Status};
use crate::session::{Conductor, Halt, Pass, fork_takes};
use crate::verdict::undecided;

/// What a run has taken.
pub(super) struct Clock {
    /// When it began, or went on.
    pub start: Instant,
    /// What it had taken before.
    pub before: Duration,
}

impl Clock {
    fn gone(&self) -> Duration {
        self.before + self.start.elapsed()
    }
}

/// Spends what is left of the budget of `plan`, whose planned forks are there.
///
/// # Errors
/// As [`Conductor::run`], and where the records cannot be read back.
pub(super) fn spend(
    conductor: &Conductor<'_>,
    plan: &Plan,
    clock: Clock,
    failed: &mut HashSet<CellId>,
    writer: &mut Writer,
) -> Result<(), Halt> {
    let Some(more) = &plan.more else {
        return Ok(());
    };
    let budget = Duration::from_secs_f64(more.budget_s);
    // Where the planned forks took longer than was thought, so will these.
    let pace = (clock.gone().as_secs_f64() / plan.estimate_s).max(1.0);
    for looks in more.looks.windows(2) {
        let (from, to) = (looks[0].forks, looks[1].forks);
        let journal = record::read(writer.folder()).map_err(|e| Halt::Broken(e.to_string()))?;
        let done = rounds_done(&journal.records);
        failed.extend(failed_before(&journal.records));
        let open = undecided(&journal.run, &journal.records, from);
        let mut blocks: Vec<&BlockPlan> = plan.blocks.iter().collect();
        blocks.retain(|block| open.contains(&block.block));
        blocks.shuffle(&mut StdRng::seed_from_u64(conductor.seed ^ u64::from(to)));
        // What an interrupted run began comes first.
        blocks.sort_by_key(|block| !done.contains_key(&(block.block.clone(), from + 1)));
        let takes = |block: &BlockPlan| (fork_takes(block) * missing(block, from, to, &done)).mul_f64(pace);
        let left = budget.saturating_sub(clock.gone() + lengths::takes(plan).mul_f64(pace));
        let (chosen, takes) = affordable(&blocks, left, takes);
        if chosen.is_empty() {
            continue;
        }
        eprintln!(
            "{} of {} blocks whose leaders are not told apart at {from} forks get {} more: about {}",
            chosen.len(),
            blocks.len(),
            to - from,
            seconds(takes),
        );
        let passes: Vec<Pass> = (from + 1..=to).map(|fork| (fork, chosen.clone())).collect();
        writer.expect(&passes, &done);
        conductor.run(&passes, &done, failed, writer)?;
    }
    Ok(())
}

/// The cells that have failed.
pub(super) fn failed_before(records: &[Record]) -> impl Iterator<Item = CellId> {
    let broken = records.iter().filter(|r| r.status == Status::Failed);
    broken.map(|record| record.cell.clone())
}

/// Forks after `from` and up to `to` that `block` lacks.
fn missing(block: &BlockPlan, from: u32, to: u32, done: &Done) -> u32 {
    let there = |fork: &u32| done.get(&(block.block.clone(), *fork)) >= Some(&block.rounds);
    to - from - (from + 1..=to).filter(there).count() as u32
}

/// Those of `blocks`, in their order, for which there is still time, and what all of them take.
fn affordable<'a>(
    blocks: &[&'a BlockPlan],
    left: Duration,
    takes: impl Fn(&BlockPlan) -> Duration,
) -> (Vec<&'a BlockPlan>, Duration) {
    let mut spent = Duration::ZERO;
    let mut chosen = blocks.to_vec();
    chosen.retain(|block| {
        let with = spent + takes(block);
        let fits = with <= left;
        if fits {
            spent = with;
        }
        fits
    });
    (chosen, spent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(threads: usize, rounds: u32) -> BlockPlan {
        BlockPlan {
            block: format!("counter/hot/{threads}").parse().expect("an id"),
            forks: None,
            rounds,
            window_ns: 8_000_000,
            frame_ns: 0,
            cells: Vec::new(),
        }
    }

    #[test]
    fn a_block_that_does_not_fit_leaves_its_time_to_the_next() {
        let blocks = [block(1, 3), block(2, 9), block(4, 3)];
        let all: Vec<&BlockPlan> = blocks.iter().collect();
        let takes = |block: &BlockPlan| Duration::from_secs(block.rounds.into());
        let threads = |left| {
            let (chosen, spent) = affordable(&all, Duration::from_secs(left), takes);
            let threads: Vec<usize> = chosen.iter().map(|block| block.block.threads).collect();
            (threads, spent.as_secs())
        };
        assert_eq!(threads(15), (vec![1, 2, 4], 15));
        assert_eq!(threads(14), (vec![1, 2], 12));
        assert_eq!(threads(8), (vec![1, 4], 6));
        assert_eq!(threads(2), (vec![], 0));
    }

    #[test]
    fn forks_that_are_there_are_not_paid_for() {
        let block = block(2, 3);
        let done = |forks: &[(u32, u32)]| {
            let key = |(fork, rounds): &(u32, u32)| ((block.block.clone(), *fork), *rounds);
            forks.iter().map(key).collect::<Done>()
        };
        assert_eq!(missing(&block, 12, 18, &done(&[(12, 3)])), 6);
        assert_eq!(missing(&block, 12, 18, &done(&[(13, 3), (14, 2)])), 5);
    }
}
