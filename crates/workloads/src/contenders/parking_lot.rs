//! parking_lot: locks of a byte or a word, with a parking lot of their own.

use std::time::Duration;

use parking_lot::{Condvar, FairMutex, Mutex, MutexGuard, RwLock};

use crate::capability::{Lock, MutexCondvar};
use crate::registry::{Info, Suite};

fn parking_lot(name: &str) -> Info {
    Info::of_package("parking_lot", name)
}

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    suite
        .lock::<Mutex<()>>(parking_lot("parking_lot::Mutex").facts(
            "Spins, then parks. Unfair: a running thread may take it before a parked one. No poisoning.",
        ))
        .sharded()
        .condvar::<ParkingLotCondvar>();
    suite.lock::<FairMutex<()>>(
        parking_lot("parking_lot::FairMutex")
            .facts("Spins, then parks. Each unlock hands it to a parked thread, if there is one. No poisoning."),
    );
    suite
        .rw_lock::<RwLock<()>>(parking_lot("parking_lot::RwLock").facts(
            "Spins, then parks. Unfair: threads that arrive may take it before parked ones, and starve them. No \
             poisoning.",
        ))
        .sharded();
    #[cfg(feature = "patterns")]
    {
        let once = parking_lot("parking_lot::Once").facts("One byte. Poisons when the function panics.");
        let beside = "Only that it ran; the value stands in an atomic beside it.";
        crate::workload::once::add::<crate::workload::once::Beside<parking_lot::Once>>(suite, &once.in_role("", beside));
    }
}

/// Says where it has nothing new to show beside what it has.
fn register_exclusions(suite: &mut Suite) {
    let fair = "parking_lot::FairMutex";
    suite.exclude("fan-out", fair, "parking_lot's Condvar works with its Mutex alone");
    #[cfg(feature = "patterns")]
    {
        suite.exclude("first-error", "parking_lot::FairMutex+Option", "one error is kept, and no thread waits long");
        suite.exclude("fetch", fair, "it is held while one status is put: see the Mutex");
        suite.exclude("once", "parking_lot::FairMutex+Option", "an option is looked at for no time: see the Mutex");
        suite.exclude("slots", "parking_lot::FairMutex+Vec", "one lock for the whole slice is the mistake: see the Mutex");
        suite.exclude("snapshot", "parking_lot::FairMutex+Arc", "an Arc is cloned for no time: see the Mutex");
        suite.exclude("first-error", "parking_lot::Mutex+Option", "one error is kept, and no thread waits: see std's Mutex");
    }
}

#[cfg(feature = "patterns")]
impl crate::workload::once::RunOnce for parking_lot::Once {
    fn new() -> Self {
        Self::new()
    }

    #[inline]
    fn run_once(&self, initialize: impl FnOnce()) {
        self.call_once(initialize);
    }
}

impl<T: Send + Sync + 'static> Lock for Mutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Mutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
    }
}

impl<T: Send + Sync + 'static> Lock for FairMutex<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = FairMutex<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
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
        f(&mut self.write())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.read())
    }
}

/// `Mutex` and `Condvar`.
pub struct ParkingLotCondvar;

impl MutexCondvar for ParkingLotCondvar {
    type Mutex<T: Send + 'static> = Mutex<T>;
    type Guard<'a, T: Send + 'static> = MutexGuard<'a, T>;
    type Condvar = Condvar;

    fn mutex<T: Send + 'static>(state: T) -> Mutex<T> {
        Mutex::new(state)
    }

    #[inline]
    fn lock<T: Send + 'static>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock()
    }

    #[inline]
    fn wait<'a, T: Send + 'static>(
        condvar: &Condvar,
        mut guard: Self::Guard<'a, T>,
    ) -> Self::Guard<'a, T> {
        condvar.wait(&mut guard);
        guard
    }

    #[inline]
    fn wait_for<'a, T: Send + 'static>(
        condvar: &Condvar,
        mut guard: Self::Guard<'a, T>,
        limit: Duration,
    ) -> Self::Guard<'a, T> {
        condvar.wait_for(&mut guard, limit);
        guard
    }

    #[inline]
    fn notify_one(condvar: &Condvar) {
        condvar.notify_one();
    }

    #[inline]
    fn notify_all(condvar: &Condvar) {
        condvar.notify_all();
    }
}
