use super::jobs::check;
use super::*;

fn worked() -> Worked {
    Worked::new(9)
}

fn batch() -> (Vec<Job>, Vec<JobResult>) {
    let jobs = Params::new(9).batch(&JobIds::new(), 3);
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

/// Contenders whose workers stay are counted by worker; others, and the floor, by their total.
#[test]
#[cfg(feature = "contenders")]
fn workers_that_stay_have_a_count_each() {
    use crate::registry::BlockSettings;
    use contend_record::Calibration;
    let suite = crate::suite();
    let variant =
        suite.variants.iter().find(|one| one.info.id.to_string() == "fan-out/1us").expect("it ships");
    let work = Calibration { iterations: Default::default(), ns_per_iteration: 1.0 };
    let prepared = variant.prepare(&BlockSettings { threads: 2, seed: 1, check_only: false, work });
    let counts = |name: &str| {
        let index = variant.contenders.iter().position(|one| one.info.name == name).expect("it ships");
        let mut window = Window {
            team: &mut contend_team::Team::new(2),
            length: Duration::from_millis(2),
            pilot: &mut None,
            check_only: false,
        };
        let sample = prepared.measure(index, 0, &mut window).expect("it is sound");
        let operations = sample.timing.operations;
        assert_eq!(operations.iter().sum::<u64>() % sample.chunk, 0, "{name}: {operations:?}");
        operations.len()
    };
    for name in ["std::sync::mpsc::channel+locked-receiver", "crossbeam_deque+stealing", "rayon::par_iter"] {
        assert_eq!(counts(name), 2, "{name}");
    }
    for name in ["std::thread::scope", "std::thread::spawn+per-job", "serial", "floor"] {
        assert_eq!(counts(name), 1, "{name}");
    }
}
