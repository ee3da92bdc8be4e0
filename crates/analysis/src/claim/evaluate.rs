//! The evaluation of claims in a run: each part of each claim, block by block, by intervals alone.

use contend_record::Run;

use crate::verdict::{Analysis, CellState, CellSummary, Comparison, Outcome, Threshold, paired, unpaired};

use super::cells::CellRef;
use super::file::ClaimFile;
use super::run_view::{Absence, RunView};
use super::statement::{Claim, Part, Statement};
use super::threads::Threads;
use super::{Checked, ClaimStatus, Evidence, render};

/// Evaluates each claim in `run`, in the file's order. `analysis` is that of the run's records. A cell that
/// the run does not have is not testable; [`ClaimFile::validate_against`] finds misspelt names.
pub fn evaluate(claims: &ClaimFile, run: &Run, analysis: &Analysis) -> Vec<Checked> {
    let view = RunView { run, analysis };
    let checked = claims.claims.iter().map(|claim| {
        let evidence = view.claim(claim);
        let outcomes = evidence.iter().map(|evidence| evidence.outcome);
        let outcome = outcomes.min().unwrap_or(ClaimStatus::NotTestable);
        Checked {
            file: claims.path.display().to_string(),
            line: claim.line,
            claim: claim.claim.clone(),
            source: claim.source.clone(),
            outcome,
            evidence,
        }
    });
    checked.collect()
}

/// The speed-up that a claim requires.
#[derive(Clone, Copy, Debug)]
struct RequiredSpeedup {
    /// The least speed-up; none: anything beyond the threshold.
    at_least: Option<f64>,
    threshold: f64,
}

impl RequiredSpeedup {
    /// Whether the first of a comparison is that much faster. It holds or fails where the whole interval says so, and
    /// is unresolved otherwise.
    fn status(self, seen: &Comparison) -> ClaimStatus {
        let least = self.at_least.unwrap_or(1.0);
        let wanted = least.max(Threshold::new(self.threshold).ratio());
        let below = |ratio: f64| 1.0 / ratio < wanted;
        if seen.outcome == Outcome::Faster && 1.0 / seen.high >= least {
            ClaimStatus::Holds
        } else if matches!(seen.outcome, Outcome::Slower | Outcome::Tie)
            || (seen.enough && below(seen.low) && below(seen.ratio_of_windows))
        {
            ClaimStatus::Fails
        } else {
            ClaimStatus::Unresolved
        }
    }
}

fn tie_status(seen: &Comparison) -> ClaimStatus {
    match seen.outcome {
        Outcome::Tie => ClaimStatus::Holds,
        Outcome::Faster | Outcome::Slower => ClaimStatus::Fails,
        Outcome::Unresolved => ClaimStatus::Unresolved,
    }
}

impl<'a> RunView<'a> {
    fn claim(&self, claim: &Claim) -> Vec<Evidence> {
        let unmet = claim.when.as_ref().and_then(|when| when.unmet(self.run));
        if let Some(why) = unmet.or_else(|| claim.not_testable.clone()) {
            return vec![not_testable(why)];
        }
        let parts = claim.says.iter();
        parts.flat_map(|part| self.part(part)).collect()
    }

    fn part(&self, part: &Part) -> Vec<Evidence> {
        match &part.statement {
            Statement::Faster { one, than, at_least } => {
                let required = self.required(*at_least);
                let each = |threads| {
                    let pairs = than.iter();
                    pairs
                        .map(|other| self.pair(part, (one, other), threads, |seen| required.status(seen)))
                        .collect()
                };
                self.at_each(part, each)
            }
            Statement::Tie { of } => self.at_each(part, |threads| {
                let pairs = (0..of.len()).flat_map(|i| of[i + 1..].iter().map(move |b| (&of[i], b)));
                pairs.map(|pair| self.pair(part, pair, threads, tie_status)).collect()
            }),
            Statement::OfTheBest { of, within } => {
                let share = within.unwrap_or(self.analysis.threshold);
                self.at_each(part, |threads| {
                    of.iter().map(|cell| self.of_the_best(part, cell, threads, share)).collect()
                })
            }
            Statement::Scales { one, from, at_least } => {
                self.with_threads(part, one, *from, self.required(*at_least), false)
            }
            Statement::Degrades { one, from, at_least } => {
                self.with_threads(part, one, *from, self.required(*at_least), true)
            }
            Statement::Correct { of } => self
                .at_each(part, |threads| of.iter().map(|cell| self.correct(part, cell, threads)).collect()),
        }
    }

    fn required(&self, at_least: Option<f64>) -> RequiredSpeedup {
        RequiredSpeedup { at_least, threshold: self.analysis.threshold }
    }

    /// The evidence at each thread count of a part.
    fn at_each(&self, part: &Part, each: impl Fn(usize) -> Vec<Evidence>) -> Vec<Evidence> {
        match self.threads(&part.at, &part.statement.cells()) {
            Ok(threads) => threads.into_iter().flat_map(each).collect(),
            Err(why) => vec![not_testable(why)],
        }
    }

    /// Two cells at one thread count.
    fn pair(
        &self,
        part: &Part,
        (a, b): (&CellRef, &CellRef),
        threads: usize,
        status: impl Fn(&Comparison) -> ClaimStatus,
    ) -> Evidence {
        let (a, b) = match (self.measured(a, threads), self.measured(b, threads)) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(absence), _) | (_, Err(absence)) => return absent(absence),
        };
        let Some(mut seen) = self.compare(a, b) else {
            return not_testable(render::units(a, b));
        };
        let status = match self.refuted(a, b) {
            Some(reason) => {
                seen.outcome = Outcome::Unresolved;
                seen.notes.push(reason);
                ClaimStatus::Unresolved
            }
            None => status(&seen),
        };
        let shown = evidence(status, a, b, render::pair(self, a, b, &seen), &seen);
        self.explained(shown, part, threads, Some(seen.outcome))
    }

    /// Why the run's own longer windows do not confirm what the planned ones say of two cells.
    fn refuted(&self, a: &CellSummary, b: &CellSummary) -> Option<String> {
        let block = a.cell.block();
        let one_block = block == b.cell.block();
        let (a, b) = (&a.cell.contender, &b.cell.contender);
        let check = one_block.then(|| self.analysis.refuted(&block, a, b)).flatten()?;
        Some(check.reason())
    }

    /// The evidence with the author's reason, where it fails and the reason is about it.
    fn explained(&self, evidence: Evidence, part: &Part, threads: usize, found: Option<Outcome>) -> Evidence {
        let fails = evidence.outcome == ClaimStatus::Fails;
        let reason = part.why_not.iter().find(|of| fails && of.explains(self.run, threads, found));
        Evidence { why_not: reason.map(|of| of.because.clone()), ..evidence }
    }

    /// One contender at several thread counts, each against the first. Its blocks were measured in
    /// separate processes, so their forks are not pairs.
    fn with_threads(
        &self,
        part: &Part,
        one: &CellRef,
        from: usize,
        required: RequiredSpeedup,
        slower: bool,
    ) -> Vec<Evidence> {
        let base = match self.measured(one, from) {
            Ok(base) => base,
            Err(absence) => return vec![absent(absence)],
        };
        let mut threads = match self.threads(&part.at, &[one]) {
            Ok(threads) => threads,
            Err(why) => return vec![not_testable(why)],
        };
        if !matches!(part.at, Threads::These(_)) {
            threads.retain(|count| *count > from);
        }
        if threads.is_empty() {
            let why = format!("the run has no block {} of more than {from}", one.variant);
            return vec![not_testable(why)];
        }
        let each = threads.into_iter().map(|count| {
            let many = match self.measured(one, count) {
                Ok(many) => many,
                Err(absence) => return absent(absence),
            };
            let Some(seen) = unpaired(many, base, required.threshold) else {
                return not_testable(render::units(many, base));
            };
            let (sentence, found) = (render::threads(self, many, base, &seen), Some(seen.outcome));
            let shown = match slower {
                false => evidence(required.status(&seen), many, base, sentence, &seen),
                true => {
                    let reversed = seen.reversed();
                    evidence(required.status(&reversed), base, many, sentence, &reversed)
                }
            };
            self.explained(shown, part, count, found)
        });
        each.collect()
    }

    /// A contender and the best of its class, by the bounds of its decision. These hold together for the class.
    fn of_the_best(&self, part: &Part, cell: &CellRef, threads: usize, share: f64) -> Evidence {
        let found = match self.measured(cell, threads) {
            Ok(found) => found,
            Err(absence) => return absent(absence),
        };
        let block = found.cell.block();
        let Some(decision) = self.block(&block).and_then(|of| of.decision(&cell.contender)) else {
            return not_testable(format!("{} is not ranked", found.cell));
        };
        let limit = 1.0 + share;
        let outcome = match (decision.at_most, decision.at_least) {
            (Some(most), _) if most <= limit => ClaimStatus::Holds,
            (_, Some(least)) if least > limit => ClaimStatus::Fails,
            _ => ClaimStatus::Unresolved,
        };
        let sentence = render::of_the_best(self, found, decision);
        let shown = Evidence { outcome, blocks: vec![block.to_string()], ..not_testable(sentence) };
        self.explained(shown, part, threads, None)
    }

    fn correct(&self, part: &Part, cell: &CellRef, threads: usize) -> Evidence {
        let found = match self.planned(cell, threads) {
            Ok(found) => found,
            Err(absence) => return absent(absence),
        };
        let outcome = match &found.state {
            CellState::Measured => ClaimStatus::Holds,
            CellState::Failed(_) => ClaimStatus::Fails,
            CellState::Missing(_) => ClaimStatus::NotTestable,
        };
        let blocks = vec![found.cell.block().to_string()];
        let shown = Evidence { outcome, blocks, ..not_testable(render::check(found)) };
        self.explained(shown, part, threads, None)
    }

    /// A planned comparison, uncorrected. The page's verdicts are corrected over the comparisons of one contender with
    /// its class, because no pair was named in advance.
    fn compare(&self, a: &CellSummary, b: &CellSummary) -> Option<Comparison> {
        let compare = match a.cell.block() == b.cell.block() {
            true => paired,
            false => unpaired,
        };
        compare(a, b, self.analysis.threshold)
    }
}

fn evidence(
    outcome: ClaimStatus,
    a: &CellSummary,
    b: &CellSummary,
    sentence: String,
    seen: &Comparison,
) -> Evidence {
    let mut blocks = vec![a.cell.block().to_string(), b.cell.block().to_string()];
    blocks.dedup();
    Evidence {
        outcome,
        blocks,
        sentence,
        why_not: None,
        times: Some(1.0 / seen.ratio),
        times_low: Some(1.0 / seen.high),
        times_high: Some(1.0 / seen.low),
    }
}

fn absent(absence: Absence) -> Evidence {
    match absence {
        Absence::NotHere(why) => not_testable(why),
        // Without a time the claim is neither refuted nor confirmed.
        Absence::Failed(why) => Evidence { outcome: ClaimStatus::Unresolved, ..not_testable(why) },
    }
}

fn not_testable(why: String) -> Evidence {
    Evidence {
        outcome: ClaimStatus::NotTestable,
        blocks: Vec::new(),
        sentence: why,
        why_not: None,
        times: None,
        times_low: None,
        times_high: None,
    }
}
