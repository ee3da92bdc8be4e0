//! Heat maps: contenders by variant and thread count, each cell with the time over that of the best. Workloads that
//! have most contenders in common share one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use contend_analysis::text::number;
use contend_analysis::verdict::{BlockAnalysis, CellState};
use contend_record::Class;

use crate::families::Families;
use crate::ranking::{is_oversubscribed, rankings};
use crate::report_model::{ReportModel, Workload};

use super::anchors;

/// Workloads share a heat map where at least this share of the contenders of both is common.
const ALIKE: f64 = 0.4;

/// The most columns of a heat map, unless one workload alone has more.
const COLUMNS: usize = 18;

/// The longest name that stands in one line. Contenders' names are shorter, but records may have any.
const LONG: usize = 60;

/// A heat map.
pub struct HeatMap {
    /// Its workloads, joined.
    pub title: String,
    pub workloads: Vec<Head>,
    pub variants: Vec<Head>,
    pub columns: Vec<Column>,
    /// The first class, which is the strictest promise.
    pub first: Vec<HeatRow>,
    /// The other classes.
    pub others: Vec<HeatClass>,
    /// The number of contenders of the other classes.
    pub of_others: String,
}

/// A heading over some columns.
pub struct Head {
    pub name: String,
    pub link: String,
    pub span: usize,
}

/// A block.
pub struct Column {
    pub block: String,
    pub threads: usize,
    pub oversubscribed: bool,
    /// Whether it is the first of its variant.
    pub first: bool,
}

/// A class other than the first.
pub struct HeatClass {
    pub name: &'static str,
    pub promise: &'static str,
    pub rows: Vec<HeatRow>,
}

/// A contender.
pub struct HeatRow {
    pub name: String,
    /// The CSS class of its colour.
    pub colour: String,
    pub cells: Vec<HeatCell>,
}

/// A cell: its CSS classes and its text.
pub struct HeatCell {
    pub kind: &'static str,
    pub may_be_best: bool,
    pub text: String,
    ratio: Option<f64>,
}

/// The heat maps of a run, in the order of its workloads.
pub fn of(model: &ReportModel, families: &Families) -> Vec<HeatMap> {
    groups(&model.workloads).into_iter().map(|group| heat_map(&group, families)).collect()
}

/// Workloads by the contenders that they have in common.
fn groups<'m, 'a>(workloads: &'m [Workload<'a>]) -> Vec<Vec<&'m Workload<'a>>> {
    let mut groups: Vec<Vec<&Workload>> = Vec::new();
    let mut contenders: HashMap<&str, HashSet<&str>> = HashMap::new();
    for workload in workloads {
        let own: HashSet<&str> = blocks(workload)
            .flat_map(|block| &block.cells)
            .filter(|cell| cell.cell.is_contender())
            .map(|cell| cell.cell.contender.as_str())
            .collect();
        let alike = |other: &&Workload| {
            let theirs = &contenders[other.name];
            let common = own.intersection(theirs).count() as f64;
            common >= ALIKE * own.union(theirs).count().max(1) as f64
        };
        let columns = blocks(workload).count();
        let has_room = |group: &[&Workload]| {
            group.iter().map(|of| blocks(of).count()).sum::<usize>() + columns <= COLUMNS
        };
        match groups.iter_mut().find(|group| group.iter().any(alike) && has_room(group)) {
            Some(group) => group.push(workload),
            None => groups.push(vec![workload]),
        }
        contenders.insert(workload.name, own);
    }
    groups
}

fn blocks<'m, 'a>(workload: &'m Workload<'a>) -> impl Iterator<Item = &'a BlockAnalysis> + use<'m, 'a> {
    workload.variants.iter().flat_map(|variant| variant.blocks.iter().copied())
}

fn heat_map(group: &[&Workload], families: &Families) -> HeatMap {
    let names: Vec<&str> = group.iter().map(|workload| workload.name).collect();
    let variants = || group.iter().flat_map(|workload| &workload.variants);
    let blocks: Vec<&BlockAnalysis> = variants().flat_map(|variant| variant.blocks.iter().copied()).collect();
    let mut classes = classes(&blocks, families);
    let first = classes.pop_first().map_or_else(Vec::new, |(_, rows)| rows);
    let of_others: usize = classes.values().map(Vec::len).sum();
    HeatMap {
        title: names.join(", "),
        workloads: group
            .iter()
            .map(|workload| Head {
                name: workload.name.to_owned(),
                link: anchors::workload(workload.name),
                span: workload.variants.iter().map(|variant| variant.blocks.len()).sum(),
            })
            .collect(),
        variants: variants()
            .map(|variant| Head {
                name: variant.id.variant.clone(),
                link: anchors::variant(&variant.id),
                span: variant.blocks.len(),
            })
            .collect(),
        columns: variants()
            .flat_map(|variant| variant.blocks.iter().enumerate())
            .map(|(index, block)| Column {
                block: block.block.to_string(),
                threads: block.block.threads,
                oversubscribed: is_oversubscribed(block, &block.cells),
                first: index == 0,
            })
            .collect(),
        first,
        of_others: number::plural(of_others, "contender", "contenders"),
        others: classes
            .into_iter()
            .map(|(class, rows)| HeatClass { name: class.name(), promise: class.promise(), rows })
            .collect(),
    }
}

/// The rows of each class, the best on average first.
fn classes(blocks: &[&BlockAnalysis], families: &Families) -> BTreeMap<Class, Vec<HeatRow>> {
    let mut cells: BTreeMap<Class, HashMap<&str, BTreeMap<usize, HeatCell>>> = BTreeMap::new();
    for (column, block) in blocks.iter().enumerate() {
        let rankings = rankings(block);
        let ranked = rankings.iter().flat_map(|ranking| &ranking.rows);
        let mut ranked: HashMap<&str, HeatCell> = ranked
            .filter_map(|row| {
                let ratio = row.distance?.ratio;
                let cell = HeatCell {
                    kind: heat(ratio),
                    may_be_best: row.may_be_best,
                    text: text(ratio),
                    ratio: Some(ratio),
                };
                Some((row.name(), cell))
            })
            .collect();
        for cell in block.cells.iter().filter(|cell| cell.cell.is_contender()) {
            let name = cell.cell.contender.as_str();
            let shown = ranked.remove(name).unwrap_or_else(|| HeatCell {
                kind: "gone",
                may_be_best: false,
                text: if matches!(cell.state, CellState::Failed(_)) { "failed" } else { "–" }.to_owned(),
                ratio: None,
            });
            cells.entry(cell.class).or_default().entry(name).or_default().insert(column, shown);
        }
    }
    cells.into_iter().map(|(class, rows)| (class, sorted(rows, blocks.len(), families))).collect()
}

fn sorted(
    rows: HashMap<&str, BTreeMap<usize, HeatCell>>,
    columns: usize,
    families: &Families,
) -> Vec<HeatRow> {
    let mean = |cells: &BTreeMap<usize, HeatCell>| {
        let logs: Vec<f64> = cells.values().filter_map(|cell| Some(cell.ratio?.ln())).collect();
        let finite = logs.iter().filter(|ln| ln.is_finite());
        if logs.is_empty() { f64::INFINITY } else { finite.sum::<f64>() / logs.len() as f64 }
    };
    let ordered: BTreeSet<(u64, &str)> =
        rows.iter().map(|(name, cells)| (order_of(mean(cells)), *name)).collect();
    let mut rows = rows;
    let mut row = |name: &str| {
        let mut own = rows.remove(name).unwrap_or_default();
        let none = || HeatCell { kind: "", may_be_best: false, text: String::new(), ratio: None };
        HeatRow {
            name: name.to_owned(),
            colour: match families.colour(name) {
                _ if name.len() > LONG => "long".to_owned(),
                Some(colour) => format!("f{colour}"),
                None => String::new(),
            },
            cells: (0..columns).map(|column| own.remove(&column).unwrap_or_else(none)).collect(),
        }
    };
    ordered.into_iter().map(|(_, name)| row(name)).collect()
}

/// A number whose order is that of the floats, negative ones included.
fn order_of(value: f64) -> u64 {
    let bits = value.to_bits();
    if value.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

/// A ratio as text. One that is just below 1 belongs to a contender that is level with the best.
fn text(ratio: f64) -> String {
    if ratio < 1.0 { format!("{ratio:.2}") } else { number::short(ratio) }
}

/// The CSS class of a ratio.
pub(super) fn heat(ratio: f64) -> &'static str {
    match ratio {
        ..=1.03 => "h0",
        ..=1.1 => "h1",
        ..=1.5 => "h2",
        ..=2.5 => "h3",
        ..=5.0 => "h4",
        ..=20.0 => "h5",
        _ => "h6",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_their_order() {
        let values = [-2.5, -0.1, 0.0, 0.3, 7.0, f64::INFINITY];
        assert!(values.windows(2).all(|pair| order_of(pair[0]) < order_of(pair[1])));
    }
}
