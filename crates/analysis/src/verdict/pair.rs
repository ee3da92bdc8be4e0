//! The verdict on a pair of cells of one block. Knows two cells and the rule, and not who leads.

use crate::statistics::{Sorted, far_forks};

use super::Verdict;
use super::decision::{DecisionRule, decide};
use super::not_slower::not_slower;
use super::notes::of_pair;
use super::samples::Samples;
use super::threshold::{Outcome, Threshold};
use super::windows::{Windows, higher_is_better};

/// Compares two cells fork by fork, over the rounds that both have. None where there are no such
/// rounds, or where their units differ.
pub(super) fn compare(a: &Windows, b: &Windows, rule: DecisionRule) -> Option<Verdict> {
    judge(a, b, &Paired::new(a, b)?, rule)
}

/// Compares two cells that are paired already.
pub(super) fn judge(a: &Windows, b: &Windows, paired: &Paired, rule: DecisionRule) -> Option<Verdict> {
    match paired.sorted.median()? > 0.0 {
        true => verdict(b, a, &paired.reversed(), rule),
        false => verdict(a, b, paired, rule),
    }
}

/// Two contenders of a class by their places in it, and what pairs them.
pub(super) type ClassPair = (usize, usize, Paired);

/// All pairs of a class that share rounds. Its verdicts and its distances need them.
pub(super) fn of_class(ranked: &[&Windows]) -> Vec<ClassPair> {
    let paired = |a: usize, b: usize| Some((a, b, Paired::new(ranked[a], ranked[b])?));
    let with_later = |a: usize| (a + 1..ranked.len()).filter_map(move |b| paired(a, b));
    (0..ranked.len()).flat_map(with_later).collect()
}

/// Two cells paired by fork, in logarithms of the time ratio: less than 0 favours the first.
pub(super) struct Paired {
    /// The difference in each fork, in the order of time.
    pub(super) forks: Vec<f64>,
    /// The same, ascending.
    pub(super) sorted: Sorted,
    /// The difference of the medians over single windows.
    pub(super) windows: f64,
    /// The number of forks that both have, but without a ratio: one did nothing, or its value is zero.
    pub(super) without_ratio: usize,
}

impl Paired {
    pub(super) fn new(a: &Windows, b: &Windows) -> Option<Self> {
        Self::of((a.unit, &a.samples), (b.unit, &b.samples))
    }

    /// Pairs the windows of two cells, each with its unit.
    pub(super) fn of(a: (&str, &Samples), b: (&str, &Samples)) -> Option<Self> {
        let ((unit, a), (other, b)) = (a, b);
        if unit != other {
            return None;
        }
        let common; // usually all
        let (a, b) = if a.has_rounds_of(b) {
            (a, b)
        } else {
            common = a.in_common(b);
            (&common.0, &common.1)
        };
        let both = a.forks().iter().zip(b.forks());
        let forks: Vec<f64> = both.filter_map(|(a, b)| difference((*a)?, (*b)?)).collect();
        let paired = Self {
            without_ratio: a.forks().len() - forks.len(),
            sorted: Sorted::new(forks.clone()),
            forks,
            windows: difference(a.typical()?, b.typical()?)?,
        };
        Some(if higher_is_better(unit) { paired.reversed() } else { paired })
    }

    fn reversed(&self) -> Self {
        Self {
            forks: self.forks.iter().map(|ln| -ln).collect(),
            sorted: self.sorted.reversed(),
            windows: -self.windows,
            without_ratio: self.without_ratio,
        }
    }
}

/// ln a - ln b. None where that is not finite.
fn difference(a: f64, b: f64) -> Option<f64> {
    let ln = (a / b).ln();
    ln.is_finite().then_some(ln)
}

/// The verdict on a pair in which `a` has the better estimate.
fn verdict(a: &Windows, b: &Windows, paired: &Paired, rule: DecisionRule) -> Option<Verdict> {
    let forks = &paired.sorted;
    let judged = decide(forks, rule)?;
    let (a_name, b_name) = (&a.cell.contender, &b.cell.contender);
    let mut notes = of_pair(a_name, b_name, &paired.forks, forks, rule.threshold);
    let mut outcome = judged.outcome;
    if let Some(note) = windows_contradict(outcome, paired.windows, rule.threshold) {
        outcome = Outcome::Unresolved;
        notes.push(note);
    }
    if let Some(note) = far_from_a_tie(outcome, forks, rule.threshold) {
        outcome = Outcome::Unresolved;
        notes.push(note);
    }
    if paired.without_ratio > 0 {
        outcome = Outcome::Unresolved;
        notes.push(forks_without_ratio(paired.without_ratio));
    }
    let decidable = judged.too_few.is_none() && paired.without_ratio == 0;
    let not_slower = not_slower((judged.low, judged.high), paired.windows, rule.threshold);
    notes.extend(judged.too_few);
    Some(Verdict {
        block: a.cell.block(),
        a: a_name.clone(),
        b: b_name.clone(),
        class: a.plan.class,
        ratio: judged.median.exp(),
        low: judged.low.exp(),
        high: judged.high.exp(),
        verdict: outcome,
        not_slower: not_slower.filter(|_| decidable && outcome == Outcome::Unresolved),
        control: a.cell.control_of().is_some() || b.cell.control_of().is_some(),
        forks: forks.len(),
        ratio_of_windows: paired.windows.exp(),
        notes,
    })
}

/// The note on a pair with forks that have no ratio. It stays unresolved: without these forks, exactly those in which
/// one contender made no progress would not count.
pub(super) fn forks_without_ratio(forks: usize) -> String {
    format!("forks without a ratio: {forks}")
}

/// The start of the note on a tie with forks far outside.
pub(super) const NO_TIE: &str = "no tie, because ";

/// The note on a tie with forks far outside. Half of the forks are level, and a program may be one of the others.
pub(super) fn far_from_a_tie(verdict: Outcome, forks: &Sorted, threshold: Threshold) -> Option<String> {
    let found = (verdict == Outcome::Tie).then(|| far_forks(forks, threshold.ln()))??;
    let lead = found.farthest.abs().exp();
    let which = if found.forks == 1 { "a fork is" } else { "forks are" };
    let count = if found.forks == 1 { String::new() } else { format!("{} ", found.forks) };
    Some(format!("{NO_TIE}{count}{which} far outside: the farthest differs by {lead:.2}×"))
}

/// The note where the typical window favours the other contender. Means within forks and medians over windows differ
/// where rare stalls decide, and then neither is reported as a verdict.
pub(super) fn windows_contradict(verdict: Outcome, windows: f64, threshold: Threshold) -> Option<String> {
    let opposite = match verdict {
        Outcome::Faster => windows > 0.0,
        Outcome::Slower => windows < 0.0,
        Outcome::Tie => threshold.is_slower(windows),
        Outcome::Unresolved => false,
    };
    opposite.then(|| {
        format!(
            "the typical window says the opposite ({:.2}×): a few slow windows decide the means",
            windows.exp()
        )
    })
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};
    use contend_record::Record;

    use super::super::Side;
    use super::super::windows::by_block;
    use super::*;

    /// The verdict on a pair with these values in each fork, one round each.
    fn pair(forks: &[(f64, f64)], rule: DecisionRule, change: fn(&mut Record)) -> Option<Verdict> {
        let mut records = Vec::new();
        for (index, &(a, b)) in forks.iter().enumerate() {
            let fork = index as u32 + 1;
            records.extend([record("a", fork, 1, a), record("b", fork, 1, b)]);
        }
        records.iter_mut().for_each(change);
        let run = run(&["a", "b"]);
        let blocks = by_block(&run, &records);
        compare(&blocks[0][0], &blocks[0][1], rule)
    }

    const PAIR: DecisionRule = DecisionRule::planned(Threshold::new(0.03));

    fn about(found: f64, wanted: f64) -> bool {
        (found - wanted).abs() < 1e-12 * wanted
    }

    #[test]
    fn the_faster_is_a_and_its_interval_is_the_second_to_the_eleventh_fork() {
        // b is faster by 1.01, 1.02, … 1.12; the windows' clock ticks in whole nanoseconds.
        let forks: Vec<_> = (1..=12).map(|i| (100.0 + f64::from(i), 100.0)).collect();
        let verdict = pair(&forks, PAIR, |_| ()).unwrap();
        assert_eq!((&verdict.a[..], &verdict.b[..]), ("b", "a"));
        assert!(about(verdict.low, 1.0 / 1.11) && about(verdict.high, 1.0 / 1.02));
        assert!(about(verdict.ratio, 1.0 / (1.06_f64 * 1.07).sqrt()));
        assert_eq!(verdict.verdict, Outcome::Unresolved);
        assert_eq!((verdict.forks, verdict.control), (12, false));
        assert!(about(verdict.ratio_of_windows, 100.0 / 106.5));
    }

    #[test]
    fn the_whole_interval_decides() {
        let of = |ratios: [f64; 12], contenders| {
            let forks: Vec<_> = ratios.iter().map(|ratio| (100.0, 100.0 * ratio)).collect();
            let rule = DecisionRule { contenders, ..PAIR };
            pair(&forks, rule, |_| ()).unwrap().verdict
        };
        assert_eq!(of([1.05; 12], 13), Outcome::Faster);
        assert_eq!(of([1.02; 12], 13), Outcome::Tie);
        assert_eq!(of([1.03; 12], 13), Outcome::Tie);
        let mut one_astray = [1.05; 12];
        one_astray[7] = 0.9;
        assert_eq!(of(one_astray, 2), Outcome::Faster);
        assert_eq!(of(one_astray, 13), Outcome::Unresolved);
        let mut one_astray = [1.0; 12];
        one_astray[3] = 1.1;
        assert_eq!(of(one_astray, 2), Outcome::Tie);
        assert_eq!(of(one_astray, 13), Outcome::Unresolved);
    }

    #[test]
    fn a_tie_has_no_fork_far_outside() {
        let of = |astray: &[f64]| {
            let mut ratios = vec![1.0; 20];
            ratios.splice(..astray.len(), astray.iter().copied());
            let forks: Vec<_> = ratios.iter().map(|ratio| (100.0, 100.0 * ratio)).collect();
            let verdict = pair(&forks, PAIR, |_| ()).unwrap();
            (verdict.verdict, verdict.notes.join("; "))
        };
        let (outcome, notes) = of(&[1.8]);
        assert_eq!(outcome, Outcome::Unresolved);
        assert_eq!(notes, "no tie, because a fork is far outside: the farthest differs by 1.80×");
        let (outcome, notes) = of(&[1.3, 0.5]);
        assert_eq!(outcome, Outcome::Unresolved);
        assert_eq!(notes, "no tie, because 2 forks are far outside: the farthest differs by 2.00×");
        assert_eq!(of(&[1.1, 0.92]), (Outcome::Tie, String::new()));
        // Beside a difference it is no obstacle: the order is that of the others.
        let forks: Vec<_> = (0..20).map(|at| (100.0, if at == 3 { 90.0 } else { 150.0 })).collect();
        assert_eq!(pair(&forks, PAIR, |_| ()).unwrap().verdict, Outcome::Faster);
    }

    #[test]
    fn an_unresolved_pair_may_be_proven_not_slower() {
        let of = |ratios: &[f64]| {
            let forks: Vec<_> = ratios.iter().map(|ratio| (100.0, 100.0 * ratio)).collect();
            let verdict = pair(&forks, PAIR, |_| ()).unwrap();
            (verdict.verdict, verdict.not_slower)
        };
        let spread = |from: f64, step: f64| (0..12).map(|i| from + step * f64::from(i)).collect::<Vec<f64>>();
        // From 1 % slower to 10 % faster: unresolved, and never more than 3 % slower.
        assert_eq!(of(&spread(0.99, 0.01)), (Outcome::Unresolved, Some(Side::A)));
        assert_eq!(of(&spread(0.90, 0.03)), (Outcome::Unresolved, None));
        // The better estimate need not be the one with the proof.
        let mut skewed = vec![1.005; 9];
        skewed.extend([0.9, 0.9, 0.9]);
        assert_eq!(of(&skewed), (Outcome::Unresolved, Some(Side::B)));
        // Where the verdict says more, nothing is added.
        assert_eq!(of(&[1.05; 12]), (Outcome::Faster, None));
        assert_eq!(of(&[1.01; 12]), (Outcome::Tie, None));
        assert_eq!(of(&[1.05; 7]), (Outcome::Unresolved, None));
    }

    #[test]
    fn too_few_forks_are_noted() {
        let verdict = pair(&[(100.0, 200.0); 7], PAIR, |_| ()).unwrap();
        assert_eq!(verdict.verdict, Outcome::Unresolved);
        assert_eq!(verdict.notes, ["7 forks cannot decide: a verdict needs 8"]);
        let rule = DecisionRule { contenders: 13, ..PAIR };
        let verdict = pair(&[(100.0, 200.0)], rule, |_| ()).unwrap();
        assert_eq!(verdict.notes, ["1 fork cannot decide: a verdict among 13 contenders needs 9"]);
        assert_eq!((verdict.low, verdict.high), (verdict.ratio, verdict.ratio));
        assert_eq!(pair(&[], PAIR, |_| ()), None);
    }

    #[test]
    fn the_greater_rate_is_a() {
        let verdict = pair(&[(50.0, 100.0); 12], PAIR, |record| {
            record.value = record.ns_per_op.take();
            record.unit = Some("jobs/s".to_owned());
        })
        .unwrap();
        assert_eq!((&verdict.a[..], verdict.ratio), ("b", 0.5));
        assert_eq!(verdict.verdict, Outcome::Faster);
    }

    #[test]
    fn a_fork_in_which_one_did_nothing_leaves_the_pair_unresolved() {
        let mut forks = vec![(100.0, 200.0); 13];
        assert_eq!(pair(&forks, PAIR, |_| ()).unwrap().verdict, Outcome::Faster);
        forks[0].0 = 0.0;
        let verdict = pair(&forks, PAIR, |_| ()).unwrap();
        assert_eq!(verdict.verdict, Outcome::Unresolved);
        assert_eq!((verdict.forks, &verdict.notes[..]), (12, &["forks without a ratio: 1".to_owned()][..]));
    }

    #[test]
    fn windows_that_say_the_opposite_leave_the_pair_unresolved() {
        // In each fork, a has two quick windows and a stall: a greater sum, a smaller median.
        let run = run(&["a", "b"]);
        let mut records = Vec::new();
        for fork in 1..=12 {
            for (round, a) in [(1, 90.0), (2, 90.0), (3, 400.0)] {
                records.push(record("a", fork, round, a));
                records.push(record("b", fork, round, 100.0));
            }
            records.push(record("a", fork, 4, 1.0)); // b has no fourth round, so this does not count
        }
        let blocks = by_block(&run, &records);
        let verdict = compare(&blocks[0][0], &blocks[0][1], PAIR).unwrap();
        assert_eq!(verdict.a, "b");
        assert!(about(verdict.ratio, 300.0 / 580.0));
        assert!(about(verdict.ratio_of_windows, 100.0 / 90.0));
        assert_eq!(verdict.verdict, Outcome::Unresolved);
        assert!(verdict.notes[0].contains("says the opposite (1.11×)"));
    }
}
