//! What page and Markdown of several machines say in the same words.

use std::collections::BTreeMap;

use contend_analysis::merge::{Changed, Counts, MachineResult};
use contend_analysis::text::{named, number};
use contend_record::Class;

/// The folder of the machines' own pages.
pub const MACHINES: &str = "machines";

/// The path of a machine's page below the merged folder.
pub fn page_of(label: &str) -> String {
    format!("{MACHINES}/{label}/index.html")
}

/// The counts in a sentence.
pub fn counted(counts: &Counts, machines: usize) -> String {
    let Counts { compared, agree, turned, tie_on_some, resolved_on_some, unresolved } = *counts;
    let count = |count: usize| number::count(count as u64);
    format!(
        "Of {} comparisons that two or more of {machines} machines made, {} agree on all, {} turn round, {} are a tie \
         on some, {} are resolved on some alone, and {} are unresolved on all.",
        count(compared),
        count(agree),
        count(turned),
        count(tie_on_some),
        count(resolved_on_some),
        count(unresolved),
    )
}

/// `on all 5 machines`, or of those that have a block.
pub fn on_all(machines: usize, of: usize) -> String {
    match (machines, of) {
        (2, 2) => "on both machines".to_owned(),
        _ if machines == of => format!("on all {of} machines"),
        (1, _) => format!("on the only one of {of} machines that measured it"),
        (2, _) => format!("on both machines that measured it, of {of}"),
        _ => format!("on all {machines} machines that measured it, of {of}"),
    }
}

/// What makes the machines less comparable, a sentence each: builds that differ, and blocks that are missing. At most
/// `most` machines are named for each build.
pub fn cautions(machines: &[MachineResult], most: usize) -> Vec<String> {
    let mut builds: Vec<(&str, Vec<String>)> = Vec::new();
    for MachineResult { build, label, .. } in machines {
        match builds.iter_mut().find(|(known, _)| known == build) {
            Some((_, labels)) => labels.push(label.clone()),
            None => builds.push((build, vec![label.clone()])),
        }
    }
    let mut sentences = Vec::new();
    if builds.len() > 1 {
        let builds: Vec<String> =
            builds.iter().map(|(build, labels)| format!("{} by {build}", named(labels, most))).collect();
        sentences.push(format!(
            "These machines measured different builds, whose windows and forks may differ too. So a difference between \
             machines may be one of builds. Measured: {}.",
            builds.join("; ")
        ));
    }
    let missing = machines.iter().filter_map(|of| Some(format!("{}: {}", of.label, of.missing.as_ref()?)));
    sentences.extend(missing);
    sentences
}

/// The contenders that machines take in a class, each with its machines, the most frequent first.
pub fn by_pick(changed: &Changed) -> Vec<(&str, Vec<&str>)> {
    let mut picks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (machine, pick, _) in &changed.picks {
        picks.entry(pick).or_default().push(machine);
    }
    let mut picks: Vec<(&str, Vec<&str>)> = picks.into_iter().collect();
    picks.sort_by_key(|(_, machines)| std::cmp::Reverse(machines.len()));
    picks
}

/// The class beside a block's id, where it is not the first one.
pub fn class_words(class: Class) -> &'static str {
    match class {
        Class::Immediate => "",
        other => other.name(),
    }
}
