//! Several machines side by side: the page of a merged folder, its Markdown and its data. Each machine's own page
//! stands below it. Knows the machines' verdicts, and no records.

use std::path::Path;

use contend_analysis::merge::{Agreement, MachineResult, agreement};
use serde::Serialize;

use crate::agreement_words::{cautions, counted, page_of};
use crate::{ReportError, files, page};

mod markdown;
mod read;

pub use read::machine_result;

/// The file with the data behind the page. Its folder is that of several machines.
pub const MERGED: &str = "merged.json";

/// The most machines that a printed sentence names.
const PRINTED: usize = 8;

/// The merged folder's data.
#[derive(Serialize)]
struct MergedFile<'a> {
    schema: u32,
    name: &'a str,
    /// Sentences on what makes the machines less comparable.
    cautions: Vec<String>,
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
    build: &'a str,
    day: &'a str,
    page: String,
}

/// Writes the page, the Markdown and the data of several machines into `folder`, and returns what is printed:
/// the counts, and what makes the machines less comparable.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_machines(folder: &Path, name: &str, machines: &[MachineResult]) -> Result<String, ReportError> {
    let agreement = agreement(machines);
    let line = |machine: &'_ MachineResult| page_of(&machine.label);
    let merged = MergedFile {
        schema: contend_record::SCHEMA,
        name,
        cautions: cautions(machines, usize::MAX),
        machines: machines
            .iter()
            .map(|machine| MachineLine {
                label: &machine.label,
                cpu: &machine.cpu,
                cores: machine.cores,
                build: &machine.build,
                day: &machine.day,
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
    let mut sentences = vec![counted(&agreement.counts, machines.len())];
    sentences.extend(cautions(machines, PRINTED));
    Ok(sentences.join("\n"))
}
