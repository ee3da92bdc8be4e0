//! How comparisons of two contenders came out on several machines.

use std::collections::HashMap;

use serde::Serialize;

use crate::verdict::{Outcome, Verdict};

/// What a machine says of two contenders in a block. It has one text in place of three, because a hundred machines have
/// half a million of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The block and both names, in an order that is the same on all machines.
    id: String,
    said: Said,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    FirstFaster,
    SecondFaster,
    Tie,
    Unresolved,
}

impl Pair {
    /// The verdict on `a` and `b` in `block`.
    pub fn new(block: &str, a: &str, b: &str, verdict: Outcome) -> Self {
        let a_is_first = a <= b;
        let (first, second) = if a_is_first { (a, b) } else { (b, a) };
        let said = match verdict {
            Outcome::Tie => Said::Tie,
            Outcome::Unresolved => Said::Unresolved,
            Outcome::Faster if a_is_first => Said::FirstFaster,
            Outcome::Slower if !a_is_first => Said::FirstFaster,
            Outcome::Faster | Outcome::Slower => Said::SecondFaster,
        };
        Self { id: [block, first, second].join(" "), said }
    }

    /// That of a verdict. None where it is one on a contender and its control.
    pub fn of(verdict: &Verdict) -> Option<Self> {
        let Verdict { block, a, b, verdict, control, .. } = verdict;
        (!control).then(|| Self::new(&block.to_string(), a, b, *verdict))
    }
}

/// How comparisons of two contenders in one block came out on the machines that have both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Comparisons that two or more machines made.
    pub compared: usize,
    /// The same one is faster on all, or both tie on all.
    pub agree: usize,
    /// One is faster on a machine, and the other on another.
    pub turned: usize,
    /// One is faster on some machines, and they tie on the others.
    pub tie_on_some: usize,
    /// Resolved on some machines, and unresolved on others.
    pub resolved_on_some: usize,
    /// Unresolved on all.
    pub unresolved: usize,
}

/// On how many machines a pair came out in each way.
#[derive(Clone, Copy, Default)]
struct OfPair {
    first_faster: usize,
    second_faster: usize,
    tie: usize,
    unresolved: usize,
}

/// Counts the pairs of all machines.
pub(super) fn counts<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Counts {
    let mut found: HashMap<&str, OfPair> = HashMap::new();
    for pair in pairs {
        let of_pair = found.entry(&pair.id).or_default();
        *match pair.said {
            Said::FirstFaster => &mut of_pair.first_faster,
            Said::SecondFaster => &mut of_pair.second_faster,
            Said::Tie => &mut of_pair.tie,
            Said::Unresolved => &mut of_pair.unresolved,
        } += 1;
    }
    let mut counts = Counts::default();
    for OfPair { first_faster, second_faster, tie, unresolved } in found.into_values() {
        let resolved = first_faster + second_faster + tie;
        if resolved + unresolved < 2 {
            continue;
        }
        counts.compared += 1;
        let kinds = [first_faster, second_faster, tie].into_iter().filter(|count| *count > 0).count();
        let counted = match (kinds, unresolved) {
            _ if first_faster > 0 && second_faster > 0 => &mut counts.turned,
            (0, _) => &mut counts.unresolved,
            (_, 1..) => &mut counts.resolved_on_some,
            (1, 0) => &mut counts.agree,
            _ => &mut counts.tie_on_some,
        };
        *counted += 1;
    }
    counts
}
