//! Values that are made late: by a `Once` beside an atomic, or under a lock.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Late, Make, NAME, Once, add};
use crate::capability::Lock;
use crate::registry::{Info, Suite};

/// Adds a lock around an option, which every call locks.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    add::<Within<L::WithState<Option<u64>>>>(suite, &info.in_role("+Option", "Every call locks."));
}

/// Adds a read-write lock around an option.
pub fn register_rw_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "Every call takes the read lock, the first ones the write lock too.";
    add::<Beneath<L::WithState<Option<u64>>>>(suite, &info.in_role("+Option", role));
}

/// Says what is missing, and why. Called before contenders are added, which it keeps out.
pub fn register_exclusions(suite: &mut Suite) {
    suite.exclude(NAME, "serial", "in one thread the value is a variable");
    suite.exclude(
        NAME,
        "std::sync::mpsc::channel",
        "a value that is sent is gone: it would be sent once for each call",
    );
    suite.exclude(
        NAME,
        "dashmap::DashMap",
        "one entry of a map is a lock around an Option with a hash before it",
    );
    suite.exclude(NAME, "rayon", "it has no value that is made late");
}

/// A package's `Once`, which runs a function once and holds no value.
pub trait Run: Send + Sync + 'static {
    /// One that has not run.
    fn new() -> Self;
    /// Calls `make` where no call has, and waits for a call that is under way.
    fn run(&self, make: impl FnOnce());
}

/// A flag, and the value beside it.
pub struct Beside<F> {
    flag: F,
    make: Make,
    value: AtomicU64,
}

impl<F: Run> Once for Beside<F> {
    fn late(make: Make) -> impl Late {
        Self { flag: F::new(), make, value: AtomicU64::new(0) }
    }
}

impl<F: Run> Late for Beside<F> {
    #[inline]
    fn get(&self) -> u64 {
        let make = || self.value.store(self.make.run(), Ordering::Relaxed);
        self.flag.run(make);
        self.value.load(Ordering::Relaxed)
    }
}

/// A lock around an option, which is made under the lock where it is none. `LOOKS` says that readers
/// look together first: a mutex has no such look, and is locked once.
pub struct Behind<L, const LOOKS: bool> {
    value: L,
    make: Make,
}

/// A mutex around an option.
pub type Within<L> = Behind<L, false>;

/// A read-write lock around an option.
pub type Beneath<L> = Behind<L, true>;

impl<L: Lock<State = Option<u64>>, const LOOKS: bool> Once for Behind<L, LOOKS> {
    fn late(make: Make) -> impl Late {
        let value = L::new(None);
        Self { value, make }
    }
}

impl<L: Lock<State = Option<u64>>, const LOOKS: bool> Late for Behind<L, LOOKS> {
    #[inline]
    fn get(&self) -> u64 {
        if LOOKS && let Some(value) = self.value.with(|value| *value) {
            return value;
        }
        let made = |value: &mut Option<u64>| *value.get_or_insert_with(|| self.make.run());
        self.value.with_mut(made)
    }
}
