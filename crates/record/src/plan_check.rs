//! Whether records are those of the plan: its cells, its forks and rounds, each once.

use std::collections::{HashMap, HashSet};

use crate::record_file::{Problem, contradiction};
use crate::{BlockId, BlockPlan, Plan, Record, Status};

/// The records that belong to `plan`, of those read from the lines of `file`. What does not belong or contradicts
/// itself is named in `problems`.
pub(crate) fn check_plan(
    plan: &Plan,
    file: &str,
    records: Vec<(usize, Record)>,
    problems: &mut Vec<Problem>,
) -> Vec<Record> {
    let blocks: HashMap<&BlockId, PlannedBlock<'_>> =
        plan.blocks.iter().map(|block| (&block.block, PlannedBlock::new(plan, block))).collect();
    let mut seen = HashSet::new();
    let mut kept = Vec::with_capacity(records.len());
    for (line, record) in records {
        let problem = |what: String, left_out| Problem {
            file: file.to_owned(),
            lines: line..line + 1,
            what,
            left_out,
            edited: false,
        };
        let cell = &record.cell;
        let block = blocks.get(&cell.block());
        let Some(block) = block.filter(|block| block.contenders.contains(cell.contender.as_str())) else {
            problems.push(problem(format!("{cell} is not in the plan"), true));
            continue;
        };
        let counts = record.status == Status::Ok;
        if counts && !seen.insert((cell.clone(), record.fork, record.round)) {
            let (fork, round) = (record.fork, record.round);
            problems.push(problem(format!("{cell} has round {round} of fork {fork} twice"), true));
            continue;
        }
        if let Some(what) = block.beyond(&record) {
            problems.push(problem(format!("{cell} {what}"), false));
        } else if let Some(what) = contradiction(&record) {
            let is_number = |value: Option<f64>| value.is_none_or(|value| value > 0.0 && value.is_finite());
            let usable = is_number(record.ns_per_op) && is_number(record.value);
            problems.push(problem(what, !usable));
            if !usable {
                continue;
            }
        }
        kept.push(record);
    }
    kept
}

/// What the plan says of a block.
struct PlannedBlock<'a> {
    contenders: HashSet<&'a str>,
    forks: u32,
    rounds: u32,
}

impl<'a> PlannedBlock<'a> {
    fn new(plan: &Plan, block: &'a BlockPlan) -> Self {
        let extra = plan.more.iter().flat_map(|more| &more.looks).map(|look| look.forks);
        Self {
            contenders: block.cells.iter().map(|cell| cell.contender.as_str()).collect(),
            forks: extra.fold(plan.forks_of(block), u32::max),
            rounds: block.rounds,
        }
    }

    /// How a record lies beyond the plan, if it does.
    fn beyond(&self, record: &Record) -> Option<String> {
        let Self { forks, rounds, .. } = *self;
        let beyond = |name, at: u32, planned| {
            (at == 0 || at > planned).then(|| format!("has {name} {at} of {planned} planned"))
        };
        // The window check has more forks than the plan, and its failures stand with the other records.
        let fork = beyond("fork", record.fork, forks).filter(|_| record.status != Status::Failed);
        fork.or_else(|| beyond("round", record.round, rounds))
    }
}
