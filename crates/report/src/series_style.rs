//! The styles of the emphasised contenders: one colour, marker and dash in all charts of a workload. Leaders come
//! first, then the best of every class, then the best of each further family, because reviewers choose among families.

use std::collections::BTreeMap;

use contend_analysis::verdict::{BlockAnalysis, CellState};
use contend_record::Class;

use super::chart::{EMPHASISED, STYLE_COUNT};
use super::headlines::leaders;
use super::report_model::{ReportModel, Variant, Workload};

/// The most leaders before the best of other classes and families.
const LEADERS: usize = 3;

/// The styles of a workload's contenders. Contenders without one are muted.
#[derive(Clone, Debug, Default)]
pub struct SeriesStyles<'a> {
    ranked: Vec<&'a str>,
}

/// How often a contender leads, and its place in the rankings.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Score {
    class: Class,
    leads: u32,
    place: f64,
    blocks: u32,
}

impl Score {
    fn mean_place(self) -> f64 {
        self.place / f64::from(self.blocks.max(1))
    }
}

impl<'a> SeriesStyles<'a> {
    /// Assigns styles to a workload's contenders.
    pub fn of(model: &ReportModel<'a>, workload: &Workload<'a>) -> Self {
        let blocks: Vec<&BlockAnalysis> =
            workload.variants.iter().flat_map(|variant| variant.blocks.iter().copied()).collect();
        let candidates = ranked(&blocks);
        let first_class = candidates.iter().map(|(_, score)| score.class).min();
        let mut chosen: Vec<&'a str> = Vec::new();
        let leading =
            candidates.iter().filter(|(_, score)| score.leads > 0 && Some(score.class) == first_class);
        chosen.extend(leading.take(LEADERS).map(|(name, _)| *name));
        let mut classes: Vec<Class> = first_class.into_iter().collect();
        for (name, score) in &candidates {
            if !classes.contains(&score.class) {
                classes.push(score.class);
                chosen.push(name);
            }
        }
        let family = |name: &'a str| model.contender(name).map_or(name, |info| &info.family);
        let mut families: Vec<&str> = chosen.iter().map(|name| family(name)).collect();
        let mut later = Vec::new();
        for (name, _) in &candidates {
            if chosen.contains(name) {
                continue;
            }
            if families.contains(&family(name)) {
                later.push(*name);
            } else {
                families.push(family(name));
                chosen.push(name);
            }
        }
        chosen.extend(later);
        chosen.truncate(STYLE_COUNT);
        Self { ranked: chosen }
    }

    /// The emphasised contenders in a chart of these blocks, with their styles.
    pub fn in_chart(&self, blocks: &[&BlockAnalysis]) -> BTreeMap<&'a str, usize> {
        let mut present: Vec<(usize, &'a str)> = self
            .ranked
            .iter()
            .enumerate()
            .filter(|(_, name)| {
                let measured = |block: &&BlockAnalysis| {
                    let cell = block.cell(name);
                    cell.is_some_and(|cell| cell.state == CellState::Measured)
                };
                blocks.iter().any(measured)
            })
            .map(|(style, name)| (style, *name))
            .collect();
        present.sort_by_key(|(style, name)| (!leads(blocks, name), *style));
        let kept = present.into_iter().take(EMPHASISED);
        kept.map(|(style, name)| (name, style)).collect()
    }

    /// The emphasised contenders in the charts of a variant.
    pub fn in_variant(&self, variant: &Variant) -> BTreeMap<&'a str, usize> {
        self.in_chart(&variant.blocks)
    }
}

/// Whether `name` leads any of these blocks that has more than one contender.
fn leads(blocks: &[&BlockAnalysis], name: &str) -> bool {
    let first_class = blocks.iter().filter_map(|block| block.standings.first());
    first_class
        .filter(|standing| standing.order.len() > 1)
        .filter_map(|standing| leaders(&standing.standing).first())
        .any(|leader| leader == name)
}

/// Contenders by class, number of leads, and mean place.
fn ranked<'a>(blocks: &[&'a BlockAnalysis]) -> Vec<(&'a str, Score)> {
    let mut scores: BTreeMap<&'a str, Score> = BTreeMap::new();
    for block in blocks {
        for standing in &block.standings {
            let lead = leaders(&standing.standing).first();
            for (place, name) in standing.order.iter().enumerate() {
                let score = scores.entry(name).or_insert(Score {
                    class: standing.class,
                    leads: 0,
                    place: 0.0,
                    blocks: 0,
                });
                score.leads += u32::from(lead == Some(name));
                score.place += place as f64 / standing.order.len() as f64;
                score.blocks += 1;
            }
        }
    }
    let mut ranked: Vec<(&str, Score)> = scores.into_iter().collect();
    ranked.sort_by(|(_, a), (_, b)| {
        (a.class.cmp(&b.class)).then(b.leads.cmp(&a.leads)).then(a.mean_place().total_cmp(&b.mean_place()))
    });
    ranked
}
