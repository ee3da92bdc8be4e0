use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::*;

fn counter(workers: usize) -> (Arc<AtomicU64>, Vec<Arc<AtomicU64>>) {
    let counter = Arc::new(AtomicU64::new(0));
    (counter.clone(), vec![counter; workers])
}

fn add(counter: &mut Arc<AtomicU64>, _worker: usize, operations: u64) {
    for _ in 0..operations {
        counter.fetch_add(1, Relaxed);
    }
}

fn opening(chunk: u64) -> OpenWindow {
    OpenWindow { window: Duration::from_millis(4), ramp: Duration::from_micros(500), chunk, chunk_time: None }
}

#[test]
fn all_operations_of_an_open_window_are_accounted_for() {
    for workers in [1, 2, 3, 8, 33] {
        let mut team = Team::new(workers);
        for chunk in [1, 7, 1_000] {
            let (counter, handles) = counter(workers);
            let (timing, handles) = team.open(handles, opening(chunk), add).unwrap();
            assert_eq!(handles.len(), workers);
            assert_eq!(timing.all_operations.iter().sum::<u64>(), counter.load(Relaxed));
            assert!(timing.total() <= counter.load(Relaxed));
            assert!(timing.operations.iter().all(|count| count % chunk == 0));
            assert!(timing.window >= Duration::from_millis(4));
        }
    }
}

/// A worker that got no turn in the ramp reads the clock after each operation until it finds its size in the window.
#[test]
fn chunks_find_their_size_in_the_window_too() {
    let chunk_time = Some(Duration::from_micros(20));
    let opening = OpenWindow { window: Duration::from_millis(4), ramp: Duration::ZERO, chunk: 1, chunk_time };
    let (_, handles) = counter(2);
    let (timing, _) = Team::new(2).open(handles, opening, add).unwrap();
    assert!(timing.chunk >= 64, "{timing:?}");
}

#[test]
fn fixed_work_is_done_to_the_last_operation() {
    for workers in [1, 2, 5, 32] {
        let (counter, handles) = counter(workers);
        let (timing, _) = Team::new(workers).fixed(handles, 3, 100, add).unwrap();
        assert_eq!(counter.load(Relaxed), 103 * workers as u64);
        assert_eq!(timing.operations, vec![100; workers]);
        assert_eq!(timing.all_operations, vec![103; workers]);
        assert!(timing.window > Duration::ZERO);
    }
}

#[test]
fn a_team_outlives_a_worker_that_panics() {
    let mut team = Team::new(3);
    let fail = |_: &mut (), worker, _| assert!(worker != 1, "worker {worker} had enough");
    let error = team.open(vec![(); 3], opening(1), fail).unwrap_err();
    assert_eq!(error.to_string(), "a worker panicked: worker 1 had enough");
    let (_, handles) = counter(3);
    assert!(team.open(handles, opening(1), add).is_ok());
}

#[test]
fn part_of_a_team_can_work_alone() {
    let (counter, handles) = counter(2);
    let mut team = Team::new(4);
    let (timing, _) = team.fixed(handles, 0, 10, add).unwrap();
    assert_eq!((timing.operations.len(), counter.load(Relaxed)), (2, 20));
}

#[test]
fn parts_and_lead_start_together_and_yield_in_order() {
    let mut team = Team::new(3);
    let task = |n: u64| Box::new(move || n) as Task<u64>;
    let (time, yields) = team.run_once(vec![task(5), task(7)], None).unwrap();
    assert_eq!(yields, [5, 7]);
    assert!(time > Duration::ZERO);
    let (sender, receiver) = channel();
    let tell: Task<u64> = Box::new(move || {
        sender.send(9).unwrap();
        1
    });
    let hear = || receiver.recv().unwrap();
    let (_, yields) = team.run_once(vec![tell], Some(Box::new(hear))).unwrap();
    assert_eq!(yields, [1, 9]);
}

#[test]
fn a_lead_that_panics_is_reported_and_its_workers_end() {
    let mut team = Team::new(1);
    let (sender, receiver) = channel::<u64>();
    let hear: Task<u64> = Box::new(move || receiver.recv().unwrap_or(0));
    let caller_task = Box::new(move || {
        let _sender = sender;
        panic!("no more")
    });
    let panic = team.run_once(vec![hear], Some(caller_task)).unwrap_err();
    assert_eq!(panic, Panic("no more".to_owned()));
}

fn placement(threads: usize, cpus: usize) -> CorePlacement {
    CorePlacement::new(threads, cpus, cpu_numbers(), waits::LIMIT, Arc::new(|| ()))
}

/// On any machine: no wait is endless, and one worker, or more workers than cores, do not wait at all.
#[test]
fn workers_wait_for_cores_of_their_own_and_no_longer_than_makes_sense() {
    for (threads, cpus) in [(1, 4), (3, 2), (2, 0)] {
        let placement = placement(threads, cpus);
        placement.wait(0); // returns, though nobody else comes
        assert!(placement.outcome().is_none(), "{threads} on {cpus}");
        assert_eq!(placement.took(), Duration::ZERO);
    }
    let alone = placement(2, 2);
    alone.wait(0); // the other never comes
    assert!(matches!(alone.outcome(), Some(Placed(false))));
    assert!(alone.took() > Duration::ZERO || cfg!(not(target_os = "linux")));
}

/// A thread that stays awake beside a window would take a core from it.
#[test]
fn workers_stay_awake_after_a_window_if_each_can_have_a_core() {
    let awake = |team: &Team| -> Vec<bool> { team.workers.iter().map(Worker::stays_awake).collect() };
    let mut team = Team::new(3);
    let open = |team: &mut Team, workers| drop(team.open(counter(workers).1, opening(1), add).unwrap());
    for (cpus, workers, wanted) in
        [(3, 3, [true; 3]), (3, 2, [true, true, false]), (4, 1, [true, false, false]), (2, 2, [false; 3])]
    {
        team.cpus = cpus;
        open(&mut team, workers);
        assert_eq!(awake(&team), wanted, "{workers} workers on {cpus} CPUs");
    }
    team.cpus = 3;
    open(&mut team, 3);
    team.sleep();
    assert_eq!(awake(&team), [false; 3]);
    open(&mut team, 3);
    team.run_once(vec![Box::new(|| 1_u64) as Task<u64>], None).unwrap();
    assert_eq!(awake(&team), [false; 3], "a lap's CPU time includes what is between laps");
    open(&mut team, 3);
    team.failed_placements = MAX_FAILED_PLACEMENTS;
    open(&mut team, 3);
    assert_eq!(awake(&team), [false; 3], "another program has a core");
}

/// Whether they had to wait or not, and whichever thread ends the wait.
#[test]
fn all_are_called_ready_once() {
    for (threads, cpus) in [(1, 2), (2, 2), (3, 2)] {
        let calls = Arc::new(AtomicU64::new(0));
        let counter = calls.clone();
        let on_ready: OnReady = Arc::new(move || {
            counter.fetch_add(1, Relaxed);
        });
        let mut team = Team::new(threads);
        team.cpus = cpus;
        let (_, handles) = self::counter(threads);
        team.fixed_work(wrap(handles, add), 1, 1, on_ready).unwrap();
        assert_eq!(calls.load(Relaxed), 1, "{threads} on {cpus}");
    }
}

#[test]
fn a_team_that_waited_in_vain_too_often_waits_no_more() {
    let mut team = Team::new(2);
    team.cpus = 2;
    let waits = |team: &Team| team.placement(2, Arc::new(|| ())).outcome().is_some();
    let failed_placements = placement(2, 2);
    for _ in 0..MAX_FAILED_PLACEMENTS {
        assert!(waits(&team));
        team.record_placement(&failed_placements);
    }
    assert!(!waits(&team));
}

/// If each worker has a CPU, some waits succeed, even while other tests keep all CPUs busy.
#[test]
#[cfg(target_os = "linux")]
fn workers_come_to_be_on_cores_of_their_own() {
    let mut team = Team::pinned(2);
    if team.cpus < 2 {
        return; // there are none
    }
    for _ in 0..MAX_FAILED_PLACEMENTS {
        let (_, handles) = counter(2);
        team.fixed(handles, 1, 1, add).unwrap();
    }
    assert!(team.failed_placements < MAX_FAILED_PLACEMENTS);
    assert!(team.waited() > Duration::ZERO);
}
