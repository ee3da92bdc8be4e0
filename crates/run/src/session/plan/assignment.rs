//! Which blocks are in which shard: the part of a plan that one of N machines or jobs measures.
//!
//! Shards consist of whole blocks, since contenders are compared within a block. They are disjoint, and together they
//! are the plan. A block's shard depends on the suite and on the number of CPUs that are planned for, and neither on
//! the preset nor on filters. The blocks of each preset in turn go to the shard with the least planned time, longest
//! first. A hash of the block's id would not do: one block with multi-second windows takes a tenth of a standard run,
//! so eight shards by hash differ by a factor of two in time.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use super::cost::fork_estimate;
use super::selection::{PlanError, Preset, Selection};
use super::shard::Shard;
use crate::record::{BlockId, BlockPlan, Plan, ShardInfo};

/// The shard of each block, from 0.
pub(crate) struct Assignment {
    shards: HashMap<BlockId, usize>,
    shard: Shard,
}

impl Assignment {
    /// Assigns the blocks of all presets, which `plan` plans for one machine.
    ///
    /// # Errors
    /// As the plans of the presets, which have no filter that could match nothing.
    pub(super) fn new(
        shard: Shard,
        plan: impl Fn(&Selection) -> Result<Plan, PlanError>,
    ) -> Result<Self, PlanError> {
        let mut shards: HashMap<BlockId, usize> = HashMap::new();
        for preset in [Preset::Quick, Preset::Standard, Preset::Thorough] {
            let plan = plan(&Selection { preset, ..Selection::default() })?;
            let time = |at: usize| fork_estimate(&plan.blocks[at]) * plan.forks_of(&plan.blocks[at]);
            let mut loads = vec![Duration::ZERO; shard.count];
            for (at, block) in plan.blocks.iter().enumerate() {
                if let Some(of) = shards.get(&block.block) {
                    loads[*of] += time(at);
                }
            }
            let mut open: Vec<usize> = (0..plan.blocks.len()).collect();
            open.retain(|at| !shards.contains_key(&plan.blocks[*at].block));
            open.sort_by_cached_key(|at| (Reverse(time(*at)), plan.blocks[*at].block.to_string()));
            for at in open {
                let least = (0..shard.count).min_by_key(|of| loads[*of]).expect("there is a shard");
                loads[least] += time(at);
                shards.insert(plan.blocks[at].block.clone(), least);
            }
        }
        Ok(Self { shards, shard })
    }

    /// Whether `block` is in the shard.
    pub(crate) fn has(&self, block: &BlockId) -> bool {
        self.shard_of(block) + 1 == self.shard.index
    }

    /// Takes the blocks of the shard from a whole plan, and says of what they are a part.
    pub(crate) fn cut(&self, plan: &mut Plan) -> ShardInfo {
        let info = self.shard.info(plan);
        plan.blocks.retain(|block| self.has(&block.block));
        info
    }

    /// The largest sum over a shard of what `time` says of each block of a whole plan.
    pub(crate) fn longest(&self, plan: &Plan, time: impl Fn(&BlockPlan) -> Duration) -> Duration {
        let mut loads = vec![Duration::ZERO; self.shard.count];
        for block in &plan.blocks {
            loads[self.shard_of(&block.block)] += time(block);
        }
        loads.into_iter().max().unwrap_or_default()
    }

    /// The shard of a block, from 0. Blocks of no preset, which `--threads` asks for, go by their number of threads.
    fn shard_of(&self, block: &BlockId) -> usize {
        self.shards.get(block).copied().unwrap_or(block.threads % self.shard.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::plan::plan;

    /// A preset's plan on a machine with `cores` CPUs, or its part.
    fn planned(preset: Preset, cores: usize, shard: Option<Shard>) -> Plan {
        let selection = Selection { preset, shard, ..Selection::default() };
        plan(&contend_workloads::suite(), &selection, cores, 7).expect("a plan")
    }

    fn presets_and_cores() -> impl Iterator<Item = (Preset, usize)> {
        let presets = [Preset::Quick, Preset::Standard, Preset::Thorough].into_iter();
        presets.flat_map(|preset| [2, 8, 64, 128].map(|cores| (preset, cores)))
    }

    /// All shards of a plan have its digest, whatever their seeds. Other forks or rounds are another plan.
    #[test]
    fn shards_of_one_plan_have_one_digest() {
        let digest = |index, count, seed, of: fn(&mut Selection)| {
            let shard = Shard { index, count };
            let mut selection = Selection::default();
            of(&mut selection);
            let suite = contend_workloads::suite();
            let mut plan = plan(&suite, &selection, 2, seed).expect("a plan");
            super::super::assignment(&suite, shard, 2).expect("an assignment").cut(&mut plan).digest
        };
        let first = digest(1, 2, 7, |_| {});
        assert!(first.is_some());
        assert_eq!(digest(2, 2, 8, |_| {}), first);
        assert_ne!(digest(2, 2, 7, |of| of.rounds = Some(9)), first);
        assert_ne!(digest(2, 2, 7, |of| of.forks = Some(5)), first);
        assert_ne!(digest(2, 2, 7, |of| of.threads = Some(vec![1])), first);
    }

    #[test]
    fn shards_are_disjoint_and_cover_every_plan() {
        for (preset, cores) in presets_and_cores() {
            let mut whole = planned(preset, cores, None).blocks;
            whole.sort_by_key(|block| block.block.to_string());
            for count in [1, 2, 3, 8] {
                let part = |index| planned(preset, cores, Some(Shard { index, count })).blocks;
                let mut parts: Vec<_> = (1..=count).flat_map(part).collect();
                parts.sort_by_key(|block| block.block.to_string());
                assert!(parts == whole, "{preset:?} on {cores} CPUs in {count} shards");
            }
        }
    }

    #[test]
    fn more_shards_than_blocks_leave_some_empty() {
        let part = |index| planned(Preset::Quick, 2, Some(Shard { index, count: 64 })).blocks.len();
        let parts: Vec<usize> = (1..=64).map(part).collect();
        assert_eq!(parts.iter().sum::<usize>(), planned(Preset::Quick, 2, None).blocks.len());
        assert!(parts.contains(&0) && parts.iter().all(|blocks| *blocks <= 1), "{parts:?}");
    }

    #[test]
    #[cfg(feature = "patterns")] // without them one block alone takes longer than such a shard
    fn the_longest_shard_takes_at_most_a_quarter_more_than_the_mean() {
        for (preset, cores) in presets_and_cores().filter(|(preset, _)| *preset != Preset::Quick) {
            let whole = planned(preset, cores, None).estimate_s;
            for count in [4, 8] {
                let time = |index| planned(preset, cores, Some(Shard { index, count })).estimate_s;
                let longest = (1..=count).map(time).fold(0.0, f64::max);
                let mean = whole / count as f64;
                assert!(
                    longest <= 1.25 * mean,
                    "{preset:?}, {cores} CPUs, {count} shards: {longest} s, {mean} s"
                );
            }
        }
    }
}
