//! State of each worker's own, merged when its work is done.

use std::sync::{Arc, Mutex};

use super::{Model, Shared, handles};
use contend_record::Class;

/// A model whose state can be split into parts and merged.
pub trait Merge: Model {
    /// An empty part.
    fn part(&self) -> Self;

    /// Adds what was written to `part`.
    fn merge(&mut self, part: Self);
}

/// Each worker writes to a part of its own; [`flush`](Shared::flush) merges it into the whole. A read sees
/// the worker's own part only.
pub struct ThreadLocal<M> {
    part: Option<M>,
    whole: Arc<Mutex<M>>,
}

impl<M: Merge> Shared<M> for ThreadLocal<M> {
    const CLASS: Class = Class::Partitioned;

    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        let mut parts = handles(workers, |_| Some(model.part())).into_iter();
        let whole = Arc::new(Mutex::new(model));
        handles(workers, |_| ThreadLocal {
            part: parts.next().expect("one was made for each"),
            whole: whole.clone(),
        })
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        self.part.as_mut().expect("merged only once").write(write);
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        self.part.as_ref().expect("merged only once").read(read)
    }

    fn flush(&mut self) {
        let part = self.part.take().expect("merged only once");
        let mut whole = self.whole.lock().expect("no worker panicked");
        self.part = Some(whole.part());
        whole.merge(part);
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        let whole = handles[0].whole.clone();
        whole.lock().expect("no worker panicked").digest()
    }
}

/// The model itself with one worker: the cost without sharing. The contender `serial`.
pub struct Sequential<M>(pub M);

impl<M: Model> Shared<M> for Sequential<M> {
    const CLASS: Class = Class::Partitioned;

    fn workers(_: usize) -> usize {
        1
    }

    fn new_handles(model: M, workers: usize) -> Vec<Self> {
        assert_eq!(workers, 1, "plain state has one worker");
        vec![Sequential(model)]
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        self.0.write(write);
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        self.0.read(read)
    }

    fn into_digest(handles: Vec<Self>) -> u64 {
        handles[0].0.digest()
    }
}
