//! A short fork of each of the user's own workloads, before the plan is made: how long their windows take beside their
//! length, and how much memory they need. What ships says so itself.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::time::{Duration, Instant};

use super::observer::RoundObserver;
use super::plan::{costs_of, extra_memory};
use super::resume::RoundsDone;
use super::runner::{RunError, Runner};
use crate::record::{BlockPlan, CONTROL, Record, Status, VariantId, WorkloadGroup};
use contend_workloads::registry::Suite;

/// The length of a trial's windows.
const WINDOW: Duration = Duration::from_micros(200);

/// What a variant's windows and forks cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TrialCost {
    /// A window, beside its length.
    per_window: Duration,
    /// A fork, beside its threads.
    memory_bytes: u64,
}

/// A block to try, and what the plan has of it.
pub(crate) struct Trial {
    /// Two rounds of short windows, since the first one has what a fork does once.
    block: BlockPlan,
    planned_rounds: u32,
    planned_window: Duration,
}

/// The trials of `blocks`: one for each variant of the user's own that says nothing of its cost. It is measured with as
/// many threads as the largest block has, up to all CPUs.
pub(crate) fn trials(suite: &Suite, blocks: &[BlockPlan], cores: usize) -> Vec<Trial> {
    let mut found: BTreeMap<String, &BlockPlan> = BTreeMap::new();
    for block in blocks.iter().filter(|block| is_unknown(suite, &block.block.of_variant())) {
        let known = found.entry(block.block.of_variant().to_string()).or_insert(block);
        if block.block.threads <= cores && block.block.threads > known.block.threads {
            *known = block;
        }
    }
    let trial = |planned: &BlockPlan| {
        let mut block = planned.clone();
        (block.rounds, block.forks, block.frame_ns) = (2, Some(1), 0);
        block.window_ns = WINDOW.as_nanos() as u64;
        block.cells.retain(|cell| !cell.contender.ends_with(CONTROL)); // it costs what its contender does
        let planned_window = Duration::from_nanos(planned.window_ns);
        Trial { block, planned_rounds: planned.rounds, planned_window }
    };
    found.into_values().map(trial).collect()
}

/// Whether nothing but a trial can tell what the windows of a variant cost.
fn is_unknown(suite: &Suite, id: &VariantId) -> bool {
    let is_own = |name: &str| {
        suite.workloads.iter().any(|known| known.name == name && known.group == WorkloadGroup::Own)
    };
    let variant = suite.variants.iter().find(|variant| variant.info.id == *id);
    let is_silent = variant.is_some_and(|of| of.per_window_overhead.is_zero() && of.memory_bytes == 0);
    is_silent && is_own(&id.workload)
}

impl Trial {
    /// The variant that is tried.
    pub(crate) fn variant(&self) -> VariantId {
        self.block.block.of_variant()
    }

    /// Measures a fork.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub(crate) fn run(&self, runner: &Runner<'_>) -> Result<TrialCost, RunError> {
        let mut watch = Watch { since: Instant::now(), rounds: Vec::new(), memory_bytes: 0 };
        runner.run(&[(1, vec![&self.block])], &RoundsDone::default(), &mut HashSet::new(), &mut watch)?;
        Ok(TrialCost {
            per_window: self.per_window(&watch.rounds),
            memory_bytes: extra_memory(watch.memory_bytes, self.block.block.threads),
        })
    }

    /// What a window costs beside its length, by how long `rounds` took. A plan counts it for each round and once more;
    /// what a fork does once, such as drawing operations, is a part of all of them.
    fn per_window(&self, rounds: &[Duration]) -> Duration {
        let cells = self.block.cells.len().max(1) as u32;
        let first = rounds.first().copied().unwrap_or_default();
        let second = rounds.get(1).copied().unwrap_or(first);
        let (start, of_round) = costs_of(&self.block);
        let once = first.saturating_sub(second).saturating_sub(start) / cells;
        let each = second.saturating_sub(of_round) / cells;
        // A plan has at most two rounds of windows that take longer than planned.
        let most = if each > self.planned_window { 2 } else { self.planned_rounds };
        let rounds = self.planned_rounds.min(most);
        (once + each * rounds) / (rounds + 1)
    }
}

/// Tells `suite` what the windows of a variant cost.
pub(crate) fn note_cost(suite: &mut Suite, id: &VariantId, cost: TrialCost) {
    for variant in suite.variants.iter_mut().filter(|variant| variant.info.id == *id) {
        variant.overhead(cost.per_window).memory(cost.memory_bytes);
    }
}

/// Watches how long the rounds of a fork take.
struct Watch {
    since: Instant,
    /// Those of whole rounds.
    rounds: Vec<Duration>,
    memory_bytes: u64,
}

impl RoundObserver for Watch {
    fn round_finished(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        let memory = records.iter().filter_map(|record| record.memory_bytes);
        self.memory_bytes = memory.fold(self.memory_bytes, u64::max);
        // A round that was cut short, by a failed cell or by the machine, is followed by another.
        let is = |status| records.iter().any(|record| record.status == status);
        let is_whole = records.len() >= block.cells.len() || !is(Status::Void);
        if is_whole && !is(Status::Failed) {
            self.rounds.push(self.since.elapsed());
        }
        self.since = Instant::now();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::super::plan::{Selection, fork_estimate, plan};
    use super::*;
    use contend_team::busy_loop::calibrate;
    use contend_workloads::scenario::{Done, expect};

    /// A scenario whose state takes 100 ms to make, beside what ships.
    fn suite() -> Suite {
        let mut suite = contend_workloads::workloads();
        suite
            .compare("slow")
            .variant("start", "state that takes long to make", |_| 1_u64)
            .check(|sum: u64, done: &Done<u64>| expect("ones", sum, done.total()))
            .contender(
                "own::Slow",
                || {
                    std::thread::sleep(Duration::from_millis(100));
                    std::sync::Mutex::new(0)
                },
                |sum, one, ()| *sum.lock().expect("nobody panics") += one,
                |sum| *sum.lock().expect("nobody panics"),
            );
        suite
    }

    #[test]
    fn a_trial_tells_the_plan_what_windows_of_ones_own_cost() {
        let mut suite = suite();
        let selection = Selection { threads: Some(vec![1, 2]), ..Selection::default() };
        let blocks = |suite: &Suite| plan(suite, &selection, 2, 0).expect("a plan").blocks;
        let found = trials(&suite, &blocks(&suite), 2);
        let [trial] = &found[..] else { panic!("one variant is one's own") };
        assert_eq!(trial.block.block.to_string(), "slow/start/2");
        let interrupted = AtomicBool::new(false);
        let runner = Runner {
            suite: &suite,
            executable: None,
            deadline: Duration::from_secs(10),
            memory_limit: u64::MAX,
            seed: 1,
            work: calibrate(),
            check_only: false,
            pin: false,
            beside_another: false,
            cpus: 2,
            floors: Default::default(),
            interrupted: &interrupted,
        };
        let cost = trial.run(&runner).expect("it runs");
        // The floor's state takes no time. The plan counts a third window beside two rounds.
        let ms = cost.per_window.as_millis();
        assert!(ms >= 20, "{ms} ms"); // a busy machine takes longer
        note_cost(&mut suite, &trial.variant(), cost);
        let planned = blocks(&suite).into_iter().find(|block| block.block == trial.block.block);
        let planned = planned.expect("the block");
        assert_eq!(planned.frame_ns, cost.per_window.as_nanos() as u64);
        assert!(fork_estimate(&planned) > Duration::from_millis(150), "{:?}", fork_estimate(&planned));
        assert!(trials(&suite, &blocks(&suite), 2).is_empty(), "its cost is known now");
    }

    #[test]
    fn what_a_fork_does_once_is_spread_over_the_windows_of_the_plan() {
        let suite = suite();
        let selection = Selection { threads: Some(vec![1]), ..Selection::default() };
        let blocks = plan(&suite, &selection, 2, 0).expect("a plan").blocks;
        let [trial] = &trials(&suite, &blocks, 2)[..] else { panic!("one variant is one's own") };
        let planned = blocks.iter().find(|block| block.block == trial.block.block).expect("the block");
        let (start, of_round) = costs_of(&trial.block);
        let ms = Duration::from_millis;
        for (once, each) in
            [(ms(0), ms(0)), (ms(90), ms(0)), (ms(0), ms(2)), (ms(40), ms(1)), (ms(40), ms(50))]
        {
            let second = of_round + each;
            let frame = trial.per_window(&[start + once + second, second]);
            let rounds = if each > ms(2) { 2 } else { planned.rounds };
            let block = BlockPlan { rounds, frame_ns: frame.as_nanos() as u64, ..trial.block.clone() };
            let none = BlockPlan { frame_ns: 0, ..block.clone() };
            let more = (fork_estimate(&block) - fork_estimate(&none)).as_secs_f64() / 1.05;
            let wanted = (once + each * rounds).as_secs_f64();
            assert!((more - wanted).abs() < 0.002, "{once:?}, {each:?}: {more} s, not {wanted} s");
        }
    }
}
