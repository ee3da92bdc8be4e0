//! Common shifts: forks in which most contenders of a block were far slower or faster than in its other forks. Many
//! contenders at once have a common cause: a host that moved virtual CPUs, a neighbour, the keys that the fork drew.
//! A simple limit finds such forks. They explain a wide interval, and change no verdict.

use contend_record::{BlockId, Class};

use crate::statistics::Sorted;

use super::{BlockAnalysis, CellSummary};

/// The least factor between a shifted fork and the cells' medians, for the median contender.
const FACTOR: f64 = 1.5;

/// The least number of contenders.
const CONTENDERS: usize = 4;

/// The least number of forks.
const FORKS: usize = 8;

/// The common shifts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonShifts {
    /// The number of forks that were examined.
    pub forks: usize,
    /// The shifted forks, each with its block.
    pub shifted: Vec<(BlockId, u32)>,
}

/// Finds the common shifts in the blocks of a run.
pub fn common_shifts(blocks: &[BlockAnalysis]) -> CommonShifts {
    let mut found = CommonShifts::default();
    for block in blocks {
        let cells = block.cells.iter().filter(|cell| shares_state(cell));
        let cells: Vec<&CellSummary> = cells.collect();
        let forks = cells.iter().map(|cell| cell.forks.len()).max().unwrap_or(0);
        if cells.len() < CONTENDERS || forks < FORKS {
            continue;
        }
        let mut numbers: Vec<u32> =
            cells.iter().flat_map(|cell| cell.forks.iter().map(|fork| fork.fork)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        found.forks += numbers.len();
        let shifted = numbers.into_iter().filter(|fork| {
            let away = cells.iter().filter_map(|cell| away(cell, *fork)).collect();
            let middle = Sorted::new(away).median();
            middle.is_some_and(|middle| middle.abs() >= FACTOR.ln())
        });
        let shifted = shifted.map(|fork| (block.block.clone(), fork));
        found.shifted.extend(shifted);
    }
    found
}

/// Whether the cell has numbers and shares state between threads.
fn shares_state(cell: &CellSummary) -> bool {
    let alone = matches!(cell.class, Class::Floor | Class::Partitioned);
    !alone && cell.cell.control_of().is_none() && cell.median.is_some()
}

/// The logarithm of a fork's value over the cell's median.
fn away(cell: &CellSummary, fork: u32) -> Option<f64> {
    let value = cell.forks.iter().find(|of| of.fork == fork)?.value;
    let ln = (value / cell.median?).ln();
    ln.is_finite().then_some(ln)
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};

    use super::super::analyse;
    use super::*;

    /// Five contenders, of which `slow` are slower in fork 3.
    fn found(slow: usize, forks: u32) -> CommonShifts {
        let names = ["a", "b", "c", "d", "e"];
        let mut records = Vec::new();
        for fork in 1..=forks {
            for (index, name) in names.iter().enumerate() {
                let factor = if fork == 3 && index < slow { 2.0 } else { 1.0 };
                records.push(record(name, fork, 1, 100.0 * (index + 1) as f64 * factor));
            }
        }
        common_shifts(&analyse(&run(&names), &records).blocks)
    }

    #[test]
    fn a_fork_in_which_most_are_slower_is_found() {
        let common_shifts = found(3, 12);
        assert_eq!(common_shifts.forks, 12);
        let forks: Vec<u32> = common_shifts.shifted.iter().map(|(_, fork)| *fork).collect();
        assert_eq!(forks, [3]);
    }

    #[test]
    fn a_shift_needs_most_contenders_and_enough_forks() {
        assert!(found(2, 12).shifted.is_empty());
        assert_eq!(found(5, 7), CommonShifts::default());
    }
}
