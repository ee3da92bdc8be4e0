use super::*;
use crate::workload::broken;

fn error(tasks: &[usize]) -> String {
    let log = TaskLog::new(&Arc::new(WorkerCounts::new(1)));
    tasks.iter().for_each(|index| log.run_task(*index));
    log.check(5).unwrap_err()
}

#[test]
fn lost_and_doubled_tasks_are_reported() {
    assert_eq!(error(&[0, 1, 2, 3]), "4 tasks had run when the wait was over, but 5 were started");
    let doubled = error(&[0, 1, 2, 3, 3]);
    assert_eq!(doubled, "5 tasks ran, but not the ones that were started");
    let same_sum = error(&[0, 1, 3, 3, 3]);
    assert_eq!(same_sum, doubled);
}

/// Has one worker of two do everything.
struct OneDoesAll;

impl Closed for OneDoesAll {
    fn start(_: usize) -> Self {
        Self
    }
}

impl Spawn for OneDoesAll {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        (0..tasks).for_each(|index| log.run_task(index));
    }
}

#[test]
fn a_worker_that_does_nothing_is_counted() {
    let params = Params { tasks: 100, memory: false };
    let sample = broken::sample(|window| measure::<OneDoesAll, 0>(params, window));
    assert_eq!(broken::idle(&sample.timing.operations), 1, "{sample:?}");
    assert_eq!(sample.timing.total() % sample.timing.chunk, 0, "{sample:?}");
}
