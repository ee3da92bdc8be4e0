//! A run in reading order: workloads, their variants, their blocks by thread count. Computes no verdicts.

use std::collections::{BTreeMap, HashSet};

use contend_analysis::claim::Checked;
use contend_analysis::compare::Compared;
use contend_analysis::verdict::{Analysis, BlockAnalysis, CellState};
use contend_record::{
    Class, ContenderInfo, NS_PER_OP, Record, Run, VariantId, VariantInfo, WorkloadGroup, WorkloadInfo,
};

use super::chart::slug;
use super::run_quality::RunQuality;

/// All data of a report.
#[derive(Debug)]
pub struct ReportModel<'a> {
    /// `run.json`.
    pub run: &'a Run,
    /// The analysis of the records.
    pub analysis: &'a Analysis,
    /// The records, for single windows.
    pub records: &'a [Record],
    /// Whether to cite the run.
    pub quality: RunQuality,
    /// The workloads by group, then in the plan's order.
    pub workloads: Vec<Workload<'a>>,
    /// The checked claims of the run's folder.
    pub claims: Vec<Checked>,
    /// The comparison with the older build that was measured beside the run's own.
    pub against: Option<Compared>,
    contenders: BTreeMap<&'a str, &'a ContenderInfo>,
}

/// A workload.
#[derive(Debug)]
pub struct Workload<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its group.
    pub group: WorkloadGroup,
    /// Its description in the run.
    pub info: Option<&'a WorkloadInfo>,
    /// Its variants.
    pub variants: Vec<Variant<'a>>,
}

/// A variant.
#[derive(Debug)]
pub struct Variant<'a> {
    /// Its id.
    pub id: VariantId,
    /// How its charts' files are named: as no other variant's.
    pub file: String,
    /// Its description in the run.
    pub info: Option<&'a VariantInfo>,
    /// Its blocks by thread count.
    pub blocks: Vec<&'a BlockAnalysis>,
}

impl<'a> ReportModel<'a> {
    /// Sorts a run for reading.
    pub fn new(run: &'a Run, records: &'a [Record], cut_off: bool, analysis: &'a Analysis) -> Self {
        let mut workloads: Vec<Workload<'a>> = Vec::new();
        for block in &analysis.blocks {
            let name = block.block.workload.as_str();
            let at = match workloads.iter().rposition(|known| known.name == name) {
                Some(at) => at,
                None => {
                    let info = run.workloads.iter().find(|info| info.name == name);
                    workloads.push(Workload {
                        name,
                        group: info.map_or(WorkloadGroup::Own, |info| info.group),
                        info,
                        variants: Vec::new(),
                    });
                    workloads.len() - 1
                }
            };
            workloads[at].add(block);
        }
        for variant in workloads.iter_mut().flat_map(|known| &mut known.variants) {
            variant.blocks.sort_by_key(|block| block.block.threads);
        }
        name_files(workloads.iter_mut().flat_map(|known| &mut known.variants));
        workloads.sort_by_key(|workload| workload.group);
        Self {
            run,
            analysis,
            records,
            quality: RunQuality::of(run, analysis, cut_off),
            workloads,
            claims: Vec::new(),
            against: None,
            contenders: run.contenders.iter().map(|info| (info.name.as_str(), info)).collect(),
        }
    }

    /// The description of a contender.
    pub fn contender(&self, name: &str) -> Option<&'a ContenderInfo> {
        self.contenders.get(name).copied()
    }

    /// Every variant.
    pub fn variants(&self) -> impl Iterator<Item = &Variant<'a>> {
        self.workloads.iter().flat_map(|workload| &workload.variants)
    }

    /// The number of measured contenders, without controls and floor.
    pub fn measured_contenders(&self) -> usize {
        let mut names: Vec<&str> = self
            .analysis
            .blocks
            .iter()
            .flat_map(|block| &block.cells)
            .filter(|cell| cell.cell.is_contender())
            .map(|cell| cell.cell.contender.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// The classes of the run's contenders.
    pub fn classes(&self) -> Vec<Class> {
        let cells = self.analysis.blocks.iter().flat_map(|block| &block.cells);
        let mut classes: Vec<Class> =
            cells.filter(|cell| cell.cell.is_contender()).map(|cell| cell.class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The measured thread counts, ascending.
    pub fn threads(&self) -> Vec<usize> {
        let blocks = self.analysis.blocks.iter();
        let mut threads: Vec<usize> = blocks.map(|block| block.block.threads).collect();
        threads.sort_unstable();
        threads.dedup();
        threads
    }
}

impl<'a> Workload<'a> {
    fn add(&mut self, block: &'a BlockAnalysis) {
        let id = block.block.of_variant();
        match self.variants.iter_mut().find(|variant| variant.id == id) {
            Some(variant) => variant.blocks.push(block),
            None => {
                let infos = self.info.map_or(&[][..], |info| &info.variants);
                self.variants.push(Variant {
                    info: infos.iter().find(|info| info.id == id),
                    id,
                    file: String::new(), // given when all are known
                    blocks: vec![block],
                });
            }
        }
    }
}

/// Names the files of `variants`. Two ids may have the same letters and digits, and then the later one gets a number.
fn name_files<'a: 'b, 'b>(variants: impl Iterator<Item = &'b mut Variant<'a>>) {
    let mut used = HashSet::new();
    for variant in variants {
        let base = format!("{}-{}", slug(&variant.id.workload), slug(&variant.id.variant));
        let names = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}--{number}")));
        let threads = variant.threads();
        let files = |name: &String| -> Vec<String> {
            let charts = threads.iter().map(|n| format!("{name}-windows-{n}"));
            charts.chain(["", "-light", "-dark", "-scaling"].map(|kind| format!("{name}{kind}"))).collect()
        };
        let mut free = names.map(|name| (files(&name), name));
        let free = free.find(|(files, _)| files.iter().all(|file| !used.contains(file)));
        let (files, name) = free.expect("there is always another number");
        used.extend(files);
        variant.file = name;
    }
}

impl Variant<'_> {
    /// Its thread counts, ascending.
    pub fn threads(&self) -> Vec<usize> {
        self.blocks.iter().map(|block| block.block.threads).collect()
    }

    /// The block whose ranking is shown: the most threads that are not oversubscribed.
    pub fn main_block(&self) -> Option<&BlockAnalysis> {
        let fitting = self.blocks.iter().rev().find(|block| !block.oversubscribed);
        fitting.or(self.blocks.first()).copied()
    }

    /// The unit of its values: that of the first measured cell.
    pub fn unit(&self) -> &str {
        let cells = self.blocks.iter().flat_map(|block| &block.cells);
        cells
            .filter(|cell| cell.state == CellState::Measured)
            .map(|cell| cell.unit.as_str())
            .next()
            .unwrap_or(NS_PER_OP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_variants_share_a_file_and_none_climbs() {
        let ids = [
            "mine/a-b",
            "mine-a/b",
            "mine/a_b",
            "../..",
            "a/light",
            "a-light/dark",
            "\u{1f980}/x",
            "map/read90",
        ];
        let variant = |id: &str| {
            let (workload, variant) = id.split_once('/').unwrap();
            let id = VariantId { workload: workload.to_owned(), variant: variant.to_owned() };
            Variant { id, file: String::new(), info: None, blocks: Vec::new() }
        };
        let mut variants: Vec<_> = ids.iter().map(|id| variant(id)).collect();
        name_files(variants.iter_mut());
        let files: Vec<_> = variants.iter().map(|variant| variant.file.as_str()).collect();
        assert_eq!(files[..3], ["mine-a-b", "mine-a-b--2", "mine-a-b--3"]);
        assert_eq!(files[7], "map-read90");
        assert_eq!(files.iter().collect::<HashSet<_>>().len(), files.len(), "{files:?}");
        let safe = |file: &str| file.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        assert!(files.iter().all(|file| safe(file)), "{files:?}");
    }
}
