//! A read-write lock whose reader can become its writer.

use super::Lock;

/// A read-write lock with an upgradable read lock. One thread at a time has it, beside readers.
pub trait UpgradableLock: Lock {
    /// Calls `read` under the upgradable lock. Where that returns nothing, upgrades the lock and calls `write`. No
    /// writer comes between the two.
    fn read_or_upgrade<R>(
        &self,
        read: impl FnOnce(&Self::State) -> Option<R>,
        write: impl FnOnce(&mut Self::State) -> R,
    ) -> R;
}
