//! Looks at a counter through its handles after a window. Counts of each thread that claim to be one counter show, and
//! so do an increment that is lost and one that counts twice, which cancel out in the sum.

use crate::model::{Model, Shared};
use crate::workload::open::Probe;
use contend_record::Class;

/// Increments of a thorough probe, and of others. Reads of an owner take microseconds.
const IMMEDIATE: [u64; 2] = [4_096, 64];
const DEFERRED: [u64; 2] = [32, 4];

/// What a probe does with a handle.
#[derive(Clone, Copy)]
enum Step {
    Increment,
    Read,
}

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
    let count = handles.len();
    let added = if thorough { many } else { few };
    let mut step = |handle: usize, step| match step {
        Step::Increment => {
            handles[handle].write(());
            handles[handle].flush();
            0
        }
        Step::Read => handles[handle].read(()),
    };
    Probe { added, fault: fault(expected, count, added, &mut step) }
}

/// What the probe of a number of handles finds wrong. Compiled once for all contenders.
fn fault(
    expected: u64,
    handles: usize,
    added: u64,
    step: &mut dyn FnMut(usize, Step) -> u64,
) -> Option<String> {
    let mut fault = None;
    for handle in 0..handles {
        let seen = step(handle, Step::Read);
        if seen != expected {
            fault = Some(format!(
                "after all writes were applied, a worker reads {seen} of {expected} increments"
            ));
        }
    }
    for increment in 1..=added {
        let writer = increment as usize % handles;
        step(writer, Step::Increment);
        let seen = step((writer + 1) % handles, Step::Read);
        let expected = expected.wrapping_add(increment);
        if seen != expected && fault.is_none() {
            fault = Some(format!(
                "a worker reads {seen} right after another one has made the increment {expected}"
            ));
        }
    }
    fault
}
