//! State that each worker has for itself, merged when its work is done.

use std::sync::{Arc, Mutex};

use super::{Model, Shared, handles};
use contend_evidence::record::Class;

/// A model whose parts can be worked on apart.
pub trait Merge: Model {
    /// A part that nothing was written to.
    fn part(&self) -> Self;

    /// Adds what was written to `part`.
    fn merge(&mut self, part: Self);
}

/// Each worker writes to a part of its own; [`settle`](Shared::settle) merges it into the whole.
/// A read sees the worker's own part alone.
pub struct Merged<M> {
    part: Option<M>,
    whole: Arc<Mutex<M>>,
}

impl<M: Merge> Shared<M> for Merged<M> {
    const CLASS: Class = Class::Partitioned;

    fn open(model: M, workers: usize) -> Vec<Self> {
        let mut parts = handles(workers, |_| Some(model.part())).into_iter();
        let whole = Arc::new(Mutex::new(model));
        handles(workers, |_| Merged {
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

    fn settle(&mut self) {
        let part = self.part.take().expect("merged only once");
        let mut whole = self.whole.lock().expect("no worker panicked");
        self.part = Some(whole.part());
        whole.merge(part);
    }

    fn close(handles: Vec<Self>) -> u64 {
        let whole = handles[0].whole.clone();
        whole.lock().expect("no worker panicked").digest()
    }
}

/// The model itself, and one worker: what no sharing costs. The contender `serial`.
pub struct Plain<M>(pub M);

impl<M: Model> Shared<M> for Plain<M> {
    const CLASS: Class = Class::Partitioned;

    fn workers(_: usize) -> usize {
        1
    }

    fn open(model: M, workers: usize) -> Vec<Self> {
        assert_eq!(workers, 1, "plain state has one worker");
        vec![Plain(model)]
    }

    #[inline(always)]
    fn write(&mut self, write: M::Write) {
        self.0.write(write);
    }

    #[inline(always)]
    fn read(&mut self, read: M::Read) -> M::Answer {
        self.0.read(read)
    }

    fn close(handles: Vec<Self>) -> u64 {
        handles[0].0.digest()
    }
}
