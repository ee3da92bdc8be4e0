//! Interim analyses: when a block may be judged. A run with time left gives more forks to the blocks whose leaders
//! are undecided. The number of forks then depends on the data, and repeated analyses until something shows would
//! find something by chance. So the analyses are fixed before the run, at certain numbers of forks. A block is judged
//! at the last one that it has reached, and later forks do not count.
//!
//! Each analysis spends a share of the error that an interval may have. Over all of them, an interval misses with at
//! most the sum, whatever made the block stop (Bonferroni). The shares are an alpha-spending function (Lan & DeMets,
//! Discrete sequential boundaries for clinical trials, Biometrika 70, 1983). A block that was stopped
//! before its first analysis gets no verdict: the run may be resumed, and this would be one analysis more.

use contend_record::{BlockPlan, InterimAnalysis, Plan, Record, Run, RunStatus, Status};

use super::decision::DecisionRule;

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

/// The interim analyses of a block. A plan without any has a single one with all of the error.
fn planned(plan: &Plan, block: &BlockPlan) -> Vec<InterimAnalysis> {
    let only = InterimAnalysis { forks: plan.forks_of(block), error: 1.0 };
    match &plan.more {
        Some(more) => more.looks.clone(),
        None => vec![only],
    }
}

/// The interim analysis that each block of the plan has reached. In a complete run, each block has reached at least
/// the first, even with void windows.
pub(super) fn reached(run: &Run, records: &[Record]) -> Vec<InterimAnalysis> {
    let blocks = &run.plan.blocks;
    let mut finished = vec![0; blocks.len()];
    let mut place = 0;
    for record in records.iter().filter(|record| record.status == Status::Ok) {
        let cell = &record.cell;
        let is_of = |at: &usize| {
            let block = &blocks[*at].block;
            block.threads == cell.threads && block.variant == cell.variant && block.workload == cell.workload
        };
        // Records come block by block, so the next one is mostly of the same block.
        let near = Some(place).filter(|place| *place < blocks.len() && is_of(place));
        let Some(found) = near.or_else(|| (0..blocks.len()).find(is_of)) else {
            continue;
        };
        place = found;
        if record.round >= blocks[place].rounds {
            finished[place] = record.fork.max(finished[place]);
        }
    }
    let of_block = |(block, finished): (&BlockPlan, u32)| {
        let analyses = planned(&run.plan, block);
        let first = match run.status {
            RunStatus::Complete => analyses.first(),
            RunStatus::Running | RunStatus::Interrupted => None,
        };
        let mut reached = analyses.iter().rev().filter(|of| of.forks <= finished);
        reached.next().or(first).copied().unwrap_or(NOT_REACHED)
    };
    blocks.iter().zip(finished).map(of_block).collect()
}

/// The greatest probability that an interval misses at the analyses of `block` other than `here`. Any of them may
/// have made the block stop.
pub(super) fn missed_at_others(
    plan: &Plan,
    block: &BlockPlan,
    here: InterimAnalysis,
    rule: DecisionRule,
) -> f64 {
    let others = planned(plan, block).into_iter().filter(|of| of.forks != here.forks);
    let miss = |analysis: InterimAnalysis| {
        let rule = DecisionRule { share: analysis.error, ..rule };
        let ends = rule.ends(analysis.forks);
        ends.map_or(0.0, |ends| ends.miss(analysis.forks))
    };
    others.map(miss).sum()
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::ExtraForks;

    use super::super::decision::BEFORE_FIRST_INTERIM;
    use super::super::{Outcome, Standing, analyse, undecided};
    use super::*;

    fn with_interim() -> Run {
        let mut run = run(&["a", "b"]);
        run.plan.more = Some(ExtraForks { budget_s: 60.0, looks: interim_analyses(12) });
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
            let all = interim_analyses(forks);
            assert!(all.windows(2).all(|two| two[0].forks < two[1].forks));
            assert_eq!(all.iter().map(|of| of.error).sum::<f64>(), 1.0);
            assert_eq!((all[0].forks, all[2].forks), (forks, 2 * forks));
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
        let block = [run.plan.blocks[0].block.clone()];
        assert_eq!(undecided(&run, &records(12, &[3]), 12), block);
        assert_eq!(undecided(&run, &records(12, &[]), 12), []);
        assert_eq!(undecided(&run, &records(17, &[3]), 12), block);
        assert_eq!(undecided(&run, &records(18, &[3, 5, 7, 9]), 12), []);
        assert_eq!(undecided(&run, &records(18, &[3, 5, 7, 9]), 18), block);
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
