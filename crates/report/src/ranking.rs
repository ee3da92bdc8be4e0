//! The contenders of a class of a block from best to worst, each with its distance from the best. Charts and tables
//! of the page show the same distances, which are verdicts on pairs. Nothing is computed here.

use std::collections::{HashMap, HashSet};

use contend_analysis::verdict::{
    BlockAnalysis, CellSummary, ClassChoice, ClassStanding, ContenderDecision, Guarantee, Outcome, Standing,
    Verdict,
};
use contend_record::Class;

use super::headlines::leaders;

/// A class of a block.
#[derive(Clone, Debug)]
pub struct Ranking<'a> {
    /// Its block.
    pub block: &'a BlockAnalysis,
    /// Its standing.
    pub standing: &'a ClassStanding,
    /// What to take.
    pub choice: Option<&'a ClassChoice>,
    /// Its measured contenders from best to worst by estimate.
    pub rows: Vec<Ranked<'a>>,
}

/// A ranked contender.
#[derive(Clone, Debug)]
pub struct Ranked<'a> {
    /// Its cell.
    pub cell: &'a CellSummary,
    /// Its time over that of the best. None where the two were never measured in the same round.
    pub distance: Option<Distance>,
    /// Whether it may be the best: nothing proves that it is slower.
    pub may_be_best: bool,
    /// What follows for it.
    pub decision: Option<&'a ContenderDecision>,
}

/// A contender's time over that of the best by estimate, as its verdict has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// The estimate.
    pub ratio: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The verdict; none for the best itself.
    pub outcome: Option<Outcome>,
}

/// The best itself.
const BEST: Distance = Distance { ratio: 1.0, low: 1.0, high: 1.0, outcome: None };

/// The rankings of a block, class by class.
pub fn rankings(block: &BlockAnalysis) -> Vec<Ranking<'_>> {
    let cells: HashMap<&str, &CellSummary> =
        block.cells.iter().map(|cell| (cell.cell.contender.as_str(), cell)).collect();
    let decisions: HashMap<(Class, &str), &ContenderDecision> =
        block.decisions.iter().map(|of| ((of.class, of.contender.as_str()), of)).collect();
    block
        .standings
        .iter()
        .map(|standing| {
            let distances = distances(block, standing);
            let slower = slower(block, standing);
            let choice = block.choice(standing.class);
            let rows = standing.order.iter().filter_map(|name| {
                let decision = decisions.get(&(standing.class, name.as_str())).copied();
                Some(Ranked {
                    cell: cells.get(name.as_str())?,
                    distance: distances.get(name.as_str()).copied(),
                    may_be_best: !slower.contains(name.as_str()) && may_be_best(choice, name, decision),
                    decision,
                })
            });
            Ranking { block, standing, choice, rows: rows.collect() }
        })
        .collect()
}

/// The distances from the best of a class, by contender. One pass, because a large block has many pairs.
fn distances<'a>(block: &'a BlockAnalysis, standing: &'a ClassStanding) -> HashMap<&'a str, Distance> {
    let Some(best) = leaders(&standing.standing).first() else {
        return HashMap::new();
    };
    let mut distances = HashMap::from([(best.as_str(), BEST)]);
    for verdict in block.verdicts.iter().filter(|verdict| !verdict.control) {
        let other = match verdict {
            verdict if verdict.a == *best => &verdict.b,
            verdict if verdict.b == *best => &verdict.a,
            _ => continue,
        };
        distances.insert(other, Distance::of(verdict, other));
    }
    distances
}

impl Distance {
    /// The time of `one` over that of the other contender of a verdict.
    pub fn of(verdict: &Verdict, one: &str) -> Self {
        let (ratio, low, high) = match verdict.b == one {
            true => verdict.speedup(),
            false => (verdict.ratio, verdict.low, verdict.high),
        };
        Self { ratio, low, high, outcome: Some(verdict.verdict) }
    }
}

/// The contenders of a class that one of its pairs proves to be slower. A winner that longer windows refuted proves
/// nothing.
fn slower<'a>(block: &'a BlockAnalysis, standing: &ClassStanding) -> HashSet<&'a str> {
    let refuted = match &standing.standing {
        Standing::Unresolved { contenders, reason: Some(_) } => contenders.as_slice(),
        _ => &[],
    };
    let pairs = block.verdicts.iter().filter(|verdict| !verdict.control && verdict.class == standing.class);
    let proven = pairs.filter(|verdict| verdict.verdict == Outcome::Faster && !refuted.contains(&verdict.a));
    proven.map(|verdict| verdict.b.as_str()).collect()
}

/// Whether a contender may be the best by the bounds: it is proven to be the fastest, or no other is and it has no
/// lower bound.
fn may_be_best(choice: Option<&ClassChoice>, name: &str, decision: Option<&ContenderDecision>) -> bool {
    match choice.map(|choice| (&choice.guarantee, choice.pick.as_deref())) {
        Some((Guarantee::Fastest | Guarantee::Alone, pick)) => pick == Some(name),
        _ => decision.is_none_or(|decision| decision.at_least.is_none()),
    }
}

/// Whether a heading over these cells of a block has the asterisk: its workers are more than the CPUs, or all cells
/// have more runnable threads, helpers included.
pub fn is_oversubscribed<'c>(
    block: &BlockAnalysis,
    cells: impl IntoIterator<Item = &'c CellSummary>,
) -> bool {
    let mut cells = cells.into_iter().filter(|cell| cell.cell.is_contender()).peekable();
    block.oversubscribed || (cells.peek().is_some() && cells.all(|cell| cell.oversubscribed))
}

impl<'a> Ranking<'a> {
    /// Whether its heading has the asterisk.
    pub fn is_oversubscribed(&self) -> bool {
        is_oversubscribed(self.block, self.rows.iter().map(|row| row.cell))
    }

    /// The one to take.
    pub fn pick(&self) -> Option<&Ranked<'a>> {
        let pick = self.choice?.pick.as_deref()?;
        self.rows.iter().find(|row| row.name() == pick)
    }

    /// The baseline's row, where it is of this class.
    pub fn baseline(&self) -> Option<&Ranked<'a>> {
        let name = self.rows.iter().find_map(|row| row.decision?.baseline.as_deref())?;
        self.rows.iter().find(|row| row.name() == name)
    }
}

impl<'a> Ranked<'a> {
    /// Its name.
    pub fn name(&self) -> &'a str {
        &self.cell.cell.contender
    }
}

#[cfg(test)]
mod tests {
    use contend_analysis::verdict::analyse;
    use contend_fixture::{record, run};

    use super::*;

    /// A block where `b` takes twice the time of `a`, with a standing and bounds that leave open which is best.
    fn open_block(reason: Option<&str>) -> BlockAnalysis {
        let run = run(&["a", "b"]);
        let records: Vec<_> = (1..=12)
            .flat_map(|fork| [("a", 10.0), ("b", 20.0)].map(|(name, ns)| record(name, fork, 1, ns)))
            .collect();
        let mut block = analyse(&run, &records).blocks.remove(0);
        assert_eq!(block.verdicts[0].verdict, Outcome::Faster);
        let contenders = vec!["a".to_owned(), "b".to_owned()];
        block.standings[0].standing = Standing::Unresolved { contenders, reason: reason.map(str::to_owned) };
        block.decisions.iter_mut().for_each(|decision| decision.at_least = None);
        block.choices.clear();
        block
    }

    #[test]
    fn what_a_pair_proves_to_be_slower_is_not_shown_as_possibly_the_best() {
        let of = |block: &BlockAnalysis| -> Vec<bool> {
            rankings(block)[0].rows.iter().map(|row| row.may_be_best).collect()
        };
        assert_eq!(of(&open_block(None)), [true, false]);
        assert_eq!(of(&open_block(Some("longer windows refute it"))), [true, true]);
    }
}
