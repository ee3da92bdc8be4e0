//! `--profile-time`: cells run live in this process, for a profiler.

use std::time::{Duration, Instant};

use super::args::BenchArgs;
use super::outcome::Outcome;
use crate::machine::allowed_cpus;
use crate::record::{CONTROL, FLOOR};
use crate::session::{live, plan};
use contend_team::busy_loop::calibrate;
use contend_workloads::registry::Suite;

/// Runs each cell that the filters name for `time`. Without a filter there would be hundreds.
pub(super) fn profile(suite: &Suite, args: &BenchArgs, time: Duration) -> Result<Outcome, Outcome> {
    if args.filters.is_empty() {
        return Err(Outcome::usage(
            "`--profile-time` wants a filter that names the cells to run, as in `--profile-time 10 counter/hot/std::sync::Mutex/2`",
        ));
    }
    let plan = plan(suite, &args.choice(), allowed_cpus(), 0).map_err(Outcome::usage)?;
    let work = calibrate();
    for block in &plan.blocks {
        for cell in &block.cells {
            if cell.contender == FLOOR || cell.contender.ends_with(CONTROL) {
                continue;
            }
            let id = block.block.cell(&cell.contender);
            eprintln!("{id}: live for {:.1} s", time.as_secs_f64());
            let end = Instant::now() + time;
            live(suite, block, &cell.contender, &work, args.seed.unwrap_or(0), end)
                .map_err(|fault| Outcome::Broken(format!("{id}: {fault}")))?;
        }
    }
    Ok(Outcome::Fine)
}
