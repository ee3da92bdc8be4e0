//! mea: locks for async code, which threads here poll.

use ::mea::mutex::Mutex;
use ::mea::rwlock::RwLock;

use super::exclusions;
use crate::capability::{Lock, awaited_lock, block_on};
use crate::registry::{Checked, Info, Suite};

/// The review of the notes: the documentation of `mutex` and `rwlock`.
const CHECKED: Checked = Checked::on("2026-11-26", "0.6.7");

fn mea(name: &str) -> Info {
    Info::of_package("mea", name).checked(CHECKED)
}

pub(super) fn register(suite: &mut Suite) {
    let (mutex, rw_lock) = ("mea::mutex::Mutex", "mea::rwlock::RwLock");
    exclusions::lock(suite, mutex, "its Condvar is for tasks, and here threads wait");
    let pointer = "it is held only while an Arc is cloned: see std's RwLock";
    suite.exclude("snapshot", &format!("{rw_lock}+Arc"), pointer);
    let facts = "Made for async code, and has no blocking call. Here a parked thread polls each lock, which says \
                 nothing of tasks. First come, first served. No poisoning. Not reentrant.";
    suite.lock::<Mutex<()>>(mea(mutex).facts(facts));
    let facts = "Made for async code, and has no blocking call. Here a parked thread polls each lock, which says \
                 nothing of tasks. First come, first served, writers too. A thread that reads it twice at once \
                 deadlocks when a writer waits. No poisoning.";
    suite.rw_lock::<RwLock<()>>(mea(rw_lock).facts(facts));
    let facts = "Made for async code. First come, first served. No poisoning. Not reentrant: a task that takes it \
                 twice waits for itself.";
    suite.async_lock::<Mutex<()>>(mea("mea::mutex::Mutex+await").facts(facts));
    let facts = "Made for async code. First come, first served, writers too. A task that reads it twice at once \
                 deadlocks when a writer waits. No poisoning.";
    suite.async_lock::<RwLock<()>>(mea("mea::rwlock::RwLock+await").facts(facts));
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
        f(&mut block_on(self.lock()))
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
        f(&mut block_on(self.write()))
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&block_on(self.read()))
    }
}
