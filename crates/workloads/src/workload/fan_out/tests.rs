use super::jobs::check;
use super::*;

fn batch() -> (Vec<Job>, Vec<JobResult>) {
    batch_of(9)
}

fn batch_of(iterations: u64) -> (Vec<Job>, Vec<JobResult>) {
    let jobs = Params::new(iterations).batch(&JobIds::new(1), 3);
    let results = jobs.iter().map(|job| job.run()).collect();
    (jobs, results)
}

#[test]
fn results_in_any_order_pass() {
    let (jobs, mut results) = batch();
    results.reverse();
    assert_eq!(check(&jobs, &results.into()), Ok(()));
}

#[test]
fn lost_doubled_wrong_and_foreign_results_are_reported() {
    let (jobs, results) = batch();
    let error = |results: Vec<JobResult>, runs| check(&jobs, &BatchResults { results, runs }).unwrap_err();
    assert_eq!(error(results[1..].to_vec(), 255), "1 of 256 jobs have no result");
    assert_eq!(error(results.clone(), 257), "257 jobs ran, but the batch has 256");
    let mut doubled = results.clone();
    doubled[0] = doubled[1];
    assert_eq!(error(doubled, 256), "job 1 has two results");
    let mut wrong = results.clone();
    wrong[5].value = 0;
    assert!(error(wrong, 256).ends_with("and its result is 0"));
    let mut skipped = results.clone();
    skipped[6] = Job { iterations: 0, ..jobs[6] }.run();
    assert!(error(skipped, 256).starts_with("the work of job 6 yields "));
    let mut swapped = results.clone();
    (swapped[7].value, swapped[8].value) = (swapped[8].value, swapped[7].value);
    assert!(error(swapped, 256).starts_with("the work of job 7 yields "));
    let mut foreign = results;
    foreign[0].id = 1;
    assert!(error(foreign, 256).ends_with("for a job 1 that is not in the batch"));
}

/// Works once for each of a few jobs, and makes the other results of what these yielded.
#[test]
fn work_that_is_kept_for_other_jobs_is_found() {
    let (jobs, results) = batch_of(1_000);
    assert_eq!(check(&jobs, &results.clone().into()), Ok(()));
    let upper = !u64::from(u32::MAX);
    let forged = |index: usize| (results[index].value & upper) | (results[index % 64].value & !upper);
    let mut kept = results.clone();
    kept.iter_mut().enumerate().for_each(|(index, result)| result.value = forged(index));
    let found = |results: &[JobResult]| check(&jobs, &results.to_vec().into()).is_err();
    // Three of four are wrong, and eight are drawn: one in 65,000 checks finds none.
    assert!((0..4).any(|_| found(&kept)));
    // Of a window's many batches some find a single job whose work was left out.
    let mut skipped = results.clone();
    skipped[200] = Job { iterations: 0, ..jobs[200] }.run();
    assert!((0..2_000).any(|_| found(&skipped)));
    let mut first = results;
    first[0] = Job { iterations: 0, ..jobs[0] }.run();
    assert!(found(&first), "the first is always worked again");
}
