//! State behind a lock.

use std::sync::Arc;

use super::{Model, Shared, handles};
use crate::capability::Lock;

/// The adapter that makes a contender of a lock: the lock holds the model.
pub struct Locked<L>(Arc<L>);

impl<M: Model, L: Lock<State = M>> Shared<M> for Locked<L> {
    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        let lock = Arc::new(L::new(model));
        handles(workers, |_| Locked(lock.clone()))
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        self.0.with_mut(|model| model.write(write));
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        self.0.with(|model| model.read(read))
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.with(|model| model.digest())
    }
}
