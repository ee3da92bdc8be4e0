//! Who leads a class of a block: what its verdicts on pairs add up to. Knows verdicts only.

use super::{Outcome, Standing, Verdict};

/// Who leads among the contenders of one class. `order` has them from best to worst by estimate,
/// `verdicts` holds their pairs, other pairs do not matter.
pub(super) fn standing(order: &[String], verdicts: &[Verdict]) -> Standing {
    let faster = |a: &str, b: &str| {
        between(verdicts, a, b).is_some_and(|v| v.verdict == Outcome::Faster && v.a == a)
    };
    let Some(leader) = leader(order, faster) else {
        return Standing::Nobody;
    };
    let others: Vec<&String> = order.iter().filter(|other| *other != leader).collect();
    let Some(&runner_up) = others.first() else {
        return Standing::Alone {
            contender: leader.clone(),
        };
    };
    let level = || {
        let level = others.iter().filter(|other| !faster(leader, other));
        std::iter::once(leader).chain(level.copied())
    };
    if level().count() == 1
        && let Some(verdict) = between(verdicts, leader, runner_up)
    {
        return Standing::Winner {
            contender: leader.clone(),
            runner_up: runner_up.clone(),
            verdict: Box::new(verdict.clone()),
        };
    }
    let contenders: Vec<String> = level().cloned().collect();
    let ties = |other: &String| {
        between(verdicts, leader, other).is_some_and(|v| v.verdict == Outcome::Tie)
    };
    if contenders[1..].iter().all(ties) {
        Standing::Tied { contenders }
    } else {
        Standing::Unresolved { contenders }
    }
}

/// The best by estimate of those that no other is faster than. Estimates of cells and verdicts on
/// pairs may disagree, since a pair has only the rounds of both; then the verdict counts.
fn leader(order: &[String], faster: impl Fn(&str, &str) -> bool) -> Option<&String> {
    let unbeaten = |one: &&String| !order.iter().any(|other| faster(other, one));
    order.iter().find(unbeaten).or(order.first())
}

fn between<'a>(verdicts: &'a [Verdict], a: &str, b: &str) -> Option<&'a Verdict> {
    verdicts
        .iter()
        .find(|v| (v.a == a && v.b == b) || (v.a == b && v.b == a))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::verdict;
    use super::*;

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
        let Standing::Winner {
            contender,
            runner_up,
            verdict,
        } = standing(&names(&["a", "b", "c"]), &verdicts)
        else {
            panic!("no winner");
        };
        assert_eq!((&contender[..], &runner_up[..]), ("a", "b"));
        assert_eq!(*verdict, verdicts[0]);
    }

    #[test]
    fn level_ones_share_the_lead_when_all_others_are_slower() {
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
        assert_eq!(
            standing(&order, &verdicts),
            Standing::Unresolved { contenders }
        );
    }

    #[test]
    fn a_pair_without_a_verdict_is_unresolved() {
        let contenders = names(&["a", "b"]);
        assert_eq!(
            standing(&contenders, &[]),
            Standing::Unresolved {
                contenders: contenders.clone()
            }
        );
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
    fn one_stands_alone_and_none_is_nobody() {
        let contender = "a".to_owned();
        assert_eq!(standing(&names(&["a"]), &[]), Standing::Alone { contender });
        assert_eq!(standing(&[], &[]), Standing::Nobody);
    }
}
