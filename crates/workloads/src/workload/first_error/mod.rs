//! `first-error`: one of many jobs fails, and no further jobs are started. Go's `errgroup`.
//!
//! A closed workload. Contenders start scoped threads for each group, as an errgroup starts goroutines. rayon
//! has its pool.

mod contenders;
mod group;

use std::hint::black_box;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{Description, Suite, Tier, strategy};
use crate::workload::closed::{self, Closed, Lap, Serial};
use crate::workload::open::{floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::{Sample, Window, WindowError};

pub use contenders::{FirstCell, Scoped, register_channel, register_exclusions, register_lock};
use group::Failing;
pub use group::{Failure, Group};

/// The name in ids.
pub const NAME: &str = "first-error";

/// Nanoseconds of a job.
const JOB_NS: u64 = 1_000;

/// A way to run jobs until one fails.
pub trait FirstError: Closed {
    /// Runs the jobs of a group. Returns when all have run, or when one has failed and no worker is busy.
    ///
    /// # Errors
    /// The first failure that was noticed.
    fn run(&mut self, group: &Group) -> Result<(), Failure>;
}

strategy!(
    F: FirstError, Params,
    |threads| F::workers(threads),
    |params, window| measure::<F, COPY>(**params, window),
    lap::<F, COPY>,
);

/// Which jobs fail, how long jobs are, and whether wasted jobs are measured in place of time.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    failing: Failing,
    iterations: u64,
    wasted: bool,
}

/// The timed part: one group.
#[inline(never)]
fn lap<F: FirstError, const COPY: usize>(
    contender: &mut F,
    group: &Group,
) -> (Duration, Result<(), Failure>) {
    black_box(COPY);
    let start = Instant::now();
    let outcome = contender.run(group);
    (start.elapsed(), outcome)
}

fn measure<F: FirstError, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let workers = F::workers(window.threads());
    let mut contender = F::start(workers);
    let (mut wasted, mut groups) = (0, 0_u64);
    let mut sample = closed::measure_laps(window, 1, &mut |count| {
        let mut laps = Lap::default();
        for _ in 0..count {
            let group = Group::new(params.failing, params.iterations, workers);
            let (took, outcome) = lap::<F, COPY>(&mut contender, &group);
            laps.time += took;
            if F::CLASS != Class::Floor {
                let started = group.started();
                thread::yield_now(); // lets workers that are still busy show themselves
                group.check(outcome, started).map_err(WindowError::Wrong)?;
                // The k-th to start a job, of each group. Most contenders start their threads for each.
                closed::add(&mut laps.parts, group.workers.by_worker());
            }
            wasted += group.wasted.load(Ordering::Relaxed) as u64;
            groups += 1;
        }
        Ok(laps)
    })?;
    if params.wasted {
        // One more for all contenders: the best result is 0, and a ratio to 0 does not exist.
        let value = 1.0 + wasted as f64 / groups as f64;
        sample.custom_metric = Some((value, "jobs begun from the error on"));
    }
    Ok(sample)
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "One of many jobs fails, and no further jobs are started",
        models: "Go's errgroup.Group: goroutines run the jobs, the first error cancels the context of all, and \
                 Wait returns it.",
        question: "How soon does the first error come back, how much work is wasted, and what does error handling \
                   cost when no job fails?",
        timed: "From the start of a group of 256 jobs of 1 µs to its return, when no worker is busy any more. \
                Scoped threads are started within it. A value is wall time per group. `wasted`: jobs per group that \
                were started after one had failed, plus the failed one.",
        oracle: "If a job fails, an error comes back, and a job raised it. If none fails, every job ran. No job is \
                 started twice, or after the return.",
        operation: "group",
    });
    let mut variant = |name, title, (failing, fails), wasted, tier| {
        let parameters = [("jobs", "256 of 1 µs"), ("failing", fails)];
        suite.variant(NAME, name, title, &parameters, tier, move |settings| Params {
            failing,
            iterations: settings.iterations(JOB_NS),
            wasted,
        });
    };
    let early = (Failing::Early, "each 16th");
    let late = (Failing::Late, "one, near the end");
    let never = (Failing::Never, "none");
    let wasted = "jobs started from the first error on, where the 16th job fails";
    variant("early", "the 16th of 256 jobs fails", early, false, Tier::Standard);
    variant("late", "one of the last of 256 jobs fails", late, false, Tier::Thorough);
    variant("none", "no job fails", never, false, Tier::Thorough);
    variant("wasted", wasted, early, true, Tier::Standard);
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, Serial>(serial());
}

impl FirstError for NoOp {
    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        black_box(group);
        Ok(())
    }
}

impl FirstError for Serial {
    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        (0..group.count()).try_for_each(|index| group.run(index))
    }
}

#[cfg(test)]
mod tests;
