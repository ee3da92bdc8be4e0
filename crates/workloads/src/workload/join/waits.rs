//! The ways to wait.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle, Thread};

use super::{Join, NAME, Tasks, contender};
use crate::contenders::MutexCondvar;
use crate::contenders::std::{StdCondvar, Unbounded};
use crate::model::{Channel, spawn, spawn_scoped};
use crate::registry::{Info, Suite};

/// Adds the contenders.
#[rustfmt::skip]
pub fn specials(suite: &mut Suite) {
    suite.exclude("join/64-tasks", "std::sync::Barrier", "a task that waits at a barrier keeps its worker: all must run at once, so no more tasks than workers");
    let std = |name, family| Info::new(name).family(family).package("std");
    suite.contender(contender::<Scoped>(std("std::thread::scope", "threads").notes("A scoped thread a task; the scope's end waits. Starting threads is what is timed.")));
    suite.contender(contender::<Handles>(std("std::thread::JoinHandle", "threads").notes("A thread a task; each handle is joined. Starting threads is what is timed.")));
    suite.contender(contender::<Pooled<Barriers>>(std("std::sync::Barrier", "std Mutex").notes("Tasks and the waiting thread meet; made for as many as meet.")));
    suite.contender(contender::<Pooled<Count<StdCondvar>>>(std("std::sync::Mutex+Condvar", "std Mutex").notes("A count under a Mutex; the last task wakes who waits.")));
    suite.contender(contender::<Pooled<Parked>>(std("std::sync::atomic+park", "atomics").notes("An atomic count; the last task unparks who waits.")));
    suite.contender(contender::<Pooled<Close<Unbounded>>>(std("std::sync::mpsc::channel+close", "std channels").notes("Each task holds a sender; when the last is dropped, the receiver sees the close.")));
    #[cfg(feature = "contenders")]
    {
        use crate::contenders::{crossbeam, flume, parking_lot};
        suite.contender(contender::<Pooled<Count<parking_lot::ParkingLotCondvar>>>(Info::new("parking_lot::Mutex+Condvar").family("parking_lot").package("parking_lot").notes("A count under a Mutex; the last task wakes who waits.")));
        suite.contender(contender::<Pooled<Close<crossbeam::Bounded>>>(Info::new("crossbeam_channel::bounded+close").family("crossbeam").package("crossbeam-channel").notes("Each task holds a sender; when the last is dropped, the receiver sees the close.")));
        suite.contender(contender::<Pooled<groups::Group>>(Info::new("crossbeam_utils::sync::WaitGroup").family("crossbeam").package("crossbeam-utils").notes("Go's, but that a clone stands for Add and its drop for Done: neither can be forgotten.")));
        suite.contender(contender::<Pooled<Close<flume::Bounded>>>(Info::new("flume::bounded+close").family("flume").package("flume").notes("Each task holds a sender; when the last is dropped, the receiver sees the close. Maintained for fixes only.")));
        suite.contender(contender::<groups::Scope>(Info::new("rayon::scope").family("rayon").package("rayon").notes("A task of its own pool, which has a thread for each worker; the scope's end waits.")));
    }
    suite.exclude(NAME, "dashmap::DashMap", "a map lets nobody wait");
}

/// Threads for tasks.
struct Scoped;

impl Join for Scoped {
    fn open(_: usize) -> Self {
        Scoped
    }

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

impl Join for Handles {
    fn open(_: usize) -> Self {
        Handles
    }

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

/// A way to wait for tasks, whoever runs them.
pub(in crate::workload) trait Wait: Send + 'static {
    /// What a task holds until it is done.
    type Ticket: Send + 'static;

    fn new() -> Self;

    /// So many tasks are to be waited for.
    fn begin(&mut self, tasks: usize);

    /// A ticket for the next of them.
    fn ticket(&mut self) -> Self::Ticket;

    /// A task is done.
    fn done(ticket: Self::Ticket);

    /// StdCondvar until the tasks of all tickets are done.
    fn wait(&mut self);
}

const BEGUN: &str = "a join was begun";

/// A task for a worker: which of them, and what it holds until it is done.
type Order<T> = (Arc<Tasks>, usize, T);

/// Workers that live on, each with an inbox, and a way to wait for them.
pub(in crate::workload) struct Pooled<W: Wait> {
    wait: W,
    inboxes: Vec<Sender<Order<W::Ticket>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<W: Wait> Join for Pooled<W> {
    const HELPERS: usize = 1;

    fn open(workers: usize) -> Self {
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
        Self {
            wait: W::new(),
            inboxes,
            threads,
        }
    }

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

/// Tasks and who waits meet at a barrier.
struct Barriers(Arc<Barrier>, usize);

impl Wait for Barriers {
    type Ticket = Arc<Barrier>;

    fn new() -> Self {
        Self(Arc::new(Barrier::new(1)), 1)
    }

    fn begin(&mut self, tasks: usize) {
        let meet = tasks + 1;
        if self.1 != meet {
            *self = Self(Arc::new(Barrier::new(meet)), meet);
        }
    }

    fn ticket(&mut self) -> Arc<Barrier> {
        self.0.clone()
    }

    fn done(barrier: Arc<Barrier>) {
        barrier.wait();
    }

    fn wait(&mut self) {
        self.0.wait();
    }
}

/// A count under a mutex.
struct Count<C: MutexCondvar>(Arc<(C::Mutex<usize>, C::Condvar)>);

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

/// An atomic count, and who is parked until it is 0.
struct Parked(Arc<(AtomicUsize, Thread)>);

impl Wait for Parked {
    type Ticket = Arc<(AtomicUsize, Thread)>;

    fn new() -> Self {
        Self(Arc::new((AtomicUsize::new(0), thread::current())))
    }

    fn begin(&mut self, tasks: usize) {
        self.0.0.store(tasks, Ordering::Relaxed);
    }

    fn ticket(&mut self) -> Self::Ticket {
        self.0.clone()
    }

    fn done(ticket: Self::Ticket) {
        let (left, waiting) = &*ticket;
        if left.fetch_sub(1, Ordering::AcqRel) == 1 {
            waiting.unpark();
        }
    }

    fn wait(&mut self) {
        while self.0.0.load(Ordering::Acquire) > 0 {
            thread::park();
        }
    }
}

/// A channel that is closed when the last task has dropped its sender.
pub(in crate::workload) struct Close<C: Channel>(Option<(C::Sender<()>, C::Receiver<()>)>);

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
        assert!(none.is_none(), "nobody sends");
    }
}

#[cfg(feature = "contenders")]
mod groups {
    use std::sync::Arc;

    use crossbeam_utils::sync::WaitGroup;
    use rayon::ThreadPool;

    use super::{BEGUN, Join, Tasks, Wait};
    use crate::contenders::rayon::pool;

    /// crossbeam's.
    pub(super) struct Group(Option<WaitGroup>);

    impl Wait for Group {
        type Ticket = WaitGroup;

        fn new() -> Self {
            Self(None)
        }

        fn begin(&mut self, _: usize) {
            self.0 = Some(WaitGroup::new());
        }

        fn ticket(&mut self) -> WaitGroup {
            self.0.clone().expect(BEGUN)
        }

        fn done(group: WaitGroup) {
            drop(group);
        }

        fn wait(&mut self) {
            self.0.take().expect(BEGUN).wait();
        }
    }

    /// Tasks of a pool.
    pub(super) struct Scope(ThreadPool);

    impl Join for Scope {
        fn open(workers: usize) -> Self {
            Self(pool(workers))
        }

        fn join(&mut self, tasks: &Arc<Tasks>) {
            self.0.in_place_scope(|scope| {
                for index in 0..tasks.count() {
                    scope.spawn(move |_| tasks.run(index));
                }
            });
        }
    }
}
