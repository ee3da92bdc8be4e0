//! A run's records sorted by cell, and reduced to what counts: the valid windows, and why there are
//! no others. Everything after this works on these, so what counts is decided here alone.

use std::collections::HashMap;

use contend_record::{CellId, CellPlan, InterimAnalysis, NS_PER_OP, Record, Run, RunStatus, Status};

use super::interim;
use super::samples::{Sample, Samples};

/// Whether more is better in this unit, as for rates.
pub fn higher_is_better(unit: &str) -> bool {
    unit.ends_with("/s")
}

/// All records of one cell of a run's plan.
#[derive(Debug)]
pub(super) struct Windows<'a> {
    pub(super) cell: CellId,
    pub(super) plan: &'a CellPlan,
    pub(super) unit: &'a str,
    /// The interim analysis that it has reached.
    pub(super) interim: InterimAnalysis,
    /// Its valid windows, one for each round, in the order of forks and rounds.
    pub(super) samples: Samples,
    /// The records of these, in the same order.
    pub(super) records: Vec<&'a Record>,
    /// The number of voided windows.
    pub(super) voided: u32,
    /// Why the cell failed.
    pub(super) failed: Option<&'a str>,
    /// Why the last voided window was voided.
    void_reason: Option<&'a str>,
}

impl<'a> Windows<'a> {
    fn new(cell: CellId, plan: &'a CellPlan, interim: InterimAnalysis) -> Self {
        Self {
            cell,
            plan,
            unit: NS_PER_OP,
            interim,
            samples: Samples::default(),
            records: Vec::new(),
            voided: 0,
            failed: None,
            void_reason: None,
        }
    }

    fn add(&mut self, record: &'a Record) {
        match record.status {
            Status::Ok if record.valid => self.records.push(record),
            Status::Ok | Status::Void => {
                self.voided += 1;
                self.void_reason = record.reason.as_deref().or(self.void_reason);
            }
            Status::Failed => {
                let reason = record.reason.as_deref().unwrap_or("no reason recorded");
                self.failed.get_or_insert(reason);
            }
        }
    }

    /// Sorts the windows. Of a round that was measured again, the last measurement counts.
    fn finish(&mut self) {
        self.records.sort_by_key(|record| (record.fork, record.round));
        self.records.reverse();
        self.records.dedup_by_key(|record| (record.fork, record.round));
        self.records.reverse();
        if let Some(unit) = self.records.first().and_then(|record| record.unit.as_deref()) {
            self.unit = unit;
        }
        let unit = self.unit;
        self.records.retain(|record| record.unit.as_deref().unwrap_or(NS_PER_OP) == unit);
        self.samples = self.records.iter().copied().map(Sample::of).collect();
    }

    /// The interim analysis at which it is judged beside `other`.
    pub(super) fn interim_with(&self, other: &Self) -> InterimAnalysis {
        interim::of_pair(self.interim, other.interim)
    }

    /// Whether it has numbers.
    pub(super) fn measured(&self) -> bool {
        self.failed.is_none() && self.samples.iter().any(|sample| sample.value().is_some())
    }

    /// The reason for having no valid window.
    pub(super) fn missing(&self, run: &Run) -> String {
        if self.voided > 0 {
            let reason = self.void_reason.unwrap_or("no reason recorded");
            return match self.voided {
                1 => format!("its only window was voided: {reason}"),
                voided => format!("all {voided} windows were voided: {reason}"),
            };
        }
        let block = self.cell.block();
        let variant = block.of_variant().to_string();
        let names = [block.to_string(), variant, block.workload];
        let absent = run
            .absent
            .iter()
            .find(|absent| absent.contender == self.cell.contender && names.contains(&absent.block));
        match (absent, run.status) {
            (Some(absent), _) => absent.reason.clone(),
            (None, RunStatus::Complete) => "no window was recorded".to_owned(),
            (None, _) => "the run ended before it was measured".to_owned(),
        }
    }
}

/// The windows of every cell of the plan, block by block. Records of cells that are not in the plan
/// are left out, and so are windows after the interim analysis that their cell has reached. A failure counts in every
/// fork.
pub(super) fn by_block<'a>(run: &'a Run, records: &'a [Record]) -> Vec<Vec<Windows<'a>>> {
    let reached = interim::reached(run, records);
    let mut blocks: Vec<Vec<Windows>> = run
        .plan
        .blocks
        .iter()
        .zip(reached)
        .map(|(block, reached)| {
            let cells = block.cells.iter().zip(reached.cells);
            let windows = |(plan, interim): (&'a CellPlan, _)| {
                Windows::new(block.block.cell(&plan.contender), plan, interim)
            };
            cells.map(windows).collect()
        })
        .collect();
    let mut places = HashMap::new();
    for (block, cells) in blocks.iter().enumerate() {
        for (cell, windows) in cells.iter().enumerate() {
            places.insert(windows.cell.clone(), (block, cell));
        }
    }
    for record in records {
        if let Some(&(block, cell)) = places.get(&record.cell) {
            let windows = &mut blocks[block][cell];
            let failed = record.status == Status::Failed;
            if failed || run.plan.more.is_none() || record.fork <= windows.interim.forks {
                windows.add(record);
            }
        }
    }
    for windows in blocks.iter_mut().flatten() {
        windows.finish();
    }
    blocks
}

#[cfg(test)]
mod tests {
    use contend_fixture::{record, run};

    use super::*;

    #[test]
    fn a_round_measured_again_counts_once_and_void_windows_never() {
        let run = run(&["a"]);
        let mut spoiled = record("a", 1, 2, 99.0);
        spoiled.status = Status::Void;
        spoiled.valid = false;
        spoiled.reason = Some("steal".to_owned());
        let records = [
            record("a", 2, 1, 30.0),
            spoiled,
            record("a", 1, 2, 77.0),
            record("a", 1, 1, 10.0),
            record("a", 1, 2, 20.0),
            record("elsewhere", 1, 1, 1.0),
        ];
        let blocks = by_block(&run, &records);
        let cell = &blocks[0][0];
        let values: Vec<f64> = cell.samples.iter().filter_map(Sample::value).collect();
        assert_eq!(values, [10.0, 20.0, 30.0]);
        assert_eq!(cell.voided, 1);
        assert!(cell.measured());
    }

    #[test]
    fn a_missing_cell_has_the_most_specific_reason() {
        let mut run = run(&["a"]);
        let reason = |run: &Run, records: &[Record]| by_block(run, records)[0][0].missing(run);
        assert_eq!(reason(&run, &[]), "no window was recorded");
        run.status = RunStatus::Interrupted;
        assert!(reason(&run, &[]).contains("ended before"));
        run.absent.push(contend_record::Absent {
            block: "counter".to_owned(),
            contender: "a".to_owned(),
            reason: "not on this system".to_owned(),
        });
        assert_eq!(reason(&run, &[]), "not on this system");
        let mut void = record("a", 1, 1, 1.0);
        (void.status, void.valid) = (Status::Void, false);
        void.reason = Some("steal".to_owned());
        assert_eq!(reason(&run, std::slice::from_ref(&void)), "its only window was voided: steal");
        assert_eq!(reason(&run, &[void.clone(), void]), "all 2 windows were voided: steal");
    }
}
