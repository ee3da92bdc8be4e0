//! Verdicts in sentences: what to take in a variant at which thread counts, what is proven of it, what the baseline
//! costs, and where the ranking changes.
//! Page, Markdown and terminal use the same sentences.

use std::collections::HashMap;

use contend_analysis::verdict::{
    BlockAnalysis, CellSummary, ClassChoice, ClassStanding, Guarantee, Outcome, Standing,
};
use contend_record::Class;

use super::report_model::Variant;
use super::rich_text::{Sentence, Span};

/// The most names in a sentence; further ones are counted.
const NAMES: usize = 4;

/// The ranked classes of a variant, in the order of [`Class`].
pub fn classes(variant: &Variant) -> Vec<Class> {
    let standings = variant.blocks.iter().flat_map(|block| &block.standings);
    let mut classes: Vec<Class> = standings
        .filter(|standing| standing.standing != Standing::NotMeasured)
        .map(|standing| standing.class)
        .collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// A block's standing in a class.
pub fn standing(block: &BlockAnalysis, class: Class) -> Option<&ClassStanding> {
    block.standings.iter().find(|standing| standing.class == class)
}

/// A block's cells by class: ranked ones, then those without numbers, the control and the floor.
pub fn cells_in_order(block: &BlockAnalysis) -> Vec<&CellSummary> {
    let standings = block.standings.iter();
    let ranked =
        standings.flat_map(|of| of.order.iter().enumerate().map(|(place, name)| ((of.class, name), place)));
    let places: HashMap<(Class, &String), usize> = ranked.collect();
    let place = |cell: &CellSummary| {
        let place = places.get(&(cell.class, &cell.cell.contender)).copied();
        (cell.class, place.is_none(), !cell.cell.is_contender(), place)
    };
    let mut cells: Vec<&CellSummary> = block.cells.iter().collect();
    cells.sort_by_key(|cell| place(cell));
    cells
}

/// The contenders that may be the fastest: the winner, those that tie, or those that are undecided.
pub fn leaders(standing: &Standing) -> &[String] {
    match standing {
        Standing::Winner { contender, .. } | Standing::Alone { contender } => std::slice::from_ref(contender),
        Standing::Tied { contenders } | Standing::Unresolved { contenders, .. } => contenders,
        Standing::NotMeasured => &[],
    }
}

/// The headline of one block and class.
pub fn block_headline(standing: &Standing) -> Sentence {
    let sentence = Sentence::default();
    match standing {
        Standing::Winner { contender, runner_up, verdict } => {
            sentence.subject(contender).text(" ").speedup(verdict).text(" as fast as ").name(runner_up)
        }
        Standing::Tied { contenders } => sentence.tag("tie:").text(" ").names(contenders, "and", NAMES),
        Standing::Unresolved { contenders, reason } => {
            let names = sentence.tag("unresolved:").text(" ").names(contenders, "or", NAMES);
            with_reason(names, reason.as_deref())
        }
        Standing::Alone { contender } => sentence.subject(contender).text(", alone in its class"),
        Standing::NotMeasured => sentence.text("nothing measured"),
    }
}

/// The headline of a variant's class: what to take at which thread counts, a sentence for each choice.
pub fn headline(variant: &Variant, class: Class) -> Sentence {
    let blocks: Vec<Chosen> =
        variant.blocks.iter().filter_map(|block| Some((*block, block.choice(class)?))).collect();
    let mut sentence = Sentence::default();
    let mut rest = &blocks[..];
    while let Some((first, _)) = rest.split_first() {
        let alike = rest.iter().take_while(|next| same_choice(first.1, next.1)).count();
        let (run, later) = rest.split_at(alike);
        if rest.len() < blocks.len() {
            sentence = sentence.text(". ");
        }
        sentence = sentence.then(part(run, run.len() == variant.blocks.len()));
        rest = later;
    }
    if sentence.0.is_empty() {
        return sentence.text("nothing measured");
    }
    sentence.text(".")
}

/// A block, and what to take in it.
type Chosen<'a> = (&'a BlockAnalysis, &'a ClassChoice);

/// Whether two choices are of one kind, with the same contender.
fn same_choice(one: &ClassChoice, other: &ClassChoice) -> bool {
    let kind = |choice: &ClassChoice| std::mem::discriminant(&choice.guarantee);
    one.pick == other.pick && kind(one) == kind(other)
}

/// The part of a headline on neighbouring thread counts with the same choice.
fn part(run: &[Chosen], all: bool) -> Sentence {
    let threads: Vec<usize> = run.iter().map(|(block, _)| block.block.threads).collect();
    let at = threads_phrase(&threads, all);
    let first = run[0].1;
    let sentence = Sentence::default();
    let Some(pick) = &first.pick else {
        return sentence.text(format!("{} {at} ({})", first.words, first.reason()));
    };
    let sentence = sentence.subject(pick);
    match first.guarantee {
        Guarantee::Fastest => {
            let sentence = sentence.text(format!(" is {} {at}, ", first.words));
            let mut caveats: Vec<&str> =
                run.iter().flat_map(|(_, choice)| &choice.caveats).map(String::as_str).collect();
            caveats.dedup();
            let caveats: String = caveats.into_iter().map(|caveat| format!("; {caveat}")).collect();
            with_speedup(sentence, run).text(caveats)
        }
        Guarantee::Alone => sentence.text(format!(" is {} {at}", first.words)),
        Guarantee::Within { .. } | Guarantee::Behind { .. } | Guarantee::Open => {
            let same_reason = run.iter().all(|(_, choice)| choice.reason() == first.reason());
            let why = if same_reason { format!(" ({})", first.reason()) } else { String::new() };
            sentence.text(format!(" is {} {at}{why}", farthest(run).words))
        }
    }
}

/// Adds the reason why a contender that was ahead is no winner.
pub fn with_reason(sentence: Sentence, reason: Option<&str>) -> Sentence {
    match reason {
        Some(reason) => sentence.text(format!(" ({reason})")),
        None => sentence,
    }
}

/// That reason, where there is one.
pub fn reason(standing: &Standing) -> Option<&str> {
    match standing {
        Standing::Unresolved { reason, .. } => reason.as_deref(),
        _ => None,
    }
}

/// The choice with the weakest guarantee: that of the greatest bound.
fn farthest<'a>(run: &[Chosen<'a>]) -> &'a ClassChoice {
    let bound = |choice: &ClassChoice| match choice.guarantee {
        Guarantee::Behind { at_most } => at_most,
        _ => 1.0,
    };
    let farther = |one: &'a ClassChoice, other: &'a ClassChoice| {
        if bound(other) > bound(one) { other } else { one }
    };
    run.iter().map(|(_, choice)| *choice).reduce(farther).unwrap_or(run[0].1)
}

fn with_speedup(sentence: Sentence, run: &[Chosen]) -> Sentence {
    let verdicts: Vec<_> = run
        .iter()
        .filter_map(|(block, choice)| match &standing(block, choice.class)?.standing {
            Standing::Winner { verdict, runner_up, .. } => Some((verdict, runner_up)),
            _ => None,
        })
        .collect();
    if let [(verdict, runner_up)] = verdicts[..] {
        let sentence = sentence.speedup(verdict).text(" as fast as ");
        return sentence.name(runner_up);
    }
    let estimates = || verdicts.iter().map(|(verdict, _)| verdict.speedup().0);
    let low = estimates().fold(f64::INFINITY, f64::min);
    let high = estimates().fold(0.0, f64::max);
    let mut sentence = sentence;
    sentence.0.push(Span::Range(low, high));
    sentence.text(" as fast as the runner-up")
}

/// `at 1 thread`, `at 2 and 4 threads`, `at 1 to 8 threads`, `at every thread count`.
pub fn threads_phrase(threads: &[usize], all: bool) -> String {
    match threads {
        [1] => "at 1 thread".to_owned(),
        [one] => format!("at {one} threads"),
        _ if all => "at every thread count".to_owned(),
        [one, two] => format!("at {one} and {two} threads"),
        [first, .., last] => format!("at {first} to {last} threads"),
        [] => String::new(),
    }
}

/// A change of the ranking.
pub struct RankChange<'a> {
    /// The last thread count at which the old leader is ahead.
    pub from: usize,
    /// The first at which it is behind.
    pub to: usize,
    old: &'a str,
    new: &'a str,
}

/// The changes of the ranking: a leader at one thread count is slower than the leader at a later one, by a verdict at
/// both.
pub fn rank_changes<'a>(variant: &Variant<'a>, class: Class) -> Vec<RankChange<'a>> {
    let mut changes = Vec::new();
    // The last block whose leader has not been overtaken.
    let mut before: Option<(&BlockAnalysis, &String)> = None;
    for block in variant.blocks.iter().copied() {
        let Some(leader) = standing(block, class).and_then(|s| leaders(&s.standing).first()) else {
            continue;
        };
        match before {
            Some((_, old)) if old == leader => before = Some((block, leader)),
            Some((first, old)) => {
                if faster(first, old, leader) && faster(block, leader, old) {
                    changes.push(RankChange {
                        from: first.block.threads,
                        to: block.block.threads,
                        old,
                        new: leader,
                    });
                    before = Some((block, leader));
                }
            }
            None => before = Some((block, leader)),
        }
    }
    changes
}

impl RankChange<'_> {
    /// The sentence on it.
    pub fn sentence(&self) -> Sentence {
        let Self { from, to, old, new } = self;
        Sentence::default()
            .text(format!("The ranking changes between {from} and {to} threads: "))
            .name(old)
            .text(" falls behind ")
            .name(new)
            .text(".")
    }
}

fn faster(block: &BlockAnalysis, one: &str, other: &str) -> bool {
    block.between(one, other).is_some_and(|verdict| verdict.verdict == Outcome::Faster && verdict.a == one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_counts_read_naturally() {
        assert_eq!(threads_phrase(&[1], false), "at 1 thread");
        assert_eq!(threads_phrase(&[2, 4], false), "at 2 and 4 threads");
        assert_eq!(threads_phrase(&[1, 2, 4], false), "at 1 to 4 threads");
        assert_eq!(threads_phrase(&[1, 2, 4], true), "at every thread count");
        assert_eq!(threads_phrase(&[4], true), "at 4 threads");
    }
}
