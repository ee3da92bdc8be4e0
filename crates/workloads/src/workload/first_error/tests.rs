use super::group::JOBS;
use super::*;
use crate::workload::broken;

fn error(failing: Failing, run: impl FnOnce(&Group) -> Result<(), Failure>) -> String {
    let group = Group::new(failing, 0, 1);
    let outcome = run(&group);
    let started = group.started();
    group.check(outcome, started).unwrap_err()
}

fn run_all(group: &Group) {
    for index in 0..group.count() {
        let _ = group.run(index);
    }
}

#[test]
fn lost_and_invented_errors_are_reported() {
    let lost = error(Failing::Early, |group| {
        run_all(group);
        Ok(())
    });
    assert_eq!(lost, "a job failed, and the group came back without an error");
    let invented = error(Failing::Early, |group| {
        run_all(group);
        Err(Failure(16))
    });
    assert_eq!(invented, "the error of job 16 came back, but that job raised none");
    let raised_by_none = error(Failing::Late, |_| Err(Failure(JOBS - 8)));
    assert_eq!(raised_by_none, "the error of job 248 came back, but that job raised none");
}

#[test]
fn missing_doubled_and_late_jobs_are_reported() {
    let missing = error(Failing::Never, |group| (1..JOBS).try_for_each(|job| group.run(job)));
    assert_eq!(missing, "1 of 256 jobs were never started, though none failed");
    let doubled = error(Failing::Never, |group| {
        run_all(group);
        group.run(3)
    });
    assert_eq!(doubled, "1 jobs were started twice");
    let group = Group::new(Failing::Early, 0, 1);
    let outcome = group.run(15);
    let started = group.started();
    group.run(16).unwrap();
    let late = group.check(outcome, started).unwrap_err();
    assert_eq!(late, "1 jobs were started after the group had come back");
}

/// Has one worker of two do everything.
struct OneDoesAll;

impl Closed for OneDoesAll {
    fn start(_: usize) -> Self {
        Self
    }
}

impl FirstError for OneDoesAll {
    fn run(&mut self, group: &Group) -> Result<(), Failure> {
        (0..group.count()).try_for_each(|index| group.run(index))
    }
}

/// An operation is a group, which has no one worker. So the jobs are counted beside it.
#[test]
fn a_worker_that_does_nothing_is_counted() {
    let params = Params { failing: Failing::Never, iterations: 0, wasted: false };
    let sample = broken::sample(|window| measure::<OneDoesAll, 0>(params, window));
    assert_eq!(broken::idle(&sample.parts), 1, "{sample:?}");
    let groups = sample.timing.total();
    assert_eq!((sample.timing.operations.len(), sample.parts.iter().sum()), (1, groups * JOBS as u64));
    let floor = broken::sample(|window| measure::<NoOp, 0>(params, window));
    assert!(floor.parts.is_empty(), "it runs no job");
}
