//! crossbeam-utils: `ShardedLock` and `WaitGroup`.

use crossbeam_utils::sync::ShardedLock;

use super::crossbeam;
use crate::capability::Lock;
use crate::registry::Suite;

pub(super) fn register(suite: &mut Suite) {
    let package = "crossbeam-utils";
    let name = "crossbeam_utils::sync::ShardedLock";
    #[cfg(feature = "patterns")]
    {
        suite.exclude(
            "once",
            &format!("{name}+Option"),
            "it is held while an option is read, or its value is made: see RwLock",
        );
        suite.exclude(
            "snapshot",
            &format!("{name}+Arc"),
            "it is held only while an Arc is cloned: see RwLock",
        );
    }
    let facts = "Eight of std's RwLocks. A reader locks the one of its thread, a writer locks all of them in \
                 turn. A thread that reads it twice at once may deadlock when a writer waits. Poisons when a writer \
                 panics.";
    suite.rw_lock::<ShardedLock<()>>(crossbeam(package, name).facts(facts).sharded());
    #[cfg(feature = "patterns")]
    {
        use crate::workload::join::{Params, Pooled};
        let role =
            "As Go's, except that a clone stands for Add and its drop for Done: neither can be forgotten.";
        let info = crossbeam(package, "crossbeam_utils::sync::WaitGroup");
        suite.add::<Params, Pooled<groups::Group>>(info.in_role("", role));
    }
}

impl<T: Send + Sync + 'static> Lock for ShardedLock<T> {
    type State = T;
    type WithState<U: Send + Sync + 'static> = ShardedLock<U>;

    fn new(state: T) -> Self {
        Self::new(state)
    }

    #[inline(always)]
    fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.write().unwrap())
    }

    #[inline(always)]
    fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.read().unwrap())
    }
}

#[cfg(feature = "patterns")]
mod groups {
    use crossbeam_utils::sync::WaitGroup;

    use crate::workload::join::{BEGUN, Wait};

    /// A wait group for each join.
    pub(super) struct Group(Option<WaitGroup>);

    impl Wait for Group {
        type Ticket = WaitGroup;

        fn new() -> Self {
            Self(None)
        }

        fn begin(&mut self, _: usize) {
            self.0 = Some(WaitGroup::new());
        }

        fn ticket(&mut self) -> WaitGroup {
            self.0.clone().expect(BEGUN)
        }

        fn done(group: WaitGroup) {
            drop(group);
        }

        fn wait(&mut self) {
            self.0.take().expect(BEGUN).wait();
        }
    }
}
