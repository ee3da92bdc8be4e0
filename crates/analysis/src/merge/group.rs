//! Which runs belong to one machine and one plan, and which stand side by side.

use std::collections::{BTreeMap, HashMap, HashSet};

use contend_record::{BlockId, Run};

use super::alike::{fact, same_build, same_plan};
use super::check::check;
use super::error::MergeError;
use super::machine::Machine;
use super::side_by_side::{of_cpu, same_windows, share_blocks, two_machines};

/// The characters of a label that can be a folder's name.
const LABEL: usize = 60;

/// The builds that machines side by side may have. Shards are always of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builds {
    /// One for all.
    One,
    /// Any. A difference between two machines may then be one of builds, or of their plans' windows.
    Any,
}

/// Sorts runs by machine: one machine is a union, several stand side by side. `now` is the time, UTC, RFC 3339.
///
/// # Errors
/// If they cannot be merged.
pub fn group(runs: &[&Run], builds: Builds, now: &str) -> Result<Vec<Machine>, MergeError> {
    if runs.len() < 2 {
        return Err(MergeError::TooFew);
    }
    for run in runs {
        check(run, now)?;
    }
    // Shards of one seed may start in one second.
    let part = |run: &Run| run.shard.as_ref().map(|shard| shard.index);
    let twin =
        |a: &Run, b: &Run| (a.seed, &a.started, &a.host, part(a)) == (b.seed, &b.started, &b.host, part(b));
    for (at, a) in runs.iter().enumerate() {
        if let Some(b) = runs[at + 1..].iter().find(|b| twin(a, b)) {
            return Err(MergeError::Twice(a.run.clone(), b.run.clone()));
        }
    }
    let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, run) in runs.iter().enumerate() {
        kinds.entry(kind(run)).or_default().push(at);
    }
    let mut machines = Vec::new();
    for of_kind in kinds.into_values() {
        if first_overlap(runs, &of_kind).is_none() {
            machines.push(machine(runs, of_kind)?);
            continue;
        }
        // Several machines of one kind.
        let mut hosts: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for at in of_kind {
            hosts.entry(runs[at].host.as_deref()).or_default().push(at);
        }
        for of_host in hosts.into_values() {
            machines.push(machine(runs, of_host)?);
        }
    }
    machines.sort_by_key(|machine| machine.runs[0]);
    for pair in machines.windows(2) {
        let [a, b] = [runs[pair[0].runs[0]], runs[pair[1].runs[0]]];
        if builds == Builds::One {
            same_build(a, b)?;
        }
        same_plan(a, b, false)?;
    }
    if builds == Builds::One {
        same_windows(runs)?;
    }
    share_blocks(runs, &machines)?;
    two_machines(runs, &machines)?;
    name_apart(&mut machines, runs);
    Ok(machines)
}

/// What runs of one kind of machine have in common. Runs before fingerprints have a host at most, and facts of the CPU.
fn kind(run: &Run) -> String {
    let known = match &run.fingerprint {
        Some(fingerprint) => format!("{fingerprint:?}"),
        None => format!("{:?} {:?}", run.host, of_cpu(run)),
    };
    format!("{known} {}", run.plan.cores)
}

/// Two of these runs that have a block in common, with the block.
fn first_overlap(runs: &[&Run], of: &[usize]) -> Option<(usize, usize, BlockId)> {
    let mut seen: HashMap<&BlockId, usize> = HashMap::new();
    for &at in of {
        for block in &runs[at].plan.blocks {
            if let Some(first) = seen.insert(&block.block, at) {
                return Some((first, at, block.block.clone()));
            }
        }
    }
    None
}

/// The machine of these runs: a single run, or shards of one plan.
fn machine(runs: &[&Run], mut of: Vec<usize>) -> Result<Machine, MergeError> {
    if let Some((a, b, block)) = first_overlap(runs, &of) {
        return Err(MergeError::Overlap(runs[a].run.clone(), runs[b].run.clone(), block));
    }
    of.sort_by_key(|at| runs[*at].shard.as_ref().map(|shard| shard.index));
    for pair in of.windows(2) {
        let [a, b] = [runs[pair[0]], runs[pair[1]]];
        let names = || (a.run.clone(), b.run.clone());
        let (Some(first), Some(second)) = (&a.shard, &b.shard) else {
            let (a, b) = names();
            return Err(MergeError::NoShards(a, b));
        };
        same_build(a, b)?;
        if a.executable != b.executable {
            let (a, b) = names();
            return Err(MergeError::OtherBuild(a, b, "two executables".to_owned()));
        }
        same_plan(a, b, true)?;
        if first.count != second.count || first.blocks != second.blocks {
            let (a, b) = names();
            let what = format!("shards of {} and of {}", first.count, second.count);
            return Err(MergeError::OtherPlan(a, b, what));
        }
        if first.digest.is_some() && second.digest.is_some() && first.digest != second.digest {
            let (a, b) = names();
            return Err(MergeError::OtherPlan(a, b, "windows, rounds or contenders".to_owned()));
        }
        if first.index == second.index {
            let (a, b) = names();
            return Err(MergeError::SameShard(a, b, first.index));
        }
    }
    let mut hosts: Vec<&str> = of.iter().filter_map(|at| runs[*at].host.as_deref()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let label = match hosts[..] {
        // A run before the host's name was recorded, or of a machine that has none.
        [] => of.first().and_then(|at| fact(runs[*at], "cpu_model")).unwrap_or("unknown").to_owned(),
        [one] => one.to_owned(),
        [first, ref others @ ..] => format!("{first}+{}", others.len()),
    };
    Ok(Machine { label: plain(&label), runs: of })
}

/// A label as a file's name.
fn plain(label: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_+".contains(c);
    let mut plain: String = label.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    plain.truncate(LABEL);
    if plain.is_empty() { "unknown".to_owned() } else { plain }
}

/// Labels of several machines, each another one, also on systems that ignore case.
fn name_apart(machines: &mut [Machine], runs: &[&Run]) {
    let folded: Vec<String> = machines.iter().map(|machine| machine.label.to_lowercase()).collect();
    let shared = |at: usize| folded.iter().filter(|other| **other == folded[at]).count() > 1;
    let ambiguous: HashSet<usize> = (0..machines.len()).filter(|at| shared(*at)).collect();
    let mut taken: HashSet<String> = HashSet::new();
    for (at, machine) in machines.iter_mut().enumerate() {
        if ambiguous.contains(&at) {
            machine.label = format!("{}-{:04x}", machine.label, digest(&kind(runs[machine.runs[0]])));
        }
        let base = machine.label.clone();
        let mut number = 2;
        while !taken.insert(machine.label.to_lowercase()) {
            machine.label = format!("{base}-{number}");
            number += 1;
        }
    }
}

/// A short digest of a fingerprint: FNV-1a, folded to 16 bits.
fn digest(text: &str) -> u16 {
    let hash =
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash >> 16) as u16 ^ hash as u16
}

#[cfg(test)]
mod tests;
