//! A lock around the configuration, and a lock around a pointer to it.

use std::sync::Arc;

use super::{Config, NAME, Reading, add};
use crate::capability::Lock;
use crate::model::{Locked, Model, Shared, handles};
use crate::registry::{Info, Suite};

/// Adds a lock around the configuration.
pub fn register_lock<L: Lock>(suite: &mut Suite, info: &Info) {
    add::<Locked<L::WithState<Config>>>(suite, info);
}

/// Adds a lock around a pointer to the configuration.
pub fn register_lock_of_arc<L: Lock>(suite: &mut Suite, info: &Info) {
    let role = "A reader clones the Arc under the lock, and reads without it. A replacement makes a new \
                configuration, and swaps the pointers.";
    add::<LockedArc<L::WithState<Arc<Config>>>>(suite, &info.in_role("+Arc", role));
}

/// Adds the exclusions and their reasons. Must run before contenders are added, to keep them out.
pub fn register_exclusions(suite: &mut Suite) {
    let atomic = "a configuration is larger than a word, and freeing the old one safely needs a crate: see \
                  arc_swap::ArcSwap and left_right::ReadHandle";
    suite.exclude(NAME, "std::sync::atomic", atomic);
    let map = "one value that is read whole is one entry: a lock behind a hash";
    suite.exclude(NAME, "dashmap::DashMap", map);
    let one_reader = "its licence is MPL-2.0, and the crates that are measured have MIT, Apache-2.0 or BSD; it also \
                      has one reader, and here every worker reads";
    suite.exclude(NAME, "triple_buffer", one_reader);
    suite.exclude(NAME, "rayon", "reads of a thread's own part would not see what the others wrote");
}

/// A lock around a pointer to the configuration.
struct LockedArc<L>(Arc<L>);

impl<L: Lock<State = Arc<Config>>> Shared<Config> for LockedArc<L> {
    fn new_handles(model: Config, workers: usize) -> Vec<Self> {
        let lock = Arc::new(L::new(Arc::new(model)));
        handles(workers, |_| Self(lock.clone()))
    }

    #[inline(always)]
    fn write(&mut self, (): ()) {
        let current = self.0.with(Arc::clone);
        let mut next = Config::clone(&current);
        next.write(()); // only one worker writes, so no other replacement is lost
        let next = Arc::new(next);
        drop(current);
        let _previous = self.0.with_mut(|config| std::mem::replace(config, next));
    }

    #[inline(always)]
    fn read(&mut self, (): ()) -> Reading {
        let config = self.0.with(Arc::clone);
        config.read(())
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.with(|config| config.digest())
    }
}
