//! The window check: whether winners also win in longer windows. A lock may barge until its waiters sleep, or a queue
//! may not have filled: such contenders may win windows of 8 ms and lose those of 40. So winners and their runners-up
//! are measured again, the two alone, in longer windows and other forks. These windows are in a file of their own. They
//! make no winner. They can only refute one, which is then unresolved.
//!
//! The refutation is a sign test with the error of a pair, stopped as soon as it is decided. Where the runner-up is not
//! ahead by more than the threshold, a fork says so with a probability of at least one half, whatever the
//! distribution. So [`max_window_check_forks`] forks that all favour the runner-up are rarer than that error, and the
//! first fork that does not ends the check.

use contend_record::{BlockId, BlockPlan, Record, Run};
use serde::{Deserialize, Serialize};

use crate::statistics::{PAIR_ERROR, Sorted};

use super::aging::is_longer;
use super::pair::Paired;
use super::threshold::Threshold;
use super::windows::{Windows, by_block};
use super::{Analysis, BlockAnalysis, Standing};

/// The length of the check's windows from which leaders without a winner's test and baselines have one as well, so that
/// [`aging`](super::aging) can say what they take once they have run for a while.
const SECOND_NS: u64 = 1_000_000_000;

/// The forks that reverse an order if all of them favour the runner-up. It is the least number of coins that all fall
/// alike with a probability of at most [`PAIR_ERROR`].
pub fn max_window_check_forks() -> u32 {
    (1..).find(|forks| 0.5_f64.powi(*forks) <= PAIR_ERROR).expect("the error halves with each fork") as u32
}

/// A winner and its runner-up in longer windows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowLengthCheck {
    /// The block of both.
    pub block: BlockId,
    /// The winner.
    pub a: String,
    /// Its runner-up.
    pub b: String,
    /// The target length of these windows.
    pub window_ns: u64,
    /// The number of forks that have both.
    pub forks: u32,
    /// The time of `a` over the time of `b`: the median over these forks.
    pub ratio: f64,
    /// The least ratio of a fork.
    pub least: f64,
    /// The greatest ratio of a fork.
    pub greatest: f64,
    /// Whether the runner-up is ahead in all of them.
    #[serde(rename = "turned")]
    pub reversed: bool,
}

/// The blocks of which the window check needs fork number `fork`. The first fork is of all blocks with a winner; the
/// next ones of those whose forks so far, in `long`, all favour the runner-up. In windows of a second, the first fork
/// is of the leader of each class and of the baseline as well.
pub fn window_check_blocks(run: &Run, analysis: &Analysis, long: &[Record], fork: u32) -> Vec<BlockPlan> {
    let Some(check) = run.plan.window_check else {
        return Vec::new();
    };
    let threshold = Threshold::new(run.plan.threshold);
    let blocks = run.plan.blocks.iter().zip(by_block(run, long));
    let wanted = |((plan, windows), block): ((&BlockPlan, Vec<Windows>), &BlockAnalysis)| {
        let mut contenders = Vec::new();
        for (a, b) in winners(block).filter(|_| check.covers(plan)) {
            let forks = longer(plan, &windows, a, b);
            let open = forks.len() + 1 == fork as usize;
            if open && forks.iter().all(|ln| threshold.is_slower(*ln)) {
                contenders.extend([a.to_owned(), b.to_owned()]);
            }
        }
        if fork == 1 && check.window_ns >= SECOND_NS && check.covers(plan) {
            contenders
                .extend(leaders_and_baseline(block).filter(|name| not_measured(&windows, name)).cloned());
        }
        (!contenders.is_empty()).then(|| check.of(plan, &contenders))
    };
    blocks.zip(&analysis.blocks).filter_map(wanted).collect()
}

/// The checks of the winners of `analysis`.
pub(super) fn checks(run: &Run, analysis: &Analysis, long: &[Record]) -> Vec<WindowLengthCheck> {
    let Some(check) = run.plan.window_check else {
        return Vec::new();
    };
    let threshold = Threshold::new(run.plan.threshold);
    let mut found = Vec::new();
    let blocks = run.plan.blocks.iter().zip(by_block(run, long));
    for ((plan, windows), block) in blocks.zip(&analysis.blocks) {
        for (a, b) in winners(block) {
            let forks = Sorted::new(longer(plan, &windows, a, b));
            let (Some(median), Some(least), Some(greatest)) =
                (forks.median(), forks.quantile(0.0), forks.quantile(1.0))
            else {
                continue;
            };
            found.push(WindowLengthCheck {
                block: plan.block.clone(),
                a: a.to_owned(),
                b: b.to_owned(),
                window_ns: check.window_ns,
                forks: forks.len(),
                ratio: median.exp(),
                least: least.exp(),
                greatest: greatest.exp(),
                reversed: forks.len() >= check.forks && threshold.is_slower(least),
            });
        }
    }
    found
}

/// The best by estimate of each class, and the baseline.
fn leaders_and_baseline(block: &BlockAnalysis) -> impl Iterator<Item = &String> {
    let leaders = block.standings.iter().filter_map(|of| of.order.first());
    leaders.chain(block.decisions.first().and_then(|of| of.baseline.as_ref()))
}

fn not_measured(windows: &[Windows], name: &str) -> bool {
    windows.iter().all(|of| of.cell.contender != name || of.samples.is_empty())
}

/// The winners of a block, each with its runner-up.
fn winners(block: &BlockAnalysis) -> impl Iterator<Item = (&str, &str)> {
    let standings = block.standings.iter();
    standings.filter_map(|of| match &of.standing {
        Standing::Winner { contender, runner_up, .. } => Some((&contender[..], &runner_up[..])),
        _ => None,
    })
}

/// The logarithms of the time of `a` over the time of `b` in the forks with longer windows. Empty where any window is
/// too short.
fn longer(plan: &BlockPlan, windows: &[Windows], a: &str, b: &str) -> Vec<f64> {
    let of = |name: &str| windows.iter().find(|cell| cell.cell.contender == name);
    let (Some(a), Some(b)) = (of(a), of(b)) else {
        return Vec::new();
    };
    if !is_longer(plan, a) || !is_longer(plan, b) {
        return Vec::new();
    }
    Paired::new(a, b).map_or_else(Vec::new, |paired| paired.forks)
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::{RunData, RunStatus, WindowCheck};

    use super::super::{Guarantee, Outcome, PairWord, analyse_run};
    use super::*;

    /// a is faster than b, and b than c; in longer windows a and b take these times in each fork.
    fn journal(long: &[(f64, f64)]) -> RunData {
        let mut run = run(&["a", "b", "c"]);
        run.plan.window_check = Some(WindowCheck { window_ns: 40_000_000, forks: max_window_check_forks() });
        let times = [("a", 100.0), ("b", 150.0), ("c", 300.0)];
        let of_fork = |fork| times.map(|(name, time)| record(name, fork, 1, time));
        let records: Vec<Record> = (1..=12).flat_map(of_fork).collect();
        RunData {
            long: self::long(long),
            run,
            records,
            against: Vec::new(),
            cut_off: false,
            problems: Vec::new(),
        }
    }

    fn long(forks: &[(f64, f64)]) -> Vec<Record> {
        let of_fork = |(index, (a, b)): (usize, &(f64, f64))| {
            let fork = index as u32 + 1;
            [("a", *a), ("b", *b)].map(|(name, time)| {
                let mut record = record(name, fork, 1, time);
                record.operations = record.operations.iter().map(|n| n * 400).collect();
                record.window_ns *= 400;
                record
            })
        };
        forks.iter().enumerate().flat_map(of_fork).collect()
    }

    fn wanted(journal: &RunData, fork: u32) -> Vec<Vec<String>> {
        let analysis = analyse_run(journal);
        let blocks = window_check_blocks(&journal.run, &analysis, &journal.long, fork);
        let names = |block: &BlockPlan| block.cells.iter().map(|c| c.contender.clone()).collect();
        blocks.iter().map(names).collect()
    }

    const REVERSED: (f64, f64) = (120.0, 100.0);

    #[test]
    fn one_percent_needs_seven_coins() {
        assert_eq!(max_window_check_forks(), 7);
    }

    #[test]
    fn an_order_that_one_fork_confirms_gets_no_note() {
        let found = analyse_run(&journal(&[(100.0, 110.0)]));
        let [check] = &found.window_checks[..] else {
            panic!("one winner, one check");
        };
        assert_eq!((&check.a[..], &check.b[..]), ("a", "b"));
        assert_eq!((check.forks, check.reversed), (1, false));
        assert!((check.ratio - 100.0 / 110.0).abs() < 1e-9);
        assert!(found.blocks[0].verdicts.iter().all(|v| v.notes.is_empty()));
    }

    #[test]
    fn a_winner_that_all_longer_windows_refute_is_unresolved_with_the_reason() {
        let without = analyse_run(&journal(&[]));
        assert!(without.window_checks.is_empty());
        let six = analyse_run(&journal(&[REVERSED; 6]));
        assert!(!six.window_checks[0].reversed);
        let (kept, before) = (&six.blocks[0], &without.blocks[0]);
        assert_eq!((&kept.verdicts, &kept.standings), (&before.verdicts, &before.standings));
        assert_eq!((&kept.decisions, &kept.choices[0].words), (&before.decisions, &before.choices[0].words));
        let seven = analyse_run(&journal(&[REVERSED; 7]));
        assert!(seven.window_checks[0].reversed);
        let of_pair = |of: &Analysis| {
            let (a, b) = (of.blocks[0].cell("a").expect("a cell"), of.blocks[0].cell("b").expect("a cell"));
            of.planned(a, b).expect("a comparison").word().0
        };
        assert_eq!((of_pair(&six), of_pair(&seven)), (PairWord::Faster, PairWord::Unresolved));
        let reason = "windows of 40 ms reverse the order: b is ahead in all of 7 forks, by 1.20×";
        let block = &seven.blocks[0];
        let contenders = vec!["a".to_owned(), "b".to_owned()];
        let unresolved = Standing::Unresolved { contenders, reason: Some(reason.to_owned()) };
        assert_eq!(block.standings[0].standing, unresolved);
        let refuted = block.between("a", "b").unwrap();
        assert_eq!(refuted.notes, [reason]);
        assert_eq!(refuted.verdict, Outcome::Unresolved);
        assert!(seven.refuted(&block.block, "b", "a").is_some());
        assert!(seven.refuted(&block.block, "a", "c").is_none());
        // The other pairs keep their verdicts.
        for other in [("a", "c"), ("b", "c")] {
            assert_eq!(block.between(other.0, other.1), without.blocks[0].between(other.0, other.1));
        }
    }

    #[test]
    fn a_lead_within_the_threshold_reverses_nothing() {
        let mut forks = [REVERSED; 7];
        forks[6] = (102.0, 100.0);
        assert!(!analyse_run(&journal(&forks)).window_checks[0].reversed);
    }

    #[test]
    fn the_first_fork_that_confirms_the_winner_is_the_last() {
        let pair = [["a".to_owned(), "b".to_owned()].to_vec()];
        assert_eq!(wanted(&journal(&[]), 1), pair);
        assert_eq!(wanted(&journal(&[(100.0, 110.0)]), 2).len(), 0);
        assert_eq!(wanted(&journal(&[REVERSED]), 2), pair);
        assert_eq!(wanted(&journal(&[REVERSED]), 1).len(), 0); // it exists already
        assert_eq!(wanted(&journal(&[REVERSED]), 3).len(), 0); // the second has no value
    }

    #[test]
    fn windows_of_a_second_are_also_those_of_leaders_without_a_win_and_of_the_baseline() {
        let mut level = journal(&[]);
        level.run.plan.baseline_contender = Some("c".to_owned());
        for of_b in level.records.iter_mut().filter(|of| of.cell.contender == "b") {
            of_b.window_ns = 100_000;
        }
        assert_eq!(wanted(&level, 1).len(), 0, "a and b tie, so there is no winner");
        level.run.plan.window_check =
            level.run.plan.window_check.map(|of| WindowCheck { window_ns: SECOND_NS, ..of });
        let [names] = &wanted(&level, 1)[..] else {
            panic!("one block");
        };
        assert_eq!(names[..], ["a", "c"]);
        assert_eq!(wanted(&level, 2).len(), 0);
        level.long = long(&[(100.0, 100.0)]);
        assert_eq!(wanted(&level, 1), [["c".to_owned()]], "a has its window");
    }

    #[test]
    fn only_winners_with_shorter_windows_are_checked() {
        let mut long_already = journal(&[]);
        long_already.run.plan.blocks[0].window_ns = 40_000_000;
        assert_eq!(wanted(&long_already, 1).len(), 0);
        let mut old = journal(&[]);
        old.run.plan.window_check = None;
        assert_eq!(wanted(&old, 1).len(), 0);
        let mut stopped = journal(&[]);
        stopped.run.status = RunStatus::Interrupted;
        stopped.records.truncate(11 * 3);
        assert_eq!(wanted(&stopped, 1).len(), 0);
    }

    /// The winner is 1.2× as slow in longer windows, and its runner-up 1.5× in the others: both bounds count.
    #[test]
    fn a_refuted_winner_is_not_the_one_to_take_without_a_bound() {
        let seven = analyse_run(&journal(&[REVERSED; 7]));
        let block = &seven.blocks[0];
        let choice = &block.choices[0];
        assert_eq!(choice.pick.as_deref(), Some("a"));
        let Guarantee::Behind { at_most } = choice.guarantee else {
            panic!("{choice:?}");
        };
        assert!(choice.why.starts_with("unresolved: windows of 40 ms reverse the order"), "{choice:?}");
        assert!((at_most - 1.2).abs() < 1e-9 && block.decision("a").unwrap().at_most == Some(at_most));
        assert!(block.decision("b").unwrap().at_most.is_some_and(|most| (most - 1.5).abs() < 1e-9));
        let six = analyse_run(&journal(&[REVERSED; 6]));
        let choice = &six.blocks[0].choices[0];
        assert_eq!(choice.guarantee, Guarantee::Fastest);
        assert_eq!(choice.caveats, ["no such lead in windows of 40 ms: 0.833× in 6 forks"]);
        let ahead = analyse_run(&journal(&[(100.0, 150.0)]));
        assert_eq!(ahead.blocks[0].choices[0].caveats, [""; 0]);
    }

    #[test]
    fn windows_that_are_not_longer_do_not_count() {
        let mut journal = journal(&[REVERSED; 7]);
        for record in &mut journal.long {
            record.window_ns /= 10;
        }
        assert!(analyse_run(&journal).window_checks.is_empty());
    }
}
