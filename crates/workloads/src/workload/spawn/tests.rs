use super::*;

fn error(tasks: &[usize]) -> String {
    let log = TaskLog::default();
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
