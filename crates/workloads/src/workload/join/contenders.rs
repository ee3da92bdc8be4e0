//! Ways to wait for tasks: on long-lived workers, and on a pool.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use super::{Join, NAME, Params, Tasks};
use crate::capability::{Channel, MutexCondvar, Pool};
use crate::model::spawn;
use crate::registry::{Info, Suite};
use crate::workload::closed::{Closed, join_workers};

/// Adds a channel that closes when the last task drops its sender.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "Each task holds a sender. The receiver sees the close when the last one is dropped.";
    suite.add::<Params, Pooled<Close<C>>>(info.in_role("+close", role));
}

/// Adds a count under a mutex.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A count under a mutex. The last task wakes the waiter.";
    suite.add::<Params, Pooled<Count<C>>>(info.in_role("+Condvar", role));
}

/// Adds a pool that runs the tasks and waits for them itself.
pub fn register_pool<P: Pool>(suite: &mut Suite, info: &Info) {
    let role = "Tasks run on a pool with a thread for each worker. The call returns when all have ended.";
    suite.add::<Params, PoolTasks<P>>(info.in_role("", role));
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    let barrier =
        "a task that waits at a barrier blocks its worker, so there can be no more tasks than workers";
    suite.exclude("join/64-tasks", "std::sync::Barrier", barrier);
    suite.exclude(NAME, "dashmap::DashMap", "no thread can wait on a map");
}

/// A way to wait for tasks that others run.
pub trait Wait: Send + 'static {
    /// What a task holds until it is done.
    type Ticket: Send + 'static;

    /// Nothing to wait for yet.
    fn new() -> Self;

    /// Starts a join of `tasks` tasks.
    fn begin(&mut self, tasks: usize);

    /// The ticket of the next task.
    fn ticket(&mut self) -> Self::Ticket;

    /// Called by a task when it is done.
    fn done(ticket: Self::Ticket);

    /// Waits until the tasks of all tickets are done.
    fn wait(&mut self);
}

/// The message of a panic that no contender causes: [`Wait::begin`] comes first.
pub const BEGUN: &str = "a join was begun";

/// What a worker receives: the tasks, the index of its task, and the ticket of that task.
type WorkItem<T> = (Arc<Tasks>, usize, T);

/// Long-lived workers, each with an inbox, and a way to wait for their tasks.
pub struct Pooled<W: Wait> {
    wait: W,
    inboxes: Vec<Sender<WorkItem<W::Ticket>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<W: Wait> Closed for Pooled<W> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let worker = |_| {
            let (sender, inbox) = mpsc::channel::<WorkItem<W::Ticket>>();
            let thread = spawn(Box::new(move || {
                for (tasks, index, ticket) in inbox {
                    tasks.run(index);
                    W::done(ticket);
                }
            }));
            (sender, thread)
        };
        let (inboxes, threads) = (0..workers).map(worker).unzip();
        Self { wait: W::new(), inboxes, threads }
    }
}

impl<W: Wait> Join for Pooled<W> {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        self.wait.begin(tasks.count());
        for (index, inbox) in (0..tasks.count()).zip(self.inboxes.iter().cycle()) {
            let sent = inbox.send((tasks.clone(), index, self.wait.ticket()));
            assert!(sent.is_ok(), "the workers are alive");
        }
        self.wait.wait();
    }
}

impl<W: Wait> Drop for Pooled<W> {
    fn drop(&mut self) {
        self.inboxes.clear();
        join_workers(&mut self.threads);
    }
}

/// A count under a mutex.
pub struct Count<C: MutexCondvar>(Arc<(C::Mutex<usize>, C::Condvar)>);

impl<C: MutexCondvar> Wait for Count<C> {
    type Ticket = Arc<(C::Mutex<usize>, C::Condvar)>;

    fn new() -> Self {
        Self(Arc::new((C::mutex(0), C::Condvar::default())))
    }

    fn begin(&mut self, tasks: usize) {
        *C::lock(&self.0.0) = tasks;
    }

    fn ticket(&mut self) -> Self::Ticket {
        self.0.clone()
    }

    fn done(ticket: Self::Ticket) {
        let (left, none) = &*ticket;
        let mut left = C::lock(left);
        *left -= 1;
        if *left == 0 {
            C::notify_one(none);
        }
    }

    fn wait(&mut self) {
        let (left, none) = &*self.0;
        let mut left = C::lock(left);
        while *left > 0 {
            left = C::wait(none, left);
        }
    }
}

/// A channel that closes when the last task has dropped its sender.
pub struct Close<C: Channel>(Option<(C::Sender<()>, C::Receiver<()>)>);

impl<C: Channel> Wait for Close<C> {
    type Ticket = C::Sender<()>;

    fn new() -> Self {
        Self(None)
    }

    fn begin(&mut self, _: usize) {
        self.0 = Some(C::channel(1));
    }

    fn ticket(&mut self) -> C::Sender<()> {
        let (sender, _) = self.0.as_ref().expect(BEGUN);
        sender.clone()
    }

    fn done(sender: C::Sender<()>) {
        drop(sender);
    }

    fn wait(&mut self) {
        let (sender, receiver) = self.0.take().expect(BEGUN);
        drop(sender);
        let none = C::receive(&receiver);
        assert!(none.is_none(), "nothing is sent");
    }
}

/// A pool that runs the tasks and waits for them.
pub struct PoolTasks<P>(P);

impl<P: Pool> Closed for PoolTasks<P> {
    fn start(workers: usize) -> Self {
        Self(P::new(workers))
    }
}

impl<P: Pool> Join for PoolTasks<P> {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        self.0.run(tasks.count(), |index| tasks.run(index));
    }
}
