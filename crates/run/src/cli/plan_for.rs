//! `--plan-for`: the plan of a machine with another number of CPUs. Nothing is measured.

use super::args::BenchArgs;
use super::exit::Exit;
use super::output::print;
use super::plan_summary::{block_summary, plan_and_explain, summary};
use crate::session::RunPlan;
use contend_workloads::registry::Suite;

/// Prints the plan of a machine with `cores` CPUs, block by block.
pub(super) fn plan_for(suite: &Suite, args: &BenchArgs, cores: usize) -> Result<Exit, Exit> {
    let seed = args.seed_or_random();
    let RunPlan { plan, shard, .. } = plan_and_explain(suite, args, cores, seed)?;
    print(&format!("{}\n", summary(suite, &plan, shard.as_ref(), args.is_against())));
    for block in &plan.blocks {
        print(&format!("{}\n", block_summary(&plan, block)));
    }
    Ok(Exit::Success)
}
