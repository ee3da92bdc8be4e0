//! Which runs belong to one machine and one plan, and which stand side by side.

use std::collections::{BTreeMap, HashMap, HashSet};

use contend_record::{BlockId, Run};

use super::alike::{same_build, same_plan, same_windows};
use super::check::check;
use super::error::MergeError;

/// The characters of a label that can be a folder's name.
const LABEL: usize = 60;

/// A machine, with its run or with its shards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its name: that of its host, with a part of its fingerprint's digest where two share it. A plain file name.
    pub label: String,
    /// The places of its runs among those given, by the number of the shard.
    pub runs: Vec<usize>,
}

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
    let twin = |a: &Run, b: &Run| (a.seed, &a.started, &a.host) == (b.seed, &b.started, &b.host);
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

/// Whether each of several machines has a block that another one has too. Shards of one plan on two kinds of machines
/// have none.
fn share_blocks(runs: &[&Run], machines: &[Machine]) -> Result<(), MergeError> {
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
        return format!("its run had {} CPUs, {}", a.plan.cores, b.plan.cores);
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
fn two_machines(runs: &[&Run], machines: &[Machine]) -> Result<(), MergeError> {
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
fn of_cpu(run: &Run) -> Vec<&str> {
    let facts = run.environment.facts.iter();
    let of_cpu = facts.filter(|fact| fact.key == "cpu_model" || fact.key.starts_with("cache_"));
    of_cpu.map(|fact| fact.value.as_str()).collect()
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
        [] => "unknown".to_owned(),
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
mod tests {
    use contend_fixture::run;
    use contend_record::{Fact, Fingerprint, RunStatus, ShardInfo};

    use super::*;

    const NOW: &str = "2026-11-27T00:00:00Z";

    /// A run of one block on a machine, the shard of this number of two.
    fn of(name: &str, host: &str, model: &str, shard: Option<u32>) -> Run {
        let mut run = run(&["a", "b"]);
        run.run = name.to_owned();
        run.seed = name.bytes().map(u64::from).sum();
        run.status = RunStatus::Complete;
        run.host = Some(host.to_owned());
        run.executable = Some("e".to_owned());
        run.fingerprint = Some(Fingerprint { model: Some(model.to_owned()), ..Fingerprint::default() });
        let block = |threads: usize| format!("counter/hot/{threads}").parse::<BlockId>().expect("an id");
        if let Some(index) = shard {
            run.plan.blocks[0].block = block(index as usize);
            run.shard =
                Some(ShardInfo { index, count: 2, blocks: vec![block(1), block(2)], digest: Some(7) });
        }
        run
    }

    fn grouped(runs: &[Run]) -> Result<Vec<Machine>, MergeError> {
        group(&runs.iter().collect::<Vec<_>>(), Builds::One, NOW)
    }

    fn machine(label: &str, runs: &[usize]) -> Machine {
        Machine { label: label.to_owned(), runs: runs.to_vec() }
    }

    #[test]
    fn shards_of_one_kind_of_machine_are_one() {
        let shards = [of("two", "h", "1", Some(2)), of("one", "h", "1", Some(1))];
        assert_eq!(grouped(&shards), Ok(vec![machine("h", &[1, 0])]));
        // Blocks are never split, so the machines of a job matrix may have several names.
        let shards = [of("one", "h", "1", Some(1)), of("two", "i.example", "1", Some(2))];
        assert_eq!(grouped(&shards), Ok(vec![machine("h+1", &[0, 1])]));
    }

    /// Two runs that name two commits.
    fn two_commits(runs: &mut [Run; 2]) {
        for (run, value) in runs.iter_mut().zip(["a1", "b2"]) {
            let (key, label) = ("commit".to_owned(), String::new());
            run.environment.facts.push(Fact { key, label, value: value.to_owned() });
        }
    }

    #[test]
    fn a_commit_between_two_shards_is_no_other_build() {
        let mut shards = [of("one", "h", "1", Some(1)), of("two", "h", "1", Some(2))];
        two_commits(&mut shards);
        assert_eq!(grouped(&shards), Ok(vec![machine("h", &[0, 1])]));
        shards.iter_mut().for_each(|run| run.executable = None);
        assert!(matches!(grouped(&shards), Err(MergeError::OtherBuild(..))), "nothing says that it is one");
    }

    #[test]
    fn machines_stand_side_by_side() {
        let runs = [of("x", "h", "1", None), of("y", "i.example", "2", None)];
        assert_eq!(grouped(&runs), Ok(vec![machine("h", &[0]), machine("i-example", &[1])]));
        // Two of one model, each with all shards.
        let runs = [
            of("a", "h", "1", Some(1)),
            of("b", "i", "1", Some(1)),
            of("c", "h", "1", Some(2)),
            of("d", "i", "1", Some(2)),
        ];
        assert_eq!(grouped(&runs), Ok(vec![machine("h", &[0, 2]), machine("i", &[1, 3])]));
    }

    #[test]
    fn two_hosts_of_one_name_are_labelled_by_their_fingerprints() {
        let machines = grouped(&[of("x", "h", "1", None), of("y", "H", "2", None)]).expect("two machines");
        assert!(machines[0].label.starts_with("h-") && machines[1].label.starts_with("H-"), "{machines:?}");
        assert_ne!(machines[0].label.to_lowercase(), machines[1].label.to_lowercase());
    }

    #[test]
    fn runs_before_fingerprints_are_of_one_machine_if_their_cpus_are_alike() {
        let mut runs = [of("x", "", "", None), of("y", "", "", None)];
        for (run, value) in runs.iter_mut().zip(["2 × 32 KiB", "2 × 48 KiB"]) {
            (run.fingerprint, run.host) = (None, None);
            let (key, label) = ("cache_l1d".to_owned(), String::new());
            run.environment.facts.push(Fact { key, label, value: value.to_owned() });
        }
        let labels: Vec<String> =
            grouped(&runs).expect("two machines").into_iter().map(|of| of.label).collect();
        assert!(
            labels.iter().all(|label| label.starts_with("unknown-")) && labels[0] != labels[1],
            "{labels:?}"
        );
        runs[1].environment = runs[0].environment.clone();
        assert!(matches!(grouped(&runs), Err(MergeError::Overlap(..))));
    }

    #[test]
    fn what_is_neither_is_refused_by_name() {
        type Change = fn(&mut [Run; 2]);
        let shards = || [of("one", "h", "1", Some(1)), of("two", "h", "1", Some(2))];
        let fact = |run: &mut Run, key: &str, value: &str| {
            let (key, label) = (key.to_owned(), String::new());
            run.environment.facts.push(Fact { key, label, value: value.to_owned() });
        };
        let wrong: [(Change, &str); 29] = [
            (
                |runs| runs[1].executable = None,
                "`one` and `two` were measured by two builds (two executables)",
            ),
            (|runs| runs[1].contend = "9".to_owned(), "two builds (contend"),
            (
                |runs| {
                    two_commits(runs);
                    runs[1].executable = Some("f".to_owned());
                },
                "two builds (commit a1 and b2)",
            ),
            (|runs| runs[1].plan.preset = "quick".to_owned(), "two plans (preset)"),
            (|runs| runs[1].plan.filters = vec!["map".to_owned()], "two plans (filters)"),
            (|runs| runs[1].plan.forks += 1, "two plans (forks)"),
            (|runs| runs[1].shard.as_mut().expect("a shard").count = 3, "two plans (shards of 2 and of 3)"),
            (|runs| runs[1].shard = None, "are of one machine, and not shards of one plan"),
            (
                |runs| runs[1].plan.blocks[0].block = runs[0].plan.blocks[0].block.clone(),
                "`one` and `two` both have counter/hot/1, on one machine",
            ),
            (|runs| runs[1].status = RunStatus::Interrupted, "`two` is not complete"),
            (|runs| runs[1] = runs[0].clone(), "`one` and `one` are the same run"),
            (|runs| runs[1].started = "2027-01-01T00:00:00Z".to_owned(), "says that it began at 2027"),
            (|runs| runs[1].finished = Some("1999-01-01T00:00:00Z".to_owned()), "says that it ended at 1999"),
            (|runs| runs[1].finished = Some("2031-01-01T00:00:00Z".to_owned()), "says that it ended at 2031"),
            (|runs| runs[1].finished = Some("soon".to_owned()), "ended at `soon`, which is no time"),
            (|runs| runs[1].started = String::new(), "began at ``, which is no time"),
            (|runs| runs[1].started = "yesterday".to_owned(), "began at `yesterday`, which is no time"),
            (|runs| runs[1].started = "1970-01-01T00:00:09Z".to_owned(), "says that it began at 1970"),
            (|runs| runs[1].took_s = Some(-5.0), "says that it took -5 s"),
            (
                |runs| {
                    runs[1].finished = Some("2026-01-01T00:00:10Z".to_owned());
                    runs[1].took_s = Some(3600.0);
                },
                "measured for 3600 s between 2026-01-01T00:00:00Z and 2026-01-01T00:00:10Z",
            ),
            (|runs| runs[1].shard.as_mut().expect("a shard").index = 0, "says that it is shard 0 of 2"),
            (|runs| runs[1].shard.as_mut().expect("a shard").index = 9, "says that it is shard 9 of 2"),
            (|runs| runs[1].shard.as_mut().expect("a shard").index = 1, "both say that they are shard 1"),
            (
                |runs| runs[1].shard.as_mut().expect("a shard").digest = Some(8),
                "two plans (windows, rounds or contenders)",
            ),
            (
                |runs| runs[1].environment.facts[0].value = "rustc 1.99.0".to_owned(),
                "two builds (compiler rustc 1.95.0 and rustc 1.99.0)",
            ),
            (|runs| runs[1].contenders[0].version = "9.9".to_owned(), "and 9.9)"),
            (
                |runs| runs[1].fingerprint.as_mut().expect("a print").model = Some("2".to_owned()),
                "shards are one run on one kind of machine alone, and its CPU model number is 1, 2 in `two`",
            ),
            (|runs| runs[1].plan.cores = 64, "its run had"),
            (|runs| runs[1].fingerprint = None, "has no block that another machine measured"),
        ];
        for (change, says) in wrong {
            let mut runs = shards();
            runs.iter_mut().for_each(|run| {
                fact(run, "rustc", "rustc 1.95.0");
                run.contenders = vec![contend_record::ContenderInfo {
                    name: "a".to_owned(),
                    family: "own".to_owned(),
                    package: "a".to_owned(),
                    version: "1.0".to_owned(),
                    notes: String::new(),
                    checked: None,
                    roles: Vec::new(),
                    traits: None,
                }];
            });
            change(&mut runs);
            let error = grouped(&runs).expect_err(says).to_string();
            assert!(error.contains(says), "`{error}`, not `{says}`");
        }
        assert_eq!(grouped(&shards()[..1]), Err(MergeError::TooFew));
    }

    #[test]
    fn machines_of_other_builds_windows_or_unknown_kind_are_refused() {
        let two = || [of("x", "h", "1", None), of("y", "i", "2", None)];
        let refused = |change: fn(&mut [Run; 2])| {
            let mut runs = two();
            change(&mut runs);
            grouped(&runs).expect_err("refused").to_string()
        };
        let other_commit = |runs: &mut [Run; 2]| {
            two_commits(runs);
            runs[1].executable = Some("f".to_owned());
        };
        assert!(refused(other_commit).contains("two builds (commit a1 and b2)"));
        assert!(refused(|runs| runs[1].plan.blocks[0].window_ns += 1).contains("windows of counter/hot/"));
        assert!(refused(|runs| runs[1].plan.blocks[0].rounds += 1).contains("rounds of counter/hot/"));
        let unknown = refused(|runs| {
            runs[1].host = Some("h".to_owned());
            runs[1].fingerprint = None;
        });
        assert!(unknown.contains("may be of one machine: `y` has no fingerprint"), "{unknown}");

        // Any builds, if that is asked for. A union has one build in any case.
        let mut runs = two();
        other_commit(&mut runs);
        runs[1].plan.blocks[0].window_ns += 1;
        let any = |runs: &[Run]| group(&runs.iter().collect::<Vec<_>>(), Builds::Any, NOW);
        assert_eq!(any(&runs), Ok(vec![machine("h", &[0]), machine("i", &[1])]));
        runs[1].plan.preset = "thorough".to_owned();
        assert!(matches!(any(&runs), Err(MergeError::OtherPlan(..))));
        let mut shards = [of("one", "h", "1", Some(1)), of("two", "h", "1", Some(2))];
        other_commit(&mut shards);
        assert!(matches!(any(&shards), Err(MergeError::OtherBuild(..))));
    }
}
