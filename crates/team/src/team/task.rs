//! Tasks that run once, after a common release, instead of a loop of operations.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::{AfterJob, Panic, StartBarrier, Team, message};
use crate::sync::{Arc, Instant, Mutex};

/// A task that a worker runs once: see [`Team::run_once`].
pub type Task<R> = Box<dyn FnOnce() -> R + Send>;

impl Team {
    /// Times tasks that run once, each on a worker; `caller_task`, if there is one, on the calling thread. The
    /// clock starts just before a common release and stops when the last task is done. The results come back
    /// in the order of the tasks, that of `caller_task` last.
    ///
    /// # Panics
    /// If there are more tasks than workers.
    pub fn run_once<R: Send + 'static>(
        &mut self,
        tasks: Vec<Task<R>>,
        caller_task: Option<Box<dyn FnOnce() -> R + '_>>,
    ) -> Result<(Duration, Vec<R>), Panic> {
        let workers = tasks.len();
        let barrier = Arc::new(StartBarrier::new(workers + usize::from(caller_task.is_some())));
        let tasks = tasks.into_iter().map(|task| Mutex::new(Some(task)));
        let tasks: Arc<Vec<_>> = Arc::new(tasks.collect());
        let ends: Arc<Vec<_>> = Arc::new((0..workers).map(|_| Mutex::new(None)).collect());
        let placement = self.placement(workers + usize::from(caller_task.is_some()), Arc::new(|| ()));
        let (shared_tasks, places, entry, cores) =
            (tasks.clone(), ends.clone(), barrier.clone(), placement.clone());
        self.start(
            workers,
            Arc::new(move |worker| {
                let task = shared_tasks[worker].lock().expect("no thread panics here").take();
                cores.wait(worker);
                let end = run_task(task.expect("each worker has its task"), &entry);
                *places[worker].lock().expect("no thread panics here") = Some(end);
            }),
            AfterJob::Sleep, // the CPU time of a lap includes what is between laps
        );
        // Caught, so that the workers are waited for. What the caller's task held is dropped, which ends them.
        let caller_task = caller_task.map(|caller_task| {
            placement.wait(workers);
            catch_unwind(AssertUnwindSafe(|| run_task(caller_task, &barrier)))
        });
        let caller_outcome = caller_task.transpose().map_err(|panic| Panic(message(&*panic)));
        let waited = self.wait(workers);
        self.record_placement(&placement);
        let caller_outcome = caller_outcome?;
        waited?;
        let take = |end: &Mutex<Option<_>>| end.lock().expect("no thread panics here").take();
        let finished = ends.iter().map(|end| take(end).expect("each worker ended"));
        let (ends, results): (Vec<_>, Vec<_>) = finished.chain(caller_outcome).unzip();
        let end = ends.into_iter().max().expect("there is a task");
        Ok((end.duration_since(barrier.released()), results))
    }
}

/// Runs a task of [`Team::run_once`] after the release. Returns when it ended, and its result.
fn run_task<R>(task: Box<dyn FnOnce() -> R + '_>, barrier: &StartBarrier) -> (Instant, R) {
    barrier.pass();
    let result = task();
    (Instant::now(), result)
}
