//! Which runs belong to one machine and one plan, and which stand side by side.

use std::collections::{BTreeMap, HashMap, HashSet};

use contend_record::{BlockId, Run, RunStatus};

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

/// Why runs are not merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is nothing to merge: give at least two runs")]
    TooFew,
    /// A run is given twice.
    #[error("`{0}` and `{1}` are the same run; give each once")]
    Twice(String, String),
    /// A run is not complete.
    #[error("`{0}` is not complete; `--resume` where it was measured completes it")]
    Incomplete(String),
    /// A run was merged itself.
    #[error("`{0}` is a merged run; merge the runs that it was made of")]
    Merged(String),
    /// A run has windows of an older build too.
    #[error(
        "`{0}` has windows of an older build beside its own; merge runs that were measured without `--against`"
    )]
    Against(String),
    /// The times of a run are impossible.
    #[error(
        "`{run}` says that it {what}: the clock of its machine was wrong, so the order of runs is unknown"
    )]
    Clock {
        /// The run.
        run: String,
        /// What it says.
        what: String,
    },
    /// Two runs are not of one build.
    #[error("`{0}` and `{1}` were measured by two builds ({2}); measure both with one")]
    OtherBuild(String, String, String),
    /// Two runs are not of one plan.
    #[error("`{0}` and `{1}` have two plans ({2}); measure both with the same arguments")]
    OtherPlan(String, String, String),
    /// Two runs of one machine have the same block.
    #[error("`{0}` and `{1}` both have {2}, on one machine; give one of them")]
    Overlap(String, String, BlockId),
    /// Two runs of one machine are no shards.
    #[error(
        "`{0}` and `{1}` are of one machine, and not shards of one plan; measure them with `--shard K/N`"
    )]
    NoShards(String, String),
}

/// Sorts runs by machine: one machine is a union, several stand side by side. `now` is the time, UTC, RFC 3339.
///
/// # Errors
/// If they cannot be merged.
pub fn group(runs: &[&Run], now: &str) -> Result<Vec<Machine>, MergeError> {
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
        same_suite(a, b)?;
        same_plan(a, b, false)?;
    }
    name_apart(&mut machines, runs);
    Ok(machines)
}

/// Whether a run can be merged at all.
fn check(run: &Run, now: &str) -> Result<(), MergeError> {
    let name = || run.run.clone();
    if run.merged.is_some() {
        return Err(MergeError::Merged(name()));
    }
    if run.against.is_some() {
        return Err(MergeError::Against(name()));
    }
    if run.status != RunStatus::Complete {
        return Err(MergeError::Incomplete(name()));
    }
    // RFC 3339 in UTC sorts by time. A clock may be a day ahead.
    let day = |time: &str| time.get(..10).unwrap_or_default().to_owned();
    if day(&run.started) > day_after(now) {
        return Err(MergeError::Clock { run: name(), what: format!("began at {}", run.started) });
    }
    match &run.finished {
        Some(finished) if *finished < run.started => Err(MergeError::Clock {
            run: name(),
            what: format!("ended at {finished} and began at {}", run.started),
        }),
        _ => Ok(()),
    }
}

/// The day after that of a time, or a later one at the end of a month.
fn day_after(now: &str) -> String {
    let day: Option<u32> = now.get(8..10).and_then(|day| day.parse().ok());
    let month = now.get(..8).unwrap_or_default();
    day.map_or_else(|| "9999".to_owned(), |day| format!("{month}{:02}", day + 1)).replace("-32", "-99")
}

/// What runs of one kind of machine have in common. Runs before fingerprints have a host at most, and facts of the CPU.
fn kind(run: &Run) -> String {
    let facts = || run.environment.facts.iter();
    let of_cpu = facts().filter(|fact| fact.key == "cpu_model" || fact.key.starts_with("cache_"));
    let known = match &run.fingerprint {
        Some(fingerprint) => format!("{fingerprint:?}"),
        None => format!("{:?} {:?}", run.host, of_cpu.map(|fact| &fact.value).collect::<Vec<_>>()),
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
        same_suite(a, b)?;
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

/// Whether two runs are of one version of the suite. One executable is one version, whatever commit they name: a commit
/// that changes no source, made between the two, builds nothing.
fn same_suite(a: &Run, b: &Run) -> Result<(), MergeError> {
    let fact = |run: &Run, key: &str| {
        let mut facts = run.environment.facts.iter();
        facts.find(|fact| fact.key == key).map(|fact| fact.value.clone()).unwrap_or_default()
    };
    let commits = [a, b].map(|run| fact(run, "commit"));
    let differ = |what: String| Err(MergeError::OtherBuild(a.run.clone(), b.run.clone(), what));
    if a.contend != b.contend {
        return differ(format!("contend {} and {}", a.contend, b.contend));
    }
    let one_executable = a.executable.is_some() && a.executable == b.executable;
    if commits[0] != commits[1] && !one_executable {
        return differ(format!("commit {} and {}", commits[0], commits[1]));
    }
    Ok(())
}

/// Whether two runs were planned alike. On one machine all numbers are the same.
fn same_plan(a: &Run, b: &Run, one_machine: bool) -> Result<(), MergeError> {
    let (first, second) = (&a.plan, &b.plan);
    let looks = |run: &Run| run.plan.more.as_ref().map(|more| more.looks.clone());
    let mut differences = vec![
        (first.preset != second.preset, "preset"),
        (first.filters != second.filters, "filters"),
        (first.threshold != second.threshold, "threshold"),
        (first.baseline_contender != second.baseline_contender, "--baseline-contender"),
        (first.pinned != second.pinned, "--pin"),
        (first.in_process != second.in_process, "--in-process"),
    ];
    if one_machine {
        differences.extend([
            (first.forks != second.forks, "forks"),
            (looks(a) != looks(b), "interim analyses"),
            (first.cores != second.cores, "CPUs"),
            (first.cpus != second.cpus, "--cpus"),
            (first.window_check != second.window_check, "window check"),
        ]);
    }
    match differences.into_iter().find(|(differ, _)| *differ) {
        Some((_, what)) => Err(MergeError::OtherPlan(a.run.clone(), b.run.clone(), what.to_owned())),
        None => Ok(()),
    }
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
    use contend_record::{Fact, Fingerprint, ShardInfo};

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
            run.shard = Some(ShardInfo { index, count: 2, blocks: vec![block(1), block(2)] });
        }
        run
    }

    fn grouped(runs: &[Run]) -> Result<Vec<Machine>, MergeError> {
        group(&runs.iter().collect::<Vec<_>>(), NOW)
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
        let wrong: [(Change, &str); 13] = [
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
        ];
        for (change, says) in wrong {
            let mut runs = shards();
            change(&mut runs);
            let error = grouped(&runs).expect_err(says).to_string();
            assert!(error.contains(says), "`{error}`, not `{says}`");
        }
        assert_eq!(grouped(&shards()[..1]), Err(MergeError::TooFew));
    }
}
