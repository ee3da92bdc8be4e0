//! Ways to wait for tasks on workers that live on, and on a pool.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use super::{Join, NAME, Params, Tasks};
use crate::capability::{Channel, MutexCondvar, Pool};
use crate::model::spawn;
use crate::registry::{Info, Suite};
use crate::workload::closed::Closed;

/// Adds a channel that is closed when the last task drops its sender.
pub fn register_channel<C: Channel>(suite: &mut Suite, info: &Info) {
    let role = "Each task holds a sender; when the last is dropped, the receiver sees the close.";
    suite.add::<Params, Pooled<Close<C>>>(info.in_role("+close", role));
}

/// Adds a count under a mutex.
pub fn register_condvar<C: MutexCondvar>(suite: &mut Suite, info: &Info) {
    let role = "A count under a mutex; the last task wakes the waiter.";
    suite.add::<Params, Pooled<Count<C>>>(info.in_role("+Condvar", role));
}

/// Adds a pool that starts a task for each.
pub fn register_pool<P: Pool>(suite: &mut Suite, info: &Info) {
    let role = "A task of its own pool, which has a thread for each worker; the end of the call waits.";
    suite.add::<Params, Scope<P>>(info.in_role("", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    let barrier = "a task that waits at a barrier keeps its worker: all must run at once, so no more tasks than workers";
    suite.exclude("join/64-tasks", "std::sync::Barrier", barrier);
    suite.exclude(NAME, "dashmap::DashMap", "no thread can wait at a map");
}

/// A way to wait for tasks, whoever runs them.
pub trait Wait: Send + 'static {
    /// What a task holds until it is done.
    type Ticket: Send + 'static;

    /// No tasks to wait for.
    fn new() -> Self;

    /// So many tasks are to be waited for.
    fn begin(&mut self, tasks: usize);

    /// A ticket for the next of them.
    fn ticket(&mut self) -> Self::Ticket;

    /// A task is done.
    fn done(ticket: Self::Ticket);

    /// Waits until the tasks of all tickets are done.
    fn wait(&mut self);
}

/// What a wait relies on.
pub const BEGUN: &str = "a join was begun";

/// A task for a worker: which of them, and what it holds until it is done.
type Order<T> = (Arc<Tasks>, usize, T);

/// Workers that live on, each with an inbox, and a way to wait for them.
pub struct Pooled<W: Wait> {
    wait: W,
    inboxes: Vec<Sender<Order<W::Ticket>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<W: Wait> Closed for Pooled<W> {
    const HELPERS: usize = 1;

    fn start(workers: usize) -> Self {
        let worker = |_| {
            let (sender, inbox) = mpsc::channel::<Order<W::Ticket>>();
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
            assert!(sent.is_ok(), "the workers live");
        }
        self.wait.wait();
    }
}

impl<W: Wait> Drop for Pooled<W> {
    fn drop(&mut self) {
        self.inboxes.clear();
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // a panic was noticed by the join that it broke
        }
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

/// A channel that is closed when the last task has dropped its sender.
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

/// A task of a pool for each.
pub struct Scope<P>(P);

impl<P: Pool> Closed for Scope<P> {
    fn start(workers: usize) -> Self {
        Self(P::new(workers))
    }
}

impl<P: Pool> Join for Scope<P> {
    fn join(&mut self, tasks: &Arc<Tasks>) {
        self.0.run(tasks.count(), |index| tasks.run(index));
    }
}
