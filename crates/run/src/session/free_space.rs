//! Whether the disk has room for what a run will write. A disk that is full before the end would cost the run's time.

use std::path::Path;

use super::resume::RoundsDone;
use super::runner::RunError;
use crate::record::{BlockPlan, Plan};

/// Bytes of a record, without those that grow with its workers.
const RECORD_BYTES: u64 = 450;

/// Bytes of a record for each worker.
const WORKER_BYTES: u64 = 12;

/// Bytes of all other files for each cell: the page, verdicts and charts.
const CELL_BYTES: u64 = 3 << 10;

/// Asks for the space that the rounds which are not `done` need in `folder`, of each build that is measured.
///
/// # Errors
/// If there is less. None where the system does not tell.
pub(super) fn require(folder: &Path, plan: &Plan, done: &[&RoundsDone]) -> Result<(), RunError> {
    let of_build = |done: &&RoundsDone| -> u64 {
        plan.blocks.iter().map(|block| bytes(block, plan.forks_of(block), done)).sum()
    };
    let needed = done.iter().map(of_build).sum();
    match free_bytes(folder) {
        Some(free) if free < needed => Err(RunError::NoSpace { free, needed }),
        _ => Ok(()),
    }
}

fn bytes(block: &BlockPlan, forks: u32, done: &RoundsDone) -> u64 {
    let missing = |fork| u64::from(block.rounds.saturating_sub(done.of(block, fork)));
    let rounds: u64 = (1..=forks).map(missing).sum();
    let record = RECORD_BYTES + WORKER_BYTES * block.block.threads as u64;
    block.cells.len() as u64 * (rounds * record + CELL_BYTES)
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let system = nix::sys::statvfs::statvfs(folder).ok()?;
    let known = system.blocks() > 0;
    // The integers' types differ between systems.
    known.then(|| (system.blocks_available() as f64 * system.fragment_size() as f64) as u64)
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_does_not_fit_is_refused_before_it_measures() {
        let block = "counter/hot/2".parse().expect("an id");
        let block = contend_fixture::block_of(block, &["a", "b"], |_| crate::record::Class::Immediate);
        let mut plan = contend_fixture::run_of(vec![block]).plan;
        let folder = std::env::temp_dir();
        assert!(require(&folder, &plan, &[&RoundsDone::default()]).is_ok());
        plan.forks = u32::MAX;
        plan.blocks[0].rounds = u32::MAX;
        let needed = bytes(&plan.blocks[0], 3, &RoundsDone::default());
        assert!(needed > 3 * u64::from(u32::MAX) * RECORD_BYTES);
    }
}
