//! Refuted winners. A winner whose runner-up is ahead in all longer windows is unresolved: the order depends on the
//! length of a window. This is the only place that decides so. Everything that shows verdicts reads its result.

use contend_record::{Run, RunData};

use crate::text::number;

use super::window_check::{WindowLengthCheck, checks};
use super::{Analysis, Comparison, Outcome, Standing, Threshold, Verdict, aging, analyse, choice};

/// Analyses all that a run has recorded: the verdicts, and the winners in longer windows. A winner that these refute is
/// unresolved. Everything that shows verdicts starts here.
pub fn analyse_run(journal: &RunData) -> Analysis {
    let mut analysis = analyse(&journal.run, &journal.records);
    analysis.window_checks = checks(&journal.run, &analysis, &journal.long);
    apply(&mut analysis, &journal.run);
    aging::add_notes(&journal.run, &mut analysis, &journal.long);
    analysis
}

impl WindowLengthCheck {
    /// The reason why its winner is unresolved.
    pub fn reason(&self) -> String {
        format!(
            "windows of {} ms reverse the order: {} is ahead in all of {} forks, by {}",
            self.window_ns / 1_000_000,
            self.b,
            self.forks,
            number::times(self.ratio),
        )
    }
}

impl Comparison {
    /// Makes a comparison of the pair of this check unresolved, with the reason.
    pub fn refute(&mut self, check: &WindowLengthCheck) {
        self.outcome = Outcome::Unresolved;
        self.not_slower = None;
        self.notes.push(check.reason());
    }
}

/// Makes the verdict and the standing of each refuted winner unresolved, with the reason, and chooses again. Says of
/// the others whether they still have a lead.
fn apply(analysis: &mut Analysis, run: &Run) {
    let refuted: Vec<WindowLengthCheck> =
        analysis.window_checks.iter().filter(|check| check.reversed).cloned().collect();
    for check in refuted {
        for block in analysis.blocks.iter_mut().filter(|block| block.block == check.block) {
            let verdicts = block.verdicts.iter_mut();
            verdicts.filter(|verdict| is_of(&check, verdict)).for_each(|verdict| unresolve(&check, verdict));
            for standing in &mut block.standings {
                if matches!(&standing.standing, Standing::Winner { verdict, .. } if is_of(&check, verdict)) {
                    standing.standing = Standing::Unresolved {
                        contenders: vec![check.a.clone(), check.b.clone()],
                        reason: Some(check.reason()),
                    };
                }
            }
            choice::heed(&check, &mut block.decisions);
            choice::choose(block, &run.contenders, run.plan.threshold);
        }
    }
    for check in analysis.window_checks.iter().filter(|check| !check.reversed) {
        for block in analysis.blocks.iter_mut().filter(|block| block.block == check.block) {
            choice::note_lost_lead(check, &mut block.choices, Threshold::new(run.plan.threshold));
        }
    }
}

fn is_of(check: &WindowLengthCheck, verdict: &Verdict) -> bool {
    verdict.a == check.a && verdict.b == check.b && !verdict.control
}

fn unresolve(check: &WindowLengthCheck, verdict: &mut Verdict) {
    verdict.verdict = Outcome::Unresolved;
    verdict.notes.push(check.reason());
}
