//! What a run says of claims: each part of each claim, block by block, by intervals alone.

use super::cells::{Absence, CellRef, Seen};
use super::file::ClaimFile;
use super::statement::{Claim, Part, Statement, Threads};
use super::{Checked, Evidence, Outcome, say};
use crate::verdict::{Analysis, CellState, CellSummary, Comparison, Finding, paired, unpaired};
use contend_record::Run;

/// What `run` says of each claim, in the file's order. `analysis` is what its records came to. What
/// the run does not have is not testable here; [`ClaimFile::suits`] tells a misspelt name from that.
pub fn evaluate(claims: &ClaimFile, run: &Run, analysis: &Analysis) -> Vec<Checked> {
    let seen = Seen { run, analysis };
    let checked = claims.claims.iter().map(|claim| {
        let evidence = seen.claim(claim);
        let outcomes = evidence.iter().map(|evidence| evidence.outcome);
        let outcome = outcomes.min().unwrap_or(Outcome::NotTestable);
        Checked {
            file: claims.path.display().to_string(),
            line: claim.line,
            claim: claim.claim.clone(),
            source: claim.source.clone(),
            outcome,
            why_not: claim.why_not.clone().filter(|_| outcome.wants_a_reason()),
            evidence,
        }
    });
    checked.collect()
}

/// A difference that a claim asks for.
#[derive(Clone, Copy, Debug)]
struct Lead {
    /// At least how many times as fast; none: beyond the threshold.
    at_least: Option<f64>,
    threshold: f64,
}

impl Lead {
    /// Whether the first of a comparison has this lead. It has where the whole interval says so, has
    /// not where the whole interval says that, and nothing is known in between.
    fn judge(self, seen: &Comparison) -> Outcome {
        let least = self.at_least.unwrap_or(1.0);
        let wanted = least.max(1.0 + self.threshold);
        let below = |ratio: f64| 1.0 / ratio < wanted;
        if seen.finding == Finding::Faster && 1.0 / seen.high >= least {
            Outcome::Holds
        } else if matches!(seen.finding, Finding::Slower | Finding::Tie)
            || (seen.enough && below(seen.low) && below(seen.ratio_of_windows))
        {
            Outcome::Fails
        } else {
            Outcome::Unresolved
        }
    }
}

fn level(seen: &Comparison) -> Outcome {
    match seen.finding {
        Finding::Tie => Outcome::Holds,
        Finding::Faster | Finding::Slower => Outcome::Fails,
        Finding::Unresolved => Outcome::Unresolved,
    }
}

impl<'a> Seen<'a> {
    fn claim(&self, claim: &Claim) -> Vec<Evidence> {
        let unmet = claim.when.as_ref().and_then(|when| when.unmet(self.run));
        if let Some(why) = unmet.or_else(|| claim.not_testable.clone()) {
            return vec![nothing(why)];
        }
        let parts = claim.says.iter();
        parts.flat_map(|part| self.part(part)).collect()
    }

    fn part(&self, part: &Part) -> Vec<Evidence> {
        match &part.statement {
            Statement::Faster { one, than, at_least } => {
                let lead = self.lead(*at_least);
                let each = |threads| {
                    let pairs = than.iter();
                    pairs.map(|other| self.pair(one, other, threads, |seen| lead.judge(seen))).collect()
                };
                self.at_each(part, each)
            }
            Statement::Tie { of } => self.at_each(part, |threads| {
                let pairs = (0..of.len()).flat_map(|i| of[i + 1..].iter().map(move |b| (&of[i], b)));
                pairs.map(|(a, b)| self.pair(a, b, threads, level)).collect()
            }),
            Statement::Scales { one, from, at_least } => {
                self.with_threads(part, one, *from, self.lead(*at_least), false)
            }
            Statement::Degrades { one, from, at_least } => {
                self.with_threads(part, one, *from, self.lead(*at_least), true)
            }
            Statement::Correct { of } => {
                self.at_each(part, |threads| of.iter().map(|cell| self.correct(cell, threads)).collect())
            }
        }
    }

    fn lead(&self, at_least: Option<f64>) -> Lead {
        Lead { at_least, threshold: self.analysis.threshold }
    }

    /// The evidence at each thread count that a part speaks of.
    fn at_each(&self, part: &Part, each: impl Fn(usize) -> Vec<Evidence>) -> Vec<Evidence> {
        match self.threads(&part.at, &part.statement.cells()) {
            Ok(threads) => threads.into_iter().flat_map(each).collect(),
            Err(why) => vec![nothing(why)],
        }
    }

    /// Two cells at one thread count.
    fn pair(
        &self,
        a: &CellRef,
        b: &CellRef,
        threads: usize,
        judge: impl Fn(&Comparison) -> Outcome,
    ) -> Evidence {
        match (a.measured(self, threads), b.measured(self, threads)) {
            (Ok(a), Ok(b)) => match self.compare(a, b) {
                Some(seen) => evidence(judge(&seen), a, b, say::pair(self, a, b, &seen), &seen),
                None => nothing(say::units(a, b)),
            },
            (Err(absence), _) | (_, Err(absence)) => lacking(absence),
        }
    }

    /// One contender at several thread counts, each against the first. Its blocks were measured by
    /// processes of their own, so their forks are no pairs.
    fn with_threads(
        &self,
        part: &Part,
        one: &CellRef,
        from: usize,
        lead: Lead,
        turned: bool,
    ) -> Vec<Evidence> {
        let base = match one.measured(self, from) {
            Ok(base) => base,
            Err(absence) => return vec![lacking(absence)],
        };
        let mut threads = match self.threads(&part.at, &[one]) {
            Ok(threads) => threads,
            Err(why) => return vec![nothing(why)],
        };
        if !matches!(part.at, Threads::These(_)) {
            threads.retain(|count| *count > from);
        }
        if threads.is_empty() {
            let why = format!("the run has no block {} of more than {from}", one.variant);
            return vec![nothing(why)];
        }
        let each = threads.into_iter().map(|count| {
            let many = match one.measured(self, count) {
                Ok(many) => many,
                Err(absence) => return lacking(absence),
            };
            let Some(seen) = unpaired(many, base, lead.threshold) else {
                return nothing(say::units(many, base));
            };
            let sentence = say::threads(self, many, base, &seen);
            match turned {
                false => evidence(lead.judge(&seen), many, base, sentence, &seen),
                true => {
                    let turned = seen.turned();
                    evidence(lead.judge(&turned), base, many, sentence, &turned)
                }
            }
        });
        each.collect()
    }

    fn correct(&self, cell: &CellRef, threads: usize) -> Evidence {
        let found = match cell.planned(self, threads) {
            Ok(found) => found,
            Err(absence) => return lacking(absence),
        };
        let outcome = match &found.state {
            CellState::Measured => Outcome::Holds,
            CellState::Failed(_) => Outcome::Fails,
            CellState::Missing(_) => Outcome::NotTestable,
        };
        Evidence {
            outcome,
            blocks: vec![found.cell.block().to_string()],
            sentence: say::check(found),
            times: None,
            times_low: None,
            times_high: None,
        }
    }

    /// A pair that was named before the data were there: it answers for itself, whatever else its block
    /// was compared for. The page's verdicts answer for all pairs of a class, since nobody named one.
    fn compare(&self, a: &CellSummary, b: &CellSummary) -> Option<Comparison> {
        let compare = match a.cell.block() == b.cell.block() {
            true => paired,
            false => unpaired,
        };
        compare(a, b, self.analysis.threshold)
    }
}

fn evidence(
    outcome: Outcome,
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
        times: Some(1.0 / seen.ratio),
        times_low: Some(1.0 / seen.high),
        times_high: Some(1.0 / seen.low),
    }
}

fn lacking(absence: Absence) -> Evidence {
    match absence {
        Absence::NotHere(why) => nothing(why),
        // It has no time, so nothing was refuted; and nothing may pass that rests on it.
        Absence::Failed(why) => Evidence { outcome: Outcome::Unresolved, ..nothing(why) },
    }
}

fn nothing(why: String) -> Evidence {
    Evidence {
        outcome: Outcome::NotTestable,
        blocks: Vec::new(),
        sentence: why,
        times: None,
        times_low: None,
        times_high: None,
    }
}
