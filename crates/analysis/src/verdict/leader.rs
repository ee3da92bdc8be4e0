//! The leader of a class, concluded from its verdicts on pairs. Knows verdicts only.

use std::collections::{HashMap, HashSet};

use super::pair::NO_TIE;
use super::{Outcome, Standing, Verdict};

/// The standing of one class. `order` has its contenders from best to worst by estimate, and `verdicts` their
/// pairs.
pub(super) fn standing(order: &[String], verdicts: &[Verdict]) -> Standing {
    let Some(leader) = leader(order, verdicts) else {
        return Standing::NotMeasured;
    };
    let others: Vec<&String> = order.iter().filter(|one| *one != leader).collect();
    if others.is_empty() {
        return Standing::Alone { contender: leader.clone() };
    }
    let against: HashMap<&str, &Verdict> =
        verdicts.iter().filter_map(|verdict| Some((other(verdict, leader)?, verdict))).collect();
    let is = |one: &str, outcome| {
        let verdict = against.get(one).filter(|v| v.verdict == outcome);
        verdict.is_some_and(|v| outcome == Outcome::Tie || v.a == *leader)
    };
    if others.iter().all(|one| is(one, Outcome::Faster)) {
        // The rival by the pairs' own ratios, which medians of times need not order alike.
        let lead = |one: &&String| against[&one[..]].speedup().0;
        let nearest = others.iter().min_by(|one, other| lead(one).total_cmp(&lead(other))).expect("a rival");
        return Standing::Winner {
            contender: leader.clone(),
            runner_up: (*nearest).clone(),
            verdict: Box::new(against[&nearest[..]].clone()),
        };
    }
    let not_slower = others.iter().filter(|one| !is(one, Outcome::Faster));
    let level = not_slower.clone().all(|one| is(one, Outcome::Tie));
    // Where far forks alone stand against a shared lead, they are the reason.
    let far = |one: &&String| against.get(&one[..]).and_then(|v| v.notes.iter().find(|note| is_no_tie(note)));
    let by_far_forks = not_slower.clone().all(|one| is(one, Outcome::Tie) || far(one).is_some());
    let reason = not_slower.clone().find_map(far).filter(|_| by_far_forks).cloned();
    let contenders = std::iter::once(&leader).chain(not_slower);
    let contenders = contenders.map(|one| (*one).clone()).collect();
    match level {
        true => Standing::Tied { contenders },
        false => Standing::Unresolved { contenders, reason },
    }
}

/// Whether a verdict's note says that forks far outside prevented a tie.
fn is_no_tie(note: &str) -> bool {
    note.starts_with(NO_TIE)
}

/// The best by estimate of those that no other is faster than. Cell estimates and pair verdicts may disagree, because
/// a pair has only the rounds of both. Then the verdict counts.
fn leader<'a>(order: &'a [String], verdicts: &[Verdict]) -> Option<&'a String> {
    let beaten: HashSet<&str> = verdicts
        .iter()
        .filter(|verdict| verdict.verdict == Outcome::Faster)
        .map(|verdict| &verdict.b[..])
        .collect();
    let unbeaten = |one: &&String| !beaten.contains(&one[..]);
    order.iter().find(unbeaten).or(order.first())
}

/// The contender that a verdict compares with `one`; none where it is not a verdict on `one`.
fn other<'a>(verdict: &'a Verdict, one: &str) -> Option<&'a str> {
    match one {
        one if one == verdict.a => Some(&verdict.b),
        one if one == verdict.b => Some(&verdict.a),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use contend_record::{BlockId, Class};

    use super::*;

    /// A verdict with these names and this outcome.
    fn verdict(a: &str, b: &str, outcome: Outcome) -> Verdict {
        Verdict {
            block: BlockId { workload: "counter".to_owned(), variant: "hot".to_owned(), threads: 2 },
            a: a.to_owned(),
            b: b.to_owned(),
            class: Class::Immediate,
            ratio: 0.5,
            low: 0.5,
            high: 0.5,
            verdict: outcome,
            not_slower: None,
            control: false,
            forks: 12,
            ratio_of_windows: 0.5,
            notes: Vec::new(),
        }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_winner_is_faster_than_every_other() {
        let verdicts = [
            verdict("a", "b", Outcome::Faster),
            verdict("a", "c", Outcome::Faster),
            verdict("b", "c", Outcome::Unresolved),
        ];
        let rival = |verdicts: &[Verdict]| {
            let found = standing(&names(&["a", "b", "c"]), verdicts);
            let Standing::Winner { contender, runner_up, verdict } = found else { panic!("no winner") };
            assert_eq!(contender, "a");
            assert_eq!(verdict.b, runner_up);
            runner_up
        };
        assert_eq!(rival(&verdicts), "b");
        // The ratio of a pair is nearer than the order of all medians says.
        let mut nearer = verdicts.clone();
        nearer[1].ratio = 0.6;
        assert_eq!(rival(&nearer), "c");
    }

    #[test]
    fn contenders_tie_when_all_others_are_slower() {
        let mut verdicts = [
            verdict("b", "a", Outcome::Tie),
            verdict("a", "c", Outcome::Faster),
            verdict("b", "c", Outcome::Unresolved),
        ];
        let contenders = names(&["a", "b"]);
        let order = names(&["a", "b", "c"]);
        assert_eq!(standing(&order, &verdicts), Standing::Tied { contenders });

        verdicts[1].verdict = Outcome::Unresolved;
        let contenders = names(&["a", "b", "c"]);
        assert_eq!(standing(&order, &verdicts), Standing::Unresolved { contenders, reason: None });
    }

    #[test]
    fn far_forks_alone_are_the_reason_against_a_shared_lead() {
        let far = "no tie, because a fork is far outside: the farthest differs by 1.80×".to_owned();
        let mut verdicts = [
            verdict("a", "b", Outcome::Unresolved),
            verdict("a", "c", Outcome::Tie),
            verdict("b", "c", Outcome::Tie),
        ];
        verdicts[0].notes.push(far.clone());
        let contenders = names(&["a", "b", "c"]);
        let of = |verdicts: &[Verdict]| standing(&contenders, verdicts);
        let unresolved = |reason| Standing::Unresolved { contenders: contenders.clone(), reason };
        assert_eq!(of(&verdicts), unresolved(Some(far)));
        verdicts[1].verdict = Outcome::Unresolved;
        assert_eq!(of(&verdicts), unresolved(None));
    }

    #[test]
    fn a_pair_without_a_verdict_is_unresolved() {
        let contenders = names(&["a", "b"]);
        let unresolved = Standing::Unresolved { contenders: contenders.clone(), reason: None };
        assert_eq!(standing(&contenders, &[]), unresolved);
    }

    #[test]
    fn a_verdict_outranks_the_order_of_estimates() {
        let verdicts = [verdict("b", "a", Outcome::Faster)];
        let Standing::Winner { contender, .. } = standing(&names(&["a", "b"]), &verdicts) else {
            panic!("no winner");
        };
        assert_eq!(contender, "b");
    }

    #[test]
    fn one_contender_is_alone() {
        let contender = "a".to_owned();
        assert_eq!(standing(&names(&["a"]), &[]), Standing::Alone { contender });
        assert_eq!(standing(&[], &[]), Standing::NotMeasured);
    }
}
