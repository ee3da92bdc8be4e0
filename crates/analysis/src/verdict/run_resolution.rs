//! The resolution of a run: for each thread count the median over its blocks. It says in a figure how good a run is.

use serde::{Deserialize, Serialize};

use crate::statistics::Sorted;

use super::{Analysis, BlockAnalysis};

/// The resolution of the blocks of one thread count.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThreadResolution {
    /// The thread count.
    pub threads: usize,
    /// Whether it is more than the allowed CPUs.
    pub oversubscribed: bool,
    /// The number of its blocks that have a resolution.
    pub blocks: usize,
    /// The median of their resolutions, a share: in half of these blocks or more it is no greater.
    pub resolution: f64,
}

impl Analysis {
    /// The resolutions by thread count, ascending.
    pub fn resolutions(&self) -> Vec<ThreadResolution> {
        let mut threads: Vec<usize> = self.blocks.iter().map(|block| block.block.threads).collect();
        threads.sort_unstable();
        threads.dedup();
        let of = |threads: usize| {
            let blocks = || self.blocks.iter().filter(move |block| block.block.threads == threads);
            let (blocks_with, resolution) = median(blocks())?;
            let oversubscribed = blocks().any(|block| block.oversubscribed);
            Some(ThreadResolution { threads, oversubscribed, blocks: blocks_with, resolution })
        };
        threads.into_iter().filter_map(of).collect()
    }

    /// The resolution of all blocks with more threads than allowed CPUs, whatever their thread count. None where no
    /// such block has one.
    pub fn resolution_beyond_cpus(&self) -> Option<f64> {
        median(self.blocks.iter().filter(|block| block.oversubscribed)).map(|(_, resolution)| resolution)
    }
}

/// The number of blocks with a resolution, and the median of these.
fn median<'a>(blocks: impl Iterator<Item = &'a BlockAnalysis>) -> Option<(usize, f64)> {
    let finite = |resolution: &f64| resolution.is_finite();
    let sorted = Sorted::new(blocks.filter_map(|block| block.resolution.filter(finite)).collect());
    Some((sorted.len() as usize, sorted.median()?))
}

#[cfg(test)]
mod tests {
    use contend_fixture::{block_of, record_in, run_of};
    use contend_record::{BlockId, Class};

    use super::super::analyse;

    #[test]
    fn a_thread_count_has_the_median_of_its_blocks() {
        let id = |variant: &str, threads| BlockId {
            workload: "counter".to_owned(),
            variant: variant.to_owned(),
            threads,
        };
        // Forks that alternate by this share have intervals of half of it on either side.
        let all = [(id("a", 1), 1.02), (id("b", 1), 1.06), (id("c", 1), 1.5), (id("a", 4), 2.0)];
        let plan = |(id, _): &(BlockId, f64)| block_of(id.clone(), &["a", "b"], |_| Class::Immediate);
        let run = run_of(all.iter().map(plan).collect());
        let mut records = Vec::new();
        for (id, apart) in &all {
            for fork in 1..=12 {
                let time = if fork % 2 == 0 { 1e5 } else { 1e5 * apart };
                records.push(record_in(id, "a", fork, 1, 1e5, 1_000));
                records.push(record_in(id, "b", fork, 1, time, 1_000));
            }
        }
        let analysis = analyse(&run, &records);
        let found = analysis.resolutions();
        let seen: Vec<_> = found.iter().map(|of| (of.threads, of.oversubscribed, of.blocks)).collect();
        assert_eq!(seen, [(1, false, 3), (4, true, 1)]);
        let half = |apart: f64| apart.sqrt() - 1.0;
        assert!((found[0].resolution - half(1.06)).abs() < 1e-9, "{found:?}");
        assert!((analysis.resolution_beyond_cpus().unwrap() - half(2.0)).abs() < 1e-9);
        assert!(analyse(&run, &[]).resolutions().is_empty());
    }
}
