//! Whether two runs were measured by one build, and by one plan.

use contend_record::Run;

use super::error::MergeError;

/// The facts of a build besides its commit, with their names in messages.
const BUILD: [(&str, &str); 6] = [
    ("rustc", "compiler"),
    ("profile", "profile"),
    ("opt_level", "optimization level"),
    ("debug_assertions", "debug assertions"),
    ("flags", "compiler flags"),
    ("features", "cargo features"),
];

/// The sources of a build that has no changes since its commit.
const AS_COMMITTED: &str = "as committed";

/// A fact of a run's environment.
pub(super) fn fact<'a>(run: &'a Run, key: &str) -> Option<&'a str> {
    let mut facts = run.environment.facts.iter();
    facts.find(|fact| fact.key == key).map(|fact| fact.value.as_str())
}

/// Whether two runs are of one version of the suite. One executable is one version, whatever commit they name: a commit
/// that changes no source, made between the two, builds nothing.
pub(super) fn same_build(a: &Run, b: &Run) -> Result<(), MergeError> {
    match build_difference(a, b) {
        Some(what) => Err(MergeError::OtherBuild(a.run.clone(), b.run.clone(), what)),
        None => Ok(()),
    }
}

fn build_difference(a: &Run, b: &Run) -> Option<String> {
    if a.contend != b.contend {
        return Some(format!("contend {} and {}", a.contend, b.contend));
    }
    let one_executable = a.executable.is_some() && a.executable == b.executable;
    if !one_executable {
        let [first, second] = [a, b].map(|run| fact(run, "commit").unwrap_or("unknown"));
        if first != second {
            return Some(format!("commit {first} and {second}"));
        }
        let [first, second] = [a, b].map(|run| fact(run, "tree"));
        if let (Some(first), Some(second)) = (first, second)
            && first != second
        {
            return Some(format!("sources {first} and {second}"));
        }
        // A commit says nothing of what was changed since.
        if let Some(changed) = first.filter(|tree| ![AS_COMMITTED, "unknown"].contains(tree)) {
            return Some(format!("sources {changed} in both, and two executables"));
        }
    }
    for (key, name) in BUILD {
        if let (Some(first), Some(second)) = (fact(a, key), fact(b, key))
            && first != second
        {
            return Some(format!("{name} {first} and {second}"));
        }
    }
    a.contenders.iter().find_map(|one| {
        let other = b.contenders.iter().find(|other| other.name == one.name)?;
        let [first, second] = [&one.version, &other.version];
        (first != second).then(|| format!("{} {first} and {second}", one.name))
    })
}

/// A run's build in words: `contend 0.1.0, commit 1a2b3c4, rustc 1.95.0`.
pub fn build_words(run: &Run) -> String {
    let mut words = vec![format!("contend {}", run.contend)];
    if let Some(commit) = fact(run, "commit") {
        let digits: String = commit.chars().take(12).collect();
        words.push(format!("commit {digits}"));
    }
    words
        .extend(fact(run, "tree").filter(|tree| *tree != AS_COMMITTED).map(|tree| format!("sources {tree}")));
    words.extend(fact(run, "rustc").map(|rustc| rustc.split(" (").next().unwrap_or_default().to_owned()));
    words.join(", ")
}

/// Whether two runs were planned alike. On one machine all numbers are the same. On several, the number of forks
/// may differ.
pub(super) fn same_plan(a: &Run, b: &Run, one_machine: bool) -> Result<(), MergeError> {
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
