//! Conducting a run: in passes over all blocks, a fork of each at a time, and in each fork its
//! rounds. Faults of contenders are rows of the result: the cell is left out from then on, and the
//! rest goes on.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::Suite;
use super::child::{Child, Lost};
use super::fork::{Brief, Reply, Station, Task};
use super::order::order;
use super::taken::{Place, Taken, void_all, void_unreadable};
use crate::record::{BlockId, BlockPlan, Calibration, CellId, Record};

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
    pub work: Calibration,
    /// Whether cells are checked only.
    pub check_only: bool,
    /// Whether each worker is pinned to a CPU.
    pub pin: bool,
    /// The CPUs of the machine: what is stolen is counted over all of them.
    pub cpus: usize,
    /// Set from outside to stop.
    pub interrupted: &'a AtomicBool,
}

/// What a run is told of as it happens.
pub(crate) trait Audience {
    /// A round of `block` is over; it was the fork's `round`.
    fn round(&mut self, block: &BlockPlan, records: &[Record]) -> io::Result<()>;
}

/// The number of a fork, and the blocks that have one of that number.
pub(crate) type Pass<'a> = (u32, Vec<&'a BlockPlan>);

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

/// What rounds that are taken again may take of a run. A machine that is stolen from all the time would
/// else double what was planned, and the second try would be no better than the first.
const AGAIN: f64 = 0.15;

/// And what they may take in any case: a short run is not lost to one bad second.
const TO_SPARE: Duration = Duration::from_secs(1);

/// How many times what a variant's windows are planned to take beside their length a child may be silent
/// for, beside the deadline.
const LONGER: u32 = 10;

/// How long rounds took, and those that were void.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    all: Duration,
    void: Duration,
}

impl Spent {
    /// Whether a round that is spoilt is taken again.
    fn again(self) -> bool {
        self.void <= TO_SPARE + self.all.mul_f64(AGAIN)
    }

    fn add(&mut self, round: Duration, void: bool) {
        self.all += round;
        self.void += if void { round } else { Duration::ZERO };
    }
}

/// A child process, or this one.
enum Seat<'a> {
    Child(Child),
    Here(Box<Station<'a>>),
}

impl Conductor<'_> {
    /// Measures `passes`, one after the other, the blocks of each in random order. Rounds that `done`
    /// holds already are left out, and so are the cells of `failed`, to which those that fail are added.
    pub(crate) fn run(
        &self,
        passes: &[Pass<'_>],
        done: &HashMap<(BlockId, u32), u32>,
        failed: &mut HashSet<CellId>,
        audience: &mut dyn Audience,
    ) -> Result<(), Halt> {
        let mut spent = Spent::default();
        for (fork, blocks) in passes {
            let mut blocks = blocks.clone();
            blocks.shuffle(&mut StdRng::seed_from_u64(mix(self.seed, u64::from(*fork))));
            for block in blocks {
                let rounds = done
                    .get(&(block.block.clone(), *fork))
                    .copied()
                    .unwrap_or(0);
                self.fork(block, *fork, rounds, (failed, &mut spent), audience)?;
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
        (failed, spent): (&mut HashSet<CellId>, &mut Spent),
        audience: &mut dyn Audience,
    ) -> Result<(), Halt> {
        let mut station = None;
        let mut round = done + 1;
        let mut again = block.rounds; // rounds that may be taken again
        while round <= block.rounds {
            let place = Place {
                fork,
                round,
                position: 0,
            };
            let start = Instant::now();
            let cut = again > 0 && spent.again();
            let (mut taken, lost) = self.round(block, place, failed, &mut station, cut)?;
            let spoilt = taken.iter().find_map(|taken| taken.spoilt.clone());
            match (lost, spoilt) {
                (Some(cell), _) => {
                    void_all(&mut taken, &format!("its round was cut short by {cell}"));
                    station = None; // a replacement goes on without the cell
                }
                (None, Some(spoilt)) if cut => {
                    again -= 1;
                    spent.add(start.elapsed(), true);
                    void_all(&mut taken, spoilt.reason());
                }
                (None, _) => {
                    spent.add(start.elapsed(), false);
                    // Where the machine is always so, the round counts as it is.
                    void_unreadable(&mut taken);
                    round += 1;
                }
            }
            let records: Vec<Record> = taken.into_iter().map(|taken| taken.record).collect();
            audience.round(block, &records)?;
        }
        Ok(())
    }

    /// Takes one round. Where a fault ends it early, also says which cell's. Where no fork of the block can
    /// be made ready, its cells have failed. A round that is `cut` ends
    /// at its first spoilt window too: it is void, whatever the others would be.
    fn round<'a>(
        &'a self,
        block: &BlockPlan,
        place: Place,
        failed: &mut HashSet<CellId>,
        station: &mut Option<Seat<'a>>,
        cut: bool,
    ) -> Result<(Vec<Taken>, Option<CellId>), Halt> {
        let index = (place.fork - 1) * block.rounds + place.round - 1;
        let seed = mix(self.seed, hash(&block.block.to_string()));
        let order = order(block.cells.len(), index as usize, seed);
        let mut taken: Vec<Taken> = Vec::new();
        for cell in order {
            let name = &block.cells[cell].contender;
            let cell = block.block.cell(name);
            if failed.contains(&cell) {
                continue;
            }
            let fork_seed = mix(seed, u64::from(place.fork));
            let station = match station {
                Some(station) => station,
                None => match self.begin(block, fork_seed)? {
                    Ok(ready) => station.insert(ready),
                    Err(why) => {
                        taken.extend(none_of(block, place, &why, failed));
                        return Ok((taken, None));
                    }
                },
            };
            let before = taken
                .last()
                .map(|taken| taken.record.cell.contender.clone());
            let place = Place {
                position: taken.len() as u32,
                ..place
            };
            let contender = name.clone();
            let reply = self.ask(station, &Task::Take { contender }, block);
            let fault = match reply {
                Ok(Reply::Taken(measured)) => {
                    let mut window = Taken::measured(cell, place, before, measured, self.cpus);
                    if self.check_only {
                        window.spoilt = None; // where nothing is timed, no time is spoilt
                    }
                    let spoilt = window.spoilt.is_some();
                    taken.push(window);
                    if cut && spoilt {
                        break;
                    }
                    continue;
                }
                Ok(Reply::Failed(lost)) => lost,
                Ok(Reply::Refused(why)) => return Err(Halt::Broken(why)),
                Ok(Reply::Ready) => return Err(Halt::Broken("a fork lost count".to_owned())),
                Err(Lost::Interrupted) => return Err(Halt::Interrupted),
                Err(lost) => lost.to_string(),
            };
            taken.push(Taken::failed(cell.clone(), place, before, fault));
            failed.insert(cell.clone());
            return Ok((taken, Some(cell)));
        }
        Ok((taken, None))
    }

    /// Starts a fork of `block`, or says why there can be none.
    fn begin(&self, block: &BlockPlan, seed: u64) -> Result<Result<Seat<'_>, String>, Halt> {
        let brief = Brief {
            block: block.block.clone(),
            seed,
            work: self.work.clone(),
            window_ns: block.window_ns,
            check_only: self.check_only,
            pin: self.pin,
        };
        let Some(executable) = &self.executable else {
            let station = Station::new(self.suite, brief).map_err(Halt::Broken)?;
            return Ok(Ok(Seat::Here(Box::new(station))));
        };
        let child = Child::start(executable).map_err(|error| {
            Halt::Broken(format!(
                "{} cannot be started as a fork: {error}",
                executable.display()
            ))
        })?;
        let mut station = Seat::Child(child);
        match self.ask(&mut station, &Task::Begin(brief), block) {
            Ok(Reply::Ready) => Ok(Ok(station)),
            Ok(Reply::Failed(why)) => Ok(Err(why)),
            Ok(Reply::Refused(why)) => Err(Halt::Broken(why)),
            Ok(Reply::Taken(_)) => Err(Halt::Broken("a fork lost count".to_owned())),
            Err(Lost::Interrupted) => Err(Halt::Interrupted),
            Err(lost) => Ok(Err(format!("its fork did not get ready: {lost}"))),
        }
    }

    fn ask(&self, station: &mut Seat<'_>, task: &Task, block: &BlockPlan) -> Result<Reply, Lost> {
        // What is known to take long is given longer, on machines that take longer still.
        let deadline = self.deadline + Duration::from_nanos(block.frame_ns) * LONGER;
        match (station, task) {
            (Seat::Child(child), task) => child.ask(task, deadline, self.interrupted),
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

/// The cells of a block that cannot be made ready, all of which have failed.
fn none_of(block: &BlockPlan, place: Place, why: &str, failed: &mut HashSet<CellId>) -> Vec<Taken> {
    let cells = block
        .cells
        .iter()
        .map(|cell| block.block.cell(&cell.contender));
    let mut taken = Vec::new();
    for cell in cells.filter(|cell| !failed.contains(cell)) {
        taken.push(Taken::failed(cell, place, None, why.to_owned()));
    }
    failed.extend(taken.iter().map(|taken| taken.record.cell.clone()));
    taken
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn void_rounds_are_taken_again_while_they_are_a_small_part_of_the_run() {
        let second = Duration::from_secs(1);
        let mut spent = Spent::default();
        spent.add(second, true);
        assert!(
            spent.again(),
            "a run of a few seconds has a second to spare"
        );
        spent.add(second, true);
        assert!(!spent.again());
        for _ in 0..6 {
            spent.add(second, false);
        }
        assert!(spent.again());
        spent.add(second, true);
        assert!(!spent.again());
    }
}
