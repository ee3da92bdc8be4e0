//! Several machines side by side: the page of a merged folder, its Markdown and its data. Each machine's own page
//! stands below it. Knows the machines' verdicts, and no records.

use std::path::Path;

use contend_analysis::claim::ClaimStatus;
use contend_analysis::merge::{Agreement, MachineResult, agreement};
use contend_analysis::verdict::{ClassChoice, ContenderDecision, Verdict};
use contend_record::Run;
use serde::{Deserialize, Serialize};

use crate::agreement_words::{counted, page_of};
use crate::{ReportError, files, page};

mod markdown;

/// The file with the data behind the page. Its folder is that of several machines.
pub const MERGED: &str = "merged.json";

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
