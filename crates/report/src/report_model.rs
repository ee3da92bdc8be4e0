//! A run in reading order: workloads, their variants, their blocks by thread count. Computes no verdicts.

use std::collections::BTreeMap;

use contend_analysis::claim::Checked;
use contend_analysis::verdict::{Analysis, BlockAnalysis, CellState};
use contend_record::{
    ContenderInfo, NS_PER_OP, Record, Run, VariantId, VariantInfo, WorkloadGroup, WorkloadInfo,
};

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
            let at = match workloads.iter().position(|known| known.name == name) {
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
        workloads.sort_by_key(|workload| workload.group);
        Self {
            run,
            analysis,
            records,
            quality: RunQuality::of(run, analysis, cut_off),
            workloads,
            claims: Vec::new(),
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
                    blocks: vec![block],
                });
            }
        }
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
