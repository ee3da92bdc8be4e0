//! What a reader must know before they act on a verdict, by kind.

use crate::report::number;
use crate::report::outline::{Outline, is_contender};
use crate::report::story::leaders;
use crate::report::words::{Sentence, html_name};
use crate::verdict::{BlockAnalysis, CellState, Verdict};

/// The control's half-width from which on a block is called coarse.
const COARSE: f64 = 0.10;

/// How many lines of a kind stand on the page.
const MOST: usize = 20;

/// A kind of warning.
pub struct Warning {
    pub title: String,
    pub lines: Vec<String>,
    pub more: usize,
}

/// All that there are.
pub fn of(outline: &Outline) -> Vec<Warning> {
    [
        ("Failed: no time, no rank, no line", failed(outline)),
        (
            "Controls told apart: read these blocks with care",
            controls(outline),
        ),
        ("Verdicts with a note", notes(outline)),
        ("Coarse blocks", coarse(outline)),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(title, mut lines)| {
        let more = lines.len().saturating_sub(MOST);
        lines.truncate(MOST);
        Warning {
            title: title.to_owned(),
            lines,
            more,
        }
    })
    .collect()
}

fn blocks<'a>(outline: &Outline<'a>) -> impl Iterator<Item = &'a BlockAnalysis> {
    outline.analysis.blocks.iter()
}

fn failed(outline: &Outline) -> Vec<String> {
    blocks(outline)
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

fn controls(outline: &Outline) -> Vec<String> {
    let failed = blocks(outline).filter(|block| block.control_failed());
    failed
        .filter_map(|block| Some((block, block.control.as_ref()?)))
        .map(|(block, control)| {
            let sentence = Sentence::default()
                .text(": ")
                .name(&control.a)
                .text(" came out ")
                .factor(control)
                .text(" as fast as ")
                .name(&control.b)
                .text(", which is the same code.");
            html_name(&block.block.to_string()) + &sentence.html()
        })
        .collect()
}

/// The notes of verdicts that a leader is part of.
fn notes(outline: &Outline) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks(outline) {
        for verdict in block
            .verdicts
            .iter()
            .filter(|verdict| concerns_leader(block, verdict))
        {
            for note in &verdict.notes {
                let sentence = Sentence::default()
                    .text(": ")
                    .name(&verdict.a)
                    .text(" against ")
                    .name(&verdict.b)
                    .text(format!(": {note}."));
                lines.push(html_name(&block.block.to_string()) + &sentence.html());
            }
        }
    }
    lines
}

fn concerns_leader(block: &BlockAnalysis, verdict: &Verdict) -> bool {
    let mut standings = block.standings.iter().filter(|s| s.class == verdict.class);
    !verdict.control
        && standings.any(|standing| {
            let leaders = leaders(&standing.standing);
            leaders.contains(&verdict.a)
                && leaders
                    .first()
                    .is_some_and(|first| *first == verdict.a || *first == verdict.b)
        })
}

fn coarse(outline: &Outline) -> Vec<String> {
    let mut coarse: Vec<(f64, &BlockAnalysis)> = blocks(outline)
        .filter_map(|block| Some((block.resolution?, block)))
        .filter(|(resolution, block)| *resolution > COARSE && block.cells.iter().any(is_contender))
        .collect();
    coarse.sort_by(|a, b| b.0.total_cmp(&a.0));
    coarse
        .into_iter()
        .map(|(resolution, block)| {
            format!(
                "{}: what is closer than <data value=\"{resolution}\">±{}</data> cannot be told apart here.",
                html_name(&block.block.to_string()),
                number::percent(resolution)
            )
        })
        .collect()
}
