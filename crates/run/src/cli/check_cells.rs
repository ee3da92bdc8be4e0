//! `--test`: runs every cell once and checks it. Nothing is timed or written.

use std::collections::HashSet;
use std::io;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::args::BenchArgs;
use super::exit::Exit;
use super::output::print;
use super::progress::ProgressBar;
use super::run::this_executable;
use crate::machine::{allowed_cpus, machine_cpus};
use crate::message::message;
use crate::record::{BlockPlan, CONTROL, Record, Status};
use crate::session::{RoundObserver, RoundsDone, Runner, plan};
use crate::text;
use contend_team::busy_loop::calibrate;
use contend_workloads::registry::Suite;

/// The usual time of a cell, forks included.
const CELL: Duration = Duration::from_millis(20);

/// Runs and checks every selected cell, and prints those that fail.
pub(super) fn check(suite: &Suite, args: &BenchArgs) -> Result<Exit, Exit> {
    if args.compatible.ignored {
        return Ok(Exit::Success);
    }
    let start = Instant::now();
    let mut blocks = plan(suite, &args.selection(), allowed_cpus(), 0)?.blocks;
    for block in &mut blocks {
        block.rounds = 1;
        block.window_ns = Duration::from_millis(1).as_nanos() as u64;
        // A control runs the code of its contender.
        block.cells.retain(|cell| !cell.contender.ends_with(CONTROL));
    }
    let cells = blocks.iter().map(|block| block.cells.len() as u64).sum();
    let interrupted = AtomicBool::new(false);
    let runner = Runner {
        suite,
        executable: Some(this_executable(false)?).filter(|_| !args.in_process),
        deadline: args.deadline,
        memory_limit: args.memory_limit(),
        seed: args.seed.unwrap_or(0),
        work: calibrate(),
        check_only: true,
        pin: args.pin,
        cpus: machine_cpus(),
        floors: Default::default(),
        beside_another: false,
        interrupted: &interrupted,
    };
    let mut results = CheckResults {
        bar: ProgressBar::new(cells, "cells", CELL * cells as u32, !args.quiet),
        passed: 0,
        failed: Vec::new(),
    };
    let passes = [(1, blocks.iter().collect())];
    let (done, mut failed_cells) = (RoundsDone::default(), HashSet::new());
    let ended = runner.run(&passes, &done, &mut failed_cells, &mut results);
    let CheckResults { bar, passed, failed } = results;
    bar.finish();
    ended?;
    for record in &failed {
        let reason = record.reason.as_deref().unwrap_or("it failed");
        print(&format!("FAILED {}: {reason}\n", record.cell));
    }
    print(&format!("{passed} passed, {} failed\n", failed.len()));
    let took = text::duration(start.elapsed());
    message!("ran every cell once and checked it in {took}; nothing was timed");
    Ok(match failed.is_empty() {
        true => Exit::Success,
        false => Exit::Failed,
    })
}

struct CheckResults {
    bar: ProgressBar,
    passed: u64,
    failed: Vec<Record>,
}

impl RoundObserver for CheckResults {
    fn round_finished(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        for record in records {
            match record.status {
                Status::Failed => self.failed.push(record.clone()),
                Status::Ok => self.passed += 1,
                Status::Void => {} // its round is repeated
            }
        }
        let done = records.iter().filter(|record| record.status != Status::Void);
        let done = done.count() as u64;
        self.bar.advance(done, CELL * done as u32, &block.block.to_string());
        Ok(())
    }
}
