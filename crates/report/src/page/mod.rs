//! The page: one file that works from disk, offline and without JavaScript. Templates escape their values. Values that
//! they mark as safe were escaped by `rich_text` or `chart`.

mod anchors;
mod ask;
mod builds;
mod claims;
pub mod compare;
mod csp;
mod detail;
mod embedded_data;
mod grouped;
mod heat;
pub mod machines;
mod numbers;
mod packed;
mod reading;
mod take;
mod warnings;

use std::sync::LazyLock;

use askama::Template;
use contend_analysis::claim::totals;
use contend_analysis::text::{conditions, forks, number};
use contend_record::{Class, Plan, Run};

use super::ReportError;
use super::chart;
use super::chart_data::VariantCharts;
use super::families::Families;
use super::report_model::ReportModel;
use super::resolution;
use super::rich_text::{broken_name, html_text};
use super::search;
use ask::Ask;
use builds::Builds;
use claims::ClaimGroup;
use detail::Detail;
use grouped::grouped;
use heat::HeatMap;
use take::Take;
use warnings::Warning;

const STYLE: &str = include_str!("../../templates/page.css");

/// The source of the script. Later parts use earlier ones.
const SOURCE: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("../../templates/js/packed.js"),
    include_str!("../../templates/js/model.js"),
    include_str!("../../templates/js/state.js"),
    include_str!("../../templates/js/ask.js"),
    include_str!("../../templates/js/take.js"),
    include_str!("../../templates/js/heat.js"),
    include_str!("../../templates/js/filter.js"),
    include_str!("../../templates/js/read.js"),
    include_str!("../../templates/js/beside.js"),
    include_str!("../../templates/js/table.js"),
    include_str!("../../templates/js/export.js"),
    include_str!("../../templates/js/main.js"),
    "})();\n",
);

/// The script on the page.
static SCRIPT: LazyLock<String> =
    LazyLock::new(|| stripped(SOURCE).replace(NAMES_IN_RUST, &search::in_rust()));

/// The place of the names of Go in the source of the script.
const NAMES_IN_RUST: &str = "{ /* names in Rust */ }";

/// A script without comments and indentation.
fn stripped(source: &str) -> String {
    let lines = source.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// The placeholder that `publish` replaces by the list of other runs.
pub const OTHER_RUNS: &str = "<!-- other runs -->";

/// The start of every link to a file of the run. It cannot occur in text, where quotes are escaped.
pub const OWN_FILE: &str = "href=\"./";

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    run: &'a Run,
    heading: String,
    brief: String,
    /// The differences that the run shows; empty where no block has enough forks.
    shows: String,
    facts: Vec<String>,
    policy: String,
    chart_style: &'a str,
    page_style: &'static str,
    script: &'a str,
    threads: Vec<usize>,
    trust_class: &'static str,
    trust_label: &'static str,
    trust_reasons: &'a [String],
    ask: Option<Ask>,
    builds: Option<Builds>,
    heat: Vec<HeatMap>,
    take: Take,
    strip_axis: String,
    claims_sum: String,
    claims: Vec<ClaimGroup>,
    warnings: Vec<Warning>,
    details: Vec<Detail<'a>>,
    data: String,
    contenders: Vec<ContenderRow<'a>>,
    absent: Vec<AbsentRow<'a>>,
    method: Method,
}

/// The contenders of a crate that promise the same, with its notes for reviewers.
struct ContenderRow<'a> {
    names: Vec<String>,
    classes: String,
    family: &'a str,
    package: String,
    notes: String,
}

/// Contenders that are absent from the same place for the same reason.
struct AbsentRow<'a> {
    names: Vec<String>,
    block: &'a str,
    reason: String,
}

/// The numbers of the method section.
struct Method {
    threshold: String,
    forks: String,
    /// `12, 18 or 24 forks`; empty where there are no interim analyses.
    interim_analyses: String,
    comparisons: String,
    expected_wrong: String,
    controls: u32,
    controls_failed: u32,
    split_half_checks: String,
    split_half_failures: u32,
    /// The least and the greatest resolution of a block.
    resolution: Option<(String, String)>,
    work: Vec<(String, String)>,
}

/// Renders the page. `figures` has the charts of the model's workloads, in their order.
pub fn render(
    model: &ReportModel,
    figures: &[Vec<VariantCharts>],
    families: &Families,
) -> Result<String, ReportError> {
    let run = model.run;
    let trust = &model.quality;
    let chart_style = chart::page_style();
    let page = Page {
        run,
        heading: heading(model),
        brief: brief(model),
        shows: resolution::sentence(model.analysis).unwrap_or_default(),
        facts: facts(model),
        policy: csp::of(&[&chart_style, STYLE], &[&SCRIPT]),
        chart_style: &chart_style,
        page_style: STYLE,
        script: &SCRIPT,
        threads: model.threads(),
        trust_class: match trust.level {
            super::run_quality::Level::Publishable => "publishable",
            super::run_quality::Level::Caution => "caution",
            super::run_quality::Level::Disturbed => "disturbed",
            super::run_quality::Level::Quick => "quick",
        },
        trust_label: trust.level.label(),
        trust_reasons: &trust.reasons,
        ask: ask::of(model),
        builds: model.against.as_ref().map(builds::of),
        heat: heat::of(model, families),
        take: take::of(model, families),
        strip_axis: chart::strip_axis(),
        claims_sum: totals(&model.claims),
        claims: claims::of(model),
        warnings: warnings::of(model),
        details: detail::of(model, figures),
        data: embedded_data::of(model)?,
        contenders: contenders(run),
        absent: absent(run),
        method: method(model),
    };
    Ok(page.render()?)
}

fn contenders(run: &Run) -> Vec<ContenderRow<'_>> {
    let pairs = run.contenders.iter().map(|info| {
        let package = format!("{} {}", info.package, info.version);
        (broken_name(&info.name), (classes_of(run, &info.name), &*info.family, package, &info.notes))
    });
    let rows = grouped(pairs).into_iter();
    rows.map(|(names, (classes, family, package, notes))| ContenderRow {
        names,
        classes,
        family,
        package,
        notes: html_text(notes),
    })
    .collect()
}

fn absent(run: &Run) -> Vec<AbsentRow<'_>> {
    let pairs =
        run.absent.iter().map(|absent| (broken_name(&absent.contender), (&*absent.block, &absent.reason)));
    let rows = grouped(pairs).into_iter();
    rows.map(|(names, (block, reason))| AbsentRow { names, block, reason: html_text(reason) }).collect()
}

/// The title: workloads and machine.
fn heading(model: &ReportModel) -> String {
    let names: Vec<&str> = model.workloads.iter().map(|workload| workload.name).collect();
    let what = match names[..] {
        [] => "Nothing".to_owned(),
        [one] => one.to_owned(),
        [one, other] => format!("{one} and {other}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        _ => number::plural(names.len(), "workload", "workloads"),
    };
    let facts = model.run.environment.facts.iter();
    let machine = facts
        .clone()
        .find(|fact| fact.key == "cpu_model" && fact.value != "unknown")
        .map_or("this machine", |fact| &fact.value);
    let cores = number::plural(model.run.plan.cores, "CPU", "CPUs");
    format!("{what} on {machine}, {cores}")
}

/// The size of the run, beside the title.
fn brief(model: &ReportModel) -> String {
    let blocks = number::plural(model.analysis.blocks.len(), "block", "blocks");
    match model.run.took_s {
        Some(took) => format!("{blocks} in {}", number::duration_ns(took * 1e9)),
        None => blocks,
    }
}

fn facts(model: &ReportModel) -> Vec<String> {
    let run = model.run;
    let threads: Vec<String> = model.threads().iter().map(ToString::to_string).collect();
    let counts = match threads.len() {
        0 => "no thread count".to_owned(),
        1 if threads[0] == "1" => "1 thread".to_owned(),
        1..=8 => format!("{} threads", threads.join(", ")),
        many => format!("{many} thread counts from {} to {}", threads[0], threads[many - 1]),
    };
    let mut facts = vec![
        number::plural(model.measured_contenders(), "contender", "contenders"),
        counts,
        number::plural(model.analysis.blocks.len(), "block", "blocks"),
        format!("{} each", forks(&run.plan)),
        format!("{} preset", run.plan.preset),
        run.started.replace('T', " ").trim_end_matches('Z').to_owned() + " UTC",
    ];
    facts.extend(conditions(&run.plan));
    if let Some(took) = run.took_s {
        facts.push(format!("measured in {}", number::duration_ns(took * 1e9)));
    }
    facts
}

fn classes_of(run: &Run, contender: &str) -> String {
    let cells = run.plan.blocks.iter().flat_map(|block| &block.cells);
    let mut classes: Vec<_> =
        cells.filter(|cell| cell.contender == contender).map(|cell| cell.class).collect();
    classes.sort_unstable();
    classes.dedup();
    let names: Vec<&str> = classes.into_iter().map(Class::name).collect();
    names.join(", ")
}

fn interim_analyses(plan: &Plan) -> String {
    let planned = plan.more.iter().flat_map(|more| &more.looks);
    let at: Vec<String> = planned.map(|of| of.forks.to_string()).collect();
    match &at[..] {
        [first @ .., last] if !first.is_empty() => format!("{} or {last} forks", first.join(", ")),
        _ => String::new(),
    }
}

fn method(model: &ReportModel) -> Method {
    let analysis = model.analysis;
    let mut resolutions: Vec<f64> = analysis
        .blocks
        .iter()
        .filter_map(|block| block.resolution)
        .filter(|resolution| resolution.is_finite())
        .collect();
    resolutions.sort_by(f64::total_cmp);
    let work = &model.run.work;
    Method {
        threshold: number::threshold(analysis.threshold),
        forks: forks(&model.run.plan),
        interim_analyses: interim_analyses(&model.run.plan),
        comparisons: number::count(u64::from(analysis.comparisons)),
        expected_wrong: number::short(analysis.expected_wrong),
        controls: analysis.controls,
        controls_failed: analysis.controls_failed,
        split_half_checks: number::count(u64::from(analysis.split_half_checks)),
        split_half_failures: analysis.split_half_failures,
        resolution: resolutions
            .first()
            .zip(resolutions.last())
            .map(|(least, most)| (number::percent(*least), number::percent(*most))),
        work: work
            .iterations
            .iter()
            .map(|(ns, iterations)| (number::duration_ns(*ns as f64), number::count(*iterations)))
            .collect(),
    }
}
