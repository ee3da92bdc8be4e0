//! CommonShifts: forks in which most contenders of a block were slower, or faster, than in its other forks, and by
//! far. One contender may do that by itself; many at once do it for a reason that they share: a host that
//! moved virtual CPUs apart, a neighbour, the keys that the fork drew. A threshold finds them and no test:
//! it explains an interval, and decides nothing.

use contend_record::{BlockId, Class};

use crate::statistics::Sorted;

use super::{BlockAnalysis, CellSummary};

/// By so much the contender in the middle has to be away from where it is in the other forks.
const FACTOR: f64 = 1.5;

/// With fewer contenders there is no "most of them".
const CONTENDERS: usize = 4;

/// With fewer forks there is no telling which of them are the others.
const FORKS: usize = 8;

/// What common_shifts a run was in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonShifts {
    /// The forks that were looked at.
    pub forks: usize,
    /// Those that stand apart.
    pub shifted: Vec<(BlockId, u32)>,
}

/// Looks for common_shifts in the blocks of a run.
pub fn common_shifts(blocks: &[BlockAnalysis]) -> CommonShifts {
    let mut common_shifts = CommonShifts::default();
    for block in blocks {
        let cells = block.cells.iter().filter(|cell| shares(cell));
        let cells: Vec<&CellSummary> = cells.collect();
        let forks = cells.iter().map(|cell| cell.forks.len()).max().unwrap_or(0);
        if cells.len() < CONTENDERS || forks < FORKS {
            continue;
        }
        let mut numbers: Vec<u32> = cells
            .iter()
            .flat_map(|cell| cell.forks.iter().map(|fork| fork.fork))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        common_shifts.forks += numbers.len();
        let apart = numbers.into_iter().filter(|fork| {
            let away = cells.iter().filter_map(|cell| away(cell, *fork)).collect();
            let middle = Sorted::new(away).median();
            middle.is_some_and(|middle| middle.abs() >= FACTOR.ln())
        });
        let apart = apart.map(|fork| (block.block.clone(), fork));
        common_shifts.shifted.extend(apart);
    }
    common_shifts
}

/// Whether it has numbers that say something of cores that work together.
fn shares(cell: &CellSummary) -> bool {
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

    /// Five contenders in so many forks, of which `slow` are slower in fork 3.
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
    fn a_fork_in_which_most_are_slower_stands_apart() {
        let common_shifts = found(3, 12);
        assert_eq!(common_shifts.forks, 12);
        let forks: Vec<u32> = common_shifts
            .shifted
            .iter()
            .map(|(_, fork)| *fork)
            .collect();
        assert_eq!(forks, [3]);
    }

    #[test]
    fn what_one_contender_does_by_itself_or_in_few_forks_is_no_mood() {
        assert!(found(2, 12).shifted.is_empty());
        assert_eq!(found(5, 7), CommonShifts::default());
    }
}
