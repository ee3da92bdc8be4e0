//! The question of any two contenders: the planned comparisons of all pairs, for the page's script, and the answer to
//! the first question, which is on the page before anybody asks.

use std::collections::{BTreeMap, HashSet};

use contend_analysis::text::{markdown_name, markdown_text, number};
use contend_analysis::verdict::{Analysis, BlockAnalysis, CellState, CellSummary, Comparison, PairWord};
use serde_json::{Value, json};

use crate::headlines::cells_in_order;
use crate::report_model::{ReportModel, Variant};

use super::packed::{NONE, push_pair};
use super::take::{OWN, baseline};

/// The bar.
pub struct Ask {
    /// The contenders by family.
    pub families: Vec<Family>,
    /// The variant of the first question.
    pub variant: String,
    pub a: String,
    pub b: String,
    /// The answers by thread count.
    pub answers: Vec<Answer>,
    /// What both classes promise, where they differ.
    pub promises: String,
    /// The ids of all variants.
    pub variants: Vec<String>,
}

/// The contenders of a family.
pub struct Family {
    pub name: String,
    pub contenders: Vec<String>,
}

/// The answer in one block.
pub struct Answer {
    pub block: String,
    pub threads: String,
    pub times: String,
    pub low: String,
    pub high: String,
    pub outcome: &'static str,
    /// Its CSS class.
    pub kind: String,
}

/// The bar of a run. None where no two contenders share a block.
pub fn of(model: &ReportModel) -> Option<Ask> {
    let (a, b, variant) = first_question(model)?;
    let pairs = || variant.blocks.iter().filter_map(|block| Some((block, block.cell(a)?, block.cell(b)?)));
    let mut families: Vec<Family> = Vec::new();
    for (name, family) in contenders(model) {
        match families.iter_mut().find(|known| known.name == family) {
            Some(known) => known.contenders.push(name.to_owned()),
            None => families.push(Family { name: family.to_owned(), contenders: vec![name.to_owned()] }),
        }
    }
    Some(Ask {
        families,
        answers: pairs().filter_map(|(block, a, b)| answer(model.analysis, block, a, b)).collect(),
        promises: pairs().find_map(|(_, a, b)| promises(a, b)).unwrap_or_default(),
        variant: variant.id.to_string(),
        a: a.to_owned(),
        b: b.to_owned(),
        variants: model.variants().map(|variant| variant.id.to_string()).collect(),
    })
}

/// The measured contenders in the order of the run, each with its family.
fn contenders<'a>(model: &ReportModel<'a>) -> Vec<(&'a str, &'a str)> {
    let cells = model.analysis.blocks.iter().flat_map(|block| &block.cells);
    let measured = cells.filter(|cell| is_measured(cell)).map(|cell| cell.cell.contender.as_str());
    let mut seen = HashSet::new();
    let mut names: Vec<&str> = measured.filter(|name| seen.insert(*name)).collect();
    let places: BTreeMap<&str, usize> =
        model.run.contenders.iter().enumerate().map(|(at, info)| (info.name.as_str(), at)).collect();
    names.sort_by_key(|name| places.get(name).copied().unwrap_or(usize::MAX));
    let family = |name: &str| model.contender(name).map_or("others", |info| info.family.as_str());
    names.into_iter().map(|name| (name, family(name))).collect()
}

fn is_measured(cell: &CellSummary) -> bool {
    cell.cell.is_contender() && cell.state == CellState::Measured && cell.median.is_some()
}

/// The baseline and the contender that most often stands beside it, in the first variant that has both.
fn first_question<'m, 'a>(model: &'m ReportModel<'a>) -> Option<(&'a str, &'a str, &'m Variant<'a>)> {
    let all = contenders(model);
    let b = baseline(model).or_else(|| all.first().map(|(name, _)| *name))?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for block in &model.analysis.blocks {
        let names: Vec<&str> = block
            .cells
            .iter()
            .filter(|cell| is_measured(cell))
            .map(|cell| cell.cell.contender.as_str())
            .collect();
        if names.contains(&b) {
            names
                .into_iter()
                .filter(|name| *name != b)
                .for_each(|name| *counts.entry(name).or_default() += 1);
        }
    }
    let most = counts.values().copied().max()?;
    // Of those that are equally often beside it, the first of the run.
    let a = all.iter().map(|(name, _)| *name).find(|name| counts.get(name) == Some(&most))?;
    let has = |block: &&BlockAnalysis| [a, b].iter().all(|name| block.cell(name).is_some_and(is_measured));
    let variant = model.variants().find(|variant| variant.blocks.iter().any(&has))?;
    Some((a, b, variant))
}

/// The answer of one block: how many times as fast `a` is as `b`.
fn answer(analysis: &Analysis, block: &BlockAnalysis, a: &CellSummary, b: &CellSummary) -> Option<Answer> {
    let compared = [a, b].into_iter().all(is_measured).then(|| analysis.planned(a, b))??;
    Some(Answer {
        block: block.block.to_string(),
        threads: number::plural(block.block.threads, "thread", "threads"),
        times: number::times(1.0 / compared.ratio),
        low: number::short(1.0 / compared.high),
        high: number::short(1.0 / compared.low),
        outcome: word(letter(&compared)),
        kind: format!("is-{}", letter(&compared)),
    })
}

/// What the classes of two cells promise, where they differ.
fn promises(a: &CellSummary, b: &CellSummary) -> Option<String> {
    let promise =
        |of: &CellSummary| format!("{} is {} ({})", of.cell.contender, of.class.name(), of.class.promise());
    (a.class != b.class).then(|| format!("{}; {}", promise(a), promise(b)))
}

/// What a comparison says of the first contender, as a letter.
fn letter(compared: &Comparison) -> char {
    match compared.word() {
        _ if !compared.enough => 'n',
        (PairWord::Faster, Some(true)) => 'f',
        (PairWord::Faster, _) => 's',
        (PairWord::Tie, _) => 't',
        (PairWord::NotSlower, Some(true)) => 'a',
        (PairWord::NotSlower, _) => 'b',
        (PairWord::Unresolved, _) => 'u',
    }
}

/// The words of these letters.
const WORDS: [(char, &str); 7] = [
    ('f', "faster"),
    ('s', "slower"),
    ('t', "tie"),
    ('a', "not slower"),
    ('b', "not faster"),
    ('u', "unresolved"),
    ('n', "too few forks"),
];

fn word(letter: char) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == letter).map_or("", |(_, word)| word)
}

/// The planned comparisons of each block, by its id. The pairs are those of its measured contenders in the order of
/// the page's table: the first with the second, with the third and so on, then the second with the third.
/// [`push_pair`] writes a pair: how many times as fast the first is, and the ends of the interval. [`NONE`] stands for
/// a pair that was never measured in the same round.
pub fn pairs(model: &ReportModel) -> BTreeMap<String, String> {
    let blocks = model.analysis.blocks.iter();
    blocks.map(|block| (block.block.to_string(), of_block(model.analysis, block))).collect()
}

fn of_block(analysis: &Analysis, block: &BlockAnalysis) -> String {
    let cells: Vec<&CellSummary> =
        cells_in_order(block).into_iter().filter(|cell| is_measured(cell)).collect();
    let mut out = String::new();
    for (index, a) in cells.iter().enumerate() {
        for b in &cells[index + 1..] {
            let Some(compared) = analysis.planned(a, b) else {
                out.push(NONE);
                continue;
            };
            let ratios = [compared.ratio, compared.high, compared.low].map(|times| 1.0 / times);
            push_pair(&mut out, letter(&compared), ratios);
        }
    }
    out
}

/// The words of answers, for the page's script. It fills in what stands in braces.
pub fn words(model: &ReportModel) -> Value {
    let unusual = contenders(model).into_iter().map(|(name, _)| (name, markdown_name(name)));
    let unusual: BTreeMap<&str, String> =
        unusual.filter(|(name, code)| *code != format!("`{name}`")).collect();
    let words: BTreeMap<String, &str> =
        WORDS.iter().map(|(letter, word)| (letter.to_string(), *word)).collect();
    let promises: BTreeMap<&str, &str> =
        model.classes().into_iter().map(|class| (class.name(), class.promise())).collect();
    json!({
        "words": words,
        "promises": promises,
        "classes": "{a} is {classA} ({promiseA}); {b} is {classB} ({promiseB})",
        "same": "This is the same contender twice.",
        "none": "No block has both.",
        "elsewhere": "None in {in} has both.",
        "both": "Blocks that have both: ",
        "overall": " Of all {count}: {counts}.",
        "own": OWN,
        "markdown": {
            "names": unusual,
            "head": "{a} against {b}, times as fast (99 % interval):\n\n",
            "row": "- {variant}, {threads}: **{times}** ({low}–{high}), {outcome}\n",
            "foot": format!("\nEach line is a planned comparison of its own. {}: {}", markdown_text(
                model.quality.level.label()), "[the page]({link}).\n"),
        },
    })
}
