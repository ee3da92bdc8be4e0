//! Ways to wait that are made of atomics and parked threads: in `handoff`, `cancel` and `join`.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread::{self, Thread};

use super::atomics::{FETCH_ADD, atomics};
use super::std;
use crate::capability::spin_for;
use crate::registry::Suite;
use crate::workload::cancel::{self, Cancel, POLL_INTERVAL};
use crate::workload::handoff::{self, Handoff};
use crate::workload::join::{self, Pooled, Wait};
use crate::workload::slots;

pub(super) fn register(suite: &mut Suite) {
    let spin = "Both sides use a core while they wait. They check 100 times, then yield between checks.";
    suite.add::<handoff::Params, Spinning>(atomics("std::sync::atomic+spin", "").in_role("", spin).spins());
    let park = "An atomic place for one value. The side that waits parks, and is woken by its handle.";
    suite.add::<handoff::Params, Parking>(std("std::thread::park+unpark", "threads").in_role("", park));

    let flag = "A flag that workers check. No thread can wait for it, so a worker sleeps for 1 ms at a time.";
    cancel::add::<Flag>(suite, &atomics("std::sync::atomic::AtomicBool", "").in_role("", flag));
    let unpark = "A flag. Sleeping workers park, and are woken by their handles.";
    cancel::add::<Unpark>(suite, &atomics("std::sync::atomic::AtomicBool+unpark", "").in_role("", unpark));

    let barrier = "Tasks and the waiting thread meet at a barrier for exactly that many threads.";
    let barrier = std("std::sync::Barrier", "std sync").in_role("", barrier);
    suite.add::<join::Params, Pooled<TaskBarrier>>(barrier);
    let count = "An atomic count. The last task unparks the waiter.";
    suite.add::<join::Params, Pooled<ParkedCount>>(atomics("std::sync::atomic+park", "").in_role("", count));

    let slice = "A slice of atomics that all threads could write. It needs no proof of disjoint borrows.";
    let fetch_add = atomics(FETCH_ADD, "One read-modify-write instruction. Wait-free.");
    slots::add::<slots::Atomics>(suite, &fetch_add.in_role("", slice));
}

/// A place for a value that two threads share without a lock.
#[derive(Default)]
struct Cell {
    value: AtomicU64,
    full: AtomicBool,
}

impl Cell {
    #[inline]
    fn put(&self, value: u64) {
        self.value.store(value, Ordering::Relaxed);
        self.full.store(true, Ordering::Release);
    }

    #[inline]
    fn full(&self) -> bool {
        self.full.load(Ordering::Acquire)
    }

    #[inline]
    fn get(&self) -> u64 {
        let value = self.value.load(Ordering::Relaxed);
        self.full.store(false, Ordering::Release);
        value
    }
}

/// Both sides spin while they wait.
struct Spinning;

impl Handoff for Spinning {
    type Giver = Arc<Cell>;
    type Taker = Arc<Cell>;

    fn pair() -> (Arc<Cell>, Arc<Cell>) {
        let cell = Arc::new(Cell::default());
        (cell.clone(), cell)
    }

    #[inline]
    fn give(cell: &mut Arc<Cell>, value: u64) {
        cell.put(value);
        spin_for(|| (!cell.full()).then_some(()));
    }

    #[inline]
    fn take(cell: &mut Arc<Cell>) -> u64 {
        spin_for(|| cell.full().then(|| cell.get()))
    }
}

/// Both sides park while they wait.
struct Parking;

/// The state of a pair of threads.
#[derive(Default)]
struct Pair {
    cell: Cell,
    /// Giver and taker. A mutex, so that the side that registers later sees what the other side did before it
    /// looked for a handle.
    handles: Mutex<[Option<Thread>; 2]>,
}

/// One thread of a pair.
struct Side {
    shared: Arc<Pair>,
    index: usize,
    registered: bool,
    other: Option<Thread>,
}

impl Side {
    #[inline]
    fn register(&mut self) {
        if !self.registered {
            let mut handles = self.shared.handles.lock().unwrap();
            handles[self.index] = Some(thread::current());
            self.registered = true;
        }
    }

    #[inline]
    fn wake(&mut self) {
        if self.other.is_none() {
            let handles = self.shared.handles.lock().unwrap();
            self.other.clone_from(&handles[1 - self.index]);
        }
        if let Some(other) = &self.other {
            other.unpark();
        }
    }

    #[inline]
    fn wait_until(&self, full: bool) {
        while self.shared.cell.full() != full {
            thread::park();
        }
    }
}

impl Handoff for Parking {
    type Giver = Side;
    type Taker = Side;

    fn pair() -> (Side, Side) {
        let shared = Arc::new(Pair::default());
        let side = |index| Side { shared: shared.clone(), index, registered: false, other: None };
        (side(0), side(1))
    }

    #[inline]
    fn give(giver: &mut Side, value: u64) {
        giver.register();
        giver.shared.cell.put(value);
        giver.wake();
        giver.wait_until(false);
    }

    #[inline]
    fn take(taker: &mut Side) -> u64 {
        taker.register();
        taker.wait_until(true);
        let value = taker.shared.cell.get();
        taker.wake();
        value
    }
}

/// A flag.
struct Flag(Arc<AtomicBool>);

impl Cancel for Flag {
    type Watch = Arc<AtomicBool>;

    fn new(workers: usize) -> (Self, Vec<Arc<AtomicBool>>) {
        let flag = Arc::<AtomicBool>::default();
        (Flag(flag.clone()), vec![flag; workers])
    }

    #[inline]
    fn cancelled(flag: &mut Arc<AtomicBool>) -> bool {
        flag.load(Ordering::Acquire)
    }

    fn sleep(flag: &mut Arc<AtomicBool>) {
        while !flag.load(Ordering::Acquire) {
            thread::sleep(POLL_INTERVAL);
        }
    }

    fn cancel(self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A flag, and the handles of the sleeping threads.
struct Unpark(Arc<(AtomicBool, Mutex<Vec<Thread>>)>);

impl Cancel for Unpark {
    type Watch = Arc<(AtomicBool, Mutex<Vec<Thread>>)>;

    fn new(workers: usize) -> (Self, Vec<Self::Watch>) {
        let shared = Self::Watch::default();
        (Unpark(shared.clone()), vec![shared; workers])
    }

    #[inline]
    fn cancelled(shared: &mut Self::Watch) -> bool {
        shared.0.load(Ordering::Acquire)
    }

    fn sleep(shared: &mut Self::Watch) {
        // Registered before the check: either the canceller finds the handle, or this thread sees the flag.
        shared.1.lock().unwrap().push(thread::current());
        while !shared.0.load(Ordering::Acquire) {
            thread::park();
        }
    }

    fn cancel(self) {
        let (flag, sleepers) = &*self.0;
        flag.store(true, Ordering::Release);
        for thread in sleepers.lock().unwrap().drain(..) {
            thread.unpark();
        }
    }
}

/// Tasks and the waiter meet at a barrier for this many threads.
struct TaskBarrier(Arc<Barrier>, usize);

impl Wait for TaskBarrier {
    type Ticket = Arc<Barrier>;

    fn new() -> Self {
        Self(Arc::new(Barrier::new(1)), 1)
    }

    fn begin(&mut self, tasks: usize) {
        let threads = tasks + 1;
        if self.1 != threads {
            *self = Self(Arc::new(Barrier::new(threads)), threads);
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

/// An atomic count, and the thread that parks until it is 0.
struct ParkedCount(Arc<(AtomicUsize, Thread)>);

impl Wait for ParkedCount {
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
