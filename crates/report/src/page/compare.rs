//! The page of two runs: how many cells changed in which direction and by how much, what changed most, and all cells
//! by workload. Either run may be the one that is compared with. Knows the comparison alone, and no records.

use std::collections::HashSet;

use askama::Template;
use contend_analysis::compare::{self, BlockChange, CellChange, Change, Compared, Reading};
use contend_analysis::text::number;

use crate::chart::{self, ShiftAxis};
use crate::rich_text::{html_name, html_text};

use super::reading::Reversible;
use super::{STYLE, anchors, csp, stripped};

const COMPARE_STYLE: &str = include_str!("../../templates/compare.css");

const SOURCE: &str = include_str!("../../templates/js/compare.js");

/// The most changed cells of a direction in the list of the largest. All are with their workloads.
const MOST: usize = 25;

/// The words for a cell, from the worst to the best, then those that say nothing.
const WORDS: [&str; 8] =
    ["failed", "slower", "not faster", "unresolved", "not slower", "tie", "faster", "not compared"];

#[derive(Template)]
#[template(path = "compare.html")]
struct Page<'a> {
    compared: &'a Compared,
    /// Whether there are verdicts.
    judged: bool,
    /// Whether any cell has a ratio beyond the drift.
    drift: bool,
    head: Vec<String>,
    totals: String,
    policy: String,
    chart_style: &'a str,
    page_style: &'static str,
    compare_style: &'static str,
    script: &'a str,
    directions: Vec<Direction>,
    largest: Vec<Largest>,
    workloads: Vec<WorkloadPart>,
    cells: usize,
    axis: String,
    contend: &'static str,
}

/// The cells with one word.
struct Direction {
    word: String,
    /// The cells.
    count: usize,
    /// The least, the middle and the greatest ratio.
    range: Option<[String; 3]>,
}

/// The cells that changed most in one direction.
struct Largest {
    title: String,
    rows: Vec<Row>,
    /// How many there are beyond the rows.
    more: String,
}

struct WorkloadPart {
    id: String,
    name: String,
    counts: String,
    variants: Vec<VariantPart>,
}

struct VariantPart {
    id: String,
    name: String,
    /// The drift of each block, if it has one.
    drifts: Vec<String>,
    notes: Vec<String>,
    rows: Vec<Row>,
}

/// A cell.
struct Row {
    /// Its id, for the filter.
    id: String,
    name: String,
    threads: usize,
    first: String,
    second: String,
    strip: String,
    ratio: String,
    beyond: String,
    word: String,
    notes: String,
    /// What the filter knows of it: its word, or `floor`.
    kind: &'static str,
}

/// Renders the page, which works offline. Without JavaScript it has no filter.
pub fn render(compared: &Compared) -> Result<String, askama::Error> {
    let chart_style = chart::page_style();
    let script = stripped(SOURCE);
    let axis = axis_of(compared);
    let page = Page {
        compared,
        judged: compared.side_by_side.is_empty(),
        drift: cells(compared).any(|cell| cell.shift.is_some_and(|of| of.ratio_beyond_drift.is_some())),
        head: compare::head(compared).into_iter().filter(|line| !is_in_a_table(compared, line)).collect(),
        totals: compare::totals(compared),
        policy: csp::of(&[&chart_style, STYLE, COMPARE_STYLE], &[&script]),
        chart_style: &chart_style,
        page_style: STYLE,
        compare_style: COMPARE_STYLE,
        script: &script,
        directions: WORDS.iter().filter_map(|word| direction(compared, word)).collect(),
        largest: largest(compared, &axis),
        workloads: workloads(compared, &axis),
        cells: cells(compared).count(),
        axis: axis.labels(),
        contend: env!("CARGO_PKG_VERSION"),
    };
    page.render()
}

fn cells(compared: &Compared) -> impl Iterator<Item = &CellChange> {
    compared.blocks.iter().flat_map(|block| &block.cells)
}

/// Differences have a table of their own.
fn is_in_a_table(compared: &Compared, line: &str) -> bool {
    compared.differences.iter().any(|of| line.starts_with(&format!("{} differs: ", of.what)))
}

/// The axis of all shifts: up to the largest one, without the few that are far beyond the others.
fn axis_of(compared: &Compared) -> ShiftAxis {
    let sizes = cells(compared).filter_map(|cell| Some(cell.shift?.ratio.ln().abs().exp()));
    let mut sizes: Vec<f64> = sizes.filter(|size| size.is_finite()).collect();
    sizes.sort_by(f64::total_cmp);
    let last = sizes.len().saturating_sub(1);
    let most = sizes.get(last - last / 50).copied().unwrap_or(1.0);
    ShiftAxis::new(most * 1.1, compared.threshold)
}

/// The word of a cell that counts, as in the counts of `--format json`: the floor is a reference.
fn word(cell: &CellChange) -> Option<&'static str> {
    Some(cell.label()).filter(|word| !word.is_empty() && !cell.cell.is_floor())
}

fn direction(compared: &Compared, of: &'static str) -> Option<Direction> {
    let found: Vec<&CellChange> = cells(compared).filter(|cell| word(cell) == Some(of)).collect();
    let mut ratios: Vec<f64> = found.iter().filter_map(|cell| Some(cell.shift?.ratio)).collect();
    ratios.sort_by(f64::total_cmp);
    let range = match ratios[..] {
        [] => None,
        [least, ..] => {
            let most = ratios[ratios.len() - 1];
            let middle = ratios[ratios.len() / 2];
            let text = |forward: f64, back: f64| {
                Reversible::new(number::times(forward), number::times(1.0 / back)).html()
            };
            Some([text(least, most), text(middle, middle), text(most, least)])
        }
    };
    let word = Reversible::word(of).html();
    (!found.is_empty()).then_some(Direction { word, count: found.len(), range })
}

/// What changed most: failed cells, then slower ones, then faster ones.
fn largest(compared: &Compared, axis: &ShiftAxis) -> Vec<Largest> {
    let of = |change: Change| {
        let mut found: Vec<&CellChange> =
            cells(compared).filter(|cell| cell.verdict == Some(change) && !cell.cell.is_floor()).collect();
        let size = |cell: &CellChange| cell.shift.map_or(0.0, |shift| shift.ratio.ln().abs());
        found.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let more = found.len().saturating_sub(MOST);
        Largest {
            title: Reversible::word(change.label()).html(),
            rows: found.iter().take(MOST).map(|cell| row(cell, axis, true)).collect(),
            more: match more {
                0 => String::new(),
                more => number::plural(more, "more cell", "more cells"),
            },
        }
    };
    let directions = [Change::Failed, Change::SLOWER, Change::FASTER].map(of);
    directions.into_iter().filter(|largest| !largest.rows.is_empty()).collect()
}

/// Things with names, in the order of the comparison.
type Named<'a, T> = Vec<(&'a str, T)>;

/// The variants of a workload, each with its blocks.
type Variants<'a> = Named<'a, Vec<&'a BlockChange>>;

/// The cells by workload and variant.
fn workloads(compared: &Compared, axis: &ShiftAxis) -> Vec<WorkloadPart> {
    let mut names: Named<Variants> = Vec::new();
    for block in &compared.blocks {
        let Some(cell) = block.cells.first().map(|cell| &cell.cell) else { continue };
        let variants = entry(&mut names, cell.workload.as_str());
        entry(variants, cell.variant.as_str()).push(block);
    }
    let mut ids = HashSet::new();
    let mut unique = |wanted: String| {
        let mut id = wanted.clone();
        while !ids.insert(id.clone()) {
            id = format!("{wanted}-{}", ids.len());
        }
        id
    };
    let workload = |(name, variants): (&str, Variants)| {
        let all = variants.iter().flat_map(|(_, blocks)| blocks).flat_map(|block| &block.cells);
        let words: Vec<&str> = all.filter_map(word).collect();
        let id = unique(anchors::workload(name));
        WorkloadPart {
            name: name.to_owned(),
            counts: counts(&words),
            variants: variants
                .iter()
                .enumerate()
                .map(|(place, (variant, blocks))| VariantPart {
                    id: format!("{id}-{place}"),
                    name: format!("{name}/{variant}"),
                    drifts: blocks.iter().filter_map(|block| drift(block)).collect(),
                    notes: notes(blocks),
                    rows: blocks
                        .iter()
                        .flat_map(|block| &block.cells)
                        .map(|cell| row(cell, axis, false))
                        .collect(),
                })
                .collect(),
            id,
        }
    };
    names.into_iter().map(workload).collect()
}

/// The entry of `key`, which is added at the end if it is new.
fn entry<'a, 'b, T: Default>(list: &'b mut Named<'a, T>, key: &'a str) -> &'b mut T {
    let place = list.iter().position(|(name, _)| *name == key).unwrap_or_else(|| {
        list.push((key, T::default()));
        list.len() - 1
    });
    &mut list[place].1
}

/// How many cells have each word: `2 slower, 30 tie`.
fn counts(words: &[&str]) -> String {
    let count = |word: &&str| words.iter().filter(|other| other == &word).count();
    let found = WORDS.iter().filter(|word| count(word) > 0);
    let found: Vec<String> =
        found.map(|word| format!("{} {}", count(word), Reversible::word(word).html())).collect();
    found.join(", ")
}

fn threads(block: &BlockChange) -> String {
    let threads = block.cells.first().map_or(0, |cell| cell.cell.threads);
    number::plural(threads, "thread", "threads")
}

fn drift(block: &BlockChange) -> Option<String> {
    let of = block.drift?;
    Some(format!("{}: {}", threads(block), Reversible::ratio(of.ratio, of.low, of.high).html()))
}

/// The notes of blocks, and the leaders in each run where there are no verdicts.
fn notes(blocks: &[&BlockChange]) -> Vec<String> {
    let mut notes = Vec::new();
    for block in blocks {
        let at = threads(block);
        notes.extend(block.notes.iter().map(|note| format!("{at}: {}", html_text(note))));
        notes.extend(block.leaders.iter().map(|of| {
            let (class, first, second) = (of.class.name(), html_text(&of.first), html_text(&of.second));
            format!("{at}, leaders ({class}): {first} in the first run; {second} in the second")
        }));
    }
    notes
}

fn row(cell: &CellChange, axis: &ShiftAxis, whole_id: bool) -> Row {
    let changed = compare::changed(cell);
    let shift = cell.shift;
    let ratio = |of: Option<(f64, f64, f64)>| {
        of.map_or_else(|| "–".to_owned(), |(ratio, low, high)| Reversible::ratio(ratio, low, high).html())
    };
    let beyond =
        shift.and_then(|of| Some((of.ratio_beyond_drift?, of.low_beyond_drift?, of.high_beyond_drift?)));
    let id = cell.cell.to_string();
    Row {
        name: html_name(if whole_id { &id } else { &cell.cell.contender }),
        threads: cell.cell.threads,
        first: reading(&cell.first),
        second: reading(&cell.second),
        strip: shift.map_or_else(String::new, |of| axis.strip((of.ratio, of.low, of.high), changed)),
        ratio: ratio(shift.map(|of| (of.ratio, of.low, of.high))),
        beyond: ratio(beyond),
        word: Reversible::word(cell.label()).html(),
        notes: html_text(&cell.notes.join("; ")),
        kind: if cell.cell.is_floor() { "floor" } else { cell.label() },
        id,
    }
}

/// A median with its interval.
fn reading(of: &Reading) -> String {
    let text = html_text(&of.text());
    match of.interval {
        Some((low, high)) if of.median.is_some() => {
            format!("{text} <i>({}–{})</i>", number::short(low), number::short(high))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::reading::opposite;
    use super::*;

    #[test]
    fn every_word_of_a_cell_has_a_row_of_its_own() {
        for change in compare::Counts::KINDS {
            assert!(WORDS.contains(&change.label()), "{}", change.label());
        }
        for word in WORDS {
            assert!(WORDS.contains(&opposite(word)) && opposite(opposite(word)) == word, "{word}");
        }
    }
}
