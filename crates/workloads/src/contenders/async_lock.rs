//! async-lock: locks and a semaphore for async code, by their blocking calls.

use ::async_lock::{Mutex, RwLock, Semaphore};

use super::exclusions;
use crate::capability::{Lock, awaited_lock};
use crate::registry::{Checked, Info, Suite};
use crate::workload::semaphore;

/// The review of the notes: the documentation of `Mutex`, `RwLock` and `Semaphore`, and the changelog up to 3.5.
const CHECKED: Checked = Checked::on("2026-11-26", "3.5.0");

fn async_lock(name: &str) -> Info {
    Info::of_package("async-lock", name).checked(CHECKED)
}

pub(super) fn register(suite: &mut Suite) {
    let (mutex, rw_lock) = ("async_lock::Mutex", "async_lock::RwLock");
    exclusions::lock(suite, mutex, "it has no Condvar: tasks wait at an event-listener");
    let pointer = "it is held only while an Arc is cloned: see std's RwLock";
    suite.exclude("snapshot", &format!("{rw_lock}+Arc"), pointer);
    let facts = "Made for async code. Here threads take it by lock_blocking, which says nothing of tasks. Eventually \
                 fair: a waiter of half a millisecond goes first. No poisoning. Not reentrant.";
    suite.lock::<Mutex<()>>(async_lock(mutex).facts(facts));
    let facts = "Made for async code. Here threads take it by read_blocking and write_blocking, which says nothing of \
                 tasks. Waiting writers go first. A thread that reads it twice at once may deadlock when a writer \
                 waits. No poisoning.";
    suite.rw_lock::<RwLock<()>>(async_lock(rw_lock).facts(facts));
    let facts = "Made for async code. Eventually fair: a waiter of half a millisecond goes first. No poisoning. Not \
                 reentrant: a task that takes it twice waits for itself.";
    suite.async_lock::<Mutex<()>>(async_lock("async_lock::Mutex+await").facts(facts));
    let facts = "Made for async code. Waiting writers go first. A task that reads it twice at once may deadlock when a \
                 writer waits. No poisoning.";
    suite.async_lock::<RwLock<()>>(async_lock("async_lock::RwLock+await").facts(facts));
    let facts = "Made for async code. Here threads take it by acquire_blocking, which says nothing of tasks. A drop \
                 returns the permit, in a panic too.";
    semaphore::add::<Semaphore>(suite, &async_lock("async_lock::Semaphore").facts(facts));
}

awaited_lock!(Mutex, lock);
awaited_lock!(RwLock, write, read);

impl<T: Send + Sync + 'static> Lock for Mutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Mutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock_blocking())
    }
}

impl<T: Send + Sync + 'static> Lock for RwLock<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = RwLock<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.write_blocking())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.read_blocking())
    }
}

impl semaphore::Semaphore for Semaphore {
    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn enter<R>(&self, inside: impl FnOnce() -> R) -> R {
        let _permit = self.acquire_blocking();
        inside()
    }
}
