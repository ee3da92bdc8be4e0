//! The contender `floor`.

use std::hint::black_box;

use contend_record::Class;

use super::{Model, Shared, handles};

/// Operations that do nothing: the cost of driver, loop and key stream alone.
pub struct NoOp;

impl<M: Model> Shared<M> for NoOp {
    const CLASS: Class = Class::Floor;

    fn new_handles(_: M, workers: usize) -> Vec<Self> {
        handles(workers, |_| NoOp)
    }

    fn write(&mut self, write: M::Write) {
        black_box(write);
    }

    fn read(&mut self, read: M::Read) -> M::Answer {
        black_box(read);
        M::Answer::default()
    }

    fn into_digest(_: Vec<Self>) -> u64 {
        0
    }
}
