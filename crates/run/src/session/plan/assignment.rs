//! Which blocks are in which shard: the part of a plan that one of N machines or jobs measures.
//!
//! Shards consist of whole blocks, since contenders are compared within a block. They are disjoint, and together they
//! are the plan. A block's shard depends on the suite alone: neither on the machine nor on the preset and filters. For
//! each number of CPUs and each preset in turn, blocks go to the shard with the least planned time, longest first. A
//! hash of the block's id would not do: one block with multi-second windows takes a tenth of a standard run, so eight
//! shards by hash differ by a factor of two in time.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use super::super::seeds::hash;
use super::cost::fork_estimate;
use super::selection::{PlanError, Preset, Selection};
use super::shard::Shard;
use crate::record::{BlockId, BlockPlan, Plan, ShardInfo};

/// The numbers of CPUs whose plans are divided, the first ones most evenly: those of machines that one can buy or rent.
/// Plans for other numbers have few blocks of their own, which go by a hash of their ids.
const CPUS: [usize; 44] = [
    2, 8, 64, 128, 1, 4, 6, 12, 16, 24, 32, 48, 96, 192, 256, 3, 10, 20, 40, 80, 160, 14, 28, 56, 112, 224,
    18, 36, 72, 144, 22, 44, 88, 176, 52, 104, 208, 60, 120, 240, 30, 84, 168, 384,
];

/// The shard of each block, from 0.
pub(crate) struct Assignment {
    shards: HashMap<BlockId, usize>,
    shard: Shard,
}

impl Assignment {
    /// Assigns the blocks of all presets, which `plan` plans for a number of CPUs.
    ///
    /// # Errors
    /// As the plans of the presets, which have no filter that could match nothing.
    pub(super) fn new(
        shard: Shard,
        plan: impl Fn(&Selection, usize) -> Result<Plan, PlanError>,
    ) -> Result<Self, PlanError> {
        let mut shards: HashMap<BlockId, usize> = HashMap::new();
        let presets = [Preset::Quick, Preset::Standard, Preset::Thorough];
        for (cpus, preset) in CPUS.into_iter().flat_map(|cpus| presets.map(|preset| (cpus, preset))) {
            let plan = plan(&Selection { preset, ..Selection::default() }, cpus)?;
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

    /// The shard of a block, from 0. Blocks of no preset, such as those that `--threads` asks for, go by their hash.
    fn shard_of(&self, block: &BlockId) -> usize {
        let by_hash = || (hash(&block.to_string()) % self.shard.count as u64) as usize;
        self.shards.get(block).copied().unwrap_or_else(by_hash)
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

    #[cfg(feature = "patterns")]
    fn presets_and_cores() -> impl Iterator<Item = (Preset, usize)> {
        let presets = [Preset::Quick, Preset::Standard, Preset::Thorough].into_iter();
        presets.flat_map(|preset| [2, 8, 64, 128, 10, 28, 40, 56].map(|cores| (preset, cores)))
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
            super::super::assignment(&suite, shard).expect("an assignment").cut(&mut plan).digest
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
        for (preset, cores, count) in [(Preset::Quick, 2, 1), (Preset::Standard, 8, 3)] {
            let mut whole = planned(preset, cores, None).blocks;
            whole.sort_by_key(|block| block.block.to_string());
            let part = |index| planned(preset, cores, Some(Shard { index, count })).blocks;
            let mut parts: Vec<_> = (1..=count).flat_map(part).collect();
            parts.sort_by_key(|block| block.block.to_string());
            assert!(parts == whole, "{preset:?} on {cores} CPUs in {count} shards");
        }
    }

    #[test]
    fn a_block_is_in_the_same_shard_on_every_machine() {
        let mut shards: HashMap<String, usize> = HashMap::new();
        for (index, cores) in (1..=2).flat_map(|index| [2, 10, 64].map(|cores| (index, cores))) {
            let part = planned(Preset::Thorough, cores, Some(Shard { index, count: 2 }));
            for id in part.blocks.into_iter().map(|block| block.block.to_string()) {
                let first = *shards.entry(id.clone()).or_insert(index);
                assert_eq!(first, index, "{id} on {cores} CPUs");
            }
        }
    }

    #[test]
    fn more_shards_than_blocks_leave_some_empty() {
        let assignment = of_count(64);
        let mut blocks = [0; 64];
        for block in planned(Preset::Quick, 2, None).blocks {
            blocks[assignment.shard_of(&block.block)] += 1;
        }
        assert!(blocks.contains(&0) && blocks.iter().all(|blocks| *blocks <= 1), "{blocks:?}");
    }

    #[test]
    #[cfg(feature = "patterns")] // without them one block alone takes longer than such a shard
    fn the_longest_shard_takes_at_most_a_quarter_more_than_the_mean() {
        for count in [4, 8] {
            let assignment = of_count(count);
            for (preset, cores) in presets_and_cores().filter(|(preset, _)| *preset != Preset::Quick) {
                let plan = planned(preset, cores, None);
                let longest = assignment.longest(&plan, |block| fork_estimate(block) * plan.forks_of(block));
                let mean = plan.estimate_s / count as f64;
                let longest = longest.as_secs_f64();
                assert!(
                    longest <= 1.25 * mean,
                    "{preset:?}, {cores} CPUs, {count} shards: {longest} s, {mean} s"
                );
            }
        }
    }

    /// Which blocks are in which of `count` shards.
    fn of_count(count: usize) -> Assignment {
        super::super::assignment(&contend_workloads::suite(), Shard { index: 1, count })
            .expect("an assignment")
    }
}
