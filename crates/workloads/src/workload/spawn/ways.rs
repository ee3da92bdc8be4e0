//! The ways to start tasks.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, JoinHandle, Thread};

use super::{NAME, Ran, Spawn, contender};
use crate::contenders::std::LockedReceiver;
use crate::model::{Channel, refused, spawn};
use crate::registry::{Info, Suite};

/// Threads that are started and not yet joined. Until it is joined, a thread keeps its stack, which
/// is two of the mappings that Linux allows a process: 65,530 unless told otherwise.
const UNJOINED: usize = 10_000;

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    let std = |name, family| Info::new(name).family(family).package("std");
    suite.contender(contender::<Threads>(std("std::thread::spawn", "threads").notes("A thread a task. At most 10,000 are started and not yet joined, and fewer where the system allows no more: the oldest is joined first then.")));
    suite.contender(contender::<Scoped>(std("std::thread::scope", "threads").notes("A scoped thread a task; who has ended leaves its stack. Where the system allows no more, it waits for some to end.")));
    suite.contender(contender::<Pool<LockedReceiver>>(std("std::sync::mpsc::channel+pool", "std channels").notes("A pool of as many threads as workers, which live on; tasks are boxed, and wait in a channel whose receiver stands behind a Mutex.")));
    #[cfg(feature = "contenders")]
    {
        use crate::contenders::{crossbeam, flume};
        suite.contender(contender::<Pool<crossbeam::Bounded>>(Info::new("crossbeam_channel::bounded+pool").family("crossbeam").package("crossbeam-channel").notes("A pool of as many threads as workers, which live on; tasks are boxed, and at most 1,024 wait.")));
        suite.contender(contender::<Pool<flume::Bounded>>(Info::new("flume::bounded+pool").family("flume").package("flume").notes("A pool of as many threads as workers, which live on; tasks are boxed, and at most 1,024 wait. Maintained for fixes only.")));
        suite.contender(contender::<pool::Scope>(Info::new("rayon::scope").family("rayon").package("rayon").notes("A task of its own pool, which has a thread for each worker; all tasks may wait at once.")));
    }
    if !cfg!(target_os = "linux") {
        suite.exclude(NAME, "memory", "only Linux counts the peak of a process's memory anew");
    }
    suite.exclude(NAME, "dashmap::DashMap", "a map runs nothing");
}

/// A thread a task, joined one by one.
struct Threads;

impl Spawn for Threads {
    fn open(_: usize) -> Self {
        Threads
    }

    fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
        let mut threads: VecDeque<JoinHandle<()>> = VecDeque::with_capacity(tasks.min(UNJOINED));
        for index in 0..tasks {
            if threads.len() == UNJOINED {
                join(threads.pop_front());
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
                    Err(_) => join(threads.pop_front()),
                }
            }
        }
        while !threads.is_empty() {
            join(threads.pop_front());
        }
    }
}

fn join(thread: Option<JoinHandle<()>>) {
    thread.expect("one is left").join().expect("no task panics");
}

/// Looks for room before a thread that the system refuses is given up.
const LOOKS: u32 = 100_000;

/// A scoped thread a task.
struct Scoped;

impl Spawn for Scoped {
    fn open(_: usize) -> Self {
        Scoped
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

type BoxedTask = Box<dyn FnOnce() + Send>;

/// Tasks that a pool's queue holds, where it has a bound.
const QUEUE: usize = 1_024;

/// Threads that live on, and a channel of boxed tasks.
pub(in crate::workload) struct Pool<C: Channel> {
    tasks: Option<C::Sender<BoxedTask>>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Channel> Spawn for Pool<C>
where
    C::Receiver<BoxedTask>: Clone,
{
    const HELPERS: usize = 1;

    fn open(workers: usize) -> Self {
        let (sender, receiver) = C::channel::<BoxedTask>(QUEUE);
        let worker = |_| {
            let receiver = receiver.clone();
            spawn(Box::new(move || {
                while let Some(task) = C::receive(&receiver) {
                    task();
                }
            }))
        };
        Self {
            threads: (0..workers).map(worker).collect(),
            tasks: Some(sender),
        }
    }

    fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
        let sender = self.tasks.as_ref().expect("it goes with the pool");
        let left = Arc::new((AtomicUsize::new(tasks), thread::current()));
        for index in 0..tasks {
            let (ran, left) = (ran.clone(), left.clone());
            let task: BoxedTask = Box::new(move || {
                ran.task(index);
                let (left, waiting): &(AtomicUsize, Thread) = &left;
                if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                    waiting.unpark();
                }
            });
            C::send(sender, task);
        }
        while left.0.load(Ordering::Acquire) > 0 {
            thread::park();
        }
    }
}

impl<C: Channel> Drop for Pool<C> {
    fn drop(&mut self) {
        self.tasks = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // a panic was noticed by the tasks that it kept from running
        }
    }
}

#[cfg(feature = "contenders")]
mod pool {
    use std::sync::Arc;

    use rayon::ThreadPool;

    use super::{Ran, Spawn};
    use crate::contenders::rayon::pool;

    /// rayon's scope.
    pub(super) struct Scope(ThreadPool);

    impl Spawn for Scope {
        fn open(workers: usize) -> Self {
            Self(pool(workers))
        }

        fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
            let ran = &**ran;
            self.0.in_place_scope(|scope| {
                for index in 0..tasks {
                    scope.spawn(move |_| ran.task(index));
                }
            });
        }
    }
}
