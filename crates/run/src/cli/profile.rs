//! `--profile-time`: runs cells in this process, for a profiler.

use std::time::{Duration, Instant};

use super::args::BenchArgs;
use super::exit::Exit;
use crate::machine::allowed_cpus;
use crate::message::message;
use crate::record::{CONTROL, FLOOR};
use crate::session::{plan, run_live};
use contend_team::busy_loop::calibrate;
use contend_workloads::registry::Suite;

/// Runs each selected cell for `time`. It wants a filter, since there are hundreds of cells.
pub(super) fn profile(suite: &Suite, args: &BenchArgs, time: Duration) -> Result<Exit, Exit> {
    if args.filters.is_empty() {
        return Err(Exit::usage(
            "`--profile-time` needs a filter; try `--profile-time 10 counter/hot/std::sync::Mutex/2`",
        ));
    }
    let plan = plan(suite, &args.selection(), allowed_cpus(), 0)?;
    let work = calibrate();
    let seed = args.seed.unwrap_or(0);
    for block in &plan.blocks {
        for cell in &block.cells {
            if cell.contender == FLOOR || cell.contender.ends_with(CONTROL) {
                continue;
            }
            let id = block.block.cell(&cell.contender);
            message!("{id}: running for {:.1} s", time.as_secs_f64());
            let end = Instant::now() + time;
            run_live(suite, block, &cell.contender, &work, seed, end)
                .map_err(|reason| Exit::Error(format!("{id}: {reason}")))?;
        }
    }
    Ok(Exit::Success)
}
