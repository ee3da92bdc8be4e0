//! The page: one file that works from disk, offline and without JavaScript. Templates escape their values. Values that
//! they mark as safe were escaped by `rich_text` or `chart`.

mod claims;
mod csp;
mod embedded_data;
mod numbers;
mod overview;
mod verdicts;
mod warnings;

use std::sync::LazyLock;

use askama::Template;
use contend_analysis::claim::totals;
use contend_analysis::text::{conditions, forks, number};
use contend_record::{Absent, Class, ContenderInfo, Plan, Run};

use super::ReportError;
use super::chart;
use super::chart_data::VariantCharts;
use super::report_model::{ReportModel, Variant, Workload};
use super::rich_text::{html_name, html_text};
use claims::ClaimGroup;
use numbers::Numbers;
use overview::Overview;
use verdicts::BoardGroup;
use warnings::Warning;

const STYLE: &str = include_str!("../../templates/page.css");

/// The source of the script. Later parts use earlier ones.
const SOURCE: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("../../templates/js/model.js"),
    include_str!("../../templates/js/state.js"),
    include_str!("../../templates/js/scale.js"),
    include_str!("../../templates/js/draw.js"),
    include_str!("../../templates/js/tooltip.js"),
    include_str!("../../templates/js/explore.js"),
    include_str!("../../templates/js/table.js"),
    include_str!("../../templates/js/export.js"),
    include_str!("../../templates/js/main.js"),
    "})();\n",
);

/// The script on the page, without comments and indentation.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = SOURCE.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    kept.flat_map(|line| [line, "\n"]).collect()
});

/// The placeholder that `publish` replaces by the list of other runs.
pub const OTHER_RUNS: &str = "<!-- other runs -->";

/// The start of every link to a file of the run. It cannot occur in text, where quotes are escaped.
pub const OWN_FILE: &str = "href=\"./";

/// The most reasons that are shown unfolded, so that verdicts are on the first screen.
const REASONS: usize = 2;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    run: &'a Run,
    heading: String,
    facts: Vec<String>,
    policy: String,
    chart_style: &'static str,
    page_style: &'static str,
    script: &'a str,
    threads: Vec<usize>,
    trust_class: &'static str,
    trust_label: &'static str,
    /// The first reasons, and the folded ones.
    trust_reasons: (&'a [String], &'a [String]),
    overview: Overview,
    groups: Vec<BoardGroup>,
    claims_sum: String,
    claims: Vec<ClaimGroup>,
    warnings: Vec<Warning>,
    details: Vec<Detail<'a>>,
    data: String,
    contenders: Vec<ContenderRow<'a>>,
    absent: Vec<AbsentRow<'a>>,
    method: Method,
}

/// A workload in detail.
struct Detail<'a> {
    id: String,
    name: &'a str,
    about: Vec<(&'static str, String)>,
    /// How each contender does it: its name and its role, where it has one.
    roles: Vec<(String, String)>,
    /// The throughput of every variant, as small multiples.
    overview: Vec<Figure>,
    /// The note on shared axes.
    axes: &'static str,
    variants: Vec<VariantDetail>,
}

struct VariantDetail {
    id: String,
    name: String,
    title: String,
    parameters: Vec<(String, String)>,
    resolutions: Vec<Resolution>,
    /// Whether any of these blocks has a control.
    controlled: bool,
    figures: Vec<Figure>,
    numbers: Numbers,
}

/// The resolution of a block: the median half-width of its pairs' intervals.
struct Resolution {
    threads: String,
    text: String,
    exact: f64,
    /// The half-width of the control's interval, exact and as text.
    control: Option<(f64, String)>,
    failed: bool,
}

struct Figure {
    id: String,
    label: String,
    svg: String,
}

struct ContenderRow<'a> {
    name: String,
    classes: String,
    info: &'a ContenderInfo,
    notes: String,
}

struct AbsentRow<'a> {
    name: String,
    absent: &'a Absent,
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
pub fn render(model: &ReportModel, figures: &[Vec<VariantCharts>]) -> Result<String, ReportError> {
    let run = model.run;
    let trust = &model.quality;
    let page = Page {
        run,
        heading: heading(model),
        facts: facts(model),
        policy: csp::of(&[chart::CSS, STYLE], &[&SCRIPT]),
        chart_style: chart::CSS,
        page_style: STYLE,
        script: &SCRIPT,
        threads: model.threads(),
        trust_class: match trust.level {
            super::run_quality::Level::Publishable => "publishable",
            super::run_quality::Level::Caution => "caution",
            super::run_quality::Level::Quick => "quick",
        },
        trust_label: trust.level.label(),
        trust_reasons: trust.reasons.split_at(unfolded(&trust.reasons)),
        overview: Overview::of(&model.workloads),
        groups: BoardGroup::of(&model.workloads),
        claims_sum: totals(&model.claims),
        claims: claims::of(model),
        warnings: warnings::of(model),
        details: model
            .workloads
            .iter()
            .zip(figures)
            .map(|(workload, figures)| detail(model, workload, figures))
            .collect(),
        data: embedded_data::of(model)?,
        contenders: run
            .contenders
            .iter()
            .map(|info| ContenderRow {
                name: html_name(&info.name),
                classes: classes_of(run, &info.name),
                notes: html_text(&info.notes),
                info,
            })
            .collect(),
        absent: run
            .absent
            .iter()
            .map(|absent| AbsentRow {
                name: html_name(&absent.contender),
                reason: html_text(&absent.reason),
                absent,
            })
            .collect(),
        method: method(model),
    };
    Ok(page.render()?)
}

/// The number of unfolded reasons. Folding a single line would save none.
fn unfolded(reasons: &[String]) -> usize {
    match reasons.len() <= REASONS + 1 {
        true => reasons.len(),
        false => REASONS,
    }
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

fn detail<'a>(model: &ReportModel, workload: &Workload<'a>, figures: &[VariantCharts]) -> Detail<'a> {
    let about = workload.info.map_or_else(Vec::new, |info| {
        vec![
            ("Represents", &info.models),
            ("Question", &info.question),
            ("Timed", &info.timed),
            ("One operation", &info.operation),
            ("Checked after every window", &info.oracle),
        ]
    });
    Detail {
        id: format!("in-{}", chart::slug(workload.name)),
        name: workload.name,
        about: about
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(term, text)| (term, html_text(text)))
            .collect(),
        roles: roles(model.run, workload.name),
        overview: figures.iter().map(|figures| figure(&figures.throughput)).collect(),
        axes: match figures.iter().filter(|figures| figures.shared_axis).count() {
            0 => "",
            shared if shared == figures.len() => "These charts share one y axis.",
            _ => "Charts of similar magnitude share one y axis.",
        },
        variants: workload
            .variants
            .iter()
            .zip(figures)
            .map(|(variant, figures)| variant_detail(model, variant, figures))
            .collect(),
    }
}

/// The roles of a workload's contenders, in the order of the run.
fn roles(run: &Run, workload: &str) -> Vec<(String, String)> {
    let contenders = run.contenders.iter();
    let roles = contenders.flat_map(|info| info.roles.iter().map(move |role| (info, role)));
    let here = roles.filter(|(_, role)| role.workload == workload);
    here.map(|(info, role)| (html_name(&info.name), html_text(&role.role))).collect()
}

fn figure(drawing: &chart::Drawing) -> Figure {
    Figure { id: drawing.id.clone(), label: drawing.title.clone(), svg: drawing.inline() }
}

fn variant_detail(model: &ReportModel, variant: &Variant, figures: &VariantCharts) -> VariantDetail {
    let drawings = figures.ranking.iter().chain(&figures.distribution);
    let info = variant.info;
    VariantDetail {
        id: format!("of-{}", figures.throughput.id),
        name: variant.id.to_string(),
        title: info.map_or_else(String::new, |info| info.title.clone()),
        parameters: info.map_or_else(Vec::new, |info| {
            let parameters = info.parameters.iter();
            parameters.map(|(key, value)| (key.clone(), value.clone())).collect()
        }),
        resolutions: variant
            .blocks
            .iter()
            .filter_map(|block| {
                let exact = block.resolution?;
                Some(Resolution {
                    threads: number::plural(block.block.threads, "thread", "threads"),
                    text: number::percent(exact),
                    exact,
                    control: block.control_resolution.map(|exact| (exact, number::percent(exact))),
                    failed: block.control_failed(),
                })
            })
            .collect(),
        controlled: variant.blocks.iter().any(|block| block.control_resolution.is_some()),
        figures: drawings.map(figure).collect(),
        numbers: Numbers::of(model, variant),
    }
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
