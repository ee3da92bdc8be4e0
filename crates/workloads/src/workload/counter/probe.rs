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

#[cfg(test)]
mod tests {
    use super::*;

    /// A counter of several handles: what each reads, given the increments of all.
    struct Handles<'a> {
        own: Vec<u64>,
        reads: &'a dyn Fn(&[u64], usize) -> u64,
    }

    impl Handles<'_> {
        fn step(&mut self, handle: usize, step: Step) -> u64 {
            match step {
                Step::Increment => {
                    self.own[handle] += 1;
                    0
                }
                Step::Read => (self.reads)(&self.own, handle),
            }
        }
    }

    fn found(expected: u64, before: &[u64], reads: &dyn Fn(&[u64], usize) -> u64) -> Option<String> {
        let mut handles = Handles { own: before.to_vec(), reads };
        let (mut asked, mut writer) = (vec![0; before.len()], None);
        let mut step = |handle: usize, step| {
            asked[handle] += 1;
            match step {
                Step::Increment => writer = Some(handle),
                Step::Read if before.len() > 1 => {
                    assert_ne!(writer.take(), Some(handle), "another one reads")
                }
                Step::Read => {}
            }
            handles.step(handle, step)
        };
        let found = fault(expected, before.len(), 6, &mut step);
        assert!(asked.iter().all(|asked| *asked >= 3), "each handle is looked through: {asked:?}");
        found
    }

    #[test]
    fn one_number_has_no_fault_through_however_many_handles() {
        let sum = |own: &[u64], _| own.iter().sum();
        for before in [&[10][..], &[4, 6], &[1, 2, 7]] {
            assert_eq!(found(10, before, &sum), None);
        }
    }

    #[test]
    fn a_number_for_each_handle_is_found() {
        let own = |own: &[u64], handle: usize| own[handle];
        let before = "after all writes were applied, a worker reads 6 of 10 increments".to_owned();
        assert_eq!(found(10, &[4, 6], &own), Some(before));
        // Equal ones agree before the increments, and not after.
        let turn = "a worker reads 5 right after another one has made the increment 6".to_owned();
        assert_eq!(found(5, &[5, 5], &own), Some(turn));
    }

    #[test]
    fn what_one_increment_loses_and_another_doubles_is_found() {
        // The second increment counts for nothing, and the third twice.
        let skewed = |own: &[u64], _: usize| match own.iter().sum::<u64>() {
            2 => 1,
            sum => sum,
        };
        let wrong = "a worker reads 1 right after another one has made the increment 2".to_owned();
        assert_eq!(found(0, &[0, 0], &skewed), Some(wrong));
    }
}
