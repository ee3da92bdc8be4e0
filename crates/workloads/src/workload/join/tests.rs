use super::*;
use crate::workload::broken;

/// Does not run the task `LOST`, and runs the task `TWICE` twice.
struct Broken<const LOST: usize, const TWICE: usize>;

impl<const LOST: usize, const TWICE: usize> Closed for Broken<LOST, TWICE> {
    fn start(_: usize) -> Self {
        Self
    }
}

impl<const LOST: usize, const TWICE: usize> Join for Broken<LOST, TWICE> {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        for index in 0..tasks.count() {
            if index != LOST {
                tasks.run(index);
            }
            if index == TWICE {
                tasks.run(index);
            }
        }
    }
}

fn error<J: Join>() -> String {
    let tasks = Tasks::new(4, 0, &Arc::new(WorkerCounts::new(2)));
    let (_, early) = lap::<J, 0>(&mut J::start(2), &tasks, 10);
    check(&tasks, 10, early).unwrap_err()
}

#[test]
fn a_wait_that_ends_early_is_reported() {
    assert_eq!(error::<Broken<3, 9>>(), "wait 1 of 10 was over when other than 4 tasks had run");
}

#[test]
fn a_task_that_runs_in_place_of_another_is_reported() {
    assert_eq!(error::<Broken<3, 2>>(), "task 2 ran 20 times, but was started 10 times");
}

#[test]
fn a_worker_that_does_nothing_is_counted() {
    let params = Params { tasks: Some(MANY), iterations: 0 };
    type OneDoesAll = Broken<MANY, MANY>;
    let sample = broken::sample(|window| measure::<OneDoesAll>(&params, window, lap::<OneDoesAll, 0>));
    assert_eq!(broken::idle(&sample.timing.operations), 1, "{sample:?}");
    assert_eq!(sample.timing.total() % sample.timing.chunk, 0, "{sample:?}");
}
