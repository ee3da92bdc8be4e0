//! The page of several machines: how far they agree, where the choice changes, and a heat map of blocks by machine.

use askama::Template;
use contend_analysis::merge::{Agreement, MachineResult};
use contend_analysis::text::number;

use crate::agreement_words::{by_pick, cautions, class_words, counted, on_all, page_of};
use crate::rich_text::{html_name, html_text};

use super::{OTHER_RUNS, STYLE, csp, heat};

#[derive(Template)]
#[template(path = "machines.html")]
struct Page<'a> {
    name: &'a str,
    policy: String,
    chart_style: &'a str,
    page_style: &'static str,
    counted: String,
    cautions: Vec<String>,
    machines: Vec<MachineRow<'a>>,
    agreed: Vec<[String; 3]>,
    changed: Vec<[String; 2]>,
    rows: Vec<HeatLine>,
    claims: Vec<[String; 2]>,
    contend: &'static str,
    other_runs: &'static str,
}

struct MachineRow<'a> {
    label: &'a str,
    page: String,
    cpu: &'a str,
    cpus: String,
    build: &'a str,
    day: &'a str,
}

struct HeatLine {
    block: String,
    class: &'static str,
    contender: String,
    cells: Vec<(&'static str, String)>,
}

/// The page, which works offline and without JavaScript.
pub fn render(
    name: &str,
    machines: &[MachineResult],
    agreement: &Agreement,
) -> Result<String, askama::Error> {
    let chart_style = crate::chart::page_style();
    let block = |block: &dyn std::fmt::Display, class| {
        let class = class_words(class);
        let small = if class.is_empty() { String::new() } else { format!(" <small>{class}</small>") };
        format!("{}{small}", html_name(&block.to_string()))
    };
    let changed = agreement.changed.iter().map(|of| {
        let picks = by_pick(of).into_iter();
        let picks = picks.map(|(pick, on)| format!("{} on {}", html_name(pick), html_text(&on.join(", "))));
        [block(&of.block, of.class), picks.collect::<Vec<_>>().join("; ")]
    });
    let agreed = agreement.agreed.iter().map(|of| {
        let words = format!("{} {}, {}", of.standing(), of.at(), on_all(of.machines, machines.len()));
        [block(&of.variant, of.class), html_name(&of.contender), words]
    });
    let page = Page {
        name,
        policy: csp::of(&[&chart_style, STYLE], &[]),
        chart_style: &chart_style,
        page_style: STYLE,
        counted: counted(&agreement.counts, machines.len()),
        cautions: cautions(machines, usize::MAX).iter().map(|sentence| html_text(sentence)).collect(),
        machines: machines
            .iter()
            .map(|machine| MachineRow {
                label: &machine.label,
                page: page_of(&machine.label),
                cpu: &machine.cpu,
                cpus: number::plural(machine.cores, "CPU", "CPUs"),
                build: &machine.build,
                day: &machine.day,
            })
            .collect(),
        agreed: agreed.collect(),
        changed: changed.collect(),
        rows: agreement.rows.iter().map(heat_line).collect(),
        claims: agreement
            .claims
            .iter()
            .map(|of| [html_text(&of.claim), html_text(&of.words(usize::MAX))])
            .collect(),
        contend: env!("CARGO_PKG_VERSION"),
        other_runs: OTHER_RUNS,
    };
    page.render()
}

fn heat_line(row: &contend_analysis::merge::Row) -> HeatLine {
    let cell = |cell: &Option<contend_analysis::merge::RowCell>| match cell {
        None => ("", String::new()),
        Some(cell) => match cell.at_most {
            Some(bound) => (heat::heat(bound), number::short(bound)),
            None => ("gone", "–".to_owned()),
        },
    };
    HeatLine {
        block: html_name(&row.block.to_string()),
        class: class_words(row.class),
        contender: row.contender.as_deref().map_or_else(String::new, html_name),
        cells: row.cells.iter().map(cell).collect(),
    }
}
