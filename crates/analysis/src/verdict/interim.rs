//! Interim analyses: when a block may be judged. A run with time left gives more forks to what is undecided, and none
//! to contenders that are proven to be behind. The number of forks then depends on the data, and repeated analyses
//! until something shows would find something by chance. So the analyses are fixed before the run, at certain numbers
//! of forks. A block is judged at the last one that it has reached, and later forks do not count. A contender that got
//! no further forks is judged at the last one that it has reached itself, and a pair at the earlier one of the two.
//!
//! Each analysis spends a share of the error that an interval may have. Over all of them, an interval misses with at
//! most the sum, whatever made the block stop (Bonferroni). The shares are an alpha-spending function (Lan & DeMets,
//! Discrete sequential boundaries for clinical trials, Biometrika 70, 1983). A block that was stopped
//! before its first analysis gets no verdict: the run may be resumed, and this would be one analysis more.

use std::collections::HashMap;

use contend_record::{BlockPlan, InterimAnalysis, Plan, Record, Run, RunStatus, Status};

/// The shares of the error: a quarter, a quarter, a half. The last analysis must decide. Half of the error costs a
/// class of 13 nothing there, because its steps from one rank to the next are large.
const SHARES: [f64; 3] = [0.25, 0.25, 0.5];

/// The share of the error that the first analysis spends.
pub const FIRST_INTERIM_SHARE: f64 = SHARES[0];

/// The placeholder for a block that has not reached its first analysis.
pub(super) const NOT_REACHED: InterimAnalysis = InterimAnalysis { forks: u32::MAX, error: 0.0 };

/// The interim analyses of a plan with this many forks: there, at half as many more, and at twice as many.
pub fn interim_analyses(forks: u32) -> Vec<InterimAnalysis> {
    let at = [forks, forks + forks.div_ceil(2), 2 * forks];
    let analysis = |(forks, error)| InterimAnalysis { forks, error };
    at.into_iter().zip(SHARES).map(analysis).collect()
}

/// The forks and the shares of the error of analyses that go on until all is decided. The forks are multiples of the
/// planned ones.
const UNTIL_DECIDED: [(f64, f64); 7] =
    [(1.0, 0.25), (1.5, 0.15), (2.0, 0.15), (3.0, 0.15), (4.5, 0.1), (7.0, 0.1), (10.0, 0.1)];

/// The interim analyses of a plan with this many forks that goes on until all is decided: up to ten times as many.
pub fn analyses_until_decided(forks: u32) -> Vec<InterimAnalysis> {
    let analysis = |(times, error): (f64, f64)| InterimAnalysis {
        forks: (f64::from(forks) * times).ceil() as u32,
        error,
    };
    UNTIL_DECIDED.into_iter().map(analysis).collect()
}

/// The interim analyses of a block. One with a number of forks of its own has a single one, with all of the error, and
/// so has each block of a plan without any.
pub(super) fn planned(plan: &Plan, block: &BlockPlan) -> Vec<InterimAnalysis> {
    match &plan.more {
        Some(more) if block.forks.is_none() => more.looks.clone(),
        _ => vec![InterimAnalysis { forks: plan.forks_of(block), error: 1.0 }],
    }
}

/// The interim analysis at which a pair is judged: the earlier one of those that the two have reached.
pub(super) fn of_pair(a: InterimAnalysis, b: InterimAnalysis) -> InterimAnalysis {
    if a.forks <= b.forks { a } else { b }
}

/// The interim analyses that a block and its cells have reached.
pub(super) struct Reached {
    pub(super) block: InterimAnalysis,
    /// In the order of the plan.
    pub(super) cells: Vec<InterimAnalysis>,
}

/// What the records have of a block.
struct Found {
    /// The last fork with all of its rounds.
    finished: u32,
    /// The last fork with any record.
    begun: u32,
    /// The last fork of each cell, in the order of the plan.
    last: Vec<u32>,
}

/// The interim analyses that each block of the plan and its cells have reached. In a complete run, a block got all of
/// the forks up to an analysis, or none of them. So it has reached at least the first, and any that its last fork was
/// for, even if windows of that are void.
pub(super) fn reached(run: &Run, records: &[Record]) -> Vec<Reached> {
    let blocks = &run.plan.blocks;
    let nothing = |block: &BlockPlan| Found { finished: 0, begun: 0, last: vec![0; block.cells.len()] };
    let places: Vec<HashMap<&str, usize>> = blocks.iter().map(places).collect();
    let mut found: Vec<Found> = blocks.iter().map(nothing).collect();
    let mut place = 0;
    for record in records {
        let cell = &record.cell;
        let is_of = |at: &usize| {
            let block = &blocks[*at].block;
            block.threads == cell.threads && block.variant == cell.variant && block.workload == cell.workload
        };
        // Records come block by block, so the next one is mostly of the same block.
        let near = Some(place).filter(|place| *place < blocks.len() && is_of(place));
        let Some(of_record) = near.or_else(|| (0..blocks.len()).find(is_of)) else {
            continue;
        };
        place = of_record;
        let of_block = &mut found[place];
        if record.status == Status::Ok && record.round >= blocks[place].rounds {
            of_block.finished = record.fork.max(of_block.finished);
        }
        of_block.begun = record.fork.max(of_block.begun);
        // A void window counts: the cell was still measured.
        if let Some(&at) = places[place].get(&cell.contender[..]) {
            of_block.last[at] = record.fork.max(of_block.last[at]);
        }
    }
    blocks.iter().zip(found).map(|(block, found)| found.reached(run, block)).collect()
}

/// The places of a block's contenders.
fn places(block: &BlockPlan) -> HashMap<&str, usize> {
    block.cells.iter().enumerate().map(|(at, cell)| (&cell.contender[..], at)).collect()
}

impl Found {
    fn reached(self, run: &Run, block: &BlockPlan) -> Reached {
        // Forks in one process are no independent units, so none of their number is enough.
        let analyses = if run.plan.in_process { Vec::new() } else { planned(&run.plan, block) };
        let (first, last) = match run.status {
            RunStatus::Complete => (analyses.first(), self.begun),
            RunStatus::Running | RunStatus::Interrupted => (None, self.finished),
        };
        let mut passed = analyses.iter().rev().filter(|of| of.forks <= last);
        let Some(of_block) = passed.next().or(first).copied() else {
            return Reached { block: NOT_REACHED, cells: vec![NOT_REACHED; self.last.len()] };
        };
        let of_cell = |last: u32| {
            let ended = analyses.iter().find(|of| last <= of.forks).copied();
            ended.filter(|of| of.forks < of_block.forks).unwrap_or(of_block)
        };
        Reached { block: of_block, cells: self.last.into_iter().map(of_cell).collect() }
    }
}

/// The interim analyses of `block` other than `here`. Any of them may have made the block stop.
pub(super) fn others(plan: &Plan, block: &BlockPlan, here: InterimAnalysis) -> Vec<InterimAnalysis> {
    let mut analyses = planned(plan, block);
    analyses.retain(|of| of.forks != here.forks);
    analyses
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::ExtraForks;

    use super::super::decision::{BEFORE_FIRST_INTERIM, IN_ONE_PROCESS};
    use super::super::{CellState, Outcome, Standing, analyse, open_blocks};
    use super::*;

    fn with_interim() -> Run {
        let mut run = run(&["a", "b"]);
        run.plan.more =
            Some(ExtraForks { budget_s: 60.0, budget_of_planned: None, looks: interim_analyses(12) });
        run
    }

    /// b is slower by half except in some forks. So 12 forks with a quarter of the error leave it undecided, and all
    /// of the error would not.
    fn records(forks: u32, astray: &[u32]) -> Vec<Record> {
        let of_fork = |fork| {
            let slow = if astray.contains(&fork) { 90.0 } else { 150.0 };
            [record("a", fork, 1, 100.0), record("b", fork, 1, slow)]
        };
        (1..=forks).flat_map(of_fork).collect()
    }

    #[test]
    fn analyses_spend_the_whole_error() {
        for forks in [8, 12, 13, 14] {
            let [short, long] = [interim_analyses(forks), analyses_until_decided(forks)];
            for all in [&short, &long] {
                assert!(all.windows(2).all(|two| two[0].forks < two[1].forks));
                assert!((all.iter().map(|of| of.error).sum::<f64>() - 1.0).abs() < 1e-12);
                assert_eq!((all[0].forks, all[0].error), (forks, FIRST_INTERIM_SHARE));
            }
            assert_eq!((short[2].forks, long[6].forks), (2 * forks, 10 * forks));
        }
        assert_eq!(interim_analyses(12)[1].forks, 18);
        assert_eq!(interim_analyses(13)[1].forks, 20);
    }

    #[test]
    fn a_block_is_judged_at_the_analysis_that_it_has_reached() {
        let run = with_interim();
        let forks = |forks, astray: &[u32]| {
            let analysis = analyse(&run, &records(forks, astray));
            analysis.blocks[0].verdicts[0].clone()
        };
        let verdict = forks(12, &[3]);
        assert_eq!((verdict.forks, verdict.verdict), (12, Outcome::Unresolved));
        // Forks between two analyses do not count.
        assert_eq!(forks(17, &[3]), verdict);
        let verdict = forks(18, &[3]);
        assert_eq!((verdict.forks, verdict.verdict), (18, Outcome::Faster));
    }

    #[test]
    fn only_undecided_blocks_get_more_forks() {
        let run = with_interim();
        let open = |records: &[Record], forks| open_blocks(&run, records, forks).len();
        assert_eq!(open(&records(12, &[3, 5]), 12), 1);
        assert_eq!(open(&records(12, &[]), 12), 0);
        assert_eq!(open(&records(17, &[3, 5]), 12), 1);
        // Later forks change nothing of what was open, so a run that is continued goes on with the same blocks.
        assert_eq!(open(&records(18, &[3, 5, 7, 9, 11]), 12), 1);
        assert_eq!(open(&records(18, &[3, 5, 7, 9, 11]), 18), 1);
        assert_eq!(open(&records(12, &[3, 5]), 18), 0);
    }

    /// b did nothing in one fork. Without a ratio there, no number of forks bounds a against it.
    #[test]
    fn a_class_that_forks_cannot_decide_gets_none() {
        let run = with_interim();
        let mut all = records(12, &[3, 5]);
        let stalled = all.iter_mut().find(|of| of.fork == 7 && of.cell.contender == "b").expect("a record");
        *stalled = record("b", 7, 1, 0.0);
        assert_eq!(open_blocks(&run, &all, 12), []);
        let decision = &analyse(&run, &all).blocks[0].decisions[0];
        assert_eq!((decision.at_most, decision.at_least), (None, None), "the case that is meant");
    }

    /// The windows of the last fork are void, as on a machine that is disturbed all the time.
    #[test]
    fn a_void_last_round_does_not_take_an_analysis_back() {
        let run = with_interim();
        let mut all = records(18, &[3]);
        for window in all.iter_mut().filter(|of| of.fork == 18) {
            (window.status, window.valid) = (Status::Void, false);
        }
        let verdict = analyse(&run, &all).blocks[0].verdicts[0].clone();
        assert_eq!((verdict.forks, verdict.verdict), (17, Outcome::Faster));
        let share = analyse(&run, &all).blocks[0].cells[0].share;
        assert_eq!(share, 0.25);
        // While the run goes on, that round may be repeated.
        let running = Run { status: RunStatus::Running, ..run };
        assert_eq!(analyse(&running, &all).blocks[0].verdicts[0].forks, 12);
    }

    #[test]
    fn what_one_process_measured_is_not_judged() {
        let mut run = run(&["a", "b"]);
        run.plan.in_process = true;
        for more in [None, with_interim().plan.more] {
            run.plan.more = more;
            let analysis = analyse(&run, &records(36, &[]));
            let block = &analysis.blocks[0];
            assert_eq!(block.verdicts[0].verdict, Outcome::Unresolved);
            assert_eq!(block.verdicts[0].notes, [IN_ONE_PROCESS]);
            assert!(matches!(block.standings[0].standing, Standing::Unresolved { .. }));
            assert_eq!((block.decisions[0].at_most, block.decisions[1].at_least), (None, None));
            assert_eq!(analysis.expected_wrong, 0.0);
            let planned = super::super::paired(&block.cells[0], &block.cells[1], 0.03).expect("a comparison");
            assert_eq!(
                (planned.outcome, &planned.notes[..]),
                (Outcome::Unresolved, &[IN_ONE_PROCESS.to_owned()][..])
            );
        }
    }

    /// a and b sway, and c takes twice their time.
    fn race(forks: u32, of_c: u32) -> Vec<Record> {
        let of_fork = |fork: u32| {
            let sway = if fork.is_multiple_of(2) { 1.2 } else { 1.0 };
            let mut found = vec![record("a", fork, 1, 100.0 * sway), record("b", fork, 1, 120.0 / sway)];
            found.extend((fork <= of_c).then(|| record("c", fork, 1, 220.0)));
            found
        };
        (1..=forks).flat_map(of_fork).collect()
    }

    #[test]
    fn what_is_proven_to_be_behind_gets_no_more_forks_and_keeps_its_bound() {
        let mut run = run(&["a", "b", "c", "c~control", "floor"]);
        run.plan.more = with_interim().plan.more;
        let open = open_blocks(&run, &race(12, 12), 12);
        assert_eq!(open[0].cells, ["a", "b", "floor"]);
        let first = analyse(&run, &race(12, 12));
        let later = analyse(&run, &race(18, 12));
        let of = |analysis: &super::super::Analysis, name: &str| {
            let mut decisions = analysis.blocks[0].decisions.iter();
            decisions.find(|of| of.contender == name).expect("a decision").clone()
        };
        assert_eq!(of(&first, "c").at_least, of(&later, "c").at_least);
        assert!(of(&later, "c").at_least.is_some_and(|least| least > 1.5), "{:?}", of(&later, "c"));
        let forks = |a: &str, b: &str| later.blocks[0].between(a, b).map(|verdict| verdict.forks);
        assert_eq!([forks("a", "b"), forks("a", "c"), forks("b", "c")], [Some(18), Some(12), Some(12)]);
        // The pair that went on is judged with the error of the second analysis, the other with that of the first.
        let share = |name: &str| later.blocks[0].cell(name).map(|cell| cell.share);
        assert_eq!([share("a"), share("c")], [Some(0.25), Some(0.25)]);
        assert_eq!(open_blocks(&run, &race(18, 12), 18)[0].cells, ["a", "b", "floor"]);
    }

    /// In twelve forks c is more than 3 % behind a and d, which may both be the best. Later b may be as well, and c is
    /// not as far behind b.
    #[test]
    fn what_was_left_behind_once_gets_no_forks_again() {
        let mut run = run(&["a", "b", "c", "d"]);
        run.plan.more = with_interim().plan.more;
        let of_fork = |fork: u32| {
            let b = if fork <= 12 { 106.0 } else { 95.0 };
            let d = if fork.is_multiple_of(2) { 95.0 } else { 105.0 };
            let c = (fork <= 12).then(|| record("c", fork, 1, 109.0));
            [("a", 100.0), ("b", b), ("d", d)]
                .map(|(name, ns)| record(name, fork, 1, ns))
                .into_iter()
                .chain(c)
        };
        let all: Vec<Record> = (1..=18).flat_map(of_fork).collect();
        let first: Vec<Record> = all.iter().filter(|of| of.fork <= 12).cloned().collect();
        assert_eq!(open_blocks(&run, &first, 12)[0].cells, ["a", "b", "d"]);
        let later = analyse(&run, &all);
        let of_c = later.blocks[0].decisions.iter().find(|of| of.contender == "c").expect("a decision");
        assert!(of_c.at_least.is_none_or(|least| least <= 1.03), "the case that is meant: {of_c:?}");
        assert_eq!(open_blocks(&run, &all, 18)[0].cells, ["a", "b", "d"]);
    }

    #[test]
    fn a_failure_counts_after_the_analysis_that_its_block_has_reached() {
        let run = with_interim();
        let mut all = records(14, &[]);
        let broken = all.iter_mut().find(|of| of.fork == 14 && of.cell.contender == "a").expect("a record");
        (broken.status, broken.valid) = (Status::Failed, false);
        broken.reason = Some("lost one".to_owned());
        let block = analyse(&run, &all).blocks.remove(0);
        assert!(matches!(block.cell("a").expect("a cell").state, CellState::Failed(_)));
        assert!(matches!(&block.standings[0].standing, Standing::Alone { contender } if contender == "b"));
    }

    #[test]
    fn expected_wrong_verdicts_count_all_analyses() {
        let run = with_interim();
        let expected = analyse(&run, &records(12, &[])).expected_wrong;
        assert_eq!(expected, analyse(&run, &records(18, &[])).expected_wrong);
        assert!((0.005..=0.01).contains(&expected), "{expected}");
    }

    #[test]
    fn a_block_with_its_own_forks_is_judged_at_them() {
        let mut run = run(&["a", "b"]);
        run.plan.blocks[0].forks = Some(14);
        run.status = RunStatus::Interrupted;
        let verdict = |forks| {
            let analysis = analyse(&run, &records(forks, &[]));
            (analysis.blocks[0].verdicts[0].verdict, analysis.expected_wrong)
        };
        assert_eq!(verdict(13), (Outcome::Unresolved, 0.0));
        let (decided, wrong) = verdict(14);
        assert_eq!(decided, Outcome::Faster);
        assert!(wrong > 0.0 && wrong < 0.01, "{wrong}: the error of one analysis");
    }

    #[test]
    fn a_stopped_run_names_no_winner() {
        let mut run = run(&["a", "b"]);
        run.status = RunStatus::Interrupted;
        for more in [None, with_interim().plan.more] {
            run.plan.more = more;
            let analysis = analyse(&run, &records(11, &[]));
            let block = &analysis.blocks[0];
            assert_eq!(block.verdicts[0].verdict, Outcome::Unresolved);
            assert_eq!(block.verdicts[0].notes, [BEFORE_FIRST_INTERIM]);
            let standing = &block.standings[0].standing;
            assert!(matches!(standing, Standing::Unresolved { .. }));
            assert_eq!(analysis.expected_wrong, 0.0);
            // A block with all of its forks is judged, even if others are incomplete.
            let analysis = analyse(&run, &records(12, &[]));
            let standing = &analysis.blocks[0].standings[0].standing;
            assert!(matches!(standing, Standing::Winner { .. }));
        }
    }
}
