use super::jobs::check;
use super::*;

fn worked() -> Worked {
    Worked::new(9)
}

fn batch() -> (Vec<Job>, Vec<JobResult>) {
    let jobs = Params::new(9).batch(&JobIds::new(1), 3);
    let results = jobs.iter().map(|job| job.run()).collect();
    (jobs, results)
}

#[test]
fn results_in_any_order_pass() {
    let (jobs, mut results) = batch();
    results.reverse();
    assert_eq!(check(&jobs, &worked(), &results.into()), Ok(()));
}

#[test]
fn lost_doubled_wrong_and_foreign_results_are_reported() {
    let (jobs, results) = batch();
    let error =
        |results: Vec<JobResult>, runs| check(&jobs, &worked(), &BatchResults { results, runs }).unwrap_err();
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
