//! Age: what a cell takes in the longer windows of the check. A window starts from fresh state, and a contender may be
//! slower, or faster, once it has run for a while. The longer windows are few, so they give a note and no verdict.

use contend_record::{BlockPlan, Record, Run};

use crate::text::number;

use super::samples::mean;
use super::windows::{Windows, by_block};
use super::{Analysis, CellSummary};

/// The least factor between a planned window and a longer one. A window of fixed work may not reach it.
const LONGER: f64 = 2.0;

/// The least factor beyond all forks of a cell that is noted.
const BEYOND: f64 = 1.1;

/// Whether all of a cell's windows of the check are longer than planned ones.
pub(super) fn is_longer(plan: &BlockPlan, windows: &Windows) -> bool {
    let least = LONGER * plan.window_ns as f64;
    windows.records.iter().all(|record| record.window_ns as f64 >= least)
}

/// Adds a note to each cell that is outside the range of its forks in longer windows.
pub(super) fn add_notes(run: &Run, analysis: &mut Analysis, long: &[Record]) {
    let blocks = run.plan.blocks.iter().zip(by_block(run, long));
    for ((plan, windows), block) in blocks.zip(&mut analysis.blocks) {
        for (of, cell) in windows.iter().zip(&mut block.cells).filter(|(of, _)| is_longer(plan, of)) {
            cell.notes.extend(note(of, cell));
        }
    }
}

fn note(long: &Windows, cell: &CellSummary) -> Option<String> {
    let value = mean(long.samples.iter()).filter(|_| long.unit == cell.unit)?;
    let forks = || cell.forks.iter().map(|fork| fork.value);
    let (least, most) = (forks().reduce(f64::min)?, forks().reduce(f64::max)?);
    let longest = long.records.iter().map(|record| record.window_ns).max()?;
    (value > most * BEYOND || value * BEYOND < least).then(|| {
        format!(
            "in a window of {} {} {}, outside all forks of shorter windows ({} to {})",
            number::duration_ns(longest as f64),
            number::short(value),
            cell.unit,
            number::short(least),
            number::short(most),
        )
    })
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record_in, run};
    use contend_record::{RunData, WindowCheck};

    use super::super::analyse_run;

    /// The notes on two contenders of 100 ns, of which one takes `long` in a window of a second.
    fn notes(long: f64, check_ns: u64) -> Vec<String> {
        let mut run = run(&["a", "b"]);
        run.plan.window_check = Some(WindowCheck { window_ns: check_ns, forks: 7 });
        let block = run.plan.blocks[0].block.clone();
        let of = |name: &str, fork, ns: f64, window_ns: u64| {
            let mut window = record_in(&block, name, fork, 1, ns, (window_ns as f64 / ns) as u64);
            window.window_ns = window_ns;
            window
        };
        let each = |fork: u32| {
            let own = 100.0 + f64::from(fork % 5);
            [of("a", fork, own, 8_000_000), of("b", fork, own, 8_000_000)]
        };
        let records = (1..=12).flat_map(each).collect();
        let long = vec![of("a", 1, long, check_ns), of("b", 1, 102.0, check_ns)];
        let data = RunData { run, records, long, against: Vec::new(), cut_off: false, problems: Vec::new() };
        analyse_run(&data).blocks.remove(0).cells.into_iter().flat_map(|cell| cell.notes).collect()
    }

    #[test]
    fn a_cell_that_ages_is_noted() {
        let found = notes(450.0, 1_000_000_000);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("450 ns/op, outside all forks of shorter windows (100 to 104)"),
            "{found:?}"
        );
        assert_eq!(notes(50.0, 1_000_000_000).len(), 1);
        assert!(notes(108.0, 1_000_000_000).is_empty(), "within the noise of its forks");
        assert!(notes(450.0, 9_000_000).is_empty(), "no longer than the planned ones");
    }
}
