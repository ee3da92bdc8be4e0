//! A whole run: every cell, every pair, every block. The only place that knows which cells are
//! compared with which.

use crate::record::{BlockPlan, Class, Record, Run};

use super::compare::{Rules, compare};
use super::interval::{Depth, allowed_error, pairs};
use super::standing::standing;
use super::summary::summarise;
use super::windows::{Windows, by_block, higher_is_better};
use super::{Analysis, BlockAnalysis, CellSummary, ClassStanding, Outcome, Verdict};

/// What `records` say of the cells that `run` planned.
pub fn analyse(run: &Run, records: &[Record]) -> Analysis {
    let windows = by_block(run, records);
    let blocks: Vec<BlockAnalysis> = run
        .plan
        .blocks
        .iter()
        .zip(&windows)
        .map(|(plan, windows)| block(run, plan, windows))
        .collect();
    let comparisons = || {
        blocks
            .iter()
            .flat_map(|block| &block.verdicts)
            .filter(|v| !v.control)
    };
    let controls = || blocks.iter().filter_map(|block| block.control.as_ref());
    Analysis {
        threshold: run.plan.threshold,
        comparisons: comparisons().count() as u32,
        expected_wrong: blocks.iter().map(expected_wrong).sum(),
        controls: controls().count() as u32,
        controls_failed: controls().filter(|v| v.verdict == Outcome::Faster).count() as u32,
        blocks,
    }
}

fn block(run: &Run, plan: &BlockPlan, windows: &[Windows]) -> BlockAnalysis {
    let cells: Vec<CellSummary> = windows.iter().map(|cell| summarise(run, cell)).collect();
    let mut verdicts = Vec::new();
    let mut standings = Vec::new();
    for class in classes(plan) {
        let ranked: Vec<&Windows> = ranked(windows, class).collect();
        let rules = Rules {
            threshold: run.plan.threshold,
            pairs: pairs(ranked.len()),
        };
        let first = verdicts.len();
        for (index, a) in ranked.iter().enumerate() {
            verdicts.extend(
                ranked[index + 1..]
                    .iter()
                    .filter_map(|b| compare(a, b, rules)),
            );
        }
        let order = order(&cells, &ranked);
        standings.push(ClassStanding {
            class,
            standing: standing(&order, &verdicts[first..]),
            order,
        });
    }
    let control = control(run, windows);
    verdicts.extend(control.clone());
    BlockAnalysis {
        block: plan.block.clone(),
        oversubscribed: plan.block.threads > run.plan.cores,
        cells,
        verdicts,
        standings,
        resolution: control.as_ref().map(half_width),
        control,
    }
}

/// The classes of a block in the order of [`Class`], those that are ranked.
fn classes(plan: &BlockPlan) -> Vec<Class> {
    let mut classes: Vec<Class> = plan.cells.iter().map(|cell| cell.class).collect();
    classes.sort_unstable();
    classes.dedup();
    classes.retain(|class| *class != Class::Floor);
    classes
}

/// The measured cells of `class` that compete: neither the control nor the floor.
fn ranked<'w, 'a>(
    windows: &'w [Windows<'a>],
    class: Class,
) -> impl Iterator<Item = &'w Windows<'a>> {
    windows.iter().filter(move |cell| {
        let competes = cell.cell.control_of().is_none() && !cell.cell.is_floor();
        competes && cell.plan.class == class && cell.measured()
    })
}

/// The names of `ranked` from best to worst by the medians over forks.
fn order(cells: &[CellSummary], ranked: &[&Windows]) -> Vec<String> {
    let mut by_median: Vec<(f64, &str)> = ranked
        .iter()
        .filter_map(|windows| {
            let cell = cells.iter().find(|cell| cell.cell == windows.cell)?;
            let sign = if higher_is_better(&cell.unit) {
                -1.0
            } else {
                1.0
            };
            Some((sign * cell.median?, cell.cell.contender.as_str()))
        })
        .collect();
    by_median.sort_by(|a, b| a.0.total_cmp(&b.0));
    by_median
        .iter()
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

/// The comparison of a contender with its second copy, by the rules of the pairs that it stands for.
fn control(run: &Run, windows: &[Windows]) -> Option<Verdict> {
    let measured = || windows.iter().filter(|cell| cell.measured());
    let (copy, name) = measured().find_map(|cell| Some((cell, cell.cell.control_of()?)))?;
    let original = measured().find(|cell| cell.cell.contender == name)?;
    let rules = Rules {
        threshold: run.plan.threshold,
        pairs: pairs(ranked(windows, copy.plan.class).count()),
    };
    compare(original, copy, rules)
}

/// Half of the interval's width, as a share.
fn half_width(verdict: &Verdict) -> f64 {
    ((verdict.high.ln() - verdict.low.ln()) / 2.0).exp_m1()
}

/// The sum of the errors that the intervals of a block's pairs may have. A pair with too few forks
/// gets no verdict that could be wrong.
fn expected_wrong(block: &BlockAnalysis) -> f64 {
    let pairs_of = |class: Class| {
        let standing = block.standings.iter().find(|s| s.class == class);
        pairs(standing.map_or(0, |s| s.order.len()))
    };
    let compared = block.verdicts.iter().filter(|v| !v.control);
    compared
        .filter_map(|v| {
            let depth = Depth::within(v.forks, allowed_error(pairs_of(v.class)))?;
            Some(depth.miss(v.forks))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{record, run};
    use super::super::{CellState, Standing};
    use super::*;
    use crate::record::Status;

    #[test]
    fn a_block_is_analysed_from_end_to_end() {
        let run = run(&["a", "b", "a~control", "broken", "absent", "floor"]);
        let mut records = Vec::new();
        for fork in 1..=12 {
            records.push(record("a", fork, 1, 100.0));
            records.push(record("b", fork, 1, 150.0));
            records.push(record("a~control", fork, 1, 100.0 + f64::from(fork % 2)));
            records.push(record("broken", fork, 1, 1.0));
            records.push(record("floor", fork, 1, 2.0));
        }
        let broken = &mut records[3];
        (broken.status, broken.valid) = (Status::Failed, false);
        broken.reason = Some("lost one".to_owned());

        let analysis = analyse(&run, &records);
        assert_eq!(analysis.comparisons, 1);
        assert_eq!(analysis.expected_wrong, 26.0 / 4096.0);
        assert_eq!((analysis.controls, analysis.controls_failed), (1, 0));

        let block = &analysis.blocks[0];
        assert_eq!(block.verdicts.len(), 2);
        assert_eq!(block.verdicts[0].verdict, Outcome::Faster);
        assert_eq!(block.control.as_ref(), block.verdicts.last());
        assert!(block.control.as_ref().unwrap().control && !block.control_failed());
        let half_width = 1.01_f64.sqrt() - 1.0;
        assert!((block.resolution.unwrap() - half_width).abs() < 1e-12);

        let state = |name| &block.cell(name).unwrap().state;
        assert_eq!(*state("broken"), CellState::Failed("lost one".to_owned()));
        assert!(matches!(state("absent"), CellState::Missing(_)));
        assert_eq!(*state("floor"), CellState::Measured);

        let [class] = &block.standings[..] else {
            panic!("the floor has a standing");
        };
        assert_eq!(class.order, ["a", "b"]);
        assert!(matches!(&class.standing, Standing::Winner { contender, .. } if contender == "a"));
    }

    #[test]
    fn classes_are_not_compared_with_each_other() {
        let mut run = run(&["a", "b", "c"]);
        run.plan.blocks[0].cells[2].class = Class::Deferred;
        let records: Vec<Record> = (1..=12)
            .flat_map(|fork| ["a", "b", "c"].map(|name| record(name, fork, 1, 100.0)))
            .collect();
        let analysis = analyse(&run, &records);
        let block = &analysis.blocks[0];
        assert_eq!(analysis.comparisons, 1);
        assert_eq!(block.verdicts[0].verdict, Outcome::Tie);
        let standings: Vec<&Standing> = block.standings.iter().map(|s| &s.standing).collect();
        assert!(matches!(
            standings[..],
            [Standing::Tied { .. }, Standing::Alone { .. }]
        ));
        assert_eq!(block.resolution, None);
    }

    #[test]
    fn a_run_without_records_says_nothing_and_does_not_panic() {
        let analysis = analyse(&run(&["a", "b", "a~control", "floor"]), &[]);
        assert_eq!((analysis.comparisons, analysis.controls), (0, 0));
        assert_eq!(analysis.blocks[0].standings[0].standing, Standing::Nobody);
    }
}
