//! The concurrency patterns that Go tutorials teach, a line each. A feature of their own, on by default:
//! whoever builds for locks and maps alone can leave them out.

use super::{
    cancel, fetch, first_error, handoff, join, once, pipeline, queue, select, semaphore, slots,
    snapshot, spawn,
};
use crate::model::{Lock, Locked};
use crate::registry::{Info, Suite};

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
    cancel::register(suite);
    first_error::register(suite);
    pipeline::register(suite);
    spawn::register(suite);
    fetch::register(suite);
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
    cancel::specials(suite);
    first_error::specials(suite);
    pipeline::specials(suite);
    spawn::specials(suite);
    fetch::specials(suite);
}

/// Adds a lock where a pattern is an open workload.
pub(crate) fn lock<L: Lock>(suite: &mut Suite, info: &Info) {
    snapshot::add::<Locked<L::WithState<snapshot::Config>>>(suite, info);
}
