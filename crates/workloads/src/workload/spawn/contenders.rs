//! Ways to start tasks that need only what a channel or a pool can do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, Thread};

use super::{NAME, Params, Ran, Spawn};
use crate::capability::{Mpmc, Pool};
use crate::model::spawn;
use crate::registry::{Info, Suite};

/// Adds a pool of threads behind a channel.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role = "A pool of as many threads as workers, which live on; tasks are boxed, and at most 1,024 wait where the \
                channel has a bound.";
    suite.add::<Params, ChannelPool<C>>(info.in_role("+pool", role));
}

/// Adds a pool that starts a task for each.
pub fn register_pool<P: Pool>(suite: &mut Suite, info: &Info) {
    let role = "A task of its own pool, which has a thread for each worker; all tasks may wait at once.";
    suite.add::<Params, Scope<P>>(info.in_role("", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    if !cfg!(target_os = "linux") {
        suite.exclude(NAME, "memory", "only Linux can reset the peak of a process's memory");
    }
    suite.exclude(NAME, "dashmap::DashMap", "a map runs nothing");
}

type BoxedTask = Box<dyn FnOnce() + Send>;

/// Tasks that a pool's queue holds, where it has a bound.
const QUEUE: usize = 1_024;

/// Threads that live on, and a channel of boxed tasks.
pub struct ChannelPool<C: Mpmc> {
    tasks: Option<C::Sender<BoxedTask>>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Mpmc> Spawn for ChannelPool<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let (sender, receiver) = C::channel::<BoxedTask>(QUEUE);
        let worker = |_| {
            let receiver = receiver.clone();
            spawn(Box::new(move || {
                while let Some(task) = C::receive(&receiver) {
                    task();
                }
            }))
        };
        Self { threads: (0..workers).map(worker).collect(), tasks: Some(sender) }
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

impl<C: Mpmc> Drop for ChannelPool<C> {
    fn drop(&mut self) {
        self.tasks = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // a panic was noticed by the tasks that it kept from running
        }
    }
}

/// A task of a pool for each.
pub struct Scope<P>(P);

impl<P: Pool> Spawn for Scope<P> {
    fn start(workers: usize) -> Self {
        Self(P::new(workers))
    }

    fn run(&mut self, tasks: usize, ran: &Arc<Ran>) {
        self.0.run(tasks, |index| ran.task(index));
    }
}
