//! Markdown for a review on GitHub: `summary.md` of a run. `contend cite` prints the same parts for some variants.

use std::fmt::Write;

use contend_analysis::claim::{rows, split_testable, totals};
use contend_analysis::compare;
use contend_analysis::text::number;
use contend_analysis::text::{conditions, markdown_name, markdown_text, markdown_words};
use contend_analysis::verdict::{CellState, CellSummary};
use contend_record::Class;

use super::collapsing;
use super::disturbances;
use super::headlines::{cells_in_order, classes, headline, rank_changes};
use super::measure::Measure;
use super::report_model::{ReportModel, Variant};
use super::resolution;
use super::run_quality::Level;
use super::staying;

/// The size limit of a GitHub comment in characters, minus some for text around it.
pub(crate) const COMMENT: usize = 65_536 - 1_536;

/// The whole run. Where that exceeds a GitHub comment, it leaves out the tables of all numbers, which
/// [`cite`](super::cite()) prints for a part of the run.
pub fn summary(model: &ReportModel) -> String {
    let whole = render(model, true);
    match whole.chars().count() <= COMMENT {
        true => whole,
        false => render(model, false),
    }
}

fn render(model: &ReportModel, tables: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## contend: {}\n", markdown_text(&model.run.run));
    trust(&mut out, model);
    if let Some(against) = &model.against {
        let _ = writeln!(out, "### Before and after\n\n{}", compare::markdown_body(against, tables));
    }
    for workload in &model.workloads {
        let title = workload.info.map_or("", |info| &info.title);
        let _ = writeln!(out, "### {}\n", markdown_text(workload.name));
        if !title.is_empty() {
            let _ = writeln!(out, "{}\n", markdown_words(title));
        }
        for variant in &workload.variants {
            sentences(&mut out, variant);
        }
        out.push('\n');
        for variant in workload.variants.iter().filter(|_| tables) {
            let inside = format!("{}: all numbers", markdown_name(&variant.id.to_string()));
            folded(&mut out, &inside, &table(variant));
        }
    }
    if !tables {
        out.push_str(WITHOUT_TABLES);
    }
    claims(&mut out, model);
    absent(&mut out, model);
    origin(&mut out, model);
    out
}

/// The text in place of the tables.
const WITHOUT_TABLES: &str = "All numbers are on the page and in `verdicts.json`: \
     here they would exceed the size of a GitHub comment. `contend cite counter/hot` prints a variant with its \
     table.\n\n";

/// The most confirming comparisons of a claim that are listed.
const LISTED: usize = 3;

/// The run's claims; those that are not testable are folded.
fn claims(out: &mut String, model: &ReportModel) {
    if model.claims.is_empty() {
        return;
    }
    let _ = writeln!(out, "### Claims\n\n{}\n", totals(&model.claims));
    let (here, not_here) = split_testable(&model.claims);
    if !here.is_empty() {
        let _ = writeln!(out, "{}", rows(here, LISTED));
    }
    if !not_here.is_empty() {
        folded(out, "Claims that are not testable here", &rows(not_here, LISTED));
    }
}

pub(super) fn trust(out: &mut String, model: &ReportModel) {
    let trust = &model.quality;
    let kind = match trust.level {
        Level::Publishable => "NOTE",
        Level::Caution | Level::Disturbed | Level::Quick => "WARNING",
    };
    let reasons = match trust.reasons.len() {
        0 => String::new(),
        count => format!(", {}", number::plural(count, "reason", "reasons")),
    };
    let _ = writeln!(out, "> [!{kind}]\n> **{}**{reasons}", trust.level.label());
    for reason in &trust.reasons {
        let _ = writeln!(out, "> - {}", markdown_text(reason));
    }
    out.push('\n');
    if let Some(sentence) = resolution::sentence(model.analysis) {
        let _ = writeln!(out, "- {}", markdown_text(&sentence));
    }
    for condition in conditions(&model.run.plan) {
        let _ = writeln!(out, "- Condition: {}.", markdown_text(&condition));
    }
    out.push('\n');
}

/// A variant's headlines, a list item for each class.
pub(super) fn sentences(out: &mut String, variant: &Variant) {
    let id = markdown_name(&variant.id.to_string());
    let classes = classes(variant);
    if classes.is_empty() {
        let _ = writeln!(out, "- {id}: nothing measured.");
    }
    for class in classes {
        let kind = match class {
            Class::Immediate => String::new(),
            other => format!(" ({})", other.name()),
        };
        let _ = writeln!(out, "- {id}{kind}: {}", headline(variant, class).markdown());
        let changes = rank_changes(variant, class).into_iter().map(|change| change.sentence());
        for sentence in staying::sentence(variant, class).into_iter().chain(changes) {
            let _ = writeln!(out, "  - {}", sentence.markdown());
        }
    }
    for sentence in variant.blocks.iter().flat_map(|block| collapsing::sentences(block)) {
        let _ = writeln!(out, "  - {sentence}");
    }
    for sentence in disturbances::of_blocks(&variant.blocks) {
        let _ = writeln!(out, "  - {}", markdown_text(&sentence));
    }
}

pub(super) fn folded(out: &mut String, summary: &str, inside: &str) {
    // GitHub reads a summary as HTML, and needs empty lines around the Markdown below it.
    let summary = summary.replace('`', "");
    let _ = writeln!(out, "<details><summary>{summary}</summary>\n\n{inside}\n</details>\n");
}

/// The table of a variant's cells: value, interval, forks, windows.
pub(super) fn table(variant: &Variant) -> String {
    let measure = Measure::of(variant.unit());
    let mut out = String::new();
    let unit = markdown_text(variant.unit());
    match measure.is_time() {
        true => out.push_str(
            "| threads | contender | class | Mops/s | ns/op | interval | forks | windows |\n\
             | ---: | --- | --- | ---: | ---: | --- | ---: | ---: |\n",
        ),
        false => {
            let _ = writeln!(
                out,
                "| threads | contender | class | {unit} | interval | forks | windows |\n\
                 | ---: | --- | --- | ---: | --- | ---: | ---: |"
            );
        }
    }
    for block in &variant.blocks {
        for cell in cells_in_order(block) {
            let head = format!(
                "| {} | {} | {} |",
                cell.cell.threads,
                markdown_name(&cell.cell.contender),
                cell.class.name()
            );
            let _ = writeln!(out, "{head} {}", numbers(cell, measure));
        }
    }
    out
}

fn numbers(cell: &CellSummary, measure: Measure) -> String {
    let empty = if measure.is_time() { " | | | |" } else { " | | |" };
    let median = match (&cell.state, cell.median) {
        (CellState::Measured, Some(median)) => median,
        (CellState::Failed(reason), _) => {
            return format!("failed: {} |{empty}", markdown_text(reason));
        }
        (CellState::Missing(reason), _) => {
            return format!("missing: {} |{empty}", markdown_text(reason));
        }
        (CellState::Measured, None) => return format!("no number |{empty}"),
    };
    let throughput = match measure.is_time() {
        true => format!("{}{} | ", number::short(measure.value(median)), collapsing::beside(cell, measure)),
        false => String::new(),
    };
    let interval = cell.interval.map_or_else(
        || "–".to_owned(),
        |(low, high)| format!("{}–{}", number::short(low), number::short(high)),
    );
    format!(
        "{throughput}{}{} | {interval} | {} | {} |",
        number::short(median),
        collapsing::beside_as_measured(cell),
        cell.forks.len(),
        cell.windows.as_ref().map_or(0, |windows| windows.windows)
    )
}

fn absent(out: &mut String, model: &ReportModel) {
    let absent = &model.run.absent;
    if absent.is_empty() {
        return;
    }
    let mut inside = String::from("| where | contender | reason |\n| --- | --- | --- |\n");
    for absent in absent {
        let _ = writeln!(
            inside,
            "| {} | {} | {} |",
            markdown_name(&absent.block),
            markdown_name(&absent.contender),
            markdown_words(&absent.reason)
        );
    }
    folded(out, "Not measured, and why", &inside);
}

/// The origin of the numbers, and how to reproduce them.
pub(super) fn origin(out: &mut String, model: &ReportModel) {
    let run = model.run;
    let mut facts = String::from("| | |\n| --- | --- |\n");
    for fact in &run.environment.facts {
        let _ = writeln!(facts, "| {} | {} |", markdown_text(&fact.label), markdown_text(&fact.value));
    }
    folded(out, "Environment", &facts);
    let analysis = model.analysis;
    let _ = writeln!(
        out,
        "Reproduce with {}, seed {}. The least difference that counts is {}. At most {} of {} \
         expected to be wrong. {} of {} failed. Brackets have the confidence interval of the ratio.",
        markdown_name(&run.command),
        run.seed,
        number::threshold(analysis.threshold),
        number::short(analysis.expected_wrong),
        number::plural(analysis.comparisons as usize, "comparison is", "comparisons are"),
        analysis.controls_failed,
        number::plural(analysis.controls as usize, "control", "controls"),
    );
}
