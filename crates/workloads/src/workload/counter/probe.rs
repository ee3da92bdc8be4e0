//! Looks at a counter through its handles after a window. Counts of each thread that claim to be one counter show, and
//! so do an increment that is lost and one that counts twice, which cancel out in the sum.

use crate::model::{Model, Shared};
use crate::workload::open::Probe;
use contend_record::Class;

/// Increments of a thorough probe, and of others. Reads of an owner take microseconds.
const IMMEDIATE: [u64; 2] = [4_096, 64];
const DEFERRED: [u64; 2] = [32, 4];

/// Reads the number through each handle, which must be `expected`. Then increments it through one handle and reads it
/// through the next, in turn: each read must be one more than the one before.
pub(super) fn probe<M, S>(expected: u64, handles: &mut [S], thorough: bool) -> Probe
where
    M: Model<Write = (), Read = (), Answer = u64>,
    S: Shared<M>,
{
    let [many, few] = match S::CLASS {
        Class::Immediate | Class::FixedKeys => IMMEDIATE,
        Class::Deferred => DEFERRED,
        // A worker sees its own part only, and nothing promises more.
        Class::Partitioned | Class::Floor => return Probe::default(),
    };
    let mut fault = None;
    for handle in handles.iter_mut() {
        let seen = handle.read(());
        if seen != expected {
            fault = Some(format!(
                "after all writes were applied, a worker reads {seen} of {expected} increments"
            ));
        }
    }
    let added = if thorough { many } else { few };
    let count = handles.len();
    for step in 1..=added {
        let writer = step as usize % count;
        handles[writer].write(());
        handles[writer].flush();
        let seen = handles[(writer + 1) % count].read(());
        if seen != expected.wrapping_add(step) && fault.is_none() {
            let expected = expected.wrapping_add(step);
            fault = Some(format!(
                "a worker reads {seen} right after another one has made the increment {expected}"
            ));
        }
    }
    Probe { added, fault }
}
