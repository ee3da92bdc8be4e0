//! `contend cite`: a part of a run as Markdown for a review. By default a few lines that fit a comment, and with
//! everything on request.

use std::collections::HashSet;
use std::fmt::Write;

use contend_analysis::text::{markdown_name, markdown_text, nearest, number};
use contend_analysis::verdict::{BlockAnalysis, CellSummary, ClassChoice, analyse_run};
use contend_record::RunData;

use super::chart_data::chart_id;
use super::collapsing;
use super::headlines::{classes, threads_phrase};
use super::markdown::{folded, origin, sentences, table, trust};
use super::measure::Measure;
use super::ranking::is_oversubscribed;
use super::report_model::{ReportModel, Variant, Workload};
use super::run_quality::Level;
use super::search::Search;
use super::staying::staying;
use super::{ReportError, model_of};

/// The most names that an error suggests.
const NEAREST: usize = 3;

/// The most contenders in a small table, unless the filter names more.
const ROWS: usize = 4;

/// The most variants of a small citation: more are no part of a review.
const VARIANTS: usize = 3;

/// The most variants that an error names.
const NAMED: usize = 20;

/// The characters of the longest bar.
const BAR: usize = 10;

/// The facts of the environment that a small citation names.
const CONDITIONS: [&str; 2] = ["cpu_model", "rustc"];

/// What to cite of a run, and how.
pub struct Cite<'a> {
    /// The filter. Its words select as those of the page's filter do.
    pub filter: &'a str,
    /// Whether it selects the id of a variant, a block or a cell in some other way.
    pub matches: &'a dyn Fn(&str) -> bool,
    /// Whether to print everything: all sentences and numbers, the chart and the environment.
    pub full: bool,
    /// Where the whole run is: the target of the one link.
    pub link: &'a str,
}

/// A variant, and those of its blocks that a filter names, itself or by one of their cells.
struct Chosen<'m, 'a> {
    variant: &'m Variant<'a>,
    blocks: Vec<&'a BlockAnalysis>,
    /// The contenders that the filter names: those of the cells that it selects in blocks that it does not.
    named: HashSet<&'a str>,
    /// How many words of the filter are in the variant's id.
    words: usize,
}

/// Markdown on the variants that `cite` selects, by their own id or that of one of their blocks or cells. A word that
/// is in the id of a variant selects by that, and not by a contender such as `SegQueue`.
///
/// # Errors
/// Where no variant is selected, or more than a review has.
pub fn cite(journal: &RunData, cite: &Cite) -> Result<String, ReportError> {
    if cite.filter.trim().is_empty() {
        return Err(ReportError::Filter(
            "the filter is empty; name what to cite, e.g. `map read90`".to_owned(),
        ));
    }
    let analysis = analyse_run(journal);
    let model = model_of(journal, &analysis);
    let search = Search::new(cite.filter);
    let of_workload = |workload| chosen(workload, cite, &search);
    let mut chosen: Vec<Chosen> = model.workloads.iter().flat_map(of_workload).collect();
    let words = chosen.iter().map(|of| of.words).max();
    chosen.retain(|of| Some(of.words) == words);
    if chosen.is_empty() {
        let cells =
            || analysis.blocks.iter().flat_map(|block| &block.cells).map(|cell| &*cell.cell.contender);
        let variants: Vec<String> = model.variants().map(|variant| variant.id.to_string()).collect();
        let workloads = model.workloads.iter().map(|workload| workload.name);
        let names = workloads.chain(variants.iter().map(String::as_str)).chain(cells());
        let nearest = nearest(cite.filter, names, NEAREST).into_iter().map(|name| format!("`{name}`"));
        let all_words = match cite.filter.split_whitespace().count() {
            0 | 1 => "",
            _ => ", since a cell must have all of these words",
        };
        return Err(ReportError::Filter(format!(
            "`{}` matches no cell of run {}{all_words}; the nearest are {}",
            cite.filter,
            journal.run.run,
            nearest.collect::<Vec<_>>().join(", ")
        )));
    }
    match cite.full {
        true => Ok(full(&model, &chosen)),
        false if chosen.len() > VARIANTS => Err(ReportError::Filter(too_many(&chosen, cite.filter))),
        false => Ok(small(&model, &chosen, cite)),
    }
}

/// The variants that a filter selects, where they are too many.
fn too_many(chosen: &[Chosen], filter: &str) -> String {
    let names = chosen.iter().take(NAMED).map(|of| format!("`{}`", of.variant.id));
    let names = names.collect::<Vec<_>>().join(", ");
    let more = match chosen.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "`{filter}` matches {} variants: {names}{more}; name one of them, or cite all with `--full`",
        chosen.len()
    )
}

/// The selected variants of a workload.
fn chosen<'m, 'a>(workload: &'m Workload<'a>, cite: &Cite, search: &Search) -> Vec<Chosen<'m, 'a>> {
    let models = workload.info.map_or("", |info| &info.models);
    let selects = |id: String| (cite.matches)(&id) || search.finds(&id, models);
    let variants = workload.variants.iter().map(|variant| {
        let id = variant.id.to_string();
        let mut of =
            Chosen { variant, blocks: Vec::new(), named: HashSet::new(), words: search.words_in(&id, "") };
        for block in variant.blocks.iter().copied() {
            let cells = block.cells.iter().filter(|cell| cell.cell.is_contender());
            let cells: Vec<_> = cells.filter(|cell| selects(cell.cell.to_string())).collect();
            let whole = selects(block.block.to_string());
            if whole || !cells.is_empty() {
                of.blocks.push(block);
            }
            of.named.extend(cells.iter().filter(|_| !whole).map(|cell| cell.cell.contender.as_str()));
        }
        of
    });
    variants.filter(|of| !of.blocks.is_empty() || selects(of.variant.id.to_string())).collect()
}

/// A table for each variant, the conditions, and one link.
fn small(model: &ReportModel, chosen: &[Chosen], cite: &Cite) -> String {
    let mut out = String::new();
    for Chosen { variant, blocks, named, .. } in chosen {
        // A filter that names blocks or cells chooses among the thread counts, the main one first.
        let main = variant
            .main_block()
            .filter(|main| blocks.is_empty() || blocks.iter().any(|block| block.block == main.block));
        if let Some(block) = main.or(blocks.last().copied()) {
            variant_tables(&mut out, variant, block, named);
        }
    }
    conditions(&mut out, model, cite.link);
    out
}

/// A variant in a few lines: what to take at its main thread count, and its leading contenders with bars.
pub fn excerpt(variant: &Variant) -> String {
    let mut out = String::new();
    if let Some(block) = variant.main_block() {
        variant_tables(&mut out, variant, block, &HashSet::new());
    }
    out
}

/// What to take in a block, and its leading contenders with bars: of each class with a named contender, or of the
/// first.
fn variant_tables(out: &mut String, variant: &Variant, block: &BlockAnalysis, named: &HashSet<&str>) {
    let classes = classes(variant);
    let choices: Vec<&ClassChoice> = classes.iter().filter_map(|class| block.choice(*class)).collect();
    let is_named = |choice: &ClassChoice| {
        let mut of_class = block.decisions.iter().filter(|of| of.class == choice.class);
        of_class.any(|of| named.contains(of.contender.as_str()))
    };
    let mut asked: Vec<&ClassChoice> = choices.iter().copied().filter(|choice| is_named(choice)).collect();
    if asked.is_empty() {
        asked.extend(choices.first());
    }
    if asked.is_empty() {
        let at = threads_phrase(&[block.block.threads], false);
        let _ = writeln!(out, "**{} {at}**: nothing measured.\n", markdown_name(&variant.id.to_string()));
    }
    for choice in asked {
        let class = match classes.first() {
            Some(first) if *first != choice.class => format!(" ({})", choice.class.name()),
            _ => String::new(),
        };
        class_table(out, variant, &class, (block, choice), named);
    }
}

/// What to take in a class of a block, and its leading contenders with bars.
fn class_table(
    out: &mut String,
    variant: &Variant,
    class: &str,
    (block, choice): (&BlockAnalysis, &ClassChoice),
    named: &HashSet<&str>,
) {
    let at = threads_phrase(&[block.block.threads], false);
    let of_class = || block.cells.iter().filter(|cell| cell.class == choice.class);
    let over = if is_oversubscribed(block, of_class()) { ", oversubscribed" } else { "" };
    let forks = of_class().map(|cell| cell.forks.len()).max().unwrap_or(0);
    let forks = number::plural(forks, "fork", "forks");
    let id = markdown_name(&variant.id.to_string());
    let verdict = match &choice.pick {
        Some(pick) => format!("take {}, {}", markdown_name(pick), markdown_text(&choice.words)),
        None => markdown_text(&choice.words),
    };
    // Beside the verdict, so that a variant has a fixed number of lines.
    let collapses: String =
        collapsing::sentences(block).iter().map(|sentence| format!(" {sentence}")).collect();
    let elsewhere = elsewhere(variant, block, choice);
    let why = markdown_text(&choice.reason());
    let _ = writeln!(out, "**{id} {at}**{over}{class}, {forks}: {verdict} ({why}).{elsewhere}{collapses}\n");
    out.push_str(&heading(Measure::of(variant.unit()).unit()));
    let best = best(block, choice);
    for cell in rows(block, choice, named) {
        let _ = writeln!(out, "{}", table_row(block, choice, cell, best, Measure::of(variant.unit())));
    }
    out.push('\n');
}

/// What to take in the same class at the variant's other thread counts: ` The same at 1 thread. At 4 threads take …`.
fn elsewhere(variant: &Variant, block: &BlockAnalysis, choice: &ClassChoice) -> String {
    let mut picks: Vec<(&str, Vec<usize>)> = Vec::new();
    for other in variant.blocks.iter().filter(|other| other.block != block.block) {
        let pick = other.choice(choice.class).and_then(|choice| choice.pick.as_deref());
        let Some(pick) = pick else { continue };
        match picks.iter_mut().find(|(known, _)| *known == pick) {
            Some((_, threads)) => threads.push(other.block.threads),
            None => picks.push((pick, vec![other.block.threads])),
        }
    }
    let sentence = |(pick, threads): &(&str, Vec<usize>)| match threads_phrase(threads, false) {
        at if choice.pick.as_deref() == Some(*pick) => format!(" The same {at}."),
        at => format!(" {} take {}.", at.replacen('a', "A", 1), markdown_name(pick)),
    };
    picks.iter().map(sentence).collect()
}

/// The heading of the small table.
fn heading(unit: &str) -> String {
    format!("| contender | {} | | time over the best's |\n| --- | ---: | --- | --- |\n", markdown_text(unit))
}

/// The heading where times are measured, which are shown as throughput.
pub fn usual_heading() -> String {
    heading(Measure::of("ns/op").unit())
}

/// The cells of the small table: what to take, the baseline, what is named, and the best others by estimate.
fn rows<'b>(block: &'b BlockAnalysis, choice: &ClassChoice, named: &HashSet<&str>) -> Vec<&'b CellSummary> {
    let of_class = || block.decisions.iter().filter(|of| of.class == choice.class);
    let baseline = of_class().next().and_then(|of| of.baseline.as_deref());
    let pick = choice.pick.as_deref();
    let wanted = |name: &str| Some(name) == pick || Some(name) == baseline || named.contains(name);
    let (first, others): (Vec<&str>, Vec<&str>) =
        of_class().map(|of| &*of.contender).partition(|name| wanted(name));
    let most = ROWS.max(first.len());
    let kept: Vec<&str> = first.into_iter().chain(others).take(most).collect();
    let order = of_class().filter(|of| kept.contains(&&*of.contender));
    order.filter_map(|of| block.cell(&of.contender)).collect()
}

/// The least time of the class, or its greatest rate: what the bars are measured by.
fn best(block: &BlockAnalysis, choice: &ClassChoice) -> Option<f64> {
    block
        .decisions
        .iter()
        .find(|of| of.class == choice.class)
        .and_then(|of| block.cell(&of.contender)?.median)
}

fn table_row(
    block: &BlockAnalysis,
    choice: &ClassChoice,
    cell: &CellSummary,
    best: Option<f64>,
    measure: Measure,
) -> String {
    let name = &cell.cell.contender;
    let decision = block.decision(name);
    let pick = if choice.pick.as_ref() == Some(name) { " **take**" } else { "" };
    let value = cell.median.map_or(number::NONE.to_owned(), |median| {
        number::short(measure.value(median)) + &collapsing::beside(cell, measure)
    });
    // A rate is the more the better, a time the less.
    let share = cell.median.zip(best).map(|(own, best)| if own > best { best / own } else { own / best });
    let bounds = decision.map_or(String::new(), |of| match (of.at_least, of.at_most) {
        (_, Some(1.0)) => "the best".to_owned(),
        (Some(least), Some(most)) => format!("{} to {}", number::at_least(least), number::at_most(most)),
        (None, Some(most)) => format!("at most {}", number::at_most(most)),
        (Some(least), None) => format!("at least {}", number::at_least(least)),
        (None, None) => String::new(),
    });
    let staying = staying(block, choice).filter(|staying| staying.baseline == name);
    let staying = staying.map_or(String::new(), |staying| {
        let word = staying.word().map_or(String::new(), |word| format!(", {word}"));
        format!("; staying costs {}{word}", staying.ratio())
    });
    format!("| {}{pick} | {value} | {} | {bounds}{staying} |", markdown_name(name), bar(share.unwrap_or(0.0)))
}

/// A bar of eighths of a character.
fn bar(share: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * 8.0 * BAR as f64).round() as usize;
    let bar = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    if bar.is_empty() { EIGHTHS[1].to_owned() } else { bar }
}

/// One line on how far to trust this, and one link.
pub fn conditions(out: &mut String, model: &ReportModel, link: &str) {
    let run = model.run;
    let fact = |key: &&str| run.environment.facts.iter().find(|fact| fact.key == **key);
    let facts: Vec<String> =
        CONDITIONS.iter().filter_map(fact).map(|fact| markdown_text(&fact.value)).collect();
    let trust = match model.quality.level {
        Level::Publishable => String::new(),
        level => format!(" **{}**: {} on the page.", level.label(), reasons(model.quality.reasons.len())),
    };
    let _ = writeln!(
        out,
        "{}{} allowed. Bounds hold together with 95 %; the baseline's ratio is a planned comparison at 99 %.\
         {trust} [The whole run]({link})",
        facts.iter().map(|fact| format!("{fact}, ")).collect::<String>(),
        number::plural(run.plan.cores, "CPU", "CPUs"),
    );
}

fn reasons(count: usize) -> String {
    number::plural(count, "reason", "reasons")
}

/// All sentences, the chart to upload, all numbers, and the environment.
fn full(model: &ReportModel, chosen: &[Chosen]) -> String {
    let mut out = String::new();
    for Chosen { variant, .. } in chosen {
        let _ = writeln!(out, "### {}\n", markdown_name(&variant.id.to_string()));
        sentences(&mut out, variant);
        out.push('\n');
        blocks(&mut out, variant);
        picture(&mut out, variant);
        folded(&mut out, "All numbers", &table(variant));
    }
    trust(&mut out, model);
    origin(&mut out, model);
    out
}

/// What to take by thread count and class.
fn blocks(out: &mut String, variant: &Variant) {
    out.push_str("| threads | class | take | which is | why |\n| ---: | --- | --- | --- | --- |\n");
    for block in &variant.blocks {
        for choice in &block.choices {
            let of_class = block.cells.iter().filter(|cell| cell.class == choice.class);
            let over = if is_oversubscribed(block, of_class) { " (oversubscribed)" } else { "" };
            let pick = choice.pick.as_deref().map_or("–".to_owned(), markdown_name);
            let _ = writeln!(
                out,
                "| {}{over} | {} | {pick} | {} | {} |",
                block.block.threads,
                choice.class.name(),
                markdown_text(&choice.words),
                markdown_text(&choice.reason()),
            );
        }
    }
    out.push('\n');
}

/// The chart, light and dark: files in the run's folder, to be uploaded.
fn picture(out: &mut String, variant: &Variant) {
    let file = chart_id(variant);
    let _ = writeln!(
        out,
        "<!-- GitHub shows uploaded images only: drop charts/{file}-light.svg and \
         charts/{file}-dark.svg into the comment, and put their addresses here. -->\n\
         <picture>\n<source media=\"(prefers-color-scheme: dark)\" srcset=\"charts/{file}-dark.svg\">\n\
         <img alt=\"Time over that of the best\" src=\"charts/{file}-light.svg\">\n</picture>\n"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_eighths_and_are_never_empty() {
        assert_eq!(bar(1.0), "█".repeat(10));
        assert_eq!(bar(0.55), "█████▌");
        assert_eq!(bar(0.001), "▏");
    }
}
