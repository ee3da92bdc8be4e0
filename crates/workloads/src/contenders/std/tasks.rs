//! Threads that are started for tasks: in `join`, `spawn`, `first-error` and `slots`.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

use super::threads::threads;
use crate::model::{refused, spawn, spawn_scoped};
use crate::registry::Suite;
use crate::workload::closed::Closed;
use crate::workload::first_error::{self, Failure, FirstCell};
use crate::workload::join::{self, Join, Tasks};
use crate::workload::slots::{self, Layout, Slots, increment, run_scoped, values, zeros};
use crate::workload::spawn::{self, Spawn, TaskLog};
use crate::workload::worker_counts::WorkerCounts;

pub(super) fn register(suite: &mut Suite) {
    let scope = threads("std::thread::scope");
    let join_scoped =
        "A scoped thread for each task. The end of the scope waits. The time includes starting the threads.";
    suite.add::<join::Params, ScopedTasks>(scope.in_role("", join_scoped));
    let handles = "A thread for each task. Each handle is joined. The time includes starting the threads.";
    suite.add::<join::Params, JoinedThreads>(threads("std::thread::JoinHandle").in_role("", handles));
    let spawned = "A thread for each task. At the limit of 10,000 unjoined threads, or of the system, the oldest \
                   is joined before the next starts.";
    suite.add::<spawn::Params, JoinedThreads>(threads("std::thread::spawn").in_role("", spawned));
    let many_scoped =
        "A scoped thread for each task. At the system's limit of threads, it waits for some to end.";
    suite.add::<spawn::Params, ScopedTasks>(scope.in_role("", many_scoped));
    let once = "A flag stops the other workers. The first to set the OnceLock has the first error.";
    let once_lock = threads("std::thread::scope+OnceLock").in_role("", once);
    suite.add::<first_error::Params, first_error::Scoped<FirstOnce>>(once_lock);
    let borrow = "Each scoped thread borrows its element. The compiler proves that no other thread does.";
    let chunks = scope.in_role("+chunks_mut", borrow);
    slots::add::<SplitBorrows>(suite, &chunks);
}

/// A scoped thread for each task.
struct ScopedTasks;

impl Closed for ScopedTasks {
    fn start(_: usize) -> Self {
        ScopedTasks
    }
}

impl Join for ScopedTasks {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        thread::scope(|scope| {
            for index in 0..tasks.count() {
                spawn_scoped(scope, move || tasks.run(index));
            }
        });
    }
}

/// A thread for each task, joined one by one.
struct JoinedThreads;

impl Closed for JoinedThreads {
    fn start(_: usize) -> Self {
        JoinedThreads
    }
}

impl Join for JoinedThreads {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        let start = |index| {
            let tasks = tasks.clone();
            spawn(Box::new(move || tasks.run(index)))
        };
        let threads: Vec<_> = (0..tasks.count()).map(start).collect();
        for thread in threads {
            thread.join().expect("no task panics");
        }
    }
}

/// The most threads that are started and not yet joined. Until it is joined, a thread keeps its stack, which
/// takes two mappings. Linux allows a process 65,530 mappings by default.
const MAX_UNJOINED: usize = 10_000;

impl Spawn for JoinedThreads {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        let mut threads: VecDeque<JoinHandle<()>> = VecDeque::with_capacity(tasks.min(MAX_UNJOINED));
        for index in 0..tasks {
            if threads.len() == MAX_UNJOINED {
                join_one(threads.pop_front());
            }
            loop {
                let log = log.clone();
                match Builder::new().spawn(move || log.run_task(index)) {
                    Ok(thread) => {
                        threads.push_back(thread);
                        break;
                    }
                    // At the limit of the system, a thread has to end before the next starts.
                    Err(error) if threads.is_empty() => refused(&error),
                    Err(_) => join_one(threads.pop_front()),
                }
            }
        }
        while !threads.is_empty() {
            join_one(threads.pop_front());
        }
    }
}

fn join_one(thread: Option<JoinHandle<()>>) {
    thread.expect("one is unjoined").join().expect("no task panics");
}

/// The most attempts to spawn a thread before its error ends the window.
const MAX_ATTEMPTS: u32 = 100_000;

impl Spawn for ScopedTasks {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        let log = &**log;
        thread::scope(|scope| {
            for index in 0..tasks {
                let mut attempts = 0;
                while let Err(error) = Builder::new().spawn_scoped(scope, move || log.run_task(index)) {
                    attempts += 1;
                    if attempts == MAX_ATTEMPTS {
                        refused(&error);
                    }
                    thread::yield_now(); // until some have ended
                }
            }
        });
    }
}

/// The first failure in a `OnceLock`.
struct FirstOnce(OnceLock<Failure>);

impl FirstCell for FirstOnce {
    fn new() -> Self {
        Self(OnceLock::new())
    }

    fn put(&self, failure: Failure) {
        let _ = self.0.set(failure); // an error means that another was first
    }

    fn get(self) -> Option<Failure> {
        self.0.into_inner()
    }
}

/// Each thread borrows its element.
struct SplitBorrows;

impl<L: Layout> Slots<L> for SplitBorrows {
    fn run<const COPY: usize>(slots: usize, count: u64, workers: &WorkerCounts) -> (Duration, Vec<u64>) {
        let mut slots = zeros::<L, u64>(slots);
        let mut tasks: Vec<Box<dyn FnOnce() + Send>> = Vec::with_capacity(slots.len());
        for chunk in slots.chunks_mut(1) {
            tasks.push(Box::new(move || {
                for slot in chunk {
                    increment::<COPY>(L::get_mut(slot), count);
                }
            }));
        }
        let time = run_scoped(tasks, count, workers);
        (time, values::<L>(&slots))
    }
}
