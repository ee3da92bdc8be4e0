//! Warnings that readers need before acting on a verdict, by kind.

use contend_analysis::text::number;
use contend_analysis::verdict::{BlockAnalysis, CellState, CellSummary, ClassStanding, Standing};

use crate::headlines::{block_headline, reason};
use crate::report_model::ReportModel;
use crate::rich_text::{Sentence, html_name};

use super::anchors;

/// The median half-width of a block's intervals above which it is called coarse.
const COARSE: f64 = 0.10;

/// A kind of warning.
pub struct Warning {
    pub title: String,
    pub lines: Vec<String>,
}

/// All warnings of a run.
pub fn of(model: &ReportModel) -> Vec<Warning> {
    [
        ("Failed cells: no time, no rank, no line", failed(model)),
        ("Failed controls: identical code differs in these blocks", controls(model)),
        ("Hidden by medians: collapses, stalls, two modes and drift", cell_notes(model)),
        ("Verdicts with notes", notes(model)),
        ("Blocks with coarse resolution: half of the pairs have intervals this wide or wider", coarse(model)),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(title, lines)| Warning { title: title.to_owned(), lines })
    .collect()
}

fn blocks<'a>(model: &ReportModel<'a>) -> impl Iterator<Item = &'a BlockAnalysis> {
    model.analysis.blocks.iter()
}

fn failed(model: &ReportModel) -> Vec<String> {
    blocks(model)
        .flat_map(|block| &block.cells)
        .filter_map(|cell| match &cell.state {
            CellState::Failed(reason) => {
                let text = Sentence::default().text(format!(": {reason}"));
                Some(html_name(&cell.cell.to_string()) + &text.html())
            }
            _ => None,
        })
        .collect()
}

fn controls(model: &ReportModel) -> Vec<String> {
    let failed = blocks(model).filter(|block| block.control_failed());
    failed
        .filter_map(|block| Some((block, block.control.as_ref()?)))
        .map(|(block, control)| {
            let sentence = Sentence::default()
                .text(": ")
                .name(&control.a)
                .text(" measured ")
                .speedup(control)
                .text(" as fast as ")
                .name(&control.b)
                .text(", which is the same code.");
            html_name(&block.block.to_string()) + &sentence.html()
        })
        .collect()
}

/// The contenders' cells that collapse, and how many cells of each variant have notes. The notes stand in the tables.
fn cell_notes(model: &ReportModel) -> Vec<String> {
    let collapses = blocks(model).flat_map(contenders_of).filter(|cell| cell.collapses()).flat_map(|cell| {
        cell.notes.first().map(|note| {
            let text = Sentence::default().text(format!(": {note}."));
            html_name(&cell.cell.to_string()) + &text.html()
        })
    });
    let counts = model.variants().filter_map(|variant| {
        let cells = || variant.blocks.iter().copied().flat_map(contenders_of);
        let noted = cells().filter(|cell| !cell.notes.is_empty()).count();
        let all = number::plural(cells().count(), "cell", "cells");
        let (link, name) = (anchors::variant(&variant.id), html_name(&variant.id.to_string()));
        (noted > 0)
            .then(|| format!("<a href=\"#{link}\">{name}</a>: notes on {noted} of {all}, in its table."))
    });
    collapses.chain(counts).collect()
}

fn contenders_of(block: &BlockAnalysis) -> impl Iterator<Item = &CellSummary> {
    block.cells.iter().filter(|cell| cell.cell.is_contender())
}

/// Notes on the verdicts of winners, and the reasons for winners that are none.
fn notes(model: &ReportModel) -> Vec<String> {
    let mut lines = refuted(model);
    lines.extend(notes_on_winners(model));
    lines
}

fn refuted(model: &ReportModel) -> Vec<String> {
    let standings = blocks(model).flat_map(|block| block.standings.iter().map(move |of| (block, of)));
    let refuted = standings.filter(|(_, of)| reason(&of.standing).is_some());
    let line = |(block, of): (&BlockAnalysis, &ClassStanding)| {
        let sentence = Sentence::default().text(": ").then(block_headline(&of.standing)).text(".");
        html_name(&block.block.to_string()) + &sentence.html()
    };
    refuted.map(line).collect()
}

fn notes_on_winners(model: &ReportModel) -> Vec<String> {
    let standings = blocks(model).flat_map(|block| &block.standings);
    standings
        .filter_map(|standing| match &standing.standing {
            Standing::Winner { verdict, .. } => Some(verdict),
            _ => None,
        })
        .flat_map(|verdict| verdict.notes.iter().map(move |note| (verdict, note)))
        .map(|(verdict, note)| {
            let sentence = Sentence::default()
                .text(": ")
                .name(&verdict.a)
                .text(" against ")
                .name(&verdict.b)
                .text(format!(": {note}."));
            html_name(&verdict.block.to_string()) + &sentence.html()
        })
        .collect()
}

fn coarse(model: &ReportModel) -> Vec<String> {
    let mut coarse: Vec<(f64, &BlockAnalysis)> = blocks(model)
        .filter_map(|block| Some((block.resolution?, block)))
        .filter(|(resolution, block)| {
            *resolution > COARSE && block.cells.iter().any(|cell| cell.cell.is_contender())
        })
        .collect();
    coarse.sort_by(|a, b| b.0.total_cmp(&a.0));
    coarse
        .into_iter()
        .map(|(resolution, block)| {
            let half_width = format!("±{}", number::percent(resolution));
            let control = block
                .control_resolution
                .map_or_else(String::new, |control| format!(", control ±{}", number::percent(control)));
            format!("{} {half_width}{control}", html_name(&block.block.to_string()))
        })
        .collect()
}
