//! Closed workloads: a contender runs batches of one size, the same for every contender, on threads
//! of its own. One driver for all of them.

use std::time::{Duration, Instant};

use crate::machine::Usage;
use crate::record::Shape;
use crate::run::{Fault, Pilot, Sample, Timing, Window, used_since};

/// A lap, which is what the clock is around, takes this at least: so much that a look at the clock
/// does not count. What it yielded is checked after it.
const LAP: Duration = Duration::from_micros(50);

/// A lap has at most as many: what takes no time at all is the floor.
const MOST_BATCHES: u64 = 64;

/// Takes a window of laps. `lap(batches)` runs that many batches of `batch` operations each, one
/// after the other, says how long they took, and then checks, off the clock, what came of them.
///
/// The first lap is not timed: it wakes the contender's threads. How many batches a lap has is found
/// once a fork, and is the record's chunk.
///
/// # Errors
/// The first fault of a lap.
pub fn take(
    window: &mut Window<'_>,
    batch: u64,
    lap: &mut dyn FnMut(u64) -> Result<Duration, Fault>,
) -> Result<Sample, Fault> {
    let mut batches = 1;
    lap(batches)?;
    let mut all = batch;
    let mut run = |batches: u64| {
        all += batches * batch;
        lap(batches)
    };
    if !window.check_only {
        batches = match *window.pilot {
            Some(pilot) => pilot.operations / batch,
            None => {
                while run(batches)? < LAP && batches < MOST_BATCHES {
                    batches *= 2;
                }
                let operations = batches * batch;
                let shape = Shape::Fixed;
                *window.pilot = Some(Pilot { shape, operations });
                batches
            }
        };
    }
    let before = Usage::now();
    let start = Instant::now();
    let mut time = Duration::ZERO;
    let mut operations = 0;
    // Where making and checking a lap takes longer than the lap, as in the floor, that ends it.
    let left = |time| time < window.length && start.elapsed() < 2 * window.length;
    while operations == 0 || (!window.check_only && left(time)) {
        time += run(batches)?;
        operations += batches * batch;
    }
    let usage = used_since(before);
    Ok(Sample {
        timing: Timing {
            window: time,
            operations: vec![operations],
            all_operations: vec![all],
            skew: Duration::ZERO,
            bracket: Duration::ZERO,
        },
        shape: Shape::Fixed,
        chunk: batches * batch,
        usage,
    })
}
