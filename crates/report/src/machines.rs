//! Several machines side by side: the page of a merged folder, its Markdown and its data. Each machine's own page
//! stands below it. Knows the machines' verdicts, and no records.

use std::path::Path;

use contend_analysis::merge::{Agreement, MachineResult, agreement};
use serde::Serialize;

use crate::agreement_words::{counted, page_of};
use crate::{ReportError, files, page};

mod markdown;
mod read;

pub use read::machine_result;

/// The file with the data behind the page. Its folder is that of several machines.
pub const MERGED: &str = "merged.json";

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
