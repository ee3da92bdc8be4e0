//! What a guard of `RwLock` can do beside its drop: an unlock that is fair, and an upgrade.

use parking_lot::{RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard};

use crate::capability::{Lock, UpgradableLock};
use crate::registry::{Info, Suite};

/// Adds both, given what is true of the lock.
pub(super) fn register(suite: &mut Suite, lock: &Info) {
    register_exclusions(suite);
    let fair = lock.in_role("+unlock_fair", "").facts(
        "Spins, then parks. Each guard is given back by unlock_fair, so waiting threads come first. A thread that \
         reads it twice at once may deadlock when a writer waits. No poisoning. As all of parking_lot 0.13 it is not \
         eventually fair by itself.",
    );
    suite.rw_lock::<Fair<()>>(fair);
}

fn register_exclusions(suite: &mut Suite) {
    let same = "the same as FairMutex, whose every unlock is an unlock_fair";
    suite.exclude("counter", "parking_lot::Mutex+unlock_fair", same);
    for (workload, suffix) in [("snapshot", "+Arc"), ("once", "+Option")] {
        let short = "it is held only while a pointer or an option is read: see RwLock";
        suite.exclude(workload, &format!("parking_lot::RwLock+unlock_fair{suffix}"), short);
    }
}

/// `RwLock`, whose guards are given back by `unlock_fair`.
pub(in crate::contenders) struct Fair<T>(RwLock<T>);

impl<T: Send + Sync + 'static> Lock for Fair<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = Fair<U>;

    fn new(state: T) -> Self {
        Self(RwLock::new(state))
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let mut guard = self.0.write();
        let result = f(&mut guard);
        RwLockWriteGuard::unlock_fair(guard);
        result
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        let guard = self.0.read();
        let result = f(&guard);
        RwLockReadGuard::unlock_fair(guard);
        result
    }
}

impl<T: Send + Sync + 'static> UpgradableLock for RwLock<T> {
    #[inline(always)]
    fn read_or_upgrade<R>(&self, read: impl FnOnce(&T) -> Option<R>, write: impl FnOnce(&mut T) -> R) -> R {
        let guard = self.upgradable_read();
        match read(&guard) {
            Some(result) => result,
            None => write(&mut RwLockUpgradableReadGuard::upgrade(guard)),
        }
    }
}
