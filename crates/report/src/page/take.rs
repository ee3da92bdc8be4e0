//! What to take: a row for each class of each block, with what is guaranteed of the pick, the distances of all
//! contenders, and what staying with the baseline costs.

use std::collections::BTreeMap;

use contend_analysis::verdict::{Guarantee, Standing};

use crate::chart::{Dot, strip};
use crate::families::Families;
use crate::headlines::classes;
use crate::measure::Measure;
use crate::ranking::{Ranking, rankings};
use crate::report_model::{ReportModel, Variant};
use crate::rich_text::{Sentence, html_name};
use crate::staying::staying;

use super::anchors;

/// A distance from the best that few programs notice.
const NEAR: f64 = 0.1;

/// The words for a baseline that is the one to take.
pub(super) const OWN: &str = "it is the one to take";

/// What nearly all baselines cost more of.
const TIME: &str = "the time";

/// The table.
pub struct Take {
    /// The baseline of most blocks; empty where there is none.
    pub baseline: String,
    pub variants: Vec<TakeVariant>,
}

/// A variant.
pub struct TakeVariant {
    pub workload: String,
    pub variant: String,
    pub link: String,
    pub rows: Vec<TakeRow>,
}

/// A class of a block.
pub struct TakeRow {
    pub block: String,
    pub threads: usize,
    pub oversubscribed: bool,
    /// The class, where it is not the first one of the variant.
    pub class: &'static str,
    /// The contender to take; empty where there is none.
    pub pick: String,
    pub colour: String,
    /// The CSS class: how strong the guarantee is.
    pub kind: &'static str,
    pub guarantee: String,
    pub strip: String,
    /// What the baseline costs more of; empty where that is the time.
    pub amount: String,
    /// What the baseline costs, as HTML.
    pub cost: String,
    /// The baseline, where it is not the one of the heading.
    pub kin: String,
}

/// The table of a run.
pub fn of(model: &ReportModel, families: &Families) -> Take {
    let baseline = baseline(model).unwrap_or_default();
    let context = Context { threshold: model.analysis.threshold, baseline, families };
    let variants = model.variants().map(|variant| TakeVariant {
        workload: variant.id.workload.clone(),
        variant: variant.id.variant.clone(),
        link: anchors::variant(&variant.id),
        rows: rows(variant, &context),
    });
    Take {
        baseline: baseline.to_owned(),
        variants: variants.filter(|variant| !variant.rows.is_empty()).collect(),
    }
}

/// The baseline of most decisions.
pub fn baseline<'a>(model: &ReportModel<'a>) -> Option<&'a str> {
    let decisions = model.analysis.blocks.iter().flat_map(|block| &block.decisions);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in decisions.filter_map(|decision| decision.baseline.as_deref()) {
        *counts.entry(name).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

struct Context<'a> {
    threshold: f64,
    baseline: &'a str,
    families: &'a Families<'a>,
}

fn rows(variant: &Variant, context: &Context) -> Vec<TakeRow> {
    let first = classes(variant).first().copied();
    let mut rows = Vec::new();
    for block in &variant.blocks {
        for ranking in rankings(block).iter().filter(|ranking| !ranking.rows.is_empty()) {
            let class = ranking.standing.class;
            // Where a weaker promise has one contender, there is nothing to choose.
            if Some(class) != first && ranking.rows.len() == 1 {
                continue;
            }
            let own = TakeRow {
                block: block.block.to_string(),
                threads: block.block.threads,
                oversubscribed: ranking.is_oversubscribed(),
                ..row(ranking, if Some(class) == first { "" } else { class.name() }, variant.unit(), context)
            };
            rows.push((class, own));
        }
    }
    // The strictest promise first, at all thread counts.
    rows.sort_by_key(|(class, _)| *class);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(ranking: &Ranking, class: &'static str, unit: &str, context: &Context) -> TakeRow {
    let pick = ranking.pick();
    let colour = pick.and_then(|pick| context.families.colour(pick.name()));
    let baseline = ranking.baseline();
    let dots: Vec<Dot> = ranking
        .rows
        .iter()
        .filter_map(|row| {
            Some(Dot {
                colour: context.families.colour(row.name()),
                ratio: row.distance?.ratio,
                may_be_best: row.may_be_best,
            })
        })
        .collect();
    let (cost, kin) = cost(ranking, context.baseline, unit);
    TakeRow {
        block: String::new(),
        threads: 0,
        oversubscribed: false,
        class,
        pick: pick.map_or_else(String::new, |pick| pick.name().to_owned()),
        colour: colour.map_or_else(String::new, |colour| format!("f{colour}")),
        kind: strength(ranking, context.threshold),
        guarantee: guarantee(ranking).html(),
        strip: strip(&dots, baseline.and_then(|row| Some(row.distance?.ratio))),
        amount: Some(Measure::of(unit).amount()).filter(|amount| amount != TIME).unwrap_or_default(),
        cost: cost.html(),
        kin,
    }
}

/// What is proven of the pick: the words that all headlines use, and a winner's speed-up, or in short why it is taken.
fn guarantee(ranking: &Ranking) -> Sentence {
    let Some(choice) = ranking.choice else {
        return Sentence::default().text("nothing measured");
    };
    let sentence = Sentence::default().text(&*choice.words);
    let caveats = choice.caveats.iter().map(|caveat| format!("; {caveat}")).collect::<String>();
    let sentence = match (&choice.guarantee, &ranking.standing.standing) {
        (Guarantee::Fastest, Standing::Winner { verdict, .. }) => {
            let (times, low, high) = verdict.speedup();
            sentence.text(": ").ratio(times, low, high)
        }
        (Guarantee::Within { .. } | Guarantee::Behind { .. }, _) => {
            sentence.text(format!(" ({})", choice.why_short))
        }
        (Guarantee::Open, _) => sentence.text(format!(": {}", choice.why_short)),
        _ => sentence,
    };
    sentence.text(caveats)
}

/// What staying with the baseline costs, and the baseline's name where it is not the usual one.
fn cost(ranking: &Ranking, usual: &str, unit: &str) -> (Sentence, String) {
    let kin = |name: &str| if name == usual { String::new() } else { html_name(name) };
    if let Some(staying) = ranking.choice.and_then(|choice| staying(ranking.block, choice)) {
        let (times, low, high) = staying.times;
        let sentence =
            Sentence::default().ratio(times, low, high).text(format!(" {}, ", Measure::of(unit).amount()));
        return (sentence.text(staying.word), kin(staying.baseline));
    }
    let pick = ranking.pick().and_then(|pick| Some((pick.name(), pick.decision?.baseline.as_deref()?)));
    match pick {
        Some((pick, baseline)) if pick == baseline => (Sentence::default().text(OWN), kin(baseline)),
        _ => (Sentence::default().text("–"), String::new()),
    }
}

/// How strong a guarantee is: within the threshold, within 10 %, or weaker.
fn strength(ranking: &Ranking, threshold: f64) -> &'static str {
    match ranking.choice.map(|choice| &choice.guarantee) {
        Some(of) if of.is_within(threshold, threshold) => "sure",
        Some(of) if of.is_within(NEAR, threshold) => "near",
        _ => "open",
    }
}
