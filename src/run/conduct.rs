//! Conducting a run: in passes over all blocks, a fork of each at a time, and in each fork its
//! rounds. Faults of contenders are rows of the result: the cell is left out from then on, and the
//! rest goes on.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::Suite;
use super::child::{Child, Lost};
use super::fork::{Brief, Measured, Reply, Station, Task};
use super::order::order;
use crate::record::{BlockId, BlockPlan, CellId, Record, Shape, Status, Work};

/// A bracket longer than this share of its window: the clock does not say when the counts were read.
const BRACKET: f64 = 0.005;

/// From this much of a window's time on, stolen CPU time spoils a round. The kernel counts it in
/// ticks of 10 ms.
const STEAL_MS: u64 = 10;

/// How forks are run.
pub(crate) struct Conductor<'a> {
    /// What can be measured: the same in parent and child.
    pub suite: &'a Suite,
    /// The executable whose children the forks are; none to take windows in this process.
    pub executable: Option<PathBuf>,
    /// A child that is silent for longer is killed.
    pub deadline: Duration,
    /// What all random choices follow from.
    pub seed: u64,
    /// The calibrated work.
    pub work: Work,
    /// Whether cells are checked only.
    pub check_only: bool,
    /// Set from outside to stop.
    pub interrupted: &'a AtomicBool,
}

/// What a run is told of as it happens.
pub(crate) trait Audience {
    /// A round of `block` is over; it was the fork's `round`.
    fn round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()>;
}

/// Why a run ended before its plan did.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Halt {
    /// Somebody wanted it.
    #[error("interrupted")]
    Interrupted,
    /// A fork could not be started or understood.
    #[error("{0}")]
    Broken(String),
    /// What was measured could not be written.
    #[error("what was measured cannot be written: {0}")]
    Unwritten(#[from] io::Error),
}

/// A child process, or this one.
enum Seat<'a> {
    Child(Child),
    Here(Box<Station<'a>>),
}

impl Conductor<'_> {
    /// Measures `blocks`, `forks` forks of each. Rounds that `done` holds already are left out.
    pub(crate) fn run(
        &self,
        blocks: &[BlockPlan],
        forks: u32,
        done: &HashMap<(BlockId, u32), u32>,
        audience: &mut dyn Audience,
    ) -> Result<(), Halt> {
        let mut failed = HashSet::new();
        for fork in 1..=forks {
            let mut pass: Vec<&BlockPlan> = blocks.iter().collect();
            pass.shuffle(&mut StdRng::seed_from_u64(mix(self.seed, u64::from(fork))));
            for block in pass {
                let rounds = done.get(&(block.block.clone(), fork)).copied().unwrap_or(0);
                self.fork(block, fork, rounds, &mut failed, audience)?;
            }
        }
        Ok(())
    }

    /// Takes the rounds of one fork after the first `done`.
    fn fork(
        &self,
        block: &BlockPlan,
        fork: u32,
        done: u32,
        failed: &mut HashSet<CellId>,
        audience: &mut dyn Audience,
    ) -> Result<(), Halt> {
        let mut station = None;
        let mut round = done + 1;
        let mut again = block.rounds; // rounds that may be taken again
        while round <= block.rounds {
            let place = Place { fork, round };
            let (mut records, lost) = self.round(block, place, failed, &mut station)?;
            let spoiled = records.iter().find_map(|record| match record.status {
                Status::Void => record.reason.clone(),
                _ => None,
            });
            let reason = match (&lost, spoiled) {
                (Some(cell), _) => Some(format!("its round was cut short by {cell}")),
                (None, Some(reason)) => Some(reason),
                (None, None) => None,
            };
            if let Some(reason) = &reason {
                void(&mut records, reason);
            }
            audience.round(block, &records)?;
            if reason.is_none() {
                round += 1;
            } else if lost.is_none() {
                match again.checked_sub(1) {
                    Some(left) => again = left,
                    None => round += 1, // the machine is as it is: the fork has a round less
                }
            } else {
                station = None; // a replacement goes on without the cell
            }
        }
        Ok(())
    }

    /// Takes one round. Where a fault ends it early, also says which cell's.
    fn round<'a>(
        &'a self,
        block: &BlockPlan,
        place: Place,
        failed: &mut HashSet<CellId>,
        station: &mut Option<Seat<'a>>,
    ) -> Result<(Vec<Record>, Option<CellId>), Halt> {
        let index = (place.fork - 1) * block.rounds + place.round - 1;
        let seed = mix(self.seed, hash(&block.block.to_string()));
        let order = order(block.cells.len(), index as usize, seed);
        let mut records: Vec<Record> = Vec::new();
        for cell in order {
            let name = &block.cells[cell].contender;
            let cell = block.block.cell(name);
            if failed.contains(&cell) {
                continue;
            }
            let fork_seed = mix(seed, u64::from(place.fork));
            let station = match station {
                Some(station) => station,
                None => station.insert(self.begin(block, fork_seed)?),
            };
            let blank = |status, reason| {
                let after = records.last().map(|record| record.cell.contender.clone());
                blank(
                    cell.clone(),
                    place,
                    records.len() as u32,
                    after,
                    status,
                    reason,
                )
            };
            let reply = self.ask(
                station,
                &Task::Take {
                    contender: name.clone(),
                },
            );
            let fault = match reply {
                Ok(Reply::Taken(measured)) => {
                    let mut record = fill(blank(Status::Ok, None), measured);
                    // Where nothing is timed, nothing of the machine's can spoil it.
                    if let Some(reason) = spoiled(&record).filter(|_| !self.check_only) {
                        void(std::slice::from_mut(&mut record), &reason);
                    }
                    records.push(record);
                    continue;
                }
                Ok(Reply::Failed(lost)) => lost,
                Ok(Reply::Refused(why)) => return Err(Halt::Broken(why)),
                Ok(Reply::Ready) => return Err(Halt::Broken("a fork lost count".to_owned())),
                Err(Lost::Interrupted) => return Err(Halt::Interrupted),
                Err(Lost::Silent(deadline)) => format!(
                    "it said nothing for {} and was killed",
                    humantime::format_duration(deadline)
                ),
                Err(Lost::Ended(status)) => format!("its process ended: {status}"),
            };
            records.push(blank(Status::Failed, Some(fault)));
            failed.insert(cell.clone());
            return Ok((records, Some(cell)));
        }
        Ok((records, None))
    }

    fn begin(&self, block: &BlockPlan, seed: u64) -> Result<Seat<'_>, Halt> {
        let brief = Brief {
            block: block.block.clone(),
            seed,
            work: self.work.clone(),
            window_ns: block.window_ns,
            check_only: self.check_only,
        };
        let Some(executable) = &self.executable else {
            let station = Station::new(self.suite, brief).map_err(Halt::Broken)?;
            return Ok(Seat::Here(Box::new(station)));
        };
        let child = Child::start(executable).map_err(|error| {
            Halt::Broken(format!(
                "{} cannot be started as a fork: {error}",
                executable.display()
            ))
        })?;
        let mut station = Seat::Child(child);
        match self.ask(&mut station, &Task::Begin(brief)) {
            Ok(Reply::Ready) => Ok(station),
            Ok(Reply::Refused(why)) => Err(Halt::Broken(why)),
            Err(Lost::Interrupted) => Err(Halt::Interrupted),
            other => Err(Halt::Broken(format!(
                "a fork for {} did not get ready: {other:?}",
                block.block
            ))),
        }
    }

    fn ask(&self, station: &mut Seat<'_>, task: &Task) -> Result<Reply, Lost> {
        match (station, task) {
            (Seat::Child(child), task) => child.ask(task, self.deadline, self.interrupted),
            (Seat::Here(station), Task::Take { contender }) => {
                if self.interrupted.load(std::sync::atomic::Ordering::Relaxed) {
                    return Err(Lost::Interrupted);
                }
                Ok(station.take(contender))
            }
            (Seat::Here(_), Task::Begin(_)) => Ok(Reply::Ready),
        }
    }
}

/// Where in a block's plan a window stands.
#[derive(Clone, Copy)]
struct Place {
    fork: u32,
    round: u32,
}

fn blank(
    cell: CellId,
    place: Place,
    position: u32,
    after: Option<String>,
    status: Status,
    reason: Option<String>,
) -> Record {
    Record {
        cell,
        fork: place.fork,
        round: place.round,
        position,
        after,
        ns_per_op: None,
        value: None,
        unit: None,
        operations: Vec::new(),
        window_ns: 0,
        skew_ns: 0,
        bracket_ns: 0,
        shape: Shape::Fixed,
        chunk: 0,
        helpers: 0,
        cpu_ns: None,
        switches_voluntary: None,
        switches_involuntary: None,
        steal_ms: None,
        valid: status == Status::Ok,
        status,
        reason,
    }
}

/// The record of what a fork measured.
fn fill(record: Record, measured: Measured) -> Record {
    let total: u64 = measured.operations.iter().sum();
    let (value, unit) = measured.own.unzip();
    let timed = total > 0 && value.is_none();
    Record {
        ns_per_op: timed.then(|| measured.window_ns as f64 / total as f64),
        value,
        unit,
        operations: measured.operations,
        window_ns: measured.window_ns,
        skew_ns: measured.skew_ns,
        bracket_ns: measured.bracket_ns,
        shape: measured.shape,
        chunk: measured.chunk,
        helpers: measured.helpers,
        cpu_ns: measured.cpu_ns,
        switches_voluntary: measured.switches_voluntary,
        switches_involuntary: measured.switches_involuntary,
        steal_ms: measured.steal_ms,
        ..record
    }
}

/// How the machine spoiled a window, where it did.
fn spoiled(record: &Record) -> Option<String> {
    if record.bracket_ns as f64 > BRACKET * record.window_ns as f64 {
        let (bracket, window) = (record.bracket_ns, record.window_ns);
        Some(format!(
            "reading the counts took {bracket} ns of a window of {window} ns"
        ))
    } else if record.total_operations() == 0 {
        Some("no operation was completed in the window".to_owned())
    } else if record.steal_ms.is_some_and(|steal| steal >= STEAL_MS) {
        let steal = record.steal_ms.unwrap_or(0);
        Some(format!("{steal} ms of CPU time were stolen"))
    } else {
        None
    }
}

/// Voids what is valid. What is not keeps its own reason.
fn void(records: &mut [Record], reason: &str) {
    for record in records.iter_mut().filter(|record| record.valid) {
        record.valid = false;
        record.status = Status::Void;
        record.reason = Some(reason.to_owned());
    }
}

/// SplitMix64's step: two seeds to one that looks like neither.
fn mix(a: u64, b: u64) -> u64 {
    let mut x = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// FNV-1a: the same in every build, which std's hasher does not promise.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}
