//! When a block may be judged. A run with time left gives more forks to the blocks whose leaders are
//! not told apart. Whether there are more then depends on the data, and whoever looks again and again
//! until something shows will see something. So the looks are fixed before the data, at numbers of
//! forks; a block is judged at the last one that it came to, and forks after that do not count.
//!
//! Each look spends a share of the error that an interval may have, and an interval misses at any of
//! them with at most the sum, whatever made the block stop there (Bonferroni over looks; the shares are
//! an alpha-spending function in the sense of Lan & DeMets, Discrete sequential boundaries for clinical
//! trials, Biometrika 70, 1983). A run that was stopped before the first look of a block has nothing to
//! say on it: it may go on, and this would be one look more.

use contend_record::{BlockPlan, InterimAnalysis, Plan, Record, Run, RunStatus, Status};

use super::decision::DecisionRule;

/// The shares of the error at the looks: a quarter, a quarter, a half. The last is the one that must
/// decide, and a class of 13 loses nothing there, since its steps from one rank to the next are large.
const SHARES: [f64; 3] = [0.25, 0.25, 0.5];

/// What the first look spends of the error.
pub const FIRST_INTERIM_SHARE: f64 = SHARES[0];

/// Where a block stands that has not come to its first look.
pub(super) const NOT_REACHED: InterimAnalysis = InterimAnalysis {
    forks: u32::MAX,
    error: 0.0,
};

/// The looks of a plan with so many forks: there, at half as many more, and at twice as many.
pub fn interim_analyses(forks: u32) -> Vec<InterimAnalysis> {
    let at = [forks, forks + forks.div_ceil(2), 2 * forks];
    let look = |(forks, error)| InterimAnalysis { forks, error };
    at.into_iter().zip(SHARES).map(look).collect()
}

/// The looks of a block of `plan`: a single one with all of the error, where the plan has no others.
fn planned(plan: &Plan, block: &BlockPlan) -> Vec<InterimAnalysis> {
    let only = InterimAnalysis {
        forks: plan.forks_of(block),
        error: 1.0,
    };
    match &plan.more {
        Some(more) => more.looks.clone(),
        None => vec![only],
    }
}

/// The look that each block of the plan came to. A run that is complete came to the first of each,
/// however many windows were void.
pub(super) fn reached(run: &Run, records: &[Record]) -> Vec<InterimAnalysis> {
    let blocks = &run.plan.blocks;
    let mut finished = vec![0; blocks.len()];
    let mut place = 0;
    for record in records.iter().filter(|record| record.status == Status::Ok) {
        let cell = &record.cell;
        let is_of = |at: &usize| {
            let block = &blocks[*at].block;
            block.threads == cell.threads
                && block.variant == cell.variant
                && block.workload == cell.workload
        };
        // Records come a round of one block after the other.
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
        let looks = planned(&run.plan, block);
        let first = match run.status {
            RunStatus::Complete => looks.first(),
            RunStatus::Running | RunStatus::Interrupted => None,
        };
        let mut reached = looks.iter().rev().filter(|look| look.forks <= finished);
        reached.next().or(first).copied().unwrap_or(NOT_REACHED)
    };
    blocks.iter().zip(finished).map(of_block).collect()
}

/// How often, at most, an interval misses at the looks of `block` other than `here`. What a block says
/// may be wrong because of any of them.
pub(super) fn missed_at_others(
    plan: &Plan,
    block: &BlockPlan,
    here: InterimAnalysis,
    rule: DecisionRule,
) -> f64 {
    let others = planned(plan, block)
        .into_iter()
        .filter(|look| look.forks != here.forks);
    let miss = |look: InterimAnalysis| {
        let rule = DecisionRule {
            share: look.error,
            ..rule
        };
        let ends = rule.ends(look.forks);
        ends.map_or(0.0, |ends| ends.miss(look.forks))
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

    fn with_looks() -> Run {
        let mut run = run(&["a", "b"]);
        run.plan.more = Some(ExtraForks {
            budget_s: 60.0,
            looks: interim_analyses(12),
        });
        run
    }

    /// b is slower by half, but for every fourth fork; so 12 forks at a quarter of the error leave it
    /// open, where all of the error would not.
    fn records(forks: u32, astray: &[u32]) -> Vec<Record> {
        let of_fork = |fork| {
            let slow = if astray.contains(&fork) { 90.0 } else { 150.0 };
            [record("a", fork, 1, 100.0), record("b", fork, 1, slow)]
        };
        (1..=forks).flat_map(of_fork).collect()
    }

    #[test]
    fn looks_spend_the_whole_error_and_no_more() {
        for forks in [8, 12, 13, 14] {
            let looks = interim_analyses(forks);
            assert!(looks.windows(2).all(|two| two[0].forks < two[1].forks));
            assert_eq!(looks.iter().map(|look| look.error).sum::<f64>(), 1.0);
            assert_eq!((looks[0].forks, looks[2].forks), (forks, 2 * forks));
        }
        assert_eq!(interim_analyses(12)[1].forks, 18);
        assert_eq!(interim_analyses(13)[1].forks, 20);
    }

    #[test]
    fn a_block_is_judged_at_the_look_that_it_came_to() {
        let run = with_looks();
        let forks = |forks, astray: &[u32]| {
            let analysis = analyse(&run, &records(forks, astray));
            analysis.blocks[0].verdicts[0].clone()
        };
        let verdict = forks(12, &[3]);
        assert_eq!((verdict.forks, verdict.verdict), (12, Outcome::Unresolved));
        // Forks between two looks do not count: nobody stopped there on purpose, one hopes.
        assert_eq!(forks(17, &[3]), verdict);
        let verdict = forks(18, &[3]);
        assert_eq!((verdict.forks, verdict.verdict), (18, Outcome::Faster));
    }

    #[test]
    fn only_leaders_that_are_not_told_apart_get_more() {
        let run = with_looks();
        let block = [run.plan.blocks[0].block.clone()];
        assert_eq!(undecided(&run, &records(12, &[3]), 12), block);
        assert_eq!(undecided(&run, &records(12, &[]), 12), []);
        assert_eq!(undecided(&run, &records(17, &[3]), 12), block);
        assert_eq!(undecided(&run, &records(18, &[3, 5, 7, 9]), 12), []);
        assert_eq!(undecided(&run, &records(18, &[3, 5, 7, 9]), 18), block);
    }

    #[test]
    fn all_looks_are_in_the_verdicts_that_may_be_wrong() {
        let run = with_looks();
        let expected = analyse(&run, &records(12, &[])).expected_wrong;
        assert_eq!(expected, analyse(&run, &records(18, &[])).expected_wrong);
        assert!((0.005..=0.01).contains(&expected), "{expected}");
    }

    #[test]
    fn a_block_with_forks_of_its_own_is_judged_at_them() {
        let mut run = run(&["a", "b"]);
        run.plan.blocks[0].forks = Some(14);
        run.status = RunStatus::Interrupted;
        let verdict = |forks| {
            let analysis = analyse(&run, &records(forks, &[]));
            (
                analysis.blocks[0].verdicts[0].verdict,
                analysis.expected_wrong,
            )
        };
        assert_eq!(verdict(13), (Outcome::Unresolved, 0.0));
        let (decided, wrong) = verdict(14);
        assert_eq!(decided, Outcome::Faster);
        assert!(
            wrong > 0.0 && wrong < 0.01,
            "{wrong}: one look, and no error of another"
        );
    }

    #[test]
    fn a_stopped_run_names_no_winner_from_a_peek() {
        let mut run = run(&["a", "b"]);
        run.status = RunStatus::Interrupted;
        for more in [None, with_looks().plan.more] {
            run.plan.more = more;
            let analysis = analyse(&run, &records(11, &[]));
            let block = &analysis.blocks[0];
            assert_eq!(block.verdicts[0].verdict, Outcome::Unresolved);
            assert_eq!(block.verdicts[0].notes, [BEFORE_FIRST_INTERIM]);
            let standing = &block.standings[0].standing;
            assert!(matches!(standing, Standing::Unresolved { .. }));
            assert_eq!(analysis.expected_wrong, 0.0);
            // A block that has its forks is judged: that is no peek, whatever the others lack.
            let analysis = analyse(&run, &records(12, &[]));
            let standing = &analysis.blocks[0].standings[0].standing;
            assert!(matches!(standing, Standing::Winner { .. }));
        }
    }
}
