//! Values that are made late, with a `Once` beside an atomic, or under a lock.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Initializer, LazyValue, NAME, Once, add};
use crate::capability::{Lock, UpgradableLock};
use crate::registry::{Info, Suite};

/// Adds a lock around an `Option`, which every call locks.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let info = info.in_role("+Option", "Every call locks.");
    add::<LockedOption<L::WithState<Option<u64>>, false>>(suite, &info);
}

/// Adds a read-write lock around an `Option`.
pub fn register_rw_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    let info =
        info.in_role("+Option", "Every call takes the read lock, and the first ones the write lock too.");
    add::<LockedOption<L::WithState<Option<u64>>, true>>(suite, &info);
}

/// Adds a read-write lock around an `Option`, whose reader becomes the writer.
pub fn register_upgradable_lock<L: Lock>(suite: &mut Suite, info: &Info)
where
    L::WithState<Option<u64>>: UpgradableLock,
{
    let role = "Every call takes the read lock. The first ones take the upgradable lock, look again, and upgrade it to \
                make the value.";
    add::<UpgradedOption<L::WithState<Option<u64>>>>(suite, &info.in_role("+Option+upgradable", role));
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    let sent = "a value that is sent is gone: each call would need a message of its own";
    let entry = "an entry of a map is an Option under a lock, behind a hash: see Mutex";
    for (contender, reason) in [
        ("serial", "with one thread the value is a plain variable"),
        ("std::sync::mpsc::channel", sent),
        ("dashmap::DashMap", entry),
        ("rayon", "it has no type for a value that is made late"),
    ] {
        suite.exclude(NAME, contender, reason);
    }
}

/// A package's `Once`, which runs a function once and holds no value.
pub trait RunOnce: Send + Sync + 'static {
    /// A `Once` that has not run.
    fn new() -> Self;
    /// Calls `initialize` if no call has run, and waits for a call that is running.
    fn run_once(&self, initialize: impl FnOnce());
}

/// A `Once`, and the value in an atomic beside it.
pub struct Beside<F> {
    once: F,
    initializer: Initializer,
    value: AtomicU64,
}

impl<F: RunOnce> Once for Beside<F> {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Self { once: F::new(), initializer, value: AtomicU64::new(0) }
    }
}

impl<F: RunOnce> LazyValue for Beside<F> {
    #[inline]
    fn get(&self) -> u64 {
        self.once.run_once(|| self.value.store(self.initializer.run(), Ordering::Relaxed));
        self.value.load(Ordering::Relaxed)
    }
}

/// A lock around an `Option`, in which the value is made under the lock. `READ_FIRST` says that a call first
/// looks under the read lock. A mutex has none, and is locked once.
struct LockedOption<L, const READ_FIRST: bool> {
    value: L,
    initializer: Initializer,
}

impl<L: Lock<State = Option<u64>>, const READ_FIRST: bool> Once for LockedOption<L, READ_FIRST> {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Self { value: L::new(None), initializer }
    }
}

impl<L: Lock<State = Option<u64>>, const READ_FIRST: bool> LazyValue for LockedOption<L, READ_FIRST> {
    #[inline]
    fn get(&self) -> u64 {
        if READ_FIRST && let Some(value) = self.value.with(|value| *value) {
            return value;
        }
        self.value.with_mut(|value| *value.get_or_insert_with(|| self.initializer.run()))
    }
}

/// A read-write lock around an `Option`, in which the value is made under an upgraded read lock.
struct UpgradedOption<L> {
    value: L,
    initializer: Initializer,
}

impl<L: UpgradableLock<State = Option<u64>>> Once for UpgradedOption<L> {
    fn lazy(initializer: Initializer) -> impl LazyValue {
        Self { value: L::new(None), initializer }
    }
}

impl<L: UpgradableLock<State = Option<u64>>> LazyValue for UpgradedOption<L> {
    #[inline]
    fn get(&self) -> u64 {
        if let Some(value) = self.value.with(|value| *value) {
            return value;
        }
        self.value.read_or_upgrade(|value| *value, |value| *value.insert(self.initializer.run()))
    }
}
