//! `--list` and `--test`: what there is, and whether it is right. Nothing is timed or written.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::args::{BenchArgs, Format};
use super::measure::{executable, halted};
use super::outcome::Outcome;
use super::progress::{Progress, seconds};
use super::read::say;
use crate::machine::{allowed_cpus, machine_cpus};
use crate::record::{BlockPlan, CONTROL, Record, Status};
use crate::session::{Audience, Conductor, list as ids, plan};
use contend_team::busy_loop::calibrate;
use contend_workloads::registry::Suite;

/// Writes the cells' ids to standard output, and what is absent to standard error.
pub(super) fn list(suite: &Suite, args: &BenchArgs) -> Result<Outcome, Outcome> {
    if args.ignored {
        return Ok(Outcome::Fine);
    }
    let ids = ids(suite, &args.choice(), allowed_cpus()).map_err(Outcome::usage)?;
    let mut out = io::stdout().lock();
    for id in ids {
        let line = match args.format {
            Format::Pretty => writeln!(out, "{id}"),
            Format::Terse => writeln!(out, "{id}: benchmark"),
        };
        if line.is_err() {
            return Ok(Outcome::Fine); // whoever read has seen enough
        }
    }
    if args.format == Format::Pretty {
        for absent in &suite.absent {
            eprintln!("absent: {}/{}: {}", absent.block, absent.contender, absent.reason);
        }
    }
    Ok(Outcome::Fine)
}

/// Runs every cell once, and says which are wrong.
pub(super) fn check(suite: &Suite, args: &BenchArgs) -> Result<Outcome, Outcome> {
    if args.ignored {
        return Ok(Outcome::Fine);
    }
    let start = Instant::now();
    let mut blocks = plan(suite, &args.choice(), allowed_cpus(), 0).map_err(Outcome::usage)?.blocks;
    for block in &mut blocks {
        block.rounds = 1;
        block.window_ns = Duration::from_millis(1).as_nanos() as u64;
        // The control's code is its contender's.
        block.cells.retain(|cell| !cell.contender.ends_with(CONTROL));
    }
    let cells = blocks.iter().map(|block| block.cells.len() as u64).sum();
    let interrupted = AtomicBool::new(false);
    let conductor = Conductor {
        suite,
        executable: executable(args)?,
        deadline: args.deadline,
        seed: args.seed.unwrap_or(0),
        work: calibrate(),
        check_only: true,
        pin: args.pin,
        cpus: machine_cpus(),
        interrupted: &interrupted,
    };
    let mut tally = Tally { progress: Progress::new(cells, "cells"), checked: 0, failed: Vec::new() };
    let all = [(1, blocks.iter().collect())];
    let (done, mut failed) = (HashMap::new(), HashSet::new());
    let run = conductor.run(&all, &done, &mut failed, &mut tally);
    let Tally { progress, checked, failed } = tally;
    progress.finish();
    run.map_err(halted)?;
    for record in &failed {
        let reason = record.reason.as_deref().unwrap_or("it failed");
        say(&format!("FAILED {}: {reason}\n", record.cell));
    }
    let took = seconds(start.elapsed());
    say(&format!("{checked} passed, {} failed\n", failed.len()));
    eprintln!("every cell ran once and was checked, in {took}; nothing was timed");
    Ok(match failed.is_empty() {
        true => Outcome::Fine,
        false => Outcome::Failed,
    })
}

struct Tally {
    progress: Progress,
    checked: u64,
    failed: Vec<Record>,
}

impl Audience for Tally {
    fn round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()> {
        for record in records {
            match record.status {
                Status::Failed => self.failed.push(record.clone()),
                Status::Ok => self.checked += 1,
                Status::Void => {} // its round is taken again
            }
        }
        let done = records.iter().filter(|record| record.status != Status::Void);
        self.progress.advance(done.count() as u64, &block.block.to_string());
        Ok(())
    }
}
