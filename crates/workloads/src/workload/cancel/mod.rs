//! `cancel`: workers that are told to end. Go's `context`.
//!
//! `busy` and `asleep` are closed, and here: from the cancel to the last worker gone. `polling` is open:
//! what looking for the cancel costs the work.

mod contenders;
mod polling;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use crate::model::NoOp;
use crate::model::spawn;
use crate::registry::{Description, Info, Strategy, Suite, ThreadCounts, Tier};
use crate::workload::closed;
use crate::workload::open::floor;
use contend_record::{Class, WorkloadGroup};
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, StartBarrier, Window, WindowError};

pub use contenders::{
    LOOK_INTERVAL, register_channel, register_condvar, register_exclusions, register_mpmc,
    register_receive_timeout,
};
use polling::{Looks, POLLED_NS, looks, polling};

/// The name in ids.
pub const NAME: &str = "cancel";

/// Nanoseconds of work between two looks of a busy worker.
const SLICE_NS: u64 = 1_000;

/// Workers that are still there after this will not go.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tells workers to end.
pub trait Cancel: Sized + Send + 'static {
    /// What is promised.
    const CLASS: Class = Class::Immediate;
    /// A worker's end.
    type Watch: Send + 'static;

    /// For as many workers.
    fn new(workers: usize) -> (Self, Vec<Self::Watch>);

    /// Whether the worker is to end.
    fn cancelled(watch: &mut Self::Watch) -> bool;

    /// StdCondvar until the worker is to end.
    fn sleep(watch: &mut Self::Watch);

    /// Tells all.
    fn cancel(self);
}

/// What workers do until they are told.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    /// Work between two looks; none where they sleep.
    slice: Option<u64>,
}

/// Workers that are there, and who waits for the last to go.
struct Crowd {
    here: AtomicUsize,
    waiting: Thread,
}

/// A worker that is there.
struct Present(Arc<Crowd>);

impl Drop for Present {
    fn drop(&mut self) {
        if self.0.here.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.waiting.unpark();
        }
    }
}

/// A worker's params.
#[inline(never)]
fn live<C: Cancel, const COPY: usize>(watch: &mut C::Watch, params: Params) {
    black_box(COPY);
    match params.slice {
        None => C::sleep(watch),
        Some(iterations) => {
            while !C::cancelled(watch) {
                busy_loop(iterations);
            }
        }
    }
}

/// From the cancel to the last worker gone, of fresh workers that have all begun.
fn lap<C: Cancel, const COPY: usize>(
    workers: usize,
    params: Params,
    patience: Duration,
) -> Result<Duration, String> {
    let crowd = Arc::new(Crowd { here: AtomicUsize::new(workers), waiting: thread::current() });
    let gate = Arc::new(StartBarrier::new(workers + 1));
    let (token, mut watches) = C::new(workers);
    let mut threads = Vec::with_capacity(workers);
    while let Some(mut watch) = watches.pop() {
        let (gate, present) = (gate.clone(), Present(crowd.clone()));
        threads.push(spawn(Box::new(move || {
            gate.pass();
            live::<C, COPY>(&mut watch, params);
            drop(present);
        })));
    }
    gate.pass();
    let start = Instant::now();
    token.cancel();
    gone(start, patience, &crowd, threads)
}

/// StdCondvar until all workers are gone, and says how long after `start` that was.
fn gone(
    start: Instant,
    patience: Duration,
    crowd: &Crowd,
    threads: Vec<JoinHandle<()>>,
) -> Result<Duration, String> {
    let workers = threads.len();
    loop {
        let here = crowd.here.load(Ordering::Acquire);
        if here == 0 {
            break;
        }
        let Some(left) = patience.checked_sub(start.elapsed()) else {
            // Not joined: they would be waited for, for ever. They end with the process.
            return Err(
                format!("{here} of {workers} workers are still there {patience:?} after the cancel",),
            );
        };
        thread::park_timeout(left);
    }
    let time = start.elapsed();
    for thread in threads {
        let panicked = thread.join().is_err();
        if panicked {
            return Err("a worker panicked".to_owned());
        }
    }
    Ok(time)
}

/// Threads of this process, where that can be read.
fn process_threads() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

/// No thread is left that was not there before. A joined one may be listed for a moment.
fn check_threads(before: Option<usize>) -> Result<(), String> {
    let Some(before) = before else {
        return Ok(());
    };
    let start = Instant::now();
    loop {
        let now = process_threads().unwrap_or(before);
        if now <= before {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            let left = now - before;
            return Err(format!("the process has {left} threads more than before: they were not ended"));
        }
        thread::yield_now();
    }
}

fn measure<C: Cancel, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let workers = window.threads();
    let threads = process_threads();
    let sample = closed::measure_laps(window, 1, &mut |cancels| {
        let one = |_| lap::<C, COPY>(workers, params, PATIENCE).map_err(WindowError::Wrong);
        (0..cancels).map(one).sum()
    })?;
    check_threads(threads).map_err(WindowError::Wrong)?;
    Ok(sample)
}

impl<C: Cancel> Strategy<Params> for C {
    const CLASS: Class = C::CLASS;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(
        params: &Arc<Params>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        measure::<C, COPY>(**params, window)
    }

    fn loop_address<const COPY: usize>() -> usize {
        live::<C, COPY> as *const () as usize
    }
}

impl<C: Cancel> Strategy<Looks> for C {
    const CLASS: Class = C::CLASS;

    fn runnable(threads: usize) -> usize {
        threads
    }

    fn measure<const COPY: usize>(
        params: &Arc<Looks>,
        window: &mut Window<'_>,
    ) -> Result<Sample, WindowError> {
        polling(params, window, looks::<C, COPY>)
    }

    fn loop_address<const COPY: usize>() -> usize {
        looks::<C, COPY> as *const () as usize
    }
}

/// Adds a contender to all variants.
pub fn add<C: Cancel>(suite: &mut Suite, info: &Info) {
    suite.add::<Params, C>(info.clone());
    suite.add::<Looks, C>(info.clone());
}

/// Adds the workload and its variants.
pub fn register(suite: &mut Suite) {
    suite.workload(Description {
        name: NAME,
        group: WorkloadGroup::Patterns,
        title: "Workers are told to end",
        models: "Go's context.WithCancel (and WithTimeout, WithDeadline): cancel closes ctx.Done(), goroutines see it in a select or poll ctx.Err(), and end.",
        question: "Threads that must end when told: a flag, a closed channel, a condition variable? How soon are they gone, and what does looking cost?",
        timed: "`busy`, `asleep`: from the cancel to the end of the last worker's params, once for each cancel; starting the workers and joining them is not timed. Busy workers look between slices of 1 µs. `polling`: slices of about 100 ns and the looks between them, of all workers, between two snapshots of their counts; nobody cancels.",
        oracle: "After a cancel all workers are gone, by their own count and by the process's number of threads; without one nobody sees one.",
        operation: "cancel or look",
    });
    suite
        .variant(
            NAME,
            "busy",
            "workers that look between slices of 1 µs",
            &[("slice", "1 µs")],
            Tier::Standard,
            |setting| Params { slice: Some(setting.iterations(SLICE_NS)) },
        )
        .at(ThreadCounts::Own(&[2, 8, 64]));
    suite
        .variant(NAME, "asleep", "workers that sleep until they are told", &[], Tier::Thorough, |_| Params {
            slice: None,
        })
        .at(ThreadCounts::Own(&[2, 8, 64]));
    suite.variant(
        NAME,
        "polling",
        "what looking costs: a slice of 100 ns and a look",
        &[("slice", "100 ns")],
        Tier::Standard,
        |setting| Looks { iterations: setting.iterations(POLLED_NS) },
    );
    add::<NoOp>(suite, &floor());
}

impl Cancel for NoOp {
    const CLASS: Class = Class::Floor;
    type Watch = ();

    fn new(workers: usize) -> (Self, Vec<()>) {
        (NoOp, vec![(); workers])
    }

    #[inline]
    fn cancelled((): &mut ()) -> bool {
        black_box(true)
    }

    fn sleep((): &mut ()) {}

    fn cancel(self) {}
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// Lets the workers of the tests go, when these have seen what they wanted.
    static GO: AtomicBool = AtomicBool::new(false);

    /// Forgets one worker.
    struct Forgets(Arc<AtomicBool>);

    impl Cancel for Forgets {
        type Watch = (bool, Arc<AtomicBool>);

        fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
            let flag = Arc::<AtomicBool>::default();
            let watch = |index| (index == 1, flag.clone());
            let watches = (0..workers).map(watch).collect();
            (Forgets(flag), watches)
        }

        fn cancelled((forgotten, flag): &mut Self::Watch) -> bool {
            match forgotten {
                true => GO.load(Ordering::Relaxed),
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
    fn a_worker_that_stays_is_named() {
        for slice in [None, Some(10)] {
            let fault = lap::<Forgets, 0>(3, Params { slice }, Duration::from_millis(300));
            let says = fault.unwrap_err();
            assert!(says.contains("of 3 workers are still there 300ms after"), "{says}");
        }
        GO.store(true, Ordering::Relaxed);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_thread_that_is_left_behind_is_named() {
        /// Tells its workers, and leaves a thread of its own behind.
        struct Leaves(Forgets);

        impl Cancel for Leaves {
            type Watch = <Forgets as Cancel>::Watch;

            fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
                thread::spawn(|| thread::sleep(2 * PATIENCE));
                let (token, mut watches) = Forgets::new(workers);
                watches.iter_mut().for_each(|watch| watch.0 = false);
                (Leaves(token), watches)
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

        // Other tests start and end threads meanwhile: so many more than those it stays.
        let left = (0..128).map(|_| lap::<Leaves, 0>(1, Params { slice: None }, PATIENCE));
        let before = process_threads();
        assert!(left.into_iter().all(|time| time.is_ok()));
        let says = check_threads(before).unwrap_err();
        assert!(says.starts_with("the process has ") && says.ends_with("they were not ended"));
    }
}
