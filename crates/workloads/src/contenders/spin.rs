//! spin: a lock that only spins, as `lock_api` has it.

use ::spin::lock_api::Mutex;

use crate::capability::Lock;
use crate::registry::{Info, Suite};

const NAME: &str = "spin::lock_api::Mutex";

pub(super) fn register(suite: &mut Suite) {
    for workload in ["handoff", "queue", "pipeline", "select", "cancel", "join"] {
        suite.exclude(workload, NAME, "it has no Condvar: a waiter could only take it again and again");
    }
    suite.exclude("spawn", NAME, "a lock runs nothing");
    suite.exclude("first-error", &format!("{NAME}+Option"), "one error is kept, and no thread waits: see std's Mutex");
    suite.exclude("fan-out", NAME, "it has no Condvar: a worker without a job could only take it again and again");
    suite.exclude("fetch", NAME, "it is held while one status is put: see the Mutex");
    suite.exclude("snapshot", &format!("{NAME}+Arc"), "an Arc is cloned for no time: see the Mutex");
    let spin = Info::of_package("spin", NAME).facts(
        "A lock_api lock that only spins: waiters burn their cores, and all of them do where the holder is off its own. No \
         poisoning.",
    );
    suite.lock::<Mutex<()>>(spin).sharded();
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
