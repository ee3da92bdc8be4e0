//! Markdown for a review on GitHub: `summary.md` of a run, and the output of `contend cite` for a part of it.

use std::fmt::Write;

use contend_analysis::claim::{rows, split_testable, totals};
use contend_analysis::text::number;
use contend_analysis::text::{markdown_name, markdown_text, markdown_words};
use contend_analysis::verdict::{CellState, CellSummary, analyse_run};
use contend_record::{Class, RunData};

use super::chart_data::Measure;
use super::headlines::{block_headline, cells_in_order, classes, headline, rank_changes, standing};
use super::report_model::{ReportModel, Variant};
use super::run_quality::Level;
use super::{ReportError, model_of};

/// The size limit of a GitHub comment in characters, minus some for text around it.
const COMMENT: usize = 65_536 - 1_536;

/// The whole run. Where that exceeds a GitHub comment, it leaves out the tables of all numbers, which [`cite`] prints
/// for a part of the run.
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

/// Markdown on the variants that a filter selects, by their own id or that of one of their cells. `matches` decides,
/// and `filter` is the text for the error.
///
/// # Errors
/// Where no variant is selected.
pub fn cite(journal: &RunData, filter: &str, matches: &dyn Fn(&str) -> bool) -> Result<String, ReportError> {
    let analysis = analyse_run(journal);
    let model = model_of(journal, &analysis);
    let chosen: Vec<&Variant> = model
        .variants()
        .filter(|variant| {
            let cells = || variant.blocks.iter().flat_map(|block| &block.cells);
            matches(&variant.id.to_string()) || cells().any(|cell| matches(&cell.cell.to_string()))
        })
        .collect();
    if chosen.is_empty() {
        let ids: Vec<String> = model.variants().map(|variant| variant.id.to_string()).collect();
        return Err(ReportError::Nothing(format!(
            "`{filter}` matches no cell of run {}; try one of {}",
            journal.run.run,
            ids.join(", ")
        )));
    }
    let mut out = String::new();
    for variant in chosen {
        let id = variant.id.to_string();
        let _ = writeln!(out, "### {}\n", markdown_name(&id));
        sentences(&mut out, variant);
        out.push('\n');
        blocks(&mut out, variant);
        picture(&mut out, variant);
        folded(&mut out, "All numbers", &table(variant));
    }
    trust(&mut out, &model);
    origin(&mut out, &model);
    Ok(out)
}

fn trust(out: &mut String, model: &ReportModel) {
    let trust = &model.quality;
    let kind = match trust.level {
        Level::Publishable => "NOTE",
        Level::Caution | Level::Quick => "WARNING",
    };
    let _ = writeln!(out, "> [!{kind}]\n> **{}**", trust.level.label());
    for reason in &trust.reasons {
        let _ = writeln!(out, "> - {}", markdown_text(reason));
    }
    out.push('\n');
}

/// A variant's headlines, a list item for each class.
fn sentences(out: &mut String, variant: &Variant) {
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
        for change in rank_changes(variant, class) {
            let _ = writeln!(out, "  - {}", change.sentence().markdown());
        }
    }
}

/// A variant's verdicts by thread count.
fn blocks(out: &mut String, variant: &Variant) {
    out.push_str("| threads | class | verdict |\n| ---: | --- | --- |\n");
    for block in &variant.blocks {
        for class in classes(variant) {
            let Some(standing) = standing(block, class) else {
                continue;
            };
            let over = if block.oversubscribed { " (oversubscribed)" } else { "" };
            let _ = writeln!(
                out,
                "| {}{over} | {} | {} |",
                block.block.threads,
                class.name(),
                block_headline(&standing.standing).markdown()
            );
        }
    }
    out.push('\n');
}

/// The chart, light and dark: files in the run's folder, to be uploaded.
fn picture(out: &mut String, variant: &Variant) {
    let file = &variant.file;
    let _ = writeln!(
        out,
        "<!-- GitHub shows uploaded images only: drop charts/{file}-light.svg and \
         charts/{file}-dark.svg into the comment, and put their addresses here. -->\n\
         <picture>\n<source media=\"(prefers-color-scheme: dark)\" srcset=\"charts/{file}-dark.svg\">\n\
         <img alt=\"Throughput over threads\" src=\"charts/{file}-light.svg\">\n</picture>\n"
    );
}

fn folded(out: &mut String, summary: &str, inside: &str) {
    // GitHub reads a summary as HTML, and needs empty lines around the Markdown below it.
    let summary = summary.replace('`', "");
    let _ = writeln!(out, "<details><summary>{summary}</summary>\n\n{inside}\n</details>\n");
}

/// The table of a variant's cells: value, interval, forks, windows.
fn table(variant: &Variant) -> String {
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
        true => format!("{} | ", number::short(measure.value(median))),
        false => String::new(),
    };
    let interval = cell.interval.map_or_else(
        || "–".to_owned(),
        |(low, high)| format!("{}–{}", number::short(low), number::short(high)),
    );
    format!(
        "{throughput}{} | {interval} | {} | {} |",
        number::short(median),
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
fn origin(out: &mut String, model: &ReportModel) {
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
