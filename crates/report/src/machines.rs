//! Several machines side by side: the page of a merged folder, its Markdown and its data. Each machine's own page
//! stands below it. Knows the machines' verdicts, and no records.

use std::collections::BTreeMap;
use std::path::Path;

use contend_analysis::claim::ClaimStatus;
use contend_analysis::merge::{Agreement, Changed, Counts, MachineResult, agreement};
use contend_analysis::text::number;
use contend_analysis::verdict::{ClassChoice, ContenderDecision, Verdict};
use contend_record::{Class, Run};
use serde::{Deserialize, Serialize};

use crate::{ReportError, files, page};

mod markdown;

/// The file with the data behind the page. Its folder is that of several machines.
pub const MERGED: &str = "merged.json";

/// The folder of the machines' own pages.
pub const MACHINES: &str = "machines";

/// What [`MachineResult`] is read from: a part of `verdicts.json`.
#[derive(Deserialize)]
struct VerdictsFile {
    verdicts: Vec<Verdict>,
    choices: Vec<ClassChoice>,
    decisions: Vec<ContenderDecision>,
    claims: Vec<ClaimLine>,
}

#[derive(Deserialize)]
struct ClaimLine {
    claim: String,
    outcome: ClaimStatus,
}

/// The merged folder's data.
#[derive(Serialize)]
struct MergedFile<'a> {
    schema: u32,
    name: &'a str,
    machines: Vec<MachineLine<'a>>,
    #[serde(flatten)]
    agreement: &'a Agreement,
}

/// A machine of it.
#[derive(Serialize)]
struct MachineLine<'a> {
    label: &'a str,
    cpu: &'a str,
    cores: usize,
    page: String,
}

/// The result of a machine, from the `verdicts.json` in its folder. None where that is missing or older than its
/// fields: then it is made again first.
pub fn machine_result(label: &str, run: &Run, folder: &Path) -> Option<MachineResult> {
    let text = std::fs::read_to_string(folder.join("verdicts.json")).ok()?;
    let file: VerdictsFile = serde_json::from_str(&text).ok()?;
    let mut facts = run.environment.facts.iter();
    let cpu = facts.find(|fact| fact.key == "cpu_model").map_or("unknown", |fact| &fact.value);
    Some(MachineResult {
        label: label.to_owned(),
        cpu: cpu.to_owned(),
        cores: run.plan.cores,
        verdicts: file.verdicts,
        choices: file.choices,
        decisions: file.decisions,
        claims: file.claims.into_iter().map(|line| (line.claim, line.outcome)).collect(),
    })
}

/// Writes the page, the Markdown and the data of several machines into `folder`, and returns what is printed.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_machines(folder: &Path, name: &str, machines: &[MachineResult]) -> Result<String, ReportError> {
    let agreement = agreement(machines);
    let line = |machine: &'_ MachineResult| page_of(&machine.label);
    let merged = MergedFile {
        schema: contend_record::SCHEMA,
        name,
        machines: machines
            .iter()
            .map(|machine| MachineLine {
                label: &machine.label,
                cpu: &machine.cpu,
                cores: machine.cores,
                page: line(machine),
            })
            .collect(),
        agreement: &agreement,
    };
    files::write_atomic(&folder.join(MERGED), &(serde_json::to_string(&merged)? + "\n"))?;
    let summary = markdown::summary(name, machines, &agreement);
    files::write_atomic(&folder.join("summary.md"), &summary)?;
    let html = page::machines::render(name, machines, &agreement)?;
    files::write_atomic(&folder.join("index.html"), &html)?;
    Ok(counted(&agreement.counts, machines.len()))
}

/// The path of a machine's page below the merged folder.
pub(crate) fn page_of(label: &str) -> String {
    format!("{MACHINES}/{label}/index.html")
}

/// The counts in a sentence.
pub(crate) fn counted(counts: &Counts, machines: usize) -> String {
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

/// The contenders that machines take in a class, each with its machines, the most frequent first.
pub(crate) fn by_pick(changed: &Changed) -> Vec<(&str, Vec<&str>)> {
    let mut picks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (machine, pick, _) in &changed.picks {
        picks.entry(pick).or_default().push(machine);
    }
    let mut picks: Vec<(&str, Vec<&str>)> = picks.into_iter().collect();
    picks.sort_by_key(|(_, machines)| std::cmp::Reverse(machines.len()));
    picks
}

/// The class beside a block's id, where it is not the first one.
pub(crate) fn class_words(class: Class) -> &'static str {
    match class {
        Class::Immediate => "",
        other => other.name(),
    }
}
