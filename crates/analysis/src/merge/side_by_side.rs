//! Whether several machines can stand side by side: they are not one, and have blocks in common with the same windows.

use std::collections::{HashMap, HashSet};

use contend_record::{BlockId, Run};

use super::error::MergeError;
use super::machine::Machine;
use crate::text::number::plural;

/// Whether each of several machines has a block that another one has too. Shards of one plan on two kinds of machines
/// have none.
pub(super) fn share_blocks(runs: &[&Run], machines: &[Machine]) -> Result<(), MergeError> {
    if machines.len() < 2 {
        return Ok(());
    }
    let blocks = |machine: &Machine| {
        let of_runs = machine.runs.iter().flat_map(|at| &runs[*at].plan.blocks);
        of_runs.map(|block| &block.block).collect::<HashSet<_>>()
    };
    let sets: Vec<HashSet<&BlockId>> = machines.iter().map(blocks).collect();
    let mut count: HashMap<&BlockId, usize> = HashMap::new();
    for block in sets.iter().flatten() {
        *count.entry(block).or_default() += 1;
    }
    let alone = sets.iter().position(|set| set.iter().all(|block| count[block] < 2));
    let Some(alone) = alone else { return Ok(()) };
    let run = runs[machines[alone].runs[0]];
    let other = machines.iter().position(|machine| *machine != machines[alone]);
    let other = runs[machines[other.unwrap_or_default()].runs[0]];
    let what = match (&run.shard, &other.shard) {
        (Some(_), Some(_)) => format!(
            "shards are one run on one kind of machine alone, and {} in `{}`",
            difference(run, other),
            other.run
        ),
        _ => format!("`{}` has others", other.run),
    };
    Err(MergeError::NothingShared { run: run.run.clone(), what })
}

/// The first fact in which the machines of two runs differ, in words.
fn difference(a: &Run, b: &Run) -> String {
    if a.plan.cores != b.plan.cores {
        return format!("its run had {}, {}", plural(a.plan.cores, "CPU", "CPUs"), b.plan.cores);
    }
    let prints = a.fingerprint.as_ref().zip(b.fingerprint.as_ref());
    let found = prints
        .and_then(|(a, b)| a.processor_differences(b).into_iter().next().or_else(|| a.kernel_difference(b)));
    match found {
        Some(found) => format!("its {} is {}, {}", found.what, found.first, found.second),
        None => "its machine is not that".to_owned(),
    }
}

/// Whether nothing says that two of these machines are one: runs of one host, or of one that is unknown, of which one
/// has no fingerprint, and whose CPUs are alike.
pub(super) fn two_machines(runs: &[&Run], machines: &[Machine]) -> Result<(), MergeError> {
    let firsts: Vec<&Run> = machines.iter().map(|machine| runs[machine.runs[0]]).collect();
    for (at, a) in firsts.iter().enumerate() {
        for b in &firsts[at + 1..] {
            let host_differs = a.host.is_some() && b.host.is_some() && a.host != b.host;
            let unknown = [a, b].into_iter().find(|run| run.fingerprint.is_none());
            if let Some(unknown) = unknown
                && !host_differs
                && a.plan.cores == b.plan.cores
                && of_cpu(a) == of_cpu(b)
            {
                let [a, b, unknown] = [a, b, unknown].map(|run| run.run.clone());
                return Err(MergeError::MaybeOneMachine(a, b, unknown));
            }
        }
    }
    Ok(())
}

/// The facts of a run's CPU.
pub(super) fn of_cpu(run: &Run) -> Vec<&str> {
    let facts = run.environment.facts.iter();
    let of_cpu = facts.filter(|fact| fact.key == "cpu_model" || fact.key.starts_with("cache_"));
    of_cpu.map(|fact| fact.value.as_str()).collect()
}

/// Whether each block has the same windows in all runs that have it.
pub(super) fn same_windows(runs: &[&Run]) -> Result<(), MergeError> {
    let mut seen: HashMap<&BlockId, (u64, u32, &Run)> = HashMap::new();
    for run in runs {
        for block in &run.plan.blocks {
            let (window_ns, rounds, first) =
                *seen.entry(&block.block).or_insert((block.window_ns, block.rounds, run));
            let what = match (window_ns == block.window_ns, rounds == block.rounds) {
                (true, true) => continue,
                (false, _) => "windows",
                (true, false) => "rounds",
            };
            let what = format!("{what} of {}", block.block);
            return Err(MergeError::OtherPlan(first.run.clone(), run.run.clone(), what));
        }
    }
    Ok(())
}
