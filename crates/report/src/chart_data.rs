//! The data of the charts: which numbers are drawn, in which unit, on which axis.

mod axis;
mod rows;

use contend_analysis::text::number;
use contend_analysis::verdict::{BlockAnalysis, Quantiles};
use contend_record::{Class, FLOOR};

use super::chart::{Bar, Distribution, Drawing, Group, Point, Ranking, Series, Throughput, WindowQuantiles};
use super::headlines::{block_headline, classes, headline};
use super::report_model::{ReportModel, Variant, Workload};
use super::series_style::SeriesStyles;

pub use axis::Measure;
use rows::{brackets, groups};

/// Variants of a workload share a y axis if each fills at least this share of it.
const SHARED: f64 = 0.25;

/// A variant's charts.
#[derive(Clone, Debug)]
pub struct VariantCharts {
    /// Throughput over threads.
    pub throughput: Drawing,
    /// The ranking at the main thread count.
    pub ranking: Option<Drawing>,
    /// The distribution of windows there.
    pub distribution: Option<Drawing>,
    /// Whether other variants have the same y axis.
    pub shared_axis: bool,
}

/// The charts of a workload's variants, in their order.
pub fn of_workload<'a>(model: &ReportModel<'a>, workload: &Workload<'a>) -> Vec<VariantCharts> {
    let styles = SeriesStyles::of(model, workload);
    let highest: Vec<f64> = workload.variants.iter().map(highest_of_variant).collect();
    let most = |unit: &str| {
        let all = workload.variants.iter().zip(&highest);
        let alike = all.filter(|(variant, _)| variant.unit() == unit);
        alike.map(|(_, highest)| *highest).fold(0.0, f64::max)
    };
    workload
        .variants
        .iter()
        .zip(&highest)
        .map(|(variant, own)| {
            let most = most(variant.unit());
            let sharing = |highest: &f64| *highest >= most * SHARED;
            let with = workload.variants.iter().zip(&highest);
            let others = with.filter(|(other, highest)| other.unit() == variant.unit() && sharing(highest));
            let shared_axis = sharing(own) && others.count() > 1;
            let highest = if shared_axis { most } else { *own };
            let main = variant.main_block();
            VariantCharts {
                throughput: throughput(model, variant, &styles, highest).draw(),
                ranking: main.map(|block| ranking(variant, block, &styles).draw()),
                distribution: main.map(|block| distribution(variant, block, &styles).draw()),
                shared_axis,
            }
        })
        .collect()
}

fn throughput(model: &ReportModel, variant: &Variant, styles: &SeriesStyles, highest: f64) -> Throughput {
    let measure = Measure::of(variant.unit());
    let styles = styles.in_variant(variant);
    let classes = classes(variant);
    let main = classes.first().copied();
    let mut series: Vec<Series> = contenders(&variant.blocks)
        .into_iter()
        .map(|(name, class)| Series {
            name: name.to_owned(),
            other_class: Some(class) != main,
            style: styles.get(name).copied(),
            points: points(variant, name, measure),
        })
        .filter(|series| !series.points.is_empty())
        .collect();
    let end = |series: &Series| series.points.last().map_or(0.0, |point| point.value);
    series.sort_by(|a, b| end(b).total_cmp(&end(a)).then(a.name.cmp(&b.name)));
    let floor = points(variant, FLOOR, measure);
    Throughput {
        id: chart_id(variant, None),
        title: variant.id.to_string(),
        subtitle: variant.info.map_or("", |info| &info.title).to_owned(),
        description: describe(variant),
        unit: measure.unit().to_owned(),
        threads: variant.threads(),
        cores: model.run.plan.cores,
        highest,
        series,
        floor: (!floor.is_empty()).then(|| Series {
            name: FLOOR.to_owned(),
            other_class: false,
            style: None,
            points: floor,
        }),
    }
}

fn describe(variant: &Variant) -> String {
    let sentences = classes(variant).into_iter().map(|class| {
        let words = headline(variant, class).plain();
        match class {
            Class::Immediate => words,
            other => format!("{}: {words}", other.name()),
        }
    });
    let words: Vec<String> = sentences.collect();
    format!("{} All numbers are in the table of {}.", words.join(" "), variant.id)
}

fn describe_block(variant: &Variant, block: &BlockAnalysis) -> String {
    let sentences = block.standings.iter().map(|standing| {
        let words = block_headline(&standing.standing).plain();
        match standing.class {
            Class::Immediate => format!("{words}."),
            other => format!("{}: {words}.", other.name()),
        }
    });
    let words: Vec<String> = sentences.collect();
    format!("{} All numbers are in the table of {}.", words.join(" "), variant.id)
}

/// The ranking of one block.
fn ranking(variant: &Variant, block: &BlockAnalysis, styles: &SeriesStyles) -> Ranking {
    let measure = Measure::of(variant.unit());
    let styles = styles.in_variant(variant);
    let groups = groups(block, &styles, |cell| {
        Some(Bar {
            value: measure.value(cell.median?),
            interval: cell.interval.map(|interval| measure.interval(interval)),
            forks: cell.forks.iter().map(|fork| measure.value(fork.value)).collect(),
        })
    });
    let tops = |groups: &[Group<Bar>]| -> Vec<f64> {
        let bars = groups.iter().flat_map(|group| &group.rows);
        bars.filter_map(|row| row.data.as_ref().ok())
            .map(|bar| axis::top(bar.value, bar.interval, &bar.forks))
            .collect()
    };
    let (first, others) = groups.split_at(groups.len().min(1));
    Ranking {
        id: chart_id(variant, Some(("rank", block.block.threads))),
        title: variant.id.to_string(),
        subtitle: at_threads(block),
        description: describe_block(variant, block),
        unit: measure.unit().to_owned(),
        highest: axis::end(tops(first), tops(others)),
        brackets: groups.iter().map(|group| brackets(block, &group.rows)).collect(),
        groups,
    }
}

/// The distribution of single windows in one block.
fn distribution(variant: &Variant, block: &BlockAnalysis, styles: &SeriesStyles) -> Distribution {
    let styles = styles.in_variant(variant);
    Distribution {
        id: chart_id(variant, Some(("windows", block.block.threads))),
        title: variant.id.to_string(),
        subtitle: at_threads(block),
        description: format!(
            "Quantiles over single windows of each contender. The table of {} has them.",
            variant.id
        ),
        unit: variant.unit().to_owned(),
        groups: groups(block, &styles, |cell| cell.windows.as_ref().map(spread)),
    }
}

fn at_threads(block: &BlockAnalysis) -> String {
    let over = if block.oversubscribed { ", oversubscribed" } else { "" };
    format!("at {}{over}", number::plural(block.block.threads, "thread", "threads"))
}

fn spread(quantiles: &Quantiles) -> WindowQuantiles {
    WindowQuantiles([
        quantiles.min,
        quantiles.p05,
        quantiles.p25,
        quantiles.p50,
        quantiles.p75,
        quantiles.p95,
        quantiles.max,
    ])
}

fn chart_id(variant: &Variant, part: Option<(&str, usize)>) -> String {
    let base = &variant.file;
    match part {
        None => base.clone(),
        Some((part, threads)) => format!("{base}-{part}-{threads}"),
    }
}

/// The contenders of some blocks with their class, in the plan's order, without control and floor.
fn contenders<'a>(blocks: &[&'a BlockAnalysis]) -> Vec<(&'a str, Class)> {
    let mut names: Vec<(&str, Class)> = Vec::new();
    for cell in blocks.iter().flat_map(|block| &block.cells) {
        let name = cell.cell.contender.as_str();
        if cell.cell.is_contender() && !names.iter().any(|(known, _)| *known == name) {
            names.push((name, cell.class));
        }
    }
    names
}

fn points(variant: &Variant, contender: &str, measure: Measure) -> Vec<Point> {
    let cells = variant.blocks.iter().filter_map(|block| block.cell(contender));
    cells
        .filter_map(|cell| {
            let value = measure.value(cell.median?);
            value.is_finite().then(|| Point {
                threads: cell.cell.threads,
                value,
                interval: cell.interval.map(|interval| measure.interval(interval)),
                forks: cell.forks.iter().map(|fork| measure.value(fork.value)).collect(),
            })
        })
        .collect()
}

/// The greatest value that the y axis of a variant must show.
fn highest_of_variant(variant: &Variant) -> f64 {
    let measure = Measure::of(variant.unit());
    let main = classes(variant).first().copied();
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for (name, class) in contenders(&variant.blocks) {
        let points = points(variant, name, measure);
        let tops = points.iter().map(|point| axis::top(point.value, point.interval, &point.forks));
        let top = tops.fold(0.0, f64::max);
        match Some(class) == main {
            true => first.push(top),
            false => others.push(top),
        }
    }
    axis::end(first, others)
}
