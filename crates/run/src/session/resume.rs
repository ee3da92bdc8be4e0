//! What the records of a run say is done, so that it can be continued.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::record::{
    BlockId, BlockPlan, CellId, METADATA_LIMIT, Plan, RUN, ReadError, Record, RunData, RunStatus, Status,
    read_metadata, read_regular,
};

/// The finished rounds, by block and fork.
#[derive(Debug, Default)]
pub(crate) struct RoundsDone(HashMap<(BlockId, u32), BTreeSet<u32>>);

impl RoundsDone {
    /// The rounds of `blocks` that `records` contain: those with a window of each cell that has not failed.
    pub(super) fn from_records(blocks: &[BlockPlan], records: &[Record]) -> Self {
        let failed: HashSet<CellId> = failed_cells(records).collect();
        let mut found: HashMap<(BlockId, u32), BTreeMap<u32, FoundRound<'_>>> = HashMap::new();
        for record in records {
            let rounds = found.entry((record.cell.block(), record.fork)).or_default();
            let round = rounds.entry(record.round).or_default();
            round.counts |= record.status == Status::Ok;
            round.contenders.insert(&record.cell.contender);
        }
        let mut needed = HashMap::new();
        for block in blocks {
            let cells = block.cells.iter().map(|cell| &cell.contender);
            let cells: Vec<_> = cells.filter(|name| !failed.contains(&block.block.cell(name))).collect();
            needed.insert(block.block.clone(), cells);
        }
        let done = found.into_iter().filter_map(|(key, rounds)| {
            let needed = needed.get(&key.0)?;
            let is_done = |round: &FoundRound<'_>| {
                round.counts && needed.iter().all(|name| round.contenders.contains(name.as_str()))
            };
            let rounds = rounds.into_iter().filter(|(_, round)| is_done(round));
            Some((key, rounds.map(|(number, _)| number).collect()))
        });
        Self(done.collect())
    }

    /// Whether a round of a fork of `block` is done.
    pub(super) fn contains(&self, block: &BlockPlan, fork: u32, round: u32) -> bool {
        let rounds = self.0.get(&(block.block.clone(), fork));
        rounds.is_some_and(|rounds| rounds.contains(&round))
    }

    /// The number of finished rounds of a fork of `block`; 0 if it did not begin.
    pub(super) fn of(&self, block: &BlockPlan, fork: u32) -> u32 {
        let rounds = self.0.get(&(block.block.clone(), fork));
        rounds.map_or(0, |rounds| rounds.range(..=block.rounds).count() as u32)
    }
}

/// What the records of a round contain.
#[derive(Default)]
struct FoundRound<'a> {
    counts: bool,
    contenders: HashSet<&'a str>,
}

/// What a run lacks of its plan, a phrase for each block, and for each one of its older build.
pub(crate) fn forks_missing(data: &RunData) -> Vec<String> {
    let mut missing = of_build(&data.run.plan, &data.records);
    if data.run.against.is_some() {
        let older = of_build(&data.run.plan, &data.against).into_iter();
        missing.extend(older.map(|phrase| format!("in the older build {phrase}")));
    }
    missing
}

fn of_build(plan: &Plan, records: &[Record]) -> Vec<String> {
    let done = RoundsDone::from_records(&plan.blocks, records);
    let failed: HashSet<CellId> = failed_cells(records).collect();
    // The plan may claim any number of forks.
    let mut begun: HashMap<&BlockId, Vec<u32>> = HashMap::new();
    for (block, fork) in done.0.keys() {
        begun.entry(block).or_default().push(*fork);
    }
    let mut missing = Vec::new();
    for block in &plan.blocks {
        let cells = block.cells.iter().map(|cell| block.block.cell(&cell.contender));
        if cells.clone().all(|cell| failed.contains(&cell)) {
            continue; // nothing of it can be measured
        }
        let forks = plan.forks_of(block);
        let complete = begun.get(&block.block).map_or(0, |of_block| {
            let planned = of_block.iter().filter(|fork| (1..=forks).contains(*fork));
            planned.filter(|fork| done.of(block, **fork) >= block.rounds).count()
        });
        if complete < forks as usize {
            missing.push(format!("{} has {complete} of {forks} forks", block.block));
        }
    }
    missing
}

/// The cells that failed in `records`.
pub(super) fn failed_cells(records: &[Record]) -> impl Iterator<Item = CellId> {
    let failed = records.iter().filter(|r| r.status == Status::Failed);
    failed.map(|record| record.cell.clone())
}

/// The folders of all runs below `reports`, oldest first by their own start, without the reference run. A folder may
/// have any name. One whose `run.json` cannot be read comes first.
pub(crate) fn run_folders(reports: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(reports) else {
        return Vec::new();
    };
    let mut folders: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_run(path))
        .map(|path| (started(&path), path.as_os_str().len(), path))
        .collect();
    folders.sort(); // of one second, `…-2` before `…-10`
    folders.into_iter().map(|(_, _, path)| path).collect()
}

/// Whether there is a run below `reports`, without the reference run.
pub(crate) fn has_runs(reports: &Path) -> bool {
    let mut entries = std::fs::read_dir(reports).into_iter().flatten().flatten();
    entries.any(|entry| is_run(&entry.path()))
}

/// The start of the newest run below `reports`, as text whose order is that of time.
pub(crate) fn newest_start(reports: &Path) -> Option<String> {
    run_folders(reports).pop().and_then(|newest| started(&newest))
}

fn is_run(folder: &Path) -> bool {
    folder.join("run.json").is_file() && !folder.ends_with("reference")
}

/// The start of the run in `folder`: UTC, RFC 3339, whose order is that of time.
fn started(folder: &Path) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Start {
        started: String,
    }
    let text = read_regular(&folder.join(RUN), METADATA_LIMIT).ok()?;
    serde_json::from_slice::<Start>(&text).ok().map(|run| run.started)
}

/// The folder of the newest run below `reports` that is not complete. If there is none, the error says why a run of
/// unknown status cannot be read, if there is one.
pub(super) fn newest_incomplete(reports: &Path) -> Result<PathBuf, Option<ReadError>> {
    let mut unread = None;
    for folder in run_folders(reports).into_iter().rev() {
        match read_metadata(&folder) {
            Ok(found) if found.run.status == RunStatus::Complete => {}
            Ok(_) => return Ok(folder),
            Err(error) => unread = unread.or(Some(error)),
        }
    }
    Err(unread)
}
