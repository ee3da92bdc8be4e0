//! The data of the charts: which numbers are drawn, in which unit, and what stands out.

use std::collections::{HashMap, HashSet};

use contend_analysis::text::number;
use contend_analysis::verdict::{BlockAnalysis, CellState, CellSummary, Quantiles};
use contend_record::{Class, FLOOR};

use super::chart::{Distribution, Drawing, Forest, Group, Mark, Role, Row, Scaling, Series, WindowQuantiles};
use super::families::Families;
use super::headlines::{classes, threads_phrase};
use super::measure::Measure;
use super::ranking::{Ranking, is_oversubscribed, rankings};
use super::report_model::{ReportModel, Variant};

/// With fewer thread counts there is no curve.
const COUNTS_FOR_A_CURVE: usize = 3;

/// A variant's charts.
#[derive(Clone, Debug)]
pub struct VariantCharts {
    /// Every contender's time over that of the best.
    pub forest: Drawing,
    /// Throughput over threads.
    pub scaling: Option<Drawing>,
    /// The distribution of windows at the main thread count.
    pub distribution: Option<Drawing>,
}

/// The charts of a variant.
pub fn of_variant(model: &ReportModel, variant: &Variant, families: &Families) -> VariantCharts {
    let data =
        Data { model, variant, families, blocks: variant.blocks.iter().map(|b| rankings(b)).collect() };
    let curves = variant.blocks.len() >= COUNTS_FOR_A_CURVE;
    VariantCharts {
        forest: data.forest().draw(),
        scaling: curves.then(|| data.scaling().draw()),
        distribution: variant.main_block().map(|block| data.distribution(block).draw()),
    }
}

/// The file name of a variant's forest plot, without its ending.
pub fn chart_id(variant: &Variant) -> String {
    variant.file.clone()
}

struct Data<'a> {
    model: &'a ReportModel<'a>,
    variant: &'a Variant<'a>,
    families: &'a Families<'a>,
    /// The rankings of each block.
    blocks: Vec<Vec<Ranking<'a>>>,
}

impl<'a> Data<'a> {
    fn forest(&self) -> Forest {
        let groups = self.groups(|name| {
            let blocks = self.variant.blocks.iter().zip(&self.blocks);
            blocks.map(|(block, rankings)| mark(block, rankings, name)).collect()
        });
        Forest {
            id: chart_id(self.variant),
            title: self.variant.id.to_string(),
            subtitle: self.variant.info.map_or("", |info| &info.title).to_owned(),
            description: self.describe(),
            panels: self.variant.blocks.iter().map(|block| at_threads(block)).collect(),
            groups,
            threshold: 1.0 + self.model.analysis.threshold,
        }
    }

    /// What to take at the main thread count, in words.
    fn describe(&self) -> String {
        let main = self.main().and_then(|main| self.variant.blocks.get(main).zip(self.blocks.get(main)));
        main.map_or_else(String::new, |(block, rankings)| {
            let choice = rankings.iter().find_map(|ranking| ranking.choice);
            let words = match choice.map(|choice| (&choice.pick, &choice.words)) {
                Some((Some(pick), words)) => format!("take {pick}, {words}"),
                Some((None, words)) => words.clone(),
                None => "nothing measured".to_owned(),
            };
            format!("At {}: {words}.", at_threads(block))
        })
    }

    /// The place of the main block.
    fn main(&self) -> Option<usize> {
        let main = self.variant.main_block()?;
        self.variant.blocks.iter().position(|block| block.block == main.block)
    }

    fn scaling(&self) -> Scaling {
        let measure = Measure::of(self.variant.unit());
        let rankings = || self.main().and_then(|main| self.blocks.get(main)).into_iter().flatten();
        let takes: HashMap<&str, String> =
            rankings().filter_map(|of| Some((of.pick()?.name(), self.take_note(of)))).collect();
        let baseline = rankings().find_map(|of| Some(of.baseline()?.name()));
        let floor = (FLOOR, Role::Floor, "the driver alone".to_owned());
        let named = self.contenders().into_iter().map(|(name, _)| match takes.get(name) {
            Some(note) if Some(name) == baseline => (name, Role::Take, format!("{note}, baseline")),
            Some(note) => (name, Role::Take, note.clone()),
            None if Some(name) == baseline => (name, Role::Baseline, "baseline".to_owned()),
            None => (name, Role::Other, String::new()),
        });
        let series = named.chain([floor]).map(|(name, role, note)| Series {
            name: name.to_owned(),
            colour: self.families.colour(name),
            role,
            note,
            points: self.points(name, measure),
        });
        Scaling {
            id: format!("{}-scaling", chart_id(self.variant)),
            title: self.variant.id.to_string(),
            description: self.describe(),
            unit: measure.unit().to_owned(),
            threads: self.variant.threads(),
            cores: self.model.run.plan.cores,
            series: series.filter(|series| !series.points.is_empty()).collect(),
        }
    }

    /// What the contender to take is at its thread count: another one may be better at other counts.
    fn take_note(&self, ranking: &Ranking) -> String {
        let at = threads_phrase(&[ranking.block.block.threads], false);
        let class = ranking.standing.class;
        match classes(self.variant).first() {
            Some(first) if *first != class => format!("{}: take {at}", class.name()),
            _ => format!("take {at}"),
        }
    }

    fn points(&self, contender: &str, measure: Measure) -> Vec<(usize, f64)> {
        let cells = self.variant.blocks.iter().filter_map(|block| block.cell(contender));
        let values = cells.filter_map(|cell| Some((cell.cell.threads, measure.value(cell.median?))));
        values.filter(|(_, value)| value.is_finite()).collect()
    }

    fn distribution(&self, block: &BlockAnalysis) -> Distribution {
        let groups = self.groups(|name| match block.cell(name) {
            None => Err("not in this block"),
            Some(cell) => cell.windows.as_ref().map(quantiles).ok_or_else(|| state(cell)),
        });
        Distribution {
            id: format!("{}-windows-{}", chart_id(self.variant), block.block.threads),
            title: self.variant.id.to_string(),
            subtitle: format!("at {}", at_threads(block)),
            description: format!(
                "Quantiles over single windows of each contender. The table of {} has them.",
                self.variant.id
            ),
            unit: self.variant.unit().to_owned(),
            groups,
        }
    }

    /// A row for each contender of the variant, by class, ranked as in the main block.
    fn groups<T>(&self, data: impl Fn(&str) -> T) -> Vec<Group<T>> {
        let contenders = self.contenders();
        let mut classes: Vec<Class> = contenders.iter().map(|(_, class)| *class).collect();
        classes.sort_unstable();
        classes.dedup();
        let row =
            |name: &str| Row { name: name.to_owned(), colour: self.families.colour(name), data: data(name) };
        let of_class = |class: Class| contenders.iter().filter(move |(_, of)| *of == class);
        let group = |class: Class| Group {
            title: class.name().to_owned(),
            rows: of_class(class).map(|(name, _)| row(name)).collect(),
        };
        classes.into_iter().map(group).collect()
    }

    /// The contenders of the variant with their class: as ranked in the main block, then as ranked in others, then
    /// those without numbers.
    fn contenders(&self) -> Vec<(&'a str, Class)> {
        let mut seen = HashSet::new();
        let main = self.variant.main_block().map(|block| &block.block);
        let (first, rest): (Vec<_>, Vec<_>) =
            self.variant.blocks.iter().zip(&self.blocks).partition(|(block, _)| Some(&block.block) == main);
        let ranked = first.into_iter().chain(rest).flat_map(|(_, rankings)| rankings);
        let ranked = ranked.flat_map(|ranking| &ranking.rows).map(|row| row.cell);
        let all = self.variant.blocks.iter().flat_map(|block| &block.cells);
        let cells = ranked.chain(all).filter(|cell| cell.cell.is_contender());
        cells
            .filter(|cell| seen.insert(cell.cell.contender.as_str()))
            .map(|cell| (cell.cell.contender.as_str(), cell.class))
            .collect()
    }
}

/// A contender in one block.
fn mark(block: &BlockAnalysis, rankings: &[Ranking], name: &str) -> Mark {
    let Some(cell) = block.cell(name) else {
        return Mark::Absent;
    };
    let ranked = rankings.iter().flat_map(|ranking| &ranking.rows).find(|row| row.name() == name);
    match ranked.and_then(|row| Some((row, row.distance?))) {
        Some((row, distance)) => Mark::Ratio {
            ratio: distance.ratio,
            interval: distance.outcome.map(|_| (distance.low, distance.high)),
            may_be_best: row.may_be_best,
        },
        None => Mark::Gone(state(cell)),
    }
}

/// Why a cell has no number, in a word. The table has the reason.
fn state(cell: &CellSummary) -> &'static str {
    match cell.state {
        CellState::Measured => "no number",
        CellState::Failed(_) => "failed",
        CellState::Missing(_) => "missing",
    }
}

/// `2 threads`, and whether these or those of all cells are more than the CPUs.
fn at_threads(block: &BlockAnalysis) -> String {
    let over = if is_oversubscribed(block, &block.cells) { ", oversubscribed" } else { "" };
    format!("{}{over}", number::plural(block.block.threads, "thread", "threads"))
}

fn quantiles(quantiles: &Quantiles) -> WindowQuantiles {
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
