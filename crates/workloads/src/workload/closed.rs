//! Closed workloads: a contender runs batches of one size, the same for every contender. One driver
//! for all of them, on threads of the contender's own or on the window's team.

use std::time::{Duration, Instant};

use contend_record::{Class, Shape};

use crate::model::NoOp;
use contend_team::{Meter, Pilot, Sample, Task, Team, Timing, Window, WindowError};

/// What a contender of a closed workload says of itself. The workload's own trait, on top of this one, has
/// the work.
pub trait Closed: Sized + 'static {
    /// What it promises.
    const CLASS: Class = Class::Immediate;

    /// Threads beside the workers that may run at once.
    const HELPERS: usize = 0;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Starts its threads, where they live on. Not timed.
    fn start(workers: usize) -> Self;
}

impl Closed for NoOp {
    const CLASS: Class = Class::Floor;

    fn start(_: usize) -> Self {
        Self
    }
}

/// One worker that does everything itself: the contender `serial`. It shares nothing, so it is not ranked
/// beside contenders that share.
pub struct Serial;

impl Closed for Serial {
    const CLASS: Class = Class::Partitioned;

    fn workers(_: usize) -> usize {
        1
    }

    fn start(_: usize) -> Self {
        Self
    }
}

/// A lap, which is what the clock is around, takes this at least: so much that a look at the clock
/// does not count. What it yielded is checked after it.
const LAP: Duration = Duration::from_micros(50);

/// A lap has at most as many: what takes no time at all is the floor.
const MOST_BATCHES: u64 = 64;

/// On a team a lap is longer, since between two of them the workers are sent for and gathered.
const MIN_TEAM_LAP: Duration = Duration::from_millis(1);

/// A first lap that is so many windows long is the window: what waking the threads costs would not
/// show in it, and a second would take as long. Less could be a stall of the machine.
const SLOW: u32 = 10;

/// Takes a window of laps. `lap(batches)` runs that many batches of `batch` operations each, one
/// after the other, says how long they took, and then checks, off the clock, what came of them.
///
/// The first lap is not timed, but where it is very long: it wakes the contender's threads. How many
/// batches a lap has is found once a fork, and is the record's chunk.
///
/// # Errors
/// The first fault of a lap.
pub fn take(
    window: &mut Window<'_>,
    batch: u64,
    lap: &mut dyn FnMut(u64) -> Result<Duration, WindowError>,
) -> Result<Sample, WindowError> {
    laps(window, batch, (LAP, MOST_BATCHES), &mut |_, batches| lap(batches))
}

/// As [`take`], for a lap that the window's team runs.
///
/// # Errors
/// The first fault of a lap.
pub fn run_once(
    window: &mut Window<'_>,
    batch: u64,
    lap: &mut dyn FnMut(&mut Team, u64) -> Result<Duration, WindowError>,
) -> Result<Sample, WindowError> {
    laps(window, batch, (MIN_TEAM_LAP, u64::MAX), lap)
}

fn laps(
    window: &mut Window<'_>,
    batch: u64,
    (least, most): (Duration, u64),
    lap: &mut dyn FnMut(&mut Team, u64) -> Result<Duration, WindowError>,
) -> Result<Sample, WindowError> {
    let check_only = window.check_only;
    let length = window.length;
    let mut all = batch;
    let mut meter = Meter::start();
    let first = lap(window.team, 1)?;
    let mut batches = 1;
    let mut time = Duration::ZERO;
    let mut operations = 0;
    if first >= SLOW * length {
        time = first;
        operations = batch;
    } else if !check_only {
        batches = match *window.pilot {
            Some(pilot) => pilot.operations / batch,
            None => loop {
                all += batches * batch;
                if lap(window.team, batches)? >= least || batches >= most {
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
    if operations == 0 {
        meter = Meter::start();
    }
    let start = Instant::now();
    let waited = window.team.waited();
    // Where making and checking a lap takes longer than the lap, as in the floor, that ends it.
    let left = |time, team: &Team| time < length && start.elapsed() < 2 * length + (team.waited() - waited);
    while operations == 0 || (!check_only && left(time, window.team)) {
        all += chunk;
        time += lap(window.team, batches)?;
        operations += chunk;
    }
    let used = meter.read();
    Ok(Sample {
        timing: Timing {
            window: time,
            operations: vec![operations],
            all_operations: vec![all],
            skew: Duration::ZERO,
            snapshot_span: Duration::ZERO,
        },
        shape,
        chunk,
        used,
        custom_metric: None,
    })
}

/// What a part of a lap saw wrong; nothing where all was right.
pub type Seen = Result<(), String>;

/// Has the team play parts that check what they see, and says how long that took.
///
/// # Errors
/// What the first of them saw wrong.
pub fn play(
    team: &mut Team,
    parts: Vec<Task<Seen>>,
    lead: Option<Box<dyn FnOnce() -> Seen + '_>>,
) -> Result<Duration, WindowError> {
    let (time, seen) = team.run_once(parts, lead)?;
    seen.into_iter().collect::<Seen>().map_err(WindowError::Wrong)?;
    Ok(time)
}
