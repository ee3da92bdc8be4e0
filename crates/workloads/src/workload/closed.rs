//! Closed workloads: a contender runs batches of one size, the same for every contender. One driver serves
//! all of them, on the contender's own threads or on the window's team.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use contend_record::{Class, Shape};

use crate::model::NoOp;
use contend_team::{Meter, Pilot, Sample, Task, Team, Timing, Window, WindowError};

/// What every closed workload asks of a contender. Each workload adds a trait of its own for the
/// work itself.
pub trait Closed: Sized + 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;

    /// Threads beside the workers that may run at once.
    const HELPERS: usize = 0;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Starts its long-lived threads, if it has any. Not timed.
    fn start(workers: usize) -> Self;
}

impl Closed for NoOp {
    const CLASS: Class = Class::Floor;

    fn start(_: usize) -> Self {
        Self
    }
}

/// The contender `serial`: one worker does everything. It shares nothing, so by default it is not ranked
/// beside contenders that share.
pub struct Serial<const RANKED: bool = false>;

/// The serial loop in workloads that ask from which size of work on threads pay.
pub type RankedSerial = Serial<true>;

impl<const RANKED: bool> Closed for Serial<RANKED> {
    const CLASS: Class = if RANKED { Class::Immediate } else { Class::Partitioned };

    fn workers(_: usize) -> usize {
        1
    }

    fn start(_: usize) -> Self {
        Self
    }
}

/// The least length of a lap, which is what the clock is around. It makes reading the clock negligible.
const MIN_LAP: Duration = Duration::from_micros(50);

/// The most batches of a lap. Only the floor, which takes no time, reaches it.
const MAX_BATCHES: u64 = 64;

/// The least length of a lap on a team, which has to wake and gather its workers between laps.
const MIN_TEAM_LAP: Duration = Duration::from_millis(1);

/// A first lap that takes this many windows is used as the window. Waking the threads does not show in a lap
/// that long, and a second one would take as long again. A shorter one could be a stall of the machine.
const SLOW_WINDOWS: u32 = 10;

/// A lap: how long it took, and who did its operations.
#[derive(Default)]
pub struct Lap {
    /// Its length.
    pub time: Duration,
    /// The operations of each worker. Empty where nobody counts them, so that only their total is known.
    pub by_worker: Vec<u64>,
    /// What each worker did where workers do an operation together, such as the jobs of a group. Otherwise empty.
    pub parts: Vec<u64>,
}

impl From<Duration> for Lap {
    fn from(time: Duration) -> Self {
        Self { time, ..Self::default() }
    }
}

/// Measures a window of laps. `lap(batches)` runs that many batches of `batch` operations each, one after
/// the other. It returns how long they took, and checks the results off the clock.
///
/// The first lap wakes the contender's threads. It is not timed, unless it is very long. The number of
/// batches in a lap is found once a fork, and is the record's chunk. The record has a count for each worker where all
/// laps count them.
///
/// # Errors
/// The first error of a lap.
pub fn measure_laps<L: Into<Lap>>(
    window: &mut Window<'_>,
    batch: u64,
    lap: &mut dyn FnMut(u64) -> Result<L, WindowError>,
) -> Result<Sample, WindowError> {
    measure(window, batch, (MIN_LAP, MAX_BATCHES), &mut |_, batches| Ok(lap(batches)?.into()))
}

/// As [`measure_laps`], for laps that the window's team runs.
///
/// # Errors
/// The first error of a lap.
pub fn measure_team_laps(
    window: &mut Window<'_>,
    batch: u64,
    lap: &mut dyn FnMut(&mut Team, u64) -> Result<Duration, WindowError>,
) -> Result<Sample, WindowError> {
    measure_counted_laps(window, batch, &mut |team, batches| Ok(lap(team, batches)?.into()))
}

/// As [`measure_team_laps`], for laps whose workers count their operations. The record has a count for each.
///
/// # Errors
/// The first error of a lap.
pub fn measure_counted_laps(
    window: &mut Window<'_>,
    batch: u64,
    lap: &mut dyn FnMut(&mut Team, u64) -> Result<Lap, WindowError>,
) -> Result<Sample, WindowError> {
    measure(window, batch, (MIN_TEAM_LAP, u64::MAX), lap)
}

fn measure(
    window: &mut Window<'_>,
    batch: u64,
    (min_lap, max_batches): (Duration, u64),
    lap: &mut dyn FnMut(&mut Team, u64) -> Result<Lap, WindowError>,
) -> Result<Sample, WindowError> {
    let check_only = window.check_only;
    let length = window.length;
    let mut all_operations = batch;
    let mut meter = Meter::start();
    let first = lap(window.team, 1)?;
    let mut batches = 1;
    let mut time = Duration::ZERO;
    let (mut operations, mut parts) = (Vec::new(), Vec::new());
    if first.time >= SLOW_WINDOWS * length {
        time = first.time;
        count(&mut operations, first.by_worker, batch);
        add(&mut parts, first.parts);
    } else if !check_only {
        batches = match *window.pilot {
            Some(pilot) => pilot.operations / batch,
            None => loop {
                all_operations += batches * batch;
                if lap(window.team, batches)?.time >= min_lap || batches >= max_batches {
                    break batches;
                }
                batches *= 2;
            },
        };
    }
    let (shape, chunk) = (Shape::Fixed, batches * batch);
    if !check_only {
        window.pilot.get_or_insert(Pilot { shape, operations: chunk });
    }
    if operations.is_empty() {
        meter = Meter::start();
    }
    let start = Instant::now();
    let waited = window.team.waited();
    // Preparing and checking a lap may take longer than the lap, as in the floor. This limit ends the window.
    let time_is_left =
        |time, team: &Team| time < length && start.elapsed() < 2 * length + (team.waited() - waited);
    while operations.is_empty() || (!check_only && time_is_left(time, window.team)) {
        all_operations += chunk;
        let lap = lap(window.team, batches)?;
        time += lap.time;
        count(&mut operations, lap.by_worker, chunk);
        add(&mut parts, lap.parts);
    }
    let used = meter.read();
    Ok(Sample {
        timing: Timing {
            window: time,
            operations,
            all_operations: vec![all_operations],
            skew: Duration::ZERO,
            snapshot_span: Duration::ZERO,
            chunk,
            ends: Vec::new(),
        },
        shape,
        used,
        parts,
        custom_metric: None,
    })
}

/// Adds a lap's operations to those of the window. Only their total is known where the workers did not count all of
/// them: the floor does none, and after a deadline some are left.
fn count(operations: &mut Vec<u64>, by_worker: Vec<u64>, total: u64) {
    let all = by_worker.iter().sum::<u64>() == total;
    add(operations, if all { by_worker } else { vec![total] });
}

/// Adds what each worker did in a lap. Where one lap counted by worker and another did not, the total is left.
pub(super) fn add(sums: &mut Vec<u64>, lap: Vec<u64>) {
    if sums.is_empty() {
        *sums = lap;
    } else if sums.len() != lap.len() {
        *sums = vec![sums.iter().chain(&lap).sum()];
    } else {
        sums.iter_mut().zip(lap).for_each(|(sum, worker)| *sum += worker);
    }
}

/// Joins the long-lived threads of a contender. It ignores their panics, which the laps that they break report.
pub fn join_workers(threads: &mut Vec<JoinHandle<()>>) {
    for thread in threads.drain(..) {
        let _ = thread.join();
    }
}

/// Ok, or what a task of a lap found wrong.
pub type TaskResult = Result<(), String>;

/// Has the team run tasks that check what they see, and returns how long that took.
///
/// # Errors
/// What the first of them found wrong.
pub fn run_tasks(
    team: &mut Team,
    tasks: Vec<Task<TaskResult>>,
    caller_task: Option<Box<dyn FnOnce() -> TaskResult + '_>>,
) -> Result<Duration, WindowError> {
    let (time, results) = team.run_once(tasks, caller_task)?;
    results.into_iter().collect::<TaskResult>().map_err(WindowError::Wrong)?;
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laps_are_counted_by_worker_or_together() {
        let sum = |laps: &[&[u64]]| {
            let mut operations = Vec::new();
            for by_worker in laps {
                count(&mut operations, by_worker.to_vec(), 10);
            }
            operations
        };
        assert_eq!(sum(&[&[7, 3], &[4, 6]]), [11, 9]);
        assert_eq!(sum(&[&[], &[]]), [20]);
        assert_eq!(sum(&[&[7, 3], &[], &[4, 6]]), [30], "no worker's count is lost");
        assert_eq!(sum(&[&[], &[7, 3], &[1, 9]]), [30]);
        assert_eq!(sum(&[&[7, 2], &[7, 2]]), [20], "one was counted by nobody");
    }
}
