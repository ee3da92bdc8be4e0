//! Planned comparisons: pairs that were named before the data were there, which [`analyse`](super::analyse) does not
//! compare. They cross classes, blocks or runs, for a claim or for the same cell of another run. Each interval has the
//! error of a single pair ([`PAIR_ERROR`]), uncorrected, and no contender is ranked by them.

use serde::{Deserialize, Serialize};

use crate::statistics::{PAIR_ERROR, Sorted, forks_needed_at, hodges_lehmann};

use super::decision::{DecisionRule, decide, why_not_judged};
use super::not_slower::not_slower;
use super::notes::of_pair;
use super::pair::{Paired, far_from_a_tie, forks_without_ratio, windows_contradict};
use super::threshold::{Outcome, Threshold};
use super::windows::higher_is_better;
use super::{CellSummary, Side};

/// The comparison of two cells, in the order in which they were named.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The time of the first over the time of the second: the median over forks, or over all pairs of forks
    /// where these are independent. For rates the inverse, so that less than 1 always favours the first.
    pub ratio: f64,
    /// The lower end of the ratio's interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What the interval says of the first.
    pub outcome: Outcome,
    /// Of an unresolved pair the one that is proven to be at most the threshold slower, `a` for the first.
    #[serde(default)]
    pub not_slower: Option<Side>,
    /// Whether there are enough forks for the nominal coverage. If not, the interval is the range of all
    /// values, and the outcome is unresolved.
    pub enough: bool,
    /// The ratio of the medians over single windows. If it says the opposite, the outcome is unresolved.
    pub ratio_of_windows: f64,
    /// Notes, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Comparison {
    /// The same comparison, as seen from the second.
    pub fn reversed(self) -> Self {
        Self {
            ratio: 1.0 / self.ratio,
            low: 1.0 / self.high,
            high: 1.0 / self.low,
            outcome: self.outcome.reversed(),
            not_slower: self.not_slower.map(Side::other),
            ratio_of_windows: 1.0 / self.ratio_of_windows,
            ..self
        }
    }

    /// A comparison from logarithms, without an outcome.
    fn new(median: f64, interval: (f64, f64), windows: f64) -> Self {
        Self {
            ratio: median.exp(),
            low: interval.0.exp(),
            high: interval.1.exp(),
            outcome: Outcome::Unresolved,
            not_slower: None,
            enough: true,
            ratio_of_windows: windows.exp(),
            notes: Vec::new(),
        }
    }

    /// Sets the outcome, unless the typical window says the opposite.
    fn decide(&mut self, outcome: Outcome, windows: f64, threshold: Threshold) {
        let opposite = match outcome {
            Outcome::Faster => windows_contradict(Outcome::Faster, windows, threshold),
            Outcome::Slower => windows_contradict(Outcome::Faster, -windows, threshold),
            Outcome::Tie => windows_contradict(Outcome::Tie, windows.abs(), threshold),
            Outcome::Unresolved => None,
        };
        if opposite.is_none() {
            self.outcome = outcome;
        }
        if self.outcome == Outcome::Unresolved && opposite.is_none() {
            self.not_slower = not_slower((self.low.ln(), self.high.ln()), windows, threshold);
        }
        self.notes.extend(opposite);
    }
}

/// Compares two cells of one block, of the same or of different classes, fork by fork over the rounds that both have.
/// None where there are no such rounds, or where their units differ.
pub fn paired(a: &CellSummary, b: &CellSummary, threshold: f64) -> Option<Comparison> {
    paired_as(a, b, (&a.cell.contender, &b.cell.contender), threshold)
}

/// The same for two cells of one name, whose notes call them `names`.
pub fn paired_as(
    a: &CellSummary,
    b: &CellSummary,
    names: (&str, &str),
    threshold: f64,
) -> Option<Comparison> {
    let both = pairs(a, b)?;
    let threshold = Threshold::new(threshold);
    let (share, in_process) = (a.share.min(b.share), a.in_process || b.in_process);
    let rule = DecisionRule { share, in_process, ..DecisionRule::planned(threshold) };
    let judged = decide(&both.sorted, rule)?;
    let mut seen = Comparison::new(judged.median, (judged.low, judged.high), both.windows);
    seen.enough = judged.too_few.is_none();
    if seen.enough {
        let far = far_from_a_tie(judged.outcome, &both.sorted, threshold);
        let outcome = if far.is_some() { Outcome::Unresolved } else { judged.outcome };
        seen.decide(outcome, both.windows, threshold);
        seen.notes.extend(far);
    }
    if both.without_ratio > 0 {
        seen.outcome = Outcome::Unresolved;
        seen.not_slower = None;
        seen.notes.push(forks_without_ratio(both.without_ratio));
    }
    seen.notes.extend(of_pair(names.0, names.1, &both.forks, &both.sorted, threshold));
    seen.notes.extend(judged.too_few);
    Some(seen)
}

fn pairs(a: &CellSummary, b: &CellSummary) -> Option<Paired> {
    Paired::of((&a.unit, &a.samples), (&b.unit, &b.samples))
}

/// Compares two cells that were not measured in the same forks: of two blocks, or of two runs. Every
/// fork of one is compared with every fork of the other ([`hodges_lehmann`]). None where
/// either has no fork, or where their units differ.
pub fn unpaired(a: &CellSummary, b: &CellSummary, threshold: f64) -> Option<Comparison> {
    if a.unit != b.unit {
        return None;
    }
    let (of_a, of_b) = (logarithms(a), logarithms(b));
    // Each may have stopped at any interim analysis. The error is spent over all pairs of these.
    let share = a.share * b.share;
    let found = hodges_lehmann(&of_a, &of_b, share * PAIR_ERROR)?;
    let windows = ln_ratio(a, a.windows?.p50, b.windows?.p50)?;
    let threshold = Threshold::new(threshold);
    let mut seen = Comparison::new(found.median, (found.low, found.high), windows);
    seen.enough = found.enough;
    if found.enough {
        seen.decide(threshold.outcome((found.low, found.high)), windows, threshold);
    } else if share == 0.0 {
        seen.notes.push(why_not_judged(a.in_process || b.in_process).to_owned());
    } else {
        seen.notes.push(too_few(&of_a, &of_b, share));
    }
    Some(seen)
}

/// Compares the ratio of two cells after a change with the same ratio before. For two copies of one code this shows
/// whether something between two runs changed one and not the other. None where either pair cannot be compared.
pub fn unpaired_pairs(
    after: (&CellSummary, &CellSummary),
    before: (&CellSummary, &CellSummary),
    threshold: f64,
) -> Option<Comparison> {
    // The two of a pair may have stopped at different interim analyses.
    let of_pair = |(a, b): (&CellSummary, &CellSummary)| a.share.min(b.share);
    let share = of_pair(after) * of_pair(before);
    let forks = |(a, b)| Some(Sorted::new(pairs(a, b)?.forks));
    let (after, before) = (forks(after)?, forks(before)?);
    let found = hodges_lehmann(&after, &before, share * PAIR_ERROR)?;
    let mut seen = Comparison::new(found.median, (found.low, found.high), found.median);
    seen.enough = found.enough;
    if found.enough {
        seen.outcome = Threshold::new(threshold).outcome((found.low, found.high));
    }
    Some(seen)
}

/// The logarithms of a cell's forks; less is better.
fn logarithms(cell: &CellSummary) -> Sorted {
    let forks = cell.forks.iter();
    Sorted::new(forks.filter_map(|f| ln_ratio(cell, f.value, 1.0)).collect())
}

/// ln a - ln b, or the opposite for rates; less than 0 favours a. None where that is not finite.
fn ln_ratio(of: &CellSummary, a: f64, b: f64) -> Option<f64> {
    let ln = match higher_is_better(&of.unit) {
        true => (b / a).ln(),
        false => (a / b).ln(),
    };
    ln.is_finite().then_some(ln)
}

fn too_few(a: &Sorted, b: &Sorted, share: f64) -> String {
    let needed = forks_needed_at(2, share);
    format!("{} against {} forks cannot decide: {needed} are needed on each side", a.len(), b.len())
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::{Record, Status};

    use super::super::analyse;
    use super::*;

    fn cells(values: &[(&str, &[f64])], change: fn(&mut Record)) -> Vec<CellSummary> {
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        let run = run(&names);
        let mut records: Vec<Record> = Vec::new();
        for (name, forks) in values {
            let windows = (1..).zip(*forks);
            records.extend(windows.map(|(fork, ns)| record(name, fork, 1, *ns)));
        }
        records.iter_mut().for_each(change);
        analyse(&run, &records).blocks.remove(0).cells
    }

    #[test]
    fn the_order_of_the_arguments_is_kept() {
        let cells = cells(&[("a", &[200.0; 12]), ("b", &[100.0; 12])], |_| ());
        for compare in [paired, unpaired] {
            let seen = compare(&cells[0], &cells[1], 0.03).unwrap();
            assert_eq!((seen.outcome, seen.enough), (Outcome::Slower, true));
            assert!((seen.low - 2.0).abs() < 1e-9 && (seen.high - 2.0).abs() < 1e-9);
            let reversed = compare(&cells[1], &cells[0], 0.03).unwrap();
            assert_eq!(reversed.outcome, Outcome::Faster);
            let turned = seen.reversed();
            assert_eq!(reversed.outcome, turned.outcome);
            for half in [turned.ratio, turned.low, turned.high, turned.ratio_of_windows] {
                assert!((half - 0.5).abs() < 1e-9, "{turned:?}");
            }
        }
    }

    #[test]
    fn pairs_cancel_the_noise_that_forks_share() {
        let shared: Vec<f64> = (1..=12).map(|i| 100.0 * f64::from(i)).collect();
        let slower: Vec<f64> = shared.iter().map(|ns| ns * 1.1).collect();
        let cells = cells(&[("a", &slower), ("b", &shared)], |_| ());
        let outcome = |compare: fn(&_, &_, _) -> Option<Comparison>| {
            compare(&cells[0], &cells[1], 0.03).unwrap().outcome
        };
        assert_eq!(outcome(paired), Outcome::Slower);
        assert_eq!(outcome(unpaired), Outcome::Unresolved);
    }

    #[test]
    fn rates_are_inverted_and_units_must_agree() {
        let rate = |record: &mut Record| {
            record.value = record.ns_per_op.take();
            record.unit = Some("jobs/s".to_owned());
        };
        let rates = cells(&[("a", &[200.0; 12]), ("b", &[100.0; 12])], rate);
        for compare in [paired, unpaired] {
            let seen = compare(&rates[0], &rates[1], 0.03).unwrap();
            assert_eq!(seen.outcome, Outcome::Faster);
        }
        let times = cells(&[("a", &[200.0; 12])], |_| ());
        assert_eq!(unpaired(&rates[0], &times[0], 0.03), None);
        assert_eq!(paired(&rates[0], &times[0], 0.03), None);
    }

    #[test]
    fn too_few_forks_decide_nothing() {
        let cells = cells(&[("a", &[200.0; 7]), ("b", &[100.0; 12])], |_| ());
        let seen = unpaired(&cells[0], &cells[1], 0.03).unwrap();
        assert_eq!((seen.outcome, seen.enough), (Outcome::Unresolved, false));
        assert!(seen.notes[0].contains("7 against 12 forks"));
        let seen = paired(&cells[0], &cells[1], 0.03).unwrap();
        assert_eq!((seen.outcome, seen.enough), (Outcome::Unresolved, false));
    }

    #[test]
    fn a_fork_far_outside_leaves_a_named_pair_without_a_tie() {
        let mut astray = [100.0; 13];
        let seen = |astray: &[f64]| {
            let cells = cells(&[("a", astray), ("b", &[100.0; 13])], |_| ());
            paired(&cells[0], &cells[1], 0.03).unwrap()
        };
        assert_eq!(seen(&astray).outcome, Outcome::Tie);
        astray[5] = 190.0;
        let seen = seen(&astray);
        assert_eq!((seen.outcome, seen.enough), (Outcome::Unresolved, true));
        assert!(seen.notes[0].contains("a fork is far outside"), "{seen:?}");
    }

    #[test]
    fn a_fork_without_a_ratio_leaves_a_pair_unresolved() {
        let mut stalled = [100.0; 13];
        stalled[4] = 0.0;
        let cells = cells(&[("a", &stalled), ("b", &[200.0; 13])], |_| ());
        let seen = paired(&cells[0], &cells[1], 0.03).unwrap();
        assert_eq!((seen.outcome, seen.enough), (Outcome::Unresolved, true));
        assert!(seen.notes[0].contains("forks without a ratio: 1"), "{seen:?}");
    }

    #[test]
    fn a_pair_has_the_share_of_the_earlier_of_its_two_analyses() {
        let both = cells(&[("a", &[200.0; 12]), ("b", &[100.0; 12])], |_| ());
        let with = |a: f64, b: f64| {
            let mut pair = both.clone();
            (pair[0].share, pair[1].share) = (a, b);
            let found = unpaired_pairs((&pair[0], &pair[1]), (&both[0], &both[1]), 0.03);
            found.expect("a comparison").enough
        };
        assert!(with(1.0, 1.0) && !with(0.0, 1.0) && !with(1.0, 0.0));
    }

    /// A round without a window of one cell is left out of the other's fork as well.
    #[test]
    fn pairs_have_the_rounds_of_both() {
        let mut records = Vec::new();
        for fork in 1..=12 {
            for (round, slow) in [(1, 1.0), (2, 9.0)] {
                records.push(record("a", fork, round, 100.0 * slow));
                records.push(record("b", fork, round, 200.0 * slow));
            }
        }
        for of_a in records.iter_mut().filter(|of| of.cell.contender == "a" && of.round == 2) {
            of_a.valid = false;
            of_a.status = Status::Void;
        }
        let cells = analyse(&run(&["a", "b"]), &records).blocks.remove(0).cells;
        let seen = paired(&cells[0], &cells[1], 0.03).unwrap();
        assert!((seen.low - 0.5).abs() < 1e-9 && (seen.high - 0.5).abs() < 1e-9, "{seen:?}");
        assert!((seen.ratio_of_windows - 0.5).abs() < 1e-9, "{seen:?}");
    }
}
