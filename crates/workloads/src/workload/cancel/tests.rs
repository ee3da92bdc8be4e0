use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::*;
use contend_team::{Team, Window};

/// Lets the tests' workers end when the faults were seen.
static RELEASED: AtomicBool = AtomicBool::new(false);

/// Forgets one worker.
struct Forgets(Arc<AtomicBool>);

impl Cancel for Forgets {
    type Watch = (bool, Arc<AtomicBool>);

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let flag = Arc::<AtomicBool>::default();
        let watches = (0..workers).map(|index| (index == 1, flag.clone())).collect();
        (Self(flag), watches)
    }

    fn cancelled((forgotten, flag): &mut Self::Watch) -> bool {
        match forgotten {
            true => RELEASED.load(Ordering::Relaxed),
            false => flag.load(Ordering::Relaxed),
        }
    }

    fn sleep(watch: &mut Self::Watch) {
        while !Self::cancelled(watch) {
            thread::yield_now();
        }
    }

    fn cancel(self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_worker_that_does_not_end_is_reported() {
    for slice in [None, Some(10)] {
        let fault = stopping::lap::<Forgets, 0>(3, Params { slice }, Duration::from_millis(300)).unwrap_err();
        assert!(fault.contains("of 3 workers are still there 300ms after"), "{fault}");
    }
    RELEASED.store(true, Ordering::Relaxed);
}

/// Stops its workers, and leaves a thread of its own behind.
#[cfg(target_os = "linux")]
struct Leaves(Forgets);

#[cfg(target_os = "linux")]
impl Cancel for Leaves {
    type Watch = <Forgets as Cancel>::Watch;

    fn new(_: usize) -> (Self, Vec<Self::Watch>) {
        thread::spawn(|| thread::sleep(2 * stopping::DEADLINE));
        let (forgets, watches) = Forgets::new(1); // which has no worker to forget
        (Self(forgets), watches)
    }

    fn cancelled(watch: &mut Self::Watch) -> bool {
        Forgets::cancelled(watch)
    }

    fn sleep(watch: &mut Self::Watch) {
        Forgets::sleep(watch);
    }

    fn cancel(self) {
        self.0.cancel();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_thread_that_is_left_behind_is_reported() {
    let before = stopping::process_threads();
    // More than other tests may end meanwhile, which would hide them.
    for _ in 0..128 {
        stopping::lap::<Leaves, 0>(1, Params { slice: None }, stopping::DEADLINE).unwrap();
    }
    let fault = stopping::check_threads(before).unwrap_err();
    assert!(fault.starts_with("the process has ") && fault.ends_with("they were not ended"), "{fault}");
}

/// Says that it was cancelled before it is.
struct Hasty;

impl Cancel for Hasty {
    type Watch = ();

    fn new(workers: usize) -> (Self, Vec<()>) {
        (Self, vec![(); workers])
    }

    fn cancelled((): &mut ()) -> bool {
        true
    }

    fn sleep((): &mut ()) {}

    fn cancel(self) {}
}

#[test]
fn a_cancel_that_never_was_is_reported() {
    let mut window = Window {
        team: &mut Team::new(1),
        length: Duration::from_millis(1),
        pilot: &mut None,
        earlier: None,
        check_only: true,
    };
    let measured = polling::measure(&PollingParams { iterations: 0 }, &mut window, polling::poll::<Hasty, 0>);
    let fault = measured.unwrap_err().to_string();
    assert!(fault.ends_with("polls saw a cancel that never was"), "{fault}");
}
