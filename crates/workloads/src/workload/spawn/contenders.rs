//! Ways to start tasks on long-lived threads: behind a channel, and on a package's pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, Thread};

use super::{NAME, Params, Spawn, TaskLog};
use crate::capability::{Mpmc, Pool};
use crate::model::{handles, spawn};
use crate::registry::{Info, Suite};
use crate::workload::closed::{Closed, join_workers};

/// Adds a pool of threads behind a channel.
pub fn register_mpmc<C: Mpmc>(suite: &mut Suite, info: &Info) {
    let role = "A pool of long-lived threads, one for each worker. Tasks are boxed. A channel with a bound holds \
                at most 1,024 of them.";
    suite.add::<Params, ChannelPool<C>>(info.in_role("+pool", role));
}

/// Adds a pool that runs the tasks and waits for them itself.
pub fn register_pool<P: Pool>(suite: &mut Suite, info: &Info) {
    let role = "Tasks run on a pool with a thread for each worker. All tasks may wait at once.";
    suite.add::<Params, PoolTasks<P>>(info.in_role("", role));
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    if !cfg!(target_os = "linux") {
        suite.exclude(NAME, "memory", "only Linux can reset the peak of a process's memory");
    }
    suite.exclude(NAME, "dashmap::DashMap", "a map runs no tasks");
}

type BoxedTask = Box<dyn FnOnce() + Send>;

/// Tasks that the channel of a pool holds, where it has a bound.
const CAPACITY: usize = 1_024;

/// Long-lived threads, and a channel of boxed tasks.
pub struct ChannelPool<C: Mpmc> {
    tasks: Option<C::Sender<BoxedTask>>,
    threads: Vec<JoinHandle<()>>,
}

impl<C: Mpmc> Closed for ChannelPool<C> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let (sender, receiver) = C::channel::<BoxedTask>(CAPACITY);
        let threads = handles(workers, |_| {
            let receiver = receiver.clone();
            spawn(Box::new(move || {
                while let Some(task) = C::receive(&receiver) {
                    task();
                }
            }))
        });
        Self { threads, tasks: Some(sender) }
    }
}

impl<C: Mpmc> Spawn for ChannelPool<C> {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        let sender = self.tasks.as_ref().expect("only a drop takes it");
        let left = Arc::new((AtomicUsize::new(tasks), thread::current()));
        for index in 0..tasks {
            let (log, left) = (log.clone(), left.clone());
            let task: BoxedTask = Box::new(move || {
                log.run_task(index);
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
        join_workers(&mut self.threads);
    }
}

/// A pool that runs the tasks and waits for them.
pub struct PoolTasks<P>(P);

impl<P: Pool> Closed for PoolTasks<P> {
    fn start(workers: usize) -> Self {
        Self(P::new(workers))
    }
}

impl<P: Pool> Spawn for PoolTasks<P> {
    fn run(&mut self, tasks: usize, log: &Arc<TaskLog>) {
        self.0.run(tasks, |index| log.run_task(index));
    }
}
