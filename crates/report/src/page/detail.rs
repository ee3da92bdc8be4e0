//! The workloads in detail: what is measured, charts and numbers.

use contend_analysis::text::number;
use contend_record::Run;

use crate::chart::Drawing;
use crate::chart_data::VariantCharts;
use crate::disturbances;
use crate::headlines::{classes, rank_changes};
use crate::report_model::{ReportModel, Variant, Workload};
use crate::rich_text::{broken_name, html_text};

use super::anchors;
use super::grouped::grouped;
use super::numbers::Numbers;

/// A workload in detail.
pub struct Detail<'a> {
    pub id: String,
    pub name: &'a str,
    pub title: String,
    pub question: String,
    pub about: Vec<(&'static str, String)>,
    /// How contenders do it: the names of those that have a role in common, and the role.
    pub roles: Vec<(Vec<String>, String)>,
    pub variants: Vec<VariantDetail>,
}

/// A variant in detail.
pub struct VariantDetail {
    pub id: String,
    pub name: String,
    pub title: String,
    pub parameters: Vec<(String, String)>,
    pub resolutions: Vec<Resolution>,
    /// Whether any of these blocks has a control.
    pub controlled: bool,
    /// What the machine did while its blocks were measured.
    pub disturbed: Vec<String>,
    /// Where the ranking changes, as HTML.
    pub rank_changes: Vec<String>,
    pub figures: Vec<Figure>,
    /// The file with the distribution of windows, and its thread count.
    pub windows: Option<(String, String)>,
    pub numbers: Numbers,
}

/// The resolution of a block: the median half-width of its pairs' intervals.
pub struct Resolution {
    pub threads: String,
    pub text: String,
    /// The half-width of the control's interval.
    pub control: Option<String>,
    pub failed: bool,
}

/// A chart.
pub struct Figure {
    pub id: String,
    pub svg: String,
    /// Whether its lines are isolated by a click.
    pub lines: bool,
}

/// All workloads. `figures` has the charts of the model's workloads, in their order.
pub fn of<'a>(model: &ReportModel<'a>, figures: &[Vec<VariantCharts>]) -> Vec<Detail<'a>> {
    let workloads = model.workloads.iter().zip(figures);
    workloads.map(|(workload, figures)| detail(model, workload, figures)).collect()
}

fn detail<'a>(model: &ReportModel, workload: &Workload<'a>, figures: &[VariantCharts]) -> Detail<'a> {
    let about = workload.info.map_or_else(Vec::new, |info| {
        vec![
            ("Represents", &info.models),
            ("Timed", &info.timed),
            ("One operation", &info.operation),
            ("Checked after every window", &info.oracle),
        ]
    });
    let about = about.into_iter().filter(|(_, text)| !text.is_empty());
    Detail {
        id: anchors::workload(workload.name),
        name: workload.name,
        title: workload.info.map_or_else(String::new, |info| info.title.clone()),
        question: workload.info.map_or_else(String::new, |info| info.question.clone()),
        about: about.map(|(term, text)| (term, html_text(text))).collect(),
        roles: roles(model.run, workload.name),
        variants: workload
            .variants
            .iter()
            .zip(figures)
            .map(|(variant, figures)| variant_detail(model, variant, figures))
            .collect(),
    }
}

/// The roles of a workload's contenders, in the order of the run.
fn roles(run: &Run, workload: &str) -> Vec<(Vec<String>, String)> {
    let contenders = run.contenders.iter();
    let roles = contenders.flat_map(|info| info.roles.iter().map(move |role| (info, role)));
    let here = roles.filter(|(_, role)| role.workload == workload && !role.role.is_empty());
    let by_role = grouped(here.map(|(info, role)| (broken_name(&info.name), &*role.role)));
    by_role.into_iter().map(|(names, role)| (names, html_text(role))).collect()
}

fn figure(drawing: &Drawing, lines: bool) -> Figure {
    Figure { id: drawing.id.clone(), svg: drawing.inline(), lines }
}

fn variant_detail(model: &ReportModel, variant: &Variant, figures: &VariantCharts) -> VariantDetail {
    let info = variant.info;
    let forest = std::iter::once(figure(&figures.forest, false));
    let resolutions = variant.blocks.iter().filter_map(|block| {
        let exact = block.resolution?;
        Some(Resolution {
            threads: number::plural(block.block.threads, "thread", "threads"),
            text: number::percent(exact),
            control: block.control_resolution.map(number::percent),
            failed: block.control_failed(),
        })
    });
    let changes = classes(variant).into_iter().flat_map(|class| rank_changes(variant, class));
    VariantDetail {
        id: anchors::variant(&variant.id),
        name: variant.id.to_string(),
        title: info.map_or_else(String::new, |info| info.title.clone()),
        parameters: info.map_or_else(Vec::new, |info| {
            let parameters = info.parameters.iter();
            parameters.map(|(key, value)| (key.clone(), value.clone())).collect()
        }),
        resolutions: resolutions.collect(),
        controlled: variant.blocks.iter().any(|block| block.control_resolution.is_some()),
        disturbed: disturbances::of_blocks(&variant.blocks),
        rank_changes: changes.map(|change| change.sentence().html()).collect(),
        figures: forest.chain(figures.scaling.as_ref().map(|drawing| figure(drawing, true))).collect(),
        windows: figures.distribution.as_ref().zip(variant.main_block()).map(|(drawing, block)| {
            (drawing.id.clone(), number::plural(block.block.threads, "thread", "threads"))
        }),
        numbers: Numbers::of(model, variant),
    }
}
