//! `first-error`: jobs of which one fails, and the rest is not begun. Go's `errgroup`.
//!
//! A closed workload. The ways start scoped threads for each group, as an errgroup starts goroutines;
//! rayon has its pool.

mod contenders;

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::registry::{Description, Strategy, Suite, Tier};
use crate::workload::closed;
use crate::workload::open::{floor, serial};
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, Window, WindowError};
use std::sync::Arc;

pub use contenders::{FirstCell, Scoped, register_channel, register_exclusions, register_lock};

/// The name in ids.
pub const NAME: &str = "first-error";

/// Jobs of a group.
const JOBS: usize = 256;

/// Nanoseconds of a job.
const JOB_NS: u64 = 1_000;

/// Which jobs fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failing {
    /// Each 16th: the first soon, and others after it.
    Early,
    /// One, near the end.
    Late,
    /// None.
    Never,
}

impl Failing {
    #[inline]
    fn at(self, index: usize) -> bool {
        match self {
            Failing::Early => index % 16 == 15,
            Failing::Late => index == JOBS - 8,
            Failing::Never => false,
        }
    }
}

/// What a job failed with: its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure(usize);

/// A group's jobs, and what is seen of them.
pub struct Group {
    failing: Failing,
    iterations: u64,
    /// Whether each was begun.
    begun: Vec<AtomicBool>,
    /// Whether one has failed.
    failed: AtomicBool,
    /// Jobs that were begun after one had failed.
    wasted: AtomicUsize,
    /// Jobs that were begun a second time.
    twice: AtomicUsize,
}

impl Group {
    fn new(failing: Failing, iterations: u64) -> Self {
        Self {
            failing,
            iterations,
            begun: (0..JOBS).map(|_| AtomicBool::new(false)).collect(),
            failed: AtomicBool::new(false),
            wasted: AtomicUsize::new(0),
            twice: AtomicUsize::new(0),
        }
    }

    /// How many jobs there are.
    pub fn count(&self) -> usize {
        self.begun.len()
    }

    /// Does one.
    ///
    /// # Errors
    /// Where it is one that fails.
    #[inline]
    pub fn run(&self, index: usize) -> Result<(), Failure> {
        if self.failed.load(Ordering::Relaxed) {
            self.wasted.fetch_add(1, Ordering::Relaxed);
        }
        if self.begun[index].swap(true, Ordering::Relaxed) {
            self.twice.fetch_add(1, Ordering::Relaxed);
        }
        busy_loop(self.iterations);
        if self.failing.at(index) {
            self.failed.store(true, Ordering::Relaxed);
            return Err(Failure(index));
        }
        Ok(())
    }

    fn count_begun(&self) -> usize {
        let begun = |begun: &&AtomicBool| begun.load(Ordering::Relaxed);
        self.begun.iter().filter(begun).count()
    }

    /// What came back is what was raised, and nobody is at work any more: `begun` were when it did.
    fn check(&self, outcome: Result<(), Failure>, begun: usize) -> Result<(), String> {
        let twice = self.twice.load(Ordering::Relaxed);
        if twice > 0 {
            return Err(format!("{twice} jobs were begun twice"));
        }
        let late = self.count_begun() - begun;
        if late > 0 {
            return Err(format!("{late} jobs were begun after the group had come back"));
        }
        match outcome {
            Ok(()) if self.failing != Failing::Never => {
                Err("a job failed, and the group came back without an error".to_owned())
            }
            Ok(()) if begun < self.count() => Err(format!(
                "{} of {} jobs were never begun, though none failed",
                self.count() - begun,
                self.count()
            )),
            Ok(()) => Ok(()),
            Err(Failure(job)) => {
                let ran = self.begun.get(job).is_some_and(|begun| begun.load(Ordering::Relaxed));
                match ran && self.failing.at(job) {
                    true => Ok(()),
                    false => Err(format!("the error of job {job} came back, which raised none")),
                }
            }
        }
    }
}

/// A way to run jobs until one fails.
pub trait FirstError: Sized + 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;

    /// How many of `threads` workers it can use.
    fn workers(threads: usize) -> usize {
        threads
    }

    /// Starts the workers, where they live on. Not timed.
    fn start(workers: usize) -> Self;

    /// Runs the jobs; returns when all have run, or with an error when nobody is at work any more.
    ///
    /// # Errors
    /// The first failure that was noticed.
    fn run(&mut self, group: &Group) -> Result<(), Failure>;
}

/// Which jobs fail, and whether time or jobs are measured.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    failing: Failing,
    iterations: u64,
    wasted: bool,
}

/// One stretch on the clock: a group.
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
    let mut contender = F::start(F::workers(window.threads()));
    let (mut wasted, mut groups) = (0, 0_u64);
    let mut sample = closed::take(window, 1, &mut |count| {
        let mut time = Duration::ZERO;
        for _ in 0..count {
            let group = Group::new(params.failing, params.iterations);
            let (took, outcome) = lap::<F, COPY>(&mut contender, &group);
            time += took;
            if F::CLASS != Class::Floor {
                let begun = group.count_begun();
                thread::yield_now(); // a chance for those that are still at work
                group.check(outcome, begun).map_err(WindowError::Wrong)?;
            }
            wasted += group.wasted.load(Ordering::Relaxed) as u64;
            groups += 1;
        }
        Ok(time)
    })?;
    if params.wasted {
        // One more for all: none wasted is the best there is, and has no ratio to others.
        let value = 1.0 + wasted as f64 / groups as f64;
        sample.custom_metric = Some((value, "jobs begun from the error on"));
    }
    Ok(sample)
}

impl<F: FirstError> Strategy<Params> for F {
    const CLASS: Class = F::CLASS;

    fn runnable(threads: usize) -> usize {
        F::workers(threads)
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<F, COPY>(**params, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        lap::<F, COPY> as *const () as usize
    }
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "One of many jobs fails, and the rest is not begun",
        models: "Go's errgroup.Group: goroutines, the first error cancels the context of all, and Wait returns it.",
        question: "Jobs that may fail: how soon is the first error back, how much is done in vain, and what does it cost when none fails?",
        timed: "From the start of a group of 256 jobs of 1 µs to its return, with nobody at work any more; scoped threads are started within it. A value is wall time a group. `wasted`: jobs that were begun after one had failed, a group, with the failed one.",
        oracle: "Where a job fails an error comes back, and it is one that was raised; where none fails every job ran; no job is begun twice, or after the return.",
        operation: "group",
    });
    let mut variant = |name, title, failing, wasted, weight| {
        let fails = match failing {
            Failing::Early => "each 16th",
            Failing::Late => "one, near the end",
            Failing::Never => "none",
        };
        let parameters = [("jobs", "256 of 1 µs"), ("failing", fails)];
        suite.variant(NAME, name, title, &parameters, weight, move |setting| Params {
            failing,
            iterations: setting.iterations(JOB_NS),
            wasted,
        });
    };
    let (telling, full) = (Tier::Standard, Tier::Thorough);
    variant("early", "the 16th of 256 jobs fails", Failing::Early, false, telling);
    variant("late", "one of the last of 256 jobs fails", Failing::Late, false, full);
    variant("none", "no job fails", Failing::Never, false, full);
    variant(
        "wasted",
        "jobs begun from the first error on, where the 16th fails",
        Failing::Early,
        true,
        telling,
    );
    suite.add::<Params, NoOp>(floor());
    suite.add::<Params, Serial>(serial());
}

impl FirstError for NoOp {
    const CLASS: Class = Class::Floor;

    fn start(_: usize) -> Self {
        NoOp
    }

    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        black_box(group);
        Ok(())
    }
}

/// One after the other.
struct Serial;

impl FirstError for Serial {
    // Shares nothing, as wherever the state is one worker's: ranked beside what does, it would lead where
    // the question is which of those to take.
    const CLASS: Class = Class::Partitioned;
    fn workers(_: usize) -> usize {
        1
    }

    fn start(_: usize) -> Self {
        Serial
    }

    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        (0..group.count()).try_for_each(|index| group.run(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(failing: Failing, run: impl FnOnce(&Group) -> Result<(), Failure>) -> String {
        let group = Group::new(failing, 0);
        let outcome = run(&group);
        let begun = group.count_begun();
        group.check(outcome, begun).unwrap_err()
    }

    fn all(group: &Group) {
        for index in 0..group.count() {
            let _ = group.run(index);
        }
    }

    #[test]
    fn an_error_that_is_lost_or_invented_is_named() {
        let lost = says(Failing::Early, |group| {
            all(group);
            Ok(())
        });
        assert_eq!(lost, "a job failed, and the group came back without an error");
        let invented = says(Failing::Early, |group| {
            all(group);
            Err(Failure(16))
        });
        assert_eq!(invented, "the error of job 16 came back, which raised none");
        let raised_by_none = says(Failing::Late, |_| Err(Failure(JOBS - 8)));
        assert_eq!(raised_by_none, "the error of job 248 came back, which raised none");
    }

    #[test]
    fn jobs_that_are_left_doubled_or_late_are_named() {
        let left = says(Failing::Never, |group| (1..JOBS).try_for_each(|job| group.run(job)));
        assert_eq!(left, "1 of 256 jobs were never begun, though none failed");
        let doubled = says(Failing::Never, |group| {
            all(group);
            group.run(3)
        });
        assert_eq!(doubled, "1 jobs were begun twice");
        let group = Group::new(Failing::Early, 0);
        let outcome = group.run(15);
        let begun = group.count_begun();
        group.run(16).unwrap();
        let late = group.check(outcome, begun).unwrap_err();
        assert_eq!(late, "1 jobs were begun after the group had come back");
    }
}
