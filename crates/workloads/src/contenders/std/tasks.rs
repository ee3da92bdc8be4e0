//! Threads that are started for tasks: joined one by one, scoped, for disjoint slots, until the first error.

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
use crate::workload::slots::{self, Layout, Slots, increment, scoped, values, zeros};
use crate::workload::spawn::{self, Ran, Spawn};

pub(super) fn register(suite: &mut Suite) {
    let scope = threads("std::thread::scope");
    let join_scoped = "A scoped thread for each task; the end of the scope waits. Starting threads is what is timed.";
    suite.add::<join::Params, ScopedTasks>(scope.in_role("", join_scoped));
    let handles = "A thread for each task; each handle is joined. Starting threads is what is timed.";
    suite.add::<join::Params, Handles>(threads("std::thread::JoinHandle").in_role("", handles));
    let spawned = "A thread for each task. At most 10,000 are started and not yet joined, and fewer where the system \
                   allows no more: the oldest is joined first then.";
    suite.add::<spawn::Params, Threads>(threads("std::thread::spawn").in_role("", spawned));
    let many_scoped = "A scoped thread for each task; a thread that has ended leaves its stack. Where the system allows \
                       no more threads, it waits for some to end.";
    suite.add::<spawn::Params, ManyScoped>(scope.in_role("", many_scoped));
    let once = "A flag ends the other workers; the first to set the OnceLock is the first error.";
    let once_lock = threads("std::thread::scope+OnceLock").in_role("", once);
    suite.add::<first_error::Params, first_error::Scoped<FirstOnce>>(once_lock);
    let borrow = "Each scoped thread borrows its element: the compiler proves that no other does.";
    let chunks = scope.in_role("+chunks_mut", borrow);
    slots::add::<Split<slots::Adjacent>, Split<slots::Apart>>(suite, &chunks);
}

/// Threads for tasks.
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

/// Threads that are joined one by one.
struct Handles;

impl Closed for Handles {
    fn start(_: usize) -> Self {
        Handles
    }
}

impl Join for Handles {
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

/// Threads that are started and not yet joined. Until it is joined, a thread keeps its stack, which
/// is two of the mappings that Linux allows a process: 65,530 unless told otherwise.
const UNJOINED: usize = 10_000;

/// A thread a task, joined one by one.
struct Threads;

impl Spawn for Threads {
    fn start(_: usize) -> Self {
        Threads
    }

    fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
        let mut threads: VecDeque<JoinHandle<()>> = VecDeque::with_capacity(tasks.min(UNJOINED));
        for index in 0..tasks {
            if threads.len() == UNJOINED {
                join_one(threads.pop_front());
            }
            loop {
                let ran = ran.clone();
                match Builder::new().spawn(move || ran.task(index)) {
                    Ok(thread) => {
                        threads.push_back(thread);
                        break;
                    }
                    // The system's limit: one must go before another may come.
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
    thread.expect("one is left").join().expect("no task panics");
}

/// Looks for room before a thread that the system refuses is a fault.
const LOOKS: u32 = 100_000;

/// A scoped thread a task.
struct ManyScoped;

impl Spawn for ManyScoped {
    fn start(_: usize) -> Self {
        ManyScoped
    }

    fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
        let ran = &**ran;
        thread::scope(|scope| {
            for index in 0..tasks {
                let mut looks = 0;
                while let Err(error) = Builder::new().spawn_scoped(scope, move || ran.task(index)) {
                    looks += 1;
                    if looks == LOOKS {
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
        let _ = self.0.set(failure); // another was first
    }

    fn get(self) -> Option<Failure> {
        self.0.into_inner()
    }
}

/// Each thread borrows its element.
struct Split<L: Layout>(Vec<L::Of<u64>>);

impl<L: Layout> Slots<L> for Split<L> {
    fn open(_: usize, slots: usize) -> Self {
        Self(zeros::<L, u64>(slots))
    }

    fn run<const COPY: usize>(&mut self, count: u64) -> Duration {
        let part = |chunk: &mut [L::Of<u64>]| {
            for slot in chunk {
                increment::<COPY>(L::get_mut(slot), count);
            }
        };
        let mut parts: Vec<Box<dyn FnOnce() + Send>> = Vec::with_capacity(self.0.len());
        for chunk in self.0.chunks_mut(1) {
            parts.push(Box::new(move || part(chunk)));
        }
        scoped(parts)
    }

    fn close(self) -> Vec<u64> {
        values::<L>(&self.0)
    }
}
