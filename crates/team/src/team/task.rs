//! Parts that are played once, from one release on: what is no loop.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::{Panic, StartBarrier, Team, message};
use crate::sync::{Arc, Instant, Mutex};

/// What a worker does once: see [`Team::run_once`].
pub type Task<R> = Box<dyn FnOnce() -> R + Send>;

impl Team {
    /// Times parts that are played once: each by a worker, and `caller_task`, where there is one, by the
    /// calling thread. All start at one release, just before which the clock starts; it stops when
    /// the last is done. What each yields comes back in their order, the lead's last.
    ///
    /// # Panics
    /// Where there are more parts than workers.
    pub fn run_once<R: Send + 'static>(
        &mut self,
        parts: Vec<Task<R>>,
        caller_task: Option<Box<dyn FnOnce() -> R + '_>>,
    ) -> Result<(Duration, Vec<R>), Panic> {
        let workers = parts.len();
        let gate = Arc::new(StartBarrier::new(workers + usize::from(caller_task.is_some())));
        let parts = parts.into_iter().map(|part| Mutex::new(Some(part)));
        let parts: Arc<Vec<_>> = Arc::new(parts.collect());
        let ends: Arc<Vec<_>> = Arc::new((0..workers).map(|_| Mutex::new(None)).collect());
        let spread = self.spread(workers + usize::from(caller_task.is_some()), Arc::new(|| ()));
        let (scene, places, entry, cores) = (parts.clone(), ends.clone(), gate.clone(), spread.clone());
        self.start(
            workers,
            Arc::new(move |worker| {
                let part = scene[worker].lock().expect("nobody panics here").take();
                cores.wait(worker);
                let end = run_task(part.expect("each worker has its part"), &entry);
                *places[worker].lock().expect("nobody panics here") = Some(end);
            }),
        );
        // Caught, so that the workers are waited for; what the lead held is dropped, which ends them.
        let caller_task = caller_task.map(|caller_task| {
            spread.wait(workers);
            catch_unwind(AssertUnwindSafe(|| run_task(caller_task, &gate)))
        });
        let caller_outcome = caller_task.transpose().map_err(|panic| Panic(message(&*panic)));
        let waited = self.wait(workers);
        self.note(&spread);
        let caller_outcome = caller_outcome?;
        waited?;
        let take = |end: &Mutex<Option<_>>| end.lock().expect("nobody panics here").take();
        let played = ends.iter().map(|end| take(end).expect("each worker ended"));
        let (ends, results): (Vec<_>, Vec<_>) = played.chain(caller_outcome).unzip();
        let end = ends.into_iter().max().expect("somebody played");
        Ok((end.duration_since(gate.released()), results))
    }
}

/// Plays a part of [`Team::run_once`] from the release on; when it was over, and what it yielded.
fn run_task<R>(part: Box<dyn FnOnce() -> R + '_>, gate: &StartBarrier) -> (Instant, R) {
    gate.pass();
    let result = part();
    (Instant::now(), result)
}
