//! What to take in each class of a block, what is proven of it, and why it is this one. The only place that chooses.
//! Page, Markdown, terminal and claims show its result.

use contend_record::{BlockId, Class, ContenderInfo};
use serde::{Deserialize, Serialize};

use crate::text::number;

use super::contender_decision::ContenderDecision;
use super::simplicity::Simplicity;
use super::threshold::{Outcome, Threshold};
use super::{BlockAnalysis, Standing, WindowLengthCheck};

/// What is proven of the contender to take in a class. A headline uses these words and no others.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Guarantee {
    /// It is ahead of every other of its class by more than the threshold.
    Fastest,
    /// It is within the threshold of the best, whichever that is.
    Within {
        /// All that are, the one to take first, the others from best to worst by estimate.
        contenders: Vec<String>,
    },
    /// No contender is proven to be within the threshold. It has the least upper bound of its class.
    Behind {
        /// That bound: its time over the best's.
        at_most: f64,
    },
    /// It is the only one in its class that was measured.
    Alone,
    /// Nothing, because there are too few forks or none that can be compared.
    Open,
}

/// What to take in one class of a block: a line of `choices` in `verdicts.json`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassChoice {
    /// The block.
    pub block: BlockId,
    /// The class.
    pub class: Class,
    /// The contender to take. None where nothing is proven of any.
    pub pick: Option<String>,
    /// What is proven of it.
    #[serde(flatten)]
    pub guarantee: Guarantee,
    /// The words for it, which all headlines use: `within 3 % of the best`.
    pub words: String,
    /// Why it is this one: a part of a sentence.
    pub why: String,
    /// The same in few words, for tables.
    #[serde(default)]
    pub why_short: String,
    /// What a reader should know before taking it, in few words each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<String>,
}

impl ClassChoice {
    /// Why it is this one, and what a reader should know before taking it.
    pub fn reason(&self) -> String {
        let parts: Vec<&str> = std::iter::once(&self.why).chain(&self.caveats).map(String::as_str).collect();
        parts.join("; ")
    }
}

/// Why a contender is to be taken, in a part of a sentence and in few words.
struct Why {
    whole: String,
    short: String,
}

impl Guarantee {
    /// The words for it, with a threshold of this share: `within 3 % of the best`.
    pub fn words(&self, threshold: f64) -> String {
        match self {
            Self::Fastest => "fastest".to_owned(),
            Self::Within { .. } => format!("within {} of the best", number::threshold(threshold)),
            Self::Behind { at_most } => format!("at most {}", number::behind_the_best(*at_most)),
            Self::Alone => "alone in its class".to_owned(),
            Self::Open => "no verdict".to_owned(),
        }
    }

    /// Whether its contender is proven to be within `share` of the best.
    pub fn is_within(&self, share: f64, threshold: f64) -> bool {
        match self {
            Self::Fastest | Self::Alone => true,
            Self::Within { .. } => threshold <= share,
            Self::Behind { at_most } => *at_most <= 1.0 + share,
            Self::Open => false,
        }
    }
}

/// A contender that keeps a CPU busy while it waits.
const SPINS: &str = "spins while it waits";

/// Chooses in each class of `block`: marks the pick among its decisions, and says why.
pub(super) fn choose(block: &mut BlockAnalysis, infos: &[ContenderInfo], threshold: f64) {
    let mut choices = Vec::new();
    for of_class in &block.standings {
        let ours = block.decisions.iter_mut().filter(|decision| decision.class == of_class.class);
        let mut decisions: Vec<&mut ContenderDecision> = ours.collect();
        if decisions.is_empty() {
            continue;
        }
        let (pick, guarantee, why) =
            choice(&block.block.workload, &decisions, &of_class.standing, infos, threshold);
        for (at, decision) in decisions.iter_mut().enumerate() {
            decision.pick = pick == Some(at);
        }
        let spins =
            |at: usize| Simplicity::of(&decisions[at].contender, &block.block.workload, infos).spins();
        choices.push(ClassChoice {
            block: block.block.clone(),
            class: of_class.class,
            pick: pick.map(|at| decisions[at].contender.clone()),
            words: guarantee.words(threshold),
            guarantee,
            why: why.whole,
            why_short: why.short,
            caveats: pick.filter(|at| spins(*at)).map(|_| SPINS.to_owned()).into_iter().collect(),
        });
    }
    block.choices = choices;
}

/// The place of the contender to take, what is proven of it, and why it is this one.
fn choice(
    workload: &str,
    decisions: &[&mut ContenderDecision],
    standing: &Standing,
    infos: &[ContenderInfo],
    threshold: f64,
) -> (Option<usize>, Guarantee, Why) {
    let share = number::threshold(threshold);
    let find = |name: &str| decisions.iter().position(|decision| decision.contender == name);
    match standing {
        Standing::Winner { contender, .. } => {
            let whole = format!("ahead of every other by more than {share}");
            return (
                find(contender),
                Guarantee::Fastest,
                Why { whole, short: "ahead of every other".to_owned() },
            );
        }
        Standing::Alone { contender } => {
            let whole = "nothing else of its class was measured".to_owned();
            return (find(contender), Guarantee::Alone, Why { whole, short: "nothing else".to_owned() });
        }
        Standing::Tied { .. } | Standing::Unresolved { .. } | Standing::NotMeasured => {}
    }
    let bounds = || decisions.iter().enumerate().filter_map(|(at, of)| Some((at, of.at_most?)));
    let limit = Threshold::new(threshold).ratio();
    let simplicity = |at: usize| Simplicity::of(&decisions[at].contender, workload, infos);
    let mut within: Vec<usize> = bounds().filter(|(_, most)| *most <= limit).map(|(at, _)| at).collect();
    if let Some(pick) = within.iter().copied().min_by_key(|at| simplicity(*at)) {
        within.retain(|at| *at != pick);
        let others: Vec<Simplicity> = within.iter().map(|at| simplicity(*at)).collect();
        let names = std::iter::once(pick).chain(within).map(|at| decisions[at].contender.clone());
        let guarantee = Guarantee::Within { contenders: names.collect() };
        return (Some(pick), guarantee, why_simplest(simplicity(pick), &others, &share));
    }
    match bounds().min_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((at, at_most)) => {
            let refuted = match standing {
                Standing::Unresolved { reason: Some(reason), .. } => format!("unresolved: {reason}; "),
                _ => String::new(),
            };
            let whole = format!("{refuted}none is proven to be within {share}; this one has the least bound");
            let short = format!("{refuted}least bound");
            (Some(at), Guarantee::Behind { at_most }, Why { whole, short })
        }
        None => {
            let whole = "too few forks for a bound".to_owned();
            (None, Guarantee::Open, Why { short: whole.clone(), whole })
        }
    }
}

fn why_simplest(pick: Simplicity, others: &[Simplicity], share: &str) -> Why {
    let all = others.len() + 1;
    let better = pick.advantages(others).join(", ");
    let (whole, short) = match (others, better.is_empty()) {
        ([], _) => {
            (format!("the only one that is proven to be within {share}"), "the only one proven".to_owned())
        }
        (_, true) => (
            format!("{all} are within {share} and as simple; this one comes first in the suite"),
            format!("first of {all} as simple"),
        ),
        (_, false) => (
            format!("the simplest of {all} within {share}: it {better}"),
            format!("simplest of {all}: it {better}"),
        ),
    };
    Why { whole, short }
}

/// Says of a winner that it has no lead in longer windows, as far as these went.
pub(super) fn note_lost_lead(check: &WindowLengthCheck, choices: &mut [ClassChoice], threshold: Threshold) {
    if threshold.is_faster(check.ratio.ln()) {
        return;
    }
    let is_it = |of: &&mut ClassChoice| {
        of.guarantee == Guarantee::Fastest && of.pick.as_deref() == Some(check.a.as_str())
    };
    for choice in choices.iter_mut().filter(is_it) {
        choice.caveats.push(format!(
            "no such lead in windows of {} ms: {} in {}",
            check.window_ns / 1_000_000,
            number::times(1.0 / check.ratio),
            number::plural(check.forks as usize, "fork", "forks"),
        ));
    }
}

/// Widens the bound of a winner that longer windows refuted: there it is as far behind as their worst fork. The other
/// is not proven to be behind any more. The comparison of the two is unresolved, where one of them is the baseline.
pub(super) fn heed(check: &WindowLengthCheck, decisions: &mut [ContenderDecision]) {
    for decision in decisions.iter_mut() {
        let pair = (Some(decision.contender.as_str()), decision.baseline.as_deref());
        let (a, b) = (Some(check.a.as_str()), Some(check.b.as_str()));
        if pair == (a, b) || pair == (b, a) {
            decision.baseline_verdict = decision.baseline_verdict.map(|_| Outcome::Unresolved);
            decision.baseline_not_slower = None;
        }
    }
    for decision in decisions.iter_mut().filter(|decision| decision.contender == check.a) {
        decision.at_most = decision.at_most.map(|most| most.max(check.greatest));
    }
    for decision in decisions.iter_mut().filter(|decision| decision.contender == check.b) {
        decision.at_least = None;
    }
}

#[cfg(test)]
mod tests {
    use super::super::contender_decision::tests::{analysed, steady, swaying};
    use super::*;

    fn choice(times: &[(&str, [f64; 12])]) -> ClassChoice {
        analysed(times).choices.remove(0)
    }

    #[test]
    fn a_winner_is_fastest() {
        let found = choice(&[("a", steady(100.0)), ("b", steady(150.0))]);
        assert_eq!((found.pick.as_deref(), &found.guarantee), (Some("a"), &Guarantee::Fastest));
        assert_eq!(found.why, "ahead of every other by more than 3\u{a0}%");
    }

    #[test]
    fn a_pick_that_keeps_a_cpu_busy_says_so() {
        let caveats = |times: &[(&str, [f64; 12])]| choice(times).caveats;
        assert_eq!(caveats(&[("spin::Mutex", steady(100.0)), ("b", steady(150.0))]), [SPINS]);
        assert_eq!(caveats(&[("spin::Mutex", steady(150.0)), ("b", steady(100.0))]), [""; 0]);
    }

    #[test]
    fn of_several_within_the_threshold_the_simplest_is_taken() {
        let times =
            [("a::Lock", steady(100.0)), ("std::sync::Mutex", steady(101.0)), ("slow", steady(200.0))];
        let found = choice(&times);
        assert_eq!(found.pick.as_deref(), Some("std::sync::Mutex"));
        let contenders = vec!["std::sync::Mutex".to_owned(), "a::Lock".to_owned()];
        assert_eq!(found.guarantee, Guarantee::Within { contenders });
        assert_eq!(found.guarantee.words(0.03), "within 3\u{a0}% of the best");
        assert_eq!(found.why, "the simplest of 2 within 3\u{a0}%: it is in std");
    }

    #[test]
    fn where_none_is_within_the_threshold_the_least_bound_is_named() {
        let found = choice(&[("a", swaying(100.0, 1.3)), ("b", steady(110.0))]);
        let Guarantee::Behind { at_most } = found.guarantee else {
            panic!("{found:?}");
        };
        assert_eq!(found.pick.as_deref(), Some("b"));
        assert!((at_most - 1.1).abs() < 1e-9, "{at_most}");
        assert_eq!(found.guarantee.words(0.03), "at most 10\u{a0}% behind the best");
        assert!(found.guarantee.is_within(0.1001, 0.03) && !found.guarantee.is_within(0.05, 0.03));
    }

    #[test]
    fn one_alone_is_taken_and_too_few_forks_prove_nothing() {
        let alone = choice(&[("a", steady(100.0))]);
        assert_eq!((alone.pick.as_deref(), alone.guarantee), (Some("a"), Guarantee::Alone));
        let mut stalled = steady(100.0);
        stalled[3] = 0.0;
        let open = choice(&[("a", stalled), ("b", steady(150.0))]);
        assert_eq!((open.pick, open.guarantee), (None, Guarantee::Open));
    }

    #[test]
    fn a_refuted_winner_proves_nothing_of_its_runner_up() {
        let mut block = analysed(&[("a", steady(100.0)), ("b", steady(150.0)), ("c", steady(200.0))]);
        let check = WindowLengthCheck {
            block: block.block.clone(),
            a: "a".to_owned(),
            b: "b".to_owned(),
            window_ns: 40_000_000,
            forks: 7,
            ratio: 1.2,
            least: 1.1,
            greatest: 1.4,
            reversed: true,
        };
        heed(&check, &mut block.decisions);
        let of = |name: &str| block.decisions.iter().find(|of| of.contender == name).expect("a decision");
        assert_eq!((of("a").at_most, of("b").at_least), (Some(1.4), None));
        assert!(of("c").at_least.is_some());
    }

    #[test]
    fn one_pick_is_marked_in_each_class() {
        let block = analysed(&[("a", steady(100.0)), ("b", steady(101.0)), ("c", steady(102.0))]);
        let picks: Vec<_> = block.decisions.iter().filter(|of| of.pick).map(|of| &of.contender).collect();
        assert_eq!(picks, [block.choices[0].pick.as_ref().unwrap()]);
    }
}
