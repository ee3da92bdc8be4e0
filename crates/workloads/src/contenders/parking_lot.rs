//! parking_lot: locks of a byte or a word, whose waiters park in its own queues.

#[cfg(feature = "extra")]
pub(super) mod guards;
#[cfg(feature = "extra")]
mod v0_12;

use parking_lot::{FairMutex, Mutex, RwLock};

use crate::registry::{Checked, Info, Suite};

/// The review of the notes: "Fairness" of `Mutex` and `RwLock`, `FairMutex`, `Condvar`, and the changelog up to 0.13.
const CHECKED: Checked = Checked::on("2026-11-26", "0.13.0");

pub(super) fn register(suite: &mut Suite) {
    register_exclusions(suite);
    let info = |name| Info::of_package("parking_lot", name).checked(CHECKED);
    let mutex = "Spins, then parks. Unfair: a running thread may take it before a parked one, which can starve. Since \
                 0.13 it is not eventually fair. No poisoning. Not reentrant.";
    let mutex = suite.lock::<Mutex<()>>(info("parking_lot::Mutex").facts(mutex)).sharded();
    let mutex = mutex.condvar::<ParkingLotCondvar>();
    #[cfg(feature = "patterns")]
    mutex.batches::<ParkingLotCondvar>();
    #[cfg(not(feature = "patterns"))]
    let _ = mutex;
    let fair_mutex = "Spins, then parks. Each unlock hands it to a parked thread, if there is one. Threads that spin \
         may still take it before others. No poisoning. Not reentrant.";
    suite.lock::<FairMutex<()>>(info("parking_lot::FairMutex").facts(fair_mutex));
    let rw_lock = "Spins, then parks. A writer that waits for readers to leave keeps new readers out. \
                   Unfair: a running thread may take it before a parked one, which can starve. Since 0.13 it is \
                   not eventually fair. A thread that reads it twice at once may deadlock when a writer waits. No \
                   poisoning.";
    let entry = suite.rw_lock::<RwLock<()>>(info("parking_lot::RwLock").facts(rw_lock)).sharded();
    #[cfg(not(feature = "extra"))]
    let _ = entry;
    #[cfg(feature = "extra")]
    {
        entry.upgradable();
        guards::register(suite, &info("parking_lot::RwLock").facts(rw_lock));
        v0_12::register(suite);
    }
    #[cfg(feature = "patterns")]
    {
        use crate::workload::once::{Beside, add};
        let once = info("parking_lot::Once").facts("One byte. Poisons when the function panics.");
        let beside = "Holds only that the function ran. The value is in an atomic beside it.";
        add::<Beside<parking_lot::Once>>(suite, &once.in_role("", beside));
    }
}

/// Excludes its locks where they would add nothing to another lock's result.
fn register_exclusions(suite: &mut Suite) {
    suite.exclude("fan-out", "parking_lot::FairMutex", "parking_lot's Condvar works with its Mutex only");
    #[cfg(feature = "patterns")]
    for (workload, contender, reason) in [
        ("first-error", "FairMutex+Option", "one error is kept, and no thread waits long"),
        ("fetch", "FairMutex", "it is held only while one status is stored: see the Mutex"),
        (
            "once",
            "FairMutex+Option",
            "it is held while an option is read, or its value is made: see the Mutex",
        ),
        ("slots", "FairMutex+Vec", "one lock for the whole slice is the mistake: see the Mutex"),
        ("snapshot", "FairMutex+Arc", "it is held only while an Arc is cloned: see the Mutex"),
        ("first-error", "Mutex+Option", "one error is kept, and no thread waits: see std's Mutex"),
    ] {
        suite.exclude(workload, &format!("parking_lot::{contender}"), reason);
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

/// Implements the capabilities of parking_lot's locks for one of its versions: `Mutex`, `FairMutex` and whatever else
/// is made of a [`RawMutex`](parking_lot::lock_api::RawMutex), `RwLock`, and `Mutex` with `Condvar`.
macro_rules! parking_lot_locks {
    ($parking_lot:ident, $name:ident) => {
        impl<R, T> $crate::capability::Lock for $parking_lot::lock_api::Mutex<R, T>
        where
            R: $parking_lot::lock_api::RawMutex + Send + Sync + 'static,
            T: Send + Sync + 'static,
        {
            type State = T;
            type WithState<U: Send + Sync + 'static> = $parking_lot::lock_api::Mutex<R, U>;

            fn new(state: T) -> Self {
                Self::new(state)
            }

            #[inline(always)]
            fn with_mut<Q>(&self, f: impl FnOnce(&mut T) -> Q) -> Q {
                f(&mut self.lock())
            }
        }

        impl<T: Send + Sync + 'static> $crate::capability::Lock for $parking_lot::RwLock<T> {
            type State = T;
            type WithState<U: Send + Sync + 'static> = $parking_lot::RwLock<U>;

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

        /// `Mutex` with `Condvar`.
        pub struct $name;

        impl $crate::capability::MutexCondvar for $name {
            type Mutex<T: Send + 'static> = $parking_lot::Mutex<T>;
            type Guard<'a, T: Send + 'static> = $parking_lot::MutexGuard<'a, T>;
            type Condvar = $parking_lot::Condvar;

            fn mutex<T: Send + 'static>(state: T) -> Self::Mutex<T> {
                $parking_lot::Mutex::new(state)
            }

            #[inline]
            fn lock<T: Send + 'static>(mutex: &Self::Mutex<T>) -> Self::Guard<'_, T> {
                mutex.lock()
            }

            #[inline]
            fn wait<'a, T: Send + 'static>(
                condvar: &Self::Condvar,
                mut guard: Self::Guard<'a, T>,
            ) -> Self::Guard<'a, T> {
                condvar.wait(&mut guard);
                guard
            }

            #[inline]
            fn wait_for<'a, T: Send + 'static>(
                condvar: &Self::Condvar,
                mut guard: Self::Guard<'a, T>,
                limit: std::time::Duration,
            ) -> Self::Guard<'a, T> {
                condvar.wait_for(&mut guard, limit);
                guard
            }

            #[inline]
            fn notify_one(condvar: &Self::Condvar) {
                condvar.notify_one();
            }

            #[inline]
            fn notify_all(condvar: &Self::Condvar) {
                condvar.notify_all();
            }
        }
    };
}
#[cfg(feature = "extra")]
pub(crate) use parking_lot_locks;

parking_lot_locks!(parking_lot, ParkingLotCondvar);
