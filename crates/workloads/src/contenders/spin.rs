//! spin: a lock that only spins, by its `lock_api` type.

use ::spin::lock_api::Mutex;

use super::exclusions;
use crate::capability::Lock;
use crate::registry::{Info, Suite};

const NAME: &str = "spin::lock_api::Mutex";

pub(super) fn register(suite: &mut Suite) {
    let condvar = "it has no Condvar: a waiter could only lock it again and again";
    exclusions::each(suite, &exclusions::WAITING, NAME, condvar);
    for (workload, suffix, reason) in [
        ("spawn", "", "a lock runs no tasks"),
        ("first-error", "+Option", "one error is kept, and no thread waits: see std's Mutex"),
        ("fan-out", "", "it has no Condvar: a worker without a job could only lock it again and again"),
        ("fetch", "", "it is held only while one status is stored: see the Mutex"),
        ("snapshot", "+Arc", "it is held only while an Arc is cloned: see the Mutex"),
    ] {
        suite.exclude(workload, &format!("{NAME}{suffix}"), reason);
    }
    let facts = "Only spins: waiters burn their cores, also while the holder is off its core. No poisoning.";
    suite.lock::<Mutex<()>>(Info::of_package("spin", NAME).facts(facts).spins()).sharded();
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
