//! From verdicts' summaries to charts: which numbers are drawn, in which unit, on which axis.

use std::collections::BTreeMap;

use crate::record::{Class, FLOOR};
use crate::verdict::{BlockAnalysis, CellState, CellSummary, Outcome, Quantiles};

use super::chart::{
    Bar, Bracket, Distribution, Drawing, Group, Point, Ranking, Row, Series, Spread, Throughput,
    slug,
};
use super::look::Looks;
use super::number;
use super::outline::{Outline, TIME, Variant, Workload, between, is_contender};
use super::story::{class_name, classes, headline, standing};

/// A contender this many times above the next would press all others to the ground: it leaves the
/// axis through the top, with its number beside it.
const BEYOND: f64 = 5.0;

/// Variants of a workload share a y axis unless the lowest would fill less than this share of it.
const SHARED: f64 = 0.25;

/// A variant's charts.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Throughput over threads.
    pub throughput: Drawing,
    /// The ranking at the thread count that is shown first.
    pub ranking: Option<Drawing>,
    /// What single windows did there.
    pub distribution: Option<Drawing>,
    /// Whether the y axis is that of other variants as well.
    pub shared_axis: bool,
}

/// How a cell's values are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    unit: &'a str,
}

impl<'a> Measure<'a> {
    /// That of a unit.
    pub fn of(unit: &'a str) -> Self {
        Self { unit }
    }

    /// Whether values are times of an operation, drawn as throughput.
    pub fn is_time(self) -> bool {
        self.unit == TIME
    }

    /// The unit that is drawn.
    pub fn unit(self) -> &'a str {
        if self.is_time() { "Mops/s" } else { self.unit }
    }

    /// A value as drawn.
    pub fn value(self, value: f64) -> f64 {
        if self.is_time() {
            1000.0 / value
        } else {
            value
        }
    }

    /// An interval as drawn.
    pub fn interval(self, (low, high): (f64, f64)) -> (f64, f64) {
        let (one, other) = (self.value(low), self.value(high));
        (one.min(other), one.max(other))
    }
}

/// The charts of a workload's variants, in their order.
pub fn of_workload<'a>(outline: &Outline<'a>, workload: &Workload<'a>) -> Vec<Figures> {
    let looks = Looks::of(outline, workload);
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
            let others =
                with.filter(|(other, highest)| other.unit() == variant.unit() && sharing(highest));
            let shared_axis = sharing(own) && others.count() > 1;
            let highest = if shared_axis { most } else { *own };
            let main = variant.main_block();
            Figures {
                throughput: throughput(outline, variant, &looks, highest).draw(),
                ranking: main.map(|block| ranking(variant, block, &looks).draw()),
                distribution: main.map(|block| distribution(variant, block, &looks).draw()),
                shared_axis,
            }
        })
        .collect()
}

fn throughput(outline: &Outline, variant: &Variant, looks: &Looks, highest: f64) -> Throughput {
    let measure = Measure::of(variant.unit());
    let looks = looks.in_variant(variant);
    let classes = classes(variant);
    let main = classes.first().copied();
    let mut series: Vec<Series> = contenders(&variant.blocks)
        .into_iter()
        .map(|(name, class)| Series {
            name: name.to_owned(),
            apart: Some(class) != main,
            look: looks.get(name).copied(),
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
        cores: outline.run.plan.cores,
        highest,
        series,
        floor: (!floor.is_empty()).then(|| Series {
            name: FLOOR.to_owned(),
            apart: false,
            look: None,
            points: floor,
        }),
    }
}

fn describe(variant: &Variant) -> String {
    let sentences = classes(variant).into_iter().map(|class| {
        let words = headline(variant, class).plain();
        match class {
            Class::Immediate => words,
            other => format!("{}: {words}", class_name(other)),
        }
    });
    let words: Vec<String> = sentences.collect();
    format!(
        "{} All numbers are in the table of {}.",
        words.join(" "),
        variant.id
    )
}

/// The ranking of one block.
fn ranking(variant: &Variant, block: &BlockAnalysis, looks: &Looks) -> Ranking {
    let measure = Measure::of(variant.unit());
    let looks = looks.in_variant(variant);
    let groups = groups(block, &looks, |cell| {
        Some(Bar {
            value: measure.value(cell.median?),
            interval: cell.interval.map(|interval| measure.interval(interval)),
            forks: cell
                .forks
                .iter()
                .map(|fork| measure.value(fork.value))
                .collect(),
        })
    });
    let bars = groups.iter().flat_map(|group| &group.rows);
    let tops: Vec<f64> = bars
        .filter_map(|row| row.data.as_ref().ok())
        .map(|bar| top(bar.value, bar.interval, &bar.forks))
        .collect();
    Ranking {
        id: chart_id(variant, Some(("rank", block.block.threads))),
        title: variant.id.to_string(),
        subtitle: at_threads(block),
        description: describe(variant),
        unit: measure.unit().to_owned(),
        highest: axis_end(tops),
        brackets: groups
            .iter()
            .map(|group| brackets(block, &group.rows))
            .collect(),
        groups,
    }
}

/// What single windows of one block did.
fn distribution(variant: &Variant, block: &BlockAnalysis, looks: &Looks) -> Distribution {
    let looks = looks.in_variant(variant);
    Distribution {
        id: chart_id(variant, Some(("windows", block.block.threads))),
        title: variant.id.to_string(),
        subtitle: at_threads(block),
        description: format!(
            "Quantiles over single windows of each contender. The table of {} has them.",
            variant.id
        ),
        unit: variant.unit().to_owned(),
        groups: groups(block, &looks, |cell| cell.windows.as_ref().map(spread)),
    }
}

fn at_threads(block: &BlockAnalysis) -> String {
    let over = if block.oversubscribed {
        ", oversubscribed"
    } else {
        ""
    };
    format!(
        "at {}{over}",
        number::of(block.block.threads, "thread", "threads")
    )
}

fn spread(quantiles: &Quantiles) -> Spread {
    Spread([
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
    let base = format!(
        "{}-{}",
        slug(&variant.id.workload),
        slug(&variant.id.variant)
    );
    match part {
        None => base,
        Some((part, threads)) => format!("{base}-{part}-{threads}"),
    }
}

/// The contenders of some blocks with their class, in the plan's order: no control, no floor.
fn contenders<'a>(blocks: &[&'a BlockAnalysis]) -> Vec<(&'a str, Class)> {
    let mut names: Vec<(&str, Class)> = Vec::new();
    for cell in blocks.iter().flat_map(|block| &block.cells) {
        let name = cell.cell.contender.as_str();
        if is_contender(cell) && !names.iter().any(|(known, _)| *known == name) {
            names.push((name, cell.class));
        }
    }
    names
}

fn points(variant: &Variant, contender: &str, measure: Measure) -> Vec<Point> {
    let cells = variant
        .blocks
        .iter()
        .filter_map(|block| block.cell(contender));
    cells
        .filter_map(|cell| {
            let value = measure.value(cell.median?);
            value.is_finite().then(|| Point {
                threads: cell.cell.threads,
                value,
                interval: cell.interval.map(|interval| measure.interval(interval)),
                forks: cell
                    .forks
                    .iter()
                    .map(|fork| measure.value(fork.value))
                    .collect(),
            })
        })
        .collect()
}

/// What the y axis of a variant must hold.
fn highest_of_variant(variant: &Variant) -> f64 {
    let measure = Measure::of(variant.unit());
    let tops = contenders(&variant.blocks).into_iter().map(|(name, _)| {
        let points = points(variant, name, measure);
        let tops = points
            .iter()
            .map(|point| top(point.value, point.interval, &point.forks));
        tops.fold(0.0, f64::max)
    });
    axis_end(tops.collect())
}

fn top(value: f64, interval: Option<(f64, f64)>, forks: &[f64]) -> f64 {
    let ends = forks.iter().copied().chain(interval.map(|(_, high)| high));
    ends.filter(|end| end.is_finite()).fold(value, f64::max)
}

/// The end of an axis that holds these, but for the few that stand far above all others.
fn axis_end(mut tops: Vec<f64>) -> f64 {
    tops.retain(|top| top.is_finite() && *top > 0.0);
    tops.sort_by(|a, b| b.total_cmp(a));
    let most = tops.len() / 3;
    let left_out = tops
        .windows(2)
        .take(most)
        .take_while(|pair| pair[0] > pair[1] * BEYOND)
        .count();
    tops.get(left_out).copied().unwrap_or(1.0)
}

/// A block's rows by class: the ranked ones, then those that have nothing to draw.
fn groups<T>(
    block: &BlockAnalysis,
    looks: &BTreeMap<&str, usize>,
    data: impl Fn(&CellSummary) -> Option<T>,
) -> Vec<Group<T>> {
    let mut classes: Vec<Class> = block
        .cells
        .iter()
        .filter(|cell| is_contender(cell))
        .map(|cell| cell.class)
        .collect();
    classes.sort_unstable();
    classes.dedup();
    let row = |cell: &CellSummary| Row {
        name: cell.cell.contender.clone(),
        look: looks.get(cell.cell.contender.as_str()).copied(),
        data: match &cell.state {
            CellState::Measured => data(cell).ok_or_else(|| "no number".to_owned()),
            CellState::Failed(reason) => Err(format!("failed: {reason}")),
            CellState::Missing(reason) => Err(reason.clone()),
        },
    };
    classes
        .into_iter()
        .map(|class| {
            let order = standing(block, class).map_or(&[][..], |standing| &standing.order);
            let ranked = order.iter().filter_map(|name| block.cell(name));
            let rest = block.cells.iter().filter(|cell| {
                is_contender(cell) && cell.class == class && !order.contains(&cell.cell.contender)
            });
            Group {
                title: class_name(class).to_owned(),
                rows: ranked.chain(rest).map(row).collect(),
            }
        })
        .collect()
}

/// Stretches of a ranking within which no pair is told apart, the longest ones only.
fn brackets<T>(block: &BlockAnalysis, rows: &[Row<T>]) -> Vec<Bracket> {
    let drawn = rows.iter().take_while(|row| row.data.is_ok()).count();
    let outcome = |one: usize, other: usize| {
        let verdict = between(block, &rows[one].name, &rows[other].name);
        verdict.map_or(Outcome::Unresolved, |verdict| verdict.verdict)
    };
    let mut brackets: Vec<Bracket> = Vec::new();
    for from in 0..drawn {
        let mut to = from;
        while to + 1 < drawn && (from..=to).all(|row| outcome(row, to + 1) != Outcome::Faster) {
            to += 1;
        }
        let within = brackets.last().is_some_and(|before| before.to >= to);
        if to > from && !within {
            let pairs = (from..to).flat_map(|one| (one + 1..=to).map(move |other| (one, other)));
            let tie = pairs
                .into_iter()
                .all(|(one, other)| outcome(one, other) == Outcome::Tie);
            brackets.push(Bracket { from, to, tie });
        }
    }
    brackets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_far_above_the_rest_does_not_set_the_axis() {
        assert_eq!(axis_end(vec![2000.0, 40.0, 30.0, 20.0]), 40.0);
        assert_eq!(axis_end(vec![150.0, 40.0, 30.0, 20.0]), 150.0);
        assert_eq!(axis_end(vec![2000.0, 40.0]), 2000.0, "of two, both count");
        assert_eq!(axis_end(vec![f64::NAN, f64::INFINITY]), 1.0);
        assert_eq!(axis_end(vec![]), 1.0);
    }

    #[test]
    fn time_is_drawn_as_throughput_and_its_interval_turns_over() {
        let time = Measure::of("ns/op");
        assert_eq!(time.value(20.0), 50.0);
        assert_eq!(time.interval((10.0, 20.0)), (50.0, 100.0));
        let other = Measure::of("µs");
        assert_eq!((other.value(20.0), other.unit()), (20.0, "µs"));
    }
}
