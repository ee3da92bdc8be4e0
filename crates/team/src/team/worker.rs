//! One thread of a team: its jobs, and whether it sleeps between them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use core_affinity::CoreId;

use super::{Panic, message};
use crate::clock::ClockReader;
use crate::sync::{
    Arc, AtomicBool, Builder, Instant, JoinHandle, Ordering, Receiver, Sender, TryRecvError, channel, waits,
    yield_now,
};

/// What a worker does, given its index.
pub(super) type Job = Arc<dyn Fn(usize) + Send + Sync>;

/// A thread that runs jobs until it is dismissed.
pub(super) struct Worker {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Whether it stays awake after a job.
    awake: Arc<AtomicBool>,
}

/// What workers do when their job is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterJob {
    /// They sleep until the next job.
    Sleep,
    /// They look for the next job for [`waits::AWAKE`], if each can have a core, and then sleep. A CPU that nobody uses
    /// halts, and wakes up late and slow.
    StayAwake,
}

impl Worker {
    /// Spawns the worker of this index, on `cpu` alone where one is given. It reports the outcome of each job.
    ///
    /// # Panics
    /// If the system refuses the thread.
    pub(super) fn spawn(index: usize, cpu: Option<CoreId>, report: Sender<Result<(), Panic>>) -> Self {
        let (jobs, inbox) = channel::<Job>();
        let awake = Arc::new(AtomicBool::new(false));
        let stays_awake = awake.clone();
        let thread = Builder::new()
            .name(format!("worker-{index}"))
            .spawn(move || {
                if let Some(cpu) = cpu {
                    core_affinity::set_for_current(cpu);
                }
                while let Some(job) = next_job(&inbox, &stays_awake) {
                    let outcome = catch_unwind(AssertUnwindSafe(|| job(index)));
                    drop(job);
                    let outcome = outcome.map_err(|panic| Panic(message(&*panic)));
                    if report.send(outcome).is_err() {
                        return;
                    }
                }
            })
            .unwrap_or_else(|error| panic!("the system lets this process have no other thread: {error}"));
        Self { jobs: Some(jobs), thread: Some(thread), awake }
    }

    /// Gives it a job.
    pub(super) fn give(&self, job: Job) {
        let jobs = self.jobs.as_ref().expect("the team lives");
        jobs.send(job).expect("a worker ends with the team");
    }

    /// Says whether it stays awake after its jobs. If not, it sleeps at once, unless it has one.
    pub(super) fn stay_awake(&self, awake: bool) {
        self.awake.store(awake, Ordering::Relaxed);
    }

    /// Whether it stays awake after its jobs.
    #[cfg(test)]
    pub(super) fn stays_awake(&self) -> bool {
        self.awake.load(Ordering::Relaxed)
    }

    /// Has it end after the jobs that it was given.
    pub(super) fn dismiss(&mut self) {
        self.jobs = None;
    }

    /// Waits for its end.
    pub(super) fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // its panics were reported where they happened
        }
    }
}

/// The next job of a worker; none when the team ends.
fn next_job(inbox: &Receiver<Job>, awake: &AtomicBool) -> Option<Job> {
    let mut clock = ClockReader::start();
    let end = Instant::now() + waits::AWAKE;
    while awake.load(Ordering::Relaxed) && clock.read().is_some_and(|now| now < end) {
        match inbox.try_recv() {
            Ok(job) => return Some(job),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => yield_now(), // the next window is prepared and checked by other threads
        }
    }
    inbox.recv().ok()
}
