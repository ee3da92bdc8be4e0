//! `busy` and `asleep`: how soon workers are gone after a cancel.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use super::{Cancel, Params};
use crate::model::spawn;
use crate::workload::closed;
use contend_team::busy_loop::busy_loop;
use contend_team::{Sample, StartBarrier, Window, WindowError};

/// How long after a cancel a worker may take to end before that is a fault.
pub(super) const DEADLINE: Duration = Duration::from_secs(2);

/// Workers that have not ended, and the thread that waits for the last of them.
struct Running {
    workers: AtomicUsize,
    waiter: Thread,
}

/// One worker that has not ended.
struct RunningGuard(Arc<Running>);

impl Drop for RunningGuard {
    fn drop(&mut self) {
        if self.0.workers.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.waiter.unpark();
        }
    }
}

/// A worker's life, from its start to the cancel.
#[inline(never)]
pub(super) fn work<C: Cancel, const COPY: usize>(watch: &mut C::Watch, params: Params) {
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

/// Starts workers, cancels when all have begun, and returns how long the last took to end.
pub(super) fn lap<C: Cancel, const COPY: usize>(
    workers: usize,
    params: Params,
    deadline: Duration,
) -> Result<Duration, String> {
    let running = Arc::new(Running { workers: AtomicUsize::new(workers), waiter: thread::current() });
    let barrier = Arc::new(StartBarrier::new(workers + 1));
    let (canceller, mut watches) = C::new(workers);
    let mut threads = Vec::with_capacity(workers);
    while let Some(mut watch) = watches.pop() {
        let (barrier, guard) = (barrier.clone(), RunningGuard(running.clone()));
        threads.push(spawn(Box::new(move || {
            barrier.pass();
            work::<C, COPY>(&mut watch, params);
            drop(guard);
        })));
    }
    barrier.pass();
    let start = Instant::now();
    canceller.cancel();
    wait_for_exit(start, deadline, &running, threads)
}

/// Waits until all workers have ended, and returns how long after `start` that was.
fn wait_for_exit(
    start: Instant,
    deadline: Duration,
    running: &Running,
    threads: Vec<JoinHandle<()>>,
) -> Result<Duration, String> {
    let workers = threads.len();
    loop {
        let here = running.workers.load(Ordering::Acquire);
        if here == 0 {
            break;
        }
        let Some(left) = deadline.checked_sub(start.elapsed()) else {
            // Not joined, which could take forever. They end with the process.
            return Err(format!("{here} of {workers} workers are still there {deadline:?} after the cancel"));
        };
        thread::park_timeout(left);
    }
    let time = start.elapsed();
    match threads.into_iter().try_for_each(JoinHandle::join) {
        Ok(()) => Ok(time),
        Err(_) => Err("a worker panicked".to_owned()),
    }
}

/// The number of this process's threads, where it can be read.
pub(super) fn process_threads() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

/// Checks that the process has no more threads than `before`. A joined thread may be listed for a moment.
pub(super) fn check_threads(before: Option<usize>) -> Result<(), String> {
    let start = Instant::now();
    while let Some((now, before)) = process_threads().zip(before) {
        if now <= before {
            break;
        }
        if start.elapsed() > DEADLINE {
            let left = now - before;
            return Err(format!("the process has {left} threads more than before: they were not ended"));
        }
        thread::yield_now();
    }
    Ok(())
}

pub(super) fn measure<C: Cancel, const COPY: usize>(
    params: Params,
    window: &mut Window<'_>,
) -> Result<Sample, WindowError> {
    let workers = window.threads();
    let threads = process_threads();
    let sample = closed::measure_laps::<Duration>(window, 1, &mut |cancels| {
        let one = |_| lap::<C, COPY>(workers, params, DEADLINE).map_err(WindowError::Wrong);
        (0..cancels).map(one).sum()
    })?;
    check_threads(threads).map_err(WindowError::Wrong)?;
    Ok(sample)
}
