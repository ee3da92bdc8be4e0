//! The concurrency patterns that Go tutorials teach, a line each. Behind the feature `patterns`: they
//! would add a third to the build of whoever comes for locks and maps.

use super::{handoff, join, once, queue, select, semaphore, slots, snapshot};
use crate::model::{Lock, Locked};
use crate::run::{About, Suite};

/// Adds the workloads and their variants.
pub(crate) fn register(suite: &mut Suite) {
    handoff::register(suite);
    queue::register(suite);
    semaphore::register(suite);
    once::register(suite);
    join::register(suite);
    slots::register(suite);
    snapshot::register(suite);
    select::register(suite);
}

/// Adds the contenders that are no primitive's.
pub(crate) fn specials(suite: &mut Suite) {
    handoff::specials(suite);
    queue::specials(suite);
    semaphore::specials(suite);
    once::specials(suite);
    join::specials(suite);
    slots::specials(suite);
    snapshot::specials(suite);
    select::specials(suite);
}

/// Adds a lock where a pattern is an open workload.
pub(crate) fn lock<L: Lock>(suite: &mut Suite, about: &About) {
    snapshot::add::<Locked<L::Around<snapshot::Config>>>(suite, about);
}
