//! The lengths of calibrated work that a variant asks for while it is prepared.

use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static LENGTHS: RefCell<BTreeSet<u64>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes that work of this length was asked for on this thread.
pub(super) fn note_length(ns: u64) {
    LENGTHS.with_borrow_mut(|lengths| lengths.insert(ns));
}

/// The lengths that were noted on this thread since the last call, in nanoseconds.
pub(super) fn take_lengths() -> BTreeSet<u64> {
    LENGTHS.take()
}
